"""The part of nginx's configuration that people mount: server blocks with listen, server_name, root, location.

Understood: `listen`, `server_name`, `root`, `index`, `location` with `root`, `alias`, `return`, `stub_status`,
`try_files` and `proxy_pass`; `include`. Anything else is taken as if it were not there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from k8s_magic.runtime import web
from k8s_magic.runtime.container import SimulatedContainer
from k8s_magic.runtime.contract import HttpRequest, HttpResponse, NetworkError
from k8s_magic.runtime.filesystem import FileError, FileSystem, normal
from k8s_magic.runtime.shell import patterns

_TOKEN = re.compile(
    r"#[^\n]*|\"((?:[^\"\\]|\\.)*)\"|'((?:[^'\\]|\\.)*)'|([{};])|((?:\$\{[^}]*\}|[^\s{};\"'#])[^\s{};]*)"
)
MAIN = "/etc/nginx/nginx.conf"
MAX_DEPTH = 10
# stub_status on an idle server.
STATUS = "Active connections: 1 \nserver accepts handled requests\n 1 1 1 \nReading: 0 Writing: 1 Waiting: 0 \n"


@dataclass(slots=True)
class Directive:
    words: list[str]
    block: list[Directive] | None = None


def parse(text: str) -> list[Directive]:
    tokens: Iterator[tuple[str, bool]] = (
        (found[3] or found[4] or found[1] or found[2] or "", bool(found[3]))
        for found in _TOKEN.finditer(text)
        if not found[0].startswith("#")
    )
    return _block(tokens, 0)


def _block(tokens: Iterator[tuple[str, bool]], depth: int) -> list[Directive]:
    found: list[Directive] = []
    words: list[str] = []
    for token, is_mark in tokens:
        if not is_mark:
            words.append(token)
        elif token == "}":
            break
        else:
            inner = _block(tokens, depth + 1) if token == "{" and depth < MAX_DEPTH else None
            if words:
                found.append(Directive(words, inner))
            words = []
    return found


@dataclass(slots=True)
class Location:
    kind: str  # "", "=", "~", "~*", "^~"
    path: str
    directives: list[Directive]


@dataclass(slots=True)
class Server:
    port: int = 80
    names: tuple[str, ...] = ()
    root: str = "/etc/nginx/html"
    index: tuple[str, ...] = ("index.html",)
    locations: list[Location] = field(default_factory=list)
    returns: list[str] = field(default_factory=list)

    def answer(self, container: SimulatedContainer, request: HttpRequest, version: str) -> HttpResponse:
        path = web.bare_path(request)
        if request.path.partition("?")[0].endswith("/") and path != "/":
            path += "/"
        if self.returns:
            return _return(self.returns, request, version)
        location = self._location(path)
        root, index = self.root, self.index
        for directive in location.directives if location is not None else ():
            name, words = directive.words[0], directive.words[1:]
            if name == "return":
                return _return(words, request, version)
            if name == "stub_status":
                return HttpResponse(200, STATUS, {"Content-Type": "text/plain"})
            if name == "proxy_pass" and location is not None:
                return _proxy(container, request, words[0], location, version)
            if name == "root":
                root = words[0]
            elif name == "index":
                index = tuple(words)
            elif name == "alias" and location is not None:
                rest = request.path.partition("?")[0].removeprefix(location.path)
                request = HttpRequest(
                    request.method, "/" + rest, request.host, request.headers, request.body, request.source_ip
                )
                root = words[0]
            elif name == "try_files":
                tried = [word.replace("$uri", path) for word in words]
                hit = next((one for one in tried[:-1] if container.fs.is_file(normal(root + one))), tried[-1])
                if hit.startswith("="):
                    return HttpResponse(int(hit[1:]), error_page(int(hit[1:]), version), {"Content-Type": "text/html"})
                request = HttpRequest(
                    request.method, hit, request.host, request.headers, request.body, request.source_ip
                )
        return web.static_file(
            container, request, root, index, lambda status: error_page(status, version), "text/plain"
        )

    def _location(self, path: str) -> Location | None:
        """Exact, then the longest prefix unless a regular expression matches."""
        prefix: Location | None = None
        for location in self.locations:
            if location.kind == "=" and location.path == path:
                return location
            is_prefix = location.kind in ("", "^~") and path.startswith(location.path)
            if is_prefix and (prefix is None or len(location.path) > len(prefix.path)):
                prefix = location
        if prefix is not None and prefix.kind == "^~":
            return prefix
        for location in self.locations:
            if location.kind in ("~", "~*"):
                try:
                    if re.search(location.path, path, re.IGNORECASE if location.kind == "~*" else 0):
                        return location
                except re.error:
                    continue
        return prefix


def _return(words: list[str], request: HttpRequest, version: str) -> HttpResponse:
    status = int(words[0]) if words[0].isdigit() and len(words[0]) == 3 else 302
    text = words[1] if len(words) > 1 else "" if words[0].isdigit() else words[0]
    text = text.replace("$host", request.host.partition(":")[0]).replace("$request_uri", request.path)
    text = text.replace("\\n", "\n")
    if status in (301, 302, 307, 308):
        return HttpResponse(status, error_page(status, version), {"Content-Type": "text/html", "Location": text})
    if not text and status >= 300:
        return HttpResponse(status, error_page(status, version), {"Content-Type": "text/html"})
    return HttpResponse(status, text, {"Content-Type": "text/plain"})


def _proxy(
    container: SimulatedContainer, request: HttpRequest, target: str, location: Location, version: str
) -> HttpResponse:
    net = container.world.net
    scheme, _, rest = target.partition("://")
    host, slash, base = rest.partition("/")
    path = f"/{base}{request.path.removeprefix(location.path)}" if slash else request.path
    headers = {**request.headers, "Connection": "close"}
    inner = HttpRequest(request.method, path, host, headers, request.body, container.sandbox.ip)
    try:
        if net is None:
            raise NetworkError("no_route")
        return net.http(container.sandbox, f"{scheme}://{host}{path}", inner)
    except NetworkError as error:
        status = 504 if error.kind == "timeout" else 502
        return HttpResponse(status, error_page(status, version), {"Content-Type": "text/html"}, error.elapsed)


def error_page(status: int, version: str) -> str:
    """Source: nginx ngx_http_special_response.c"""
    title = {405: "Not Allowed", 503: "Service Temporarily Unavailable", 504: "Gateway Time-out"}.get(
        status, web.REASONS.get(status, "")
    )
    return (
        f"<html>\r\n<head><title>{status} {title}</title></head>\r\n<body>\r\n"
        f"<center><h1>{status} {title}</h1></center>\r\n"
        f"<hr><center>{version}</center>\r\n</body>\r\n</html>\r\n"
    )


def servers(fs: FileSystem) -> list[Server]:
    """Every server block of the configuration. Raises FileError when the main file is not there."""
    http: list[Directive] = []
    for directive in _included(fs, parse(fs.read(MAIN)), 0):
        if directive.words[0] == "http" and directive.block is not None:
            http += _included(fs, directive.block, 0)
    found = []
    for block in http:
        if block.words[0] == "server" and block.block is not None:
            found += _server(_included(fs, block.block, 0))
    return found


def _included(fs: FileSystem, directives: list[Directive], depth: int) -> list[Directive]:
    found: list[Directive] = []
    for directive in directives:
        if directive.words[0] != "include" or len(directive.words) < 2 or depth > MAX_DEPTH:
            found.append(directive)
            continue
        for path in patterns.paths(fs, "/etc/nginx", directive.words[1]):
            try:
                found += _included(fs, parse(fs.read(normal(path, "/etc/nginx"))), depth + 1)
            except FileError:
                continue
    return found


def _server(directives: list[Directive]) -> list[Server]:
    server = Server()
    ports: dict[int, None] = {}
    for directive in directives:
        name, words = directive.words[0], directive.words[1:]
        if name == "listen" and words:
            port = words[0].rpartition(":")[2]
            if port.isdigit():
                ports[int(port)] = None
        elif name == "server_name":
            server.names = tuple(words)
        elif name == "root" and words:
            server.root = words[0]
        elif name == "index":
            server.index = tuple(words)
        elif name == "return" and words:
            server.returns = words
        elif name == "location" and directive.block is not None and words:
            kind = words[0] if len(words) > 1 else ""
            server.locations.append(Location(kind, words[-1], directive.block))
    return [
        Server(port, server.names, server.root, server.index, server.locations, server.returns)
        for port in ports or {80: None}
    ]
