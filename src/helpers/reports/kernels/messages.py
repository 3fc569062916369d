"""What a fork server and its clients say to each other: lines of JSON over a unix socket.

A client connects for one kernel and keeps the connection for as long as it wants the kernel: when the
connection ends, the server kills the kernel and all that it started.

=========  ===========================================================================================
client     ``{"argv": [...], "env": {...}, "cwd": "..."}`` once, with the descriptors of standard input,
           output and error beside it; then ``{"signal": 2}`` whenever it likes
server     ``{"pid": 1234}``; ``{"ready": true}`` when the kernel listens; at last ``{"exit": 0,
           "cpu_seconds": 0.5, "peak_memory_mb": 250.0}``
=========  ===========================================================================================
"""

import json
import socket
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

LONGEST = 4_000_000
STREAMS = 3


def send(connection: socket.socket, message: Mapping[str, Any]) -> None:
    """Send one message."""
    connection.sendall(json.dumps(message).encode() + b"\n")


def send_request(connection: socket.socket, message: Mapping[str, Any], streams: Sequence[int]) -> None:
    """Send the first message, with the descriptors that the kernel gets as its standard streams."""
    socket.send_fds(connection, [b"\n"], list(streams))
    send(connection, message)


def receive_request(connection: socket.socket) -> tuple[dict[str, Any], list[int]]:
    """Receive what :func:`send_request` sent; nothing from a client that says nothing.

    Raises
    ------
    ValueError
        If it is none.
    OSError
        If the client went away, or is too slow.
    """
    mark, streams, _, _ = socket.recv_fds(connection, 1, STREAMS)
    if not mark:
        return {}, []
    parts = [b""]
    while not parts[-1].endswith(b"\n"):
        parts.append(connection.recv(65536))
        if not parts[-1] or sum(map(len, parts)) > LONGEST:
            raise ValueError("no request")
    message = json.loads(b"".join(parts))
    if mark != b"\n" or len(streams) != STREAMS or not isinstance(message, dict):
        raise ValueError("no request")
    return message, streams


class Incoming:
    """The messages that have come in over a connection.

    Examples
    --------
    >>> ours, theirs = socket.socketpair()
    >>> send(theirs, {"pid": 7})
    >>> list(Incoming(ours).read())
    [{'pid': 7}]
    """

    def __init__(self, connection: socket.socket) -> None:
        self.connection = connection
        self.ended = False
        self._rest = b""

    def read(self) -> Iterator[dict[str, Any]]:
        """Wait as the connection's time-out says, and yield whole messages; note the end of all."""
        try:
            data = self.connection.recv(65536)
        except (BlockingIOError, TimeoutError):
            return
        except OSError:
            data = b""
        self.ended = not data
        *lines, self._rest = (self._rest + data).split(b"\n")
        yield from (json.loads(line) for line in lines)
