"""The links of a page that the API server passes on: those on the same server must lead back through it.

Source: apimachinery/pkg/util/proxy/transport.go
"""

from __future__ import annotations

from html import escape
from html.parser import HTMLParser
from urllib.parse import urlsplit, urlunsplit

_LINKS = {
    "a": ("href",), "applet": ("codebase",), "area": ("href",), "audio": ("src",), "base": ("href",),
    "blockquote": ("cite",), "body": ("background",), "button": ("formaction",), "command": ("icon",), "del": ("cite",),
    "embed": ("src",), "form": ("action",), "frame": ("longdesc", "src"), "head": ("profile",), "html": ("manifest",),
    "iframe": ("longdesc", "src"), "img": ("longdesc", "src", "usemap"), "input": ("src", "usemap", "formaction"),
    "ins": ("cite",), "link": ("href",), "object": ("classid", "codebase", "data", "usemap"), "q": ("cite",),
    "script": ("src",), "source": ("src",), "video": ("poster", "src"),
}  # fmt: skip


def rewritten(page: str, start: str, asked_host: str) -> str:
    """`start` is the path of the proxy, `asked_host` the server that the client knows."""
    return _Page(start, asked_host).rewritten(page)


def led_back(url: str, start: str, asked_host: str) -> str:
    """A URL on the same server goes through the proxy; any other stays."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    if (parts.netloc and parts.netloc != asked_host) or not parts.path.startswith("/"):
        return url
    path = parts.path if parts.path.startswith(start) else start + "/" + parts.path.lstrip("/")
    scheme, place = (parts.scheme, parts.netloc) if parts.netloc else ("", "")
    return urlunsplit((scheme, place, path, parts.query, parts.fragment))


class _Page(HTMLParser):
    """Go over a page's start tags, which Go's tokenizer writes anew; all else stays as it is."""

    def __init__(self, start: str, asked_host: str) -> None:
        super().__init__(convert_charrefs=False)
        self._start = start
        self._asked_host = asked_host
        self._page = ""
        self._lines: list[int] = []
        self._done = 0
        self._found: list[str] = []

    def rewritten(self, page: str) -> str:
        self._page = page
        at = 0
        for line in page.split("\n"):
            self._lines.append(at)
            at += len(line) + 1
        self.feed(page)
        return "".join([*self._found, page[self._done :]])

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._write(tag, attrs, ">")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._write(tag, attrs, "/>")

    def _write(self, tag: str, attrs: list[tuple[str, str | None]], end: str) -> None:
        line, column = self.getpos()
        at = self._lines[line - 1] + column
        links = _LINKS.get(tag, ())
        words = [tag]
        for name, value in attrs:
            text = led_back(value or "", self._start, self._asked_host) if name in links else value or ""
            words.append(f'{name}="{_escaped(text)}"')
        self._found += [self._page[self._done : at], "<", " ".join(words), end]
        self._done = at + len(self.get_starttag_text() or "")


def _escaped(text: str) -> str:
    """Source: golang.org/x/net/html/escape.go"""
    return escape(text, quote=True).replace("&quot;", "&#34;").replace("&#x27;", "&#39;")
