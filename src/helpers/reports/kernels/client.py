"""A client of kernels that waits for what it waits for, and never just for a while.

jupyter_client listens for 0.2 s to be sure that nothing comes any more when a kernel has started, and looks
every 0.1 s whether one has ended. A kernel says when it is idle; so this client knows.
"""

import asyncio
import time
from contextlib import suppress
from queue import Empty
from typing import Any

from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.manager import AsyncKernelManager

_ASK_AGAIN_AFTER = 1.0
# The idle message follows the answer; if it does not, it was sent before our subscription came through.
_IDLE_WITHIN = 0.1
_EXIT_POLL = 0.005


class PromptKernelClient(AsyncKernelClient):
    """Ready when the kernel has answered and its own "idle" to that answer has come through."""

    async def wait_for_ready(self, timeout: float | None = None) -> None:
        """Wait until the kernel answers on both channels, so that no output can be missed.

        Raises
        ------
        RuntimeError
            If the kernel died, or does not answer in time.
        """
        deadline = time.monotonic() + (float("inf") if timeout is None else timeout)
        while True:
            request = self.kernel_info()
            with suppress(Empty):
                while True:
                    reply = await self.get_shell_msg(timeout=_ASK_AGAIN_AFTER)
                    if reply["parent_header"].get("msg_id") == request:
                        await self._idle_after(request)
                        self._handle_kernel_info_reply(reply)
                        return
            if not await self._async_is_alive():
                raise RuntimeError("Kernel died before replying to kernel_info")
            if time.monotonic() > deadline:
                raise RuntimeError(f"Kernel didn't respond in {timeout} seconds")

    async def _idle_after(self, request: str) -> None:
        """Read the messages of the start until the kernel is idle after a request."""
        while True:
            message: dict[str, Any] = await self.get_iopub_msg(timeout=_IDLE_WITHIN)
            ours = message["parent_header"].get("msg_id") == request
            if ours and message["content"].get("execution_state") == "idle":
                return


class PromptKernelManager(AsyncKernelManager):
    """Gives :class:`PromptKernelClient`, and sees at once when a kernel has ended."""

    def __init__(self, **kwargs: Any) -> None:  # noqa: ANN401  # traits
        super().__init__(**kwargs)
        self.client_class = f"{__name__}.{PromptKernelClient.__name__}"

    async def _async_wait(self, pollinterval: float = _EXIT_POLL) -> None:
        while await self._async_is_alive():
            await asyncio.sleep(min(pollinterval, _EXIT_POLL))
