"""What the web servers among the images share: files over HTTP, the parts of them that are asked for, log lines."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from k8s_magic.runtime.contract import HttpRequest, HttpResponse, encoded, size
from k8s_magic.runtime.filesystem import FileError, normal
from k8s_magic.runtime.shell import times
from k8s_magic.sim.time import SimTime

if TYPE_CHECKING:
    from k8s_magic.runtime.container import SimulatedContainer

REASONS = {
    100: "Continue", 200: "OK", 201: "Created", 202: "Accepted", 204: "No Content", 206: "Partial Content",
    301: "Moved Permanently", 302: "Found", 303: "See Other", 304: "Not Modified", 307: "Temporary Redirect",
    308: "Permanent Redirect", 400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found",
    405: "Method Not Allowed", 406: "Not Acceptable", 408: "Request Timeout", 409: "Conflict", 410: "Gone",
    412: "Precondition Failed", 413: "Request Entity Too Large", 414: "Request-URI Too Large",
    415: "Unsupported Media Type", 416: "Requested Range Not Satisfiable", 417: "Expectation Failed",
    422: "Unprocessable Entity", 429: "Too Many Requests", 500: "Internal Server Error",
    501: "Not Implemented", 502: "Bad Gateway", 503: "Service Unavailable", 504: "Gateway Timeout",
    505: "HTTP Version Not Supported",
}  # fmt: skip
_TYPES = {
    "html": "text/html", "htm": "text/html", "css": "text/css", "js": "application/javascript", "txt": "text/plain",
    "json": "application/json", "xml": "text/xml", "svg": "image/svg+xml", "png": "image/png", "jpg": "image/jpeg",
}  # fmt: skip

# The server's page for a status; for 301 with where it leads.
Page = Callable[[int, str], HttpResponse]


def header(request: HttpRequest, name: str, default: str = "") -> str:
    wanted = name.lower()
    return next((value for key, value in request.headers.items() if key.lower() == wanted), default)


def content_type(path: str, default: str) -> str:
    return _TYPES.get(path.rpartition(".")[2].lower(), default) if "." in path.rpartition("/")[2] else default


def bare_path(request: HttpRequest) -> str:
    return _bare(request.path)


@lru_cache(1024)
def _bare(path: str) -> str:
    return normal(unquote(urlsplit(path).path, errors="surrogateescape") or "/")


def climbs_out(path: str) -> bool:
    """Whether the `..` of a path lead above its root."""
    if ".." not in path:
        return False
    depth = 0
    for part in unquote(path.partition("?")[0]).split("/"):
        depth += -1 if part == ".." else 1 if part not in ("", ".") else 0
        if depth < 0:
            return True
    return False


def combined_log(container: SimulatedContainer, request: HttpRequest, response: HttpResponse, line: str) -> str:
    """The combined log format that nginx and Apache write. `line` is the request's first line."""
    moment = times.log_date(container, container.kernel.now)
    sent = 0 if request.method == "HEAD" else response.size
    referer, agent = header(request, "Referer") or "-", header(request, "User-Agent") or "-"
    return (
        f'{request.source_ip} - - [{moment}] "{logged(line)}" {response.status} {sent} '
        f'"{logged(referer)}" "{logged(agent)}"'
    )


def first_line(request: HttpRequest) -> str:
    version = "" if request.version == "HTTP/0.9" else f" {request.version}"
    return f"{request.method} {request.path}{version}"


def logged(text: str) -> str:
    """Quotes and what is no printable ASCII become \\xHH. Source: nginx ngx_http_log_module.c (ngx_http_log_escape)"""
    if text.isascii() and text.isprintable() and '"' not in text and "\\" not in text:
        return text
    return "".join(
        chr(byte) if 32 <= byte < 127 and byte not in (34, 92) else f"\\x{byte:02X}" for byte in encoded(text)
    )


def static_file(
    container: SimulatedContainer,
    request: HttpRequest,
    root: str,
    index: tuple[str, ...],
    page: Page,
    default_type: str,
    etag: Callable[[SimTime, int], str],
) -> tuple[HttpResponse, SimTime | None]:
    """A file below a root, or a folder's index, and when it was changed; or the server's page for 301, 403, 404.

    `etag` is made from the time since 1970 in microseconds and the size.
    """
    fs = container.fs
    path = bare_path(request)
    file = normal(root + path)
    # Whether something is a folder is asked last: it is seldom, and takes a look at every file.
    if request.path.partition("?")[0].endswith("/"):
        found = next((name for name in index if fs.is_file(normal(f"{file}/{name}"))), None)
        if found is None:
            return page(403 if fs.is_dir(file) else 404, ""), None
        file = normal(f"{file}/{found}")
    try:
        text = fs.read(file)
    except FileError:
        return (page(301, f"{path}/") if fs.is_dir(file) else page(404, "")), None
    changed = fs.changed.get(file, 0)
    since_1970 = round(container.world.times.epoch.timestamp()) * 1_000_000 + changed
    headers = {
        "Content-Type": content_type(file, default_type),
        "Last-Modified": times.http_date(container, changed),
        "ETag": etag(since_1970, size(text)),
        "Accept-Ranges": "bytes",
    }
    return HttpResponse(200, text, headers), changed
