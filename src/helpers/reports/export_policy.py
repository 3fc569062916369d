"""The content security policy of a report: what the page may run and load, which is next to nothing."""

import base64
import hashlib
import re
from collections.abc import Iterable
from html.parser import HTMLParser

from helpers.data.errors import InputError

# A quoted value may hold ">": the value of srcdoc does.
_IFRAME = re.compile(r"<iframe\b(?:[^>\"']|\"[^\"]*\"|'[^']*')*>", re.I)


class _Frame(HTMLParser):
    def __init__(self, tag: str) -> None:
        super().__init__()
        self.attributes: dict[str, str] = {}
        self.feed(tag)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes = {name: value or "" for name, value in attrs}


class _Scripts(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self._inside = False
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._inside = tag == "script"
        if self._inside:
            self.found.append("")

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.found[-1] += data

    def handle_endtag(self, tag: str) -> None:
        self._inside = False


def frame_scripts(body: str) -> list[str]:
    """Return the scripts inside the frames (``srcdoc``) of a page.

    Raises
    ------
    InputError
        If a frame is not sandboxed, may reach the page around it, or loads from elsewhere.

    Examples
    --------
    >>> frame_scripts('<iframe sandbox="allow-scripts" srcdoc="<script>a &amp;&amp; b</script>"></iframe>')
    ['a && b']
    """
    scripts = []
    for match in _IFRAME.finditer(body):
        attributes = _Frame(match.group(0)).attributes
        title = attributes.get("title", "without title")
        sandbox = attributes.get("sandbox", "allow-same-origin").split()
        if "allow-same-origin" in sandbox or "src" in attributes:
            raise InputError(
                f'notebook.ipynb: frame "{title}" must hold its page in srcdoc and be sandbox="allow-scripts"'
            )
        scripts += _Scripts(attributes.get("srcdoc", "")).found
    return scripts


def content_security_policy(scripts: Iterable[str]) -> str:
    """Return a policy under which exactly these scripts run and nothing is loaded.

    Frames with ``srcdoc`` inherit it, so their scripts are named too. A script that came in with data is
    not among them and stays dead.

    Parameters
    ----------
    scripts
        Text of the scripts, as between the tags.

    References
    ----------
    W3C, Content Security Policy Level 3, https://www.w3.org/TR/CSP3/.

    Examples
    --------
    >>> content_security_policy(["1"])
    "default-src 'none'; img-src data:; style-src 'unsafe-inline'; font-src data:; \
script-src 'sha256-a4ayc/80/OGda4BO/1o/V0etpOqiLx1JwB5S3beHW0s='; base-uri 'none'; form-action 'none'"
    """
    hashes = sorted({_hash(script) for script in scripts}) or ["'none'"]
    return (
        "default-src 'none'; img-src data:; style-src 'unsafe-inline'; font-src data:; "
        f"script-src {' '.join(hashes)}; base-uri 'none'; form-action 'none'"
    )


def _hash(script: str) -> str:
    # Browsers turn line ends into \n before they hash.
    text = script.replace("\r\n", "\n").replace("\r", "\n")
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"
