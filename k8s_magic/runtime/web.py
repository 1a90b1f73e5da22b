"""What the web servers among the images share: files over HTTP, error pages, log formats."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from urllib.parse import unquote, urlsplit

from k8s_magic.runtime.container import SimulatedContainer
from k8s_magic.runtime.contract import HttpRequest, HttpResponse
from k8s_magic.runtime.filesystem import FileError, normal
from k8s_magic.runtime.shell import times

REASONS = {
    200: "OK", 201: "Created", 204: "No Content", 301: "Moved Permanently", 302: "Found", 304: "Not Modified",
    400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed",
    408: "Request Timeout", 413: "Request Entity Too Large", 429: "Too Many Requests", 500: "Internal Server Error",
    501: "Not Implemented", 502: "Bad Gateway", 503: "Service Unavailable", 504: "Gateway Timeout",
}  # fmt: skip
_TYPES = {
    "html": "text/html", "htm": "text/html", "css": "text/css", "js": "application/javascript", "txt": "text/plain",
    "json": "application/json", "xml": "text/xml", "svg": "image/svg+xml", "png": "image/png", "jpg": "image/jpeg",
}  # fmt: skip


def header(request: HttpRequest, name: str, default: str = "") -> str:
    wanted = name.lower()
    return next((value for key, value in request.headers.items() if key.lower() == wanted), default)


def content_type(path: str, default: str) -> str:
    return _TYPES.get(path.rpartition(".")[2].lower(), default) if "." in path.rpartition("/")[2] else default


def bare_path(request: HttpRequest) -> str:
    return normal(unquote(urlsplit(request.path).path) or "/")


def combined_log(container: SimulatedContainer, request: HttpRequest, response: HttpResponse, version: str) -> str:
    """The combined log format that nginx and Apache write."""
    moment = times.log_date(container, container.kernel.now)
    size = 0 if request.method == "HEAD" else len(response.body.encode())
    referer, agent = header(request, "Referer", "-"), header(request, "User-Agent", "-")
    line = f'{request.source_ip} - - [{moment}] "{request.method} {request.path} {version}" {response.status} {size}'
    return f'{line} "{referer}" "{agent}"'


def static_file(
    container: SimulatedContainer,
    request: HttpRequest,
    root: str,
    index: tuple[str, ...],
    error_page: Callable[[int], str],
    default_type: str,
) -> HttpResponse:
    """A file below a root, a folder's index, or the server's page for 301, 403, 404 and 405."""

    def page(status: int, **headers: str) -> HttpResponse:
        return HttpResponse(status, error_page(status), {"Content-Type": "text/html", **headers})

    if request.method not in ("GET", "HEAD"):
        return page(405)
    fs = container.fs
    path = bare_path(request)
    file = normal(root + path)
    asked_folder = urlsplit(request.path).path.endswith("/")
    if fs.is_dir(file):
        if not asked_folder:
            return page(301, Location=f"http://{request.host}{path}/")
        found = next((name for name in index if fs.is_file(normal(f"{file}/{name}"))), None)
        if found is None:
            return page(403)
        file = normal(f"{file}/{found}")
    elif asked_folder:
        return page(404)
    try:
        text = fs.read(file)
    except FileError:
        return page(404)
    modified = times.http_date(container, fs.changed.get(file, 0))
    etag = f'"{hashlib.sha256(text.encode()).hexdigest()[:8]}-{len(text.encode()):x}"'
    return HttpResponse(
        200,
        text,
        {
            "Content-Type": content_type(file, default_type),
            "Last-Modified": modified,
            "ETag": etag,
            "Accept-Ranges": "bytes",
        },
    )


def finish(container: SimulatedContainer, request: HttpRequest, response: HttpResponse, server: str) -> HttpResponse:
    """The headers that every answer carries, in the order servers send them."""
    headers = {}
    if server:
        headers["Server"] = server
    headers["Date"] = times.http_date(container, container.kernel.now)
    kind = response.headers.pop("Content-Type", None)
    if kind is not None:
        headers["Content-Type"] = kind
    headers["Content-Length"] = str(len(response.body.encode()))
    headers.update(response.headers)
    headers.setdefault("Connection", "keep-alive")
    response.headers = headers
    if request.method == "HEAD":
        response.body = ""
    return response
