"""The part of nginx's configuration that people mount: server blocks with listen, server_name, root, location.

Understood: `listen`, `server_name`, `root`, `index`, `location` with `root`, `alias`, `return`, `stub_status`,
`try_files` and `proxy_pass`; `default_type` and `client_max_body_size`; `include`. Anything else is taken as if it were
not there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from k8s_magic.runtime import web
from k8s_magic.runtime.container import SimulatedContainer
from k8s_magic.runtime.contract import HttpRequest, HttpResponse, NetworkError
from k8s_magic.runtime.filesystem import FileError, FileSystem, normal
from k8s_magic.runtime.nginx import manner
from k8s_magic.runtime.nginx.manner import error_page
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
    own: dict[str, list[str]] = field(default_factory=dict)  # what each of them says, by its name


@dataclass(slots=True)
class Server:
    """`default_type` is for files whose names tell no type, and for texts of `return`; `largest` bounds bodies."""

    port: int = 80
    names: tuple[str, ...] = ()
    root: str = "/etc/nginx/html"
    index: tuple[str, ...] = ("index.html",)
    locations: list[Location] = field(default_factory=list)
    returns: list[str] = field(default_factory=list)
    default_type: str = "text/plain"
    largest: int = manner.MAX_BODY

    def answer(self, container: SimulatedContainer, request: HttpRequest, version: str) -> HttpResponse:
        path, location = self._place(request)
        media = (_own(location, "default_type") or [self.default_type])[0]
        if self.returns:
            return _return(self.returns, request, version, media)
        root, index = self.root, self.index
        for directive in location.directives if location is not None else ():
            name, words = directive.words[0], directive.words[1:]
            if name == "return":
                return _return(words, request, version, media)
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
                request = replace(request, path="/" + rest)
                root = words[0]
            elif name == "try_files":
                tried = [word.replace("$uri", path) for word in words]
                hit = next((one for one in tried[:-1] if container.fs.is_file(normal(root + one))), tried[-1])
                if hit.startswith("="):
                    return _error(int(hit[1:]), version)
                request = replace(request, path=hit)
        return _file(container, request, root, index, version, media)

    def limit(self, request: HttpRequest) -> int:
        """The largest body that is taken for a request."""
        return _size(_own(self._place(request)[1], "client_max_body_size"), self.largest)

    def passes_on(self, request: HttpRequest) -> bool:
        """Whether a request goes to another server, with its body."""
        return _own(self._place(request)[1], "proxy_pass") is not None

    def _place(self, request: HttpRequest) -> tuple[str, Location | None]:
        path = web.bare_path(request)
        if request.path.partition("?")[0].endswith("/") and path != "/":
            path += "/"
        return path, self._location(path)

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


def _own(location: Location | None, name: str) -> list[str] | None:
    """What a location itself says by a directive."""
    return location.own.get(name) if location is not None else None


def _error(status: int, version: str, location: str = "") -> HttpResponse:
    headers = {"Content-Type": "text/html", **({"Location": location} if location else {})}
    return HttpResponse(status, error_page(status, version), headers)


def _file(
    container: SimulatedContainer, request: HttpRequest, root: str, index: tuple[str, ...], version: str, media: str
) -> HttpResponse:
    """Source: ngx_http_static_module.c: a POST is refused only for a file that is there."""
    if request.method not in ("GET", "HEAD", "POST"):
        return _error(405, version)
    response, changed = web.static_file(
        container, request, root, index, lambda status, to: _error(status, version, to), media, manner.etag
    )
    if changed is None:
        return response
    if request.method == "POST":
        return _error(405, version)
    return manner.filtered(request, response, version)


def _size(words: list[str] | None, default: int) -> int:
    """`10m` in bytes; 0 is no bound."""
    found = re.fullmatch(r"(\d{1,12})([kKmMgG]?)", words[0]) if words else None
    if found is None:
        return default
    size = int(found[1]) << {"k": 10, "m": 20, "g": 30}.get(found[2].lower(), 0)
    return size or 1 << 62


def _return(words: list[str], request: HttpRequest, version: str, media: str) -> HttpResponse:
    status = int(words[0]) if words[0].isdigit() and len(words[0]) == 3 else 302
    text = words[1] if len(words) > 1 else "" if words[0].isdigit() else words[0]
    text = text.replace("$host", request.host.partition(":")[0]).replace("$request_uri", request.path)
    text = text.replace("$request_method", request.method).replace("\\n", "\n")
    if status in (301, 302, 303, 307, 308):
        return _error(status, version, text)
    if not text and 400 <= status < 600 and manner.title(status):
        return _error(status, version)
    return HttpResponse(status, text, {"Content-Type": media} if text else {})


def _proxy(
    container: SimulatedContainer, request: HttpRequest, target: str, location: Location, version: str
) -> HttpResponse:
    net = container.world.net
    scheme, _, rest = target.partition("://")
    host, slash, base = rest.partition("/")
    path = f"/{base}{request.path.removeprefix(location.path)}" if slash else request.path
    # Source: ngx_http_proxy_module.c (ngx_http_proxy_headers): Host and Connection are the proxy's own, in HTTP/1.0.
    passed = {name: value for name, value in request.headers.items() if name.lower() not in ("host", "connection")}
    headers = {"Host": host, "Connection": "close", **passed}
    inner = HttpRequest(request.method, path, host, headers, request.body, container.sandbox.ip, "HTTP/1.0")
    try:
        if net is None:
            raise NetworkError("no_route")
        response = net.http(container.sandbox, f"{scheme}://{host}{path}", inner)
    except NetworkError as error:
        failed = _error(504 if error.kind == "timeout" else 502, version)
        failed.latency = error.elapsed
        return failed
    hidden = ("Server", "Date", "Connection", "Keep-Alive", "Content-Length", "Transfer-Encoding")
    for name in hidden:
        response.headers.pop(name, None)
    response.reason, response.version = "", "HTTP/1.1"
    return response


def servers(fs: FileSystem) -> list[Server]:
    """Every server block of the configuration. Raises FileError when the main file is not there."""
    http: list[Directive] = []
    for directive in _included(fs, parse(fs.read(MAIN)), 0):
        if directive.words[0] == "http" and directive.block is not None:
            http += _included(fs, directive.block, 0)
    common = [one for one in http if one.words[0] in ("root", "index", "default_type", "client_max_body_size")]
    found = []
    for block in http:
        if block.words[0] == "server" and block.block is not None:
            found += _server([*common, *_included(fs, block.block, 0)])
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
        elif name == "default_type" and words:
            server.default_type = words[0]
        elif name == "client_max_body_size":
            server.largest = _size(words, server.largest)
        elif name == "location" and directive.block is not None and words:
            kind = words[0] if len(words) > 1 else ""
            own = {one.words[0]: one.words[1:] for one in directive.block}
            server.locations.append(Location(kind, words[-1], directive.block, own))
    return [replace(server, port=port) for port in ports or {80: None}]
