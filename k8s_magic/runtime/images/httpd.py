"""httpd: the Apache web server, official image."""

from __future__ import annotations

from k8s_magic.runtime import web
from k8s_magic.runtime.call import Call
from k8s_magic.runtime.container import SimulatedContainer
from k8s_magic.runtime.contract import HttpRequest, HttpResponse
from k8s_magic.runtime.http import conditions
from k8s_magic.runtime.http.apache import ALLOWED, apache, page
from k8s_magic.runtime.image import Image, matching
from k8s_magic.runtime.process import Disposition, Steps
from k8s_magic.runtime.server import serve
from k8s_magic.runtime.shell import times
from k8s_magic.sim.time import MILLISECOND, SimTime

VERSION = "2.4.66"
ROOT = "/usr/local/apache2/htdocs"
# A guess.
BOOT = 200 * MILLISECOND
# The methods that httpd knows by name; others are not implemented.
KNOWN = ("PUT", "DELETE", "CONNECT", "TRACE", "PATCH", "PROPFIND", "MKCOL", "COPY", "MOVE", "LOCK", "UNLOCK")
RESUMING = "configured -- resuming normal operations"
SIGNALS: dict[str, Disposition] = {"SIGWINCH": (0, 20 * MILLISECOND), "SIGTERM": (0, 5 * MILLISECOND)}


def version_of(tag: str) -> str:
    return tag.partition("-")[0] if tag.count(".") == 2 else VERSION


def etag(since_1970: SimTime, size: int) -> str:
    return f'"{size:x}-{since_1970:x}"'


def _page(status: int, method: str, location: str = "") -> HttpResponse:
    headers = {"Allow": ALLOWED} if status in (405, 501) else {"Location": location} if location else {}
    if status == 501:
        headers["Connection"] = "close"
    return HttpResponse(status, page(status, method, location=location), headers)


def _answer(container: SimulatedContainer, request: HttpRequest) -> HttpResponse:
    """Source: server/core.c (default_handler), observed: a POST is answered as a GET is."""
    method = request.method
    if method == "OPTIONS":
        return HttpResponse(200, "", {"Allow": ALLOWED} if request.path != "*" else {})
    if method not in ("GET", "HEAD", "POST"):
        return _page(405 if method in KNOWN else 501, method)

    def error(status: int, path: str) -> HttpResponse:
        return _page(status, method, path and f"http://{request.host}{path}")

    response, changed = web.static_file(container, request, ROOT, ("index.html",), error, "text/plain", etag)
    if changed is None:
        return response
    status = conditions.not_modified(request, response, exact=False)
    if status != 200:
        if status == 304:
            response.headers.pop("Content-Type")
        return HttpResponse(status, "", response.headers)
    try:
        wanted = conditions.ranges(request, response)
    except ValueError:
        return response
    if wanted == []:
        return _page(416, method)
    if wanted:
        conditions.cut(response, wanted)
        response.headers["Accept-Ranges"] = "bytes"
    return response


def httpd(call: Call) -> Steps:
    container = call.container
    server = f"Apache/{version_of(container.tag)} (Unix)"

    def answer(request: HttpRequest) -> HttpResponse:
        response = _answer(container, request)
        line = web.combined_log(container, request, response, web.first_line(request))
        container.log(line.rsplit(' "', 2)[0])  # the common log format ends before the referer
        return response

    def lines() -> list[tuple[int, str, str]]:
        moment = times.strftime(times.at(container, container.started_at + BOOT), "%a %b %d %H:%M:%S.%N %Y", 0)
        moment = moment.replace("000000000", f"{(container.started_at + BOOT) % 1_000_000:06d}")
        qualified = (
            "AH00558: httpd: Could not reliably determine the server's fully qualified domain name, using "
            f"{container.sandbox.ip}. Set the 'ServerName' directive globally to suppress this message"
        )
        return [
            (20 * MILLISECOND, "stderr", qualified),
            (40 * MILLISECOND, "stderr", qualified),
            (BOOT, "stderr", f"[{moment}] [mpm_event:notice] [pid 1:tid 1] AH00489: {server} {RESUMING}"),
            (BOOT, "stderr", f"[{moment}] [core:notice] [pid 1:tid 1] AH00094: Command line: 'httpd -D FOREGROUND'"),
        ]  # fmt: skip

    def in_use(port: int) -> str:
        return (
            f"(98)Address already in use: AH00072: make_sock: could not bind to address 0.0.0.0:{port}\n"
            "no listening sockets available, shutting down\nAH00015: Unable to open logs\n"
        )

    ports, manner = {80: answer}, apache(server)
    return (yield from serve(call, ports, boot=BOOT, lines=lines, signals=SIGNALS, in_use=in_use, manner=manner))


IMAGE = Image(
    repositories=("docker.io/library/httpd",),
    size=lambda tag: 19_600_000 if "alpine" in tag else 45_259_104,
    tags=matching(r"(?:latest|2|2\.[24](?:\.\d{1,2})?)(?:-alpine|-bookworm|-trixie)?|alpine|bookworm|trixie"),
    command=("httpd-foreground",),
    programs={"httpd-foreground": httpd, "httpd": httpd},
    env_of=lambda tag: {"HTTPD_PREFIX": "/usr/local/apache2", "HTTPD_VERSION": version_of(tag)},
    working_dir="/usr/local/apache2",
    stop_signal="SIGWINCH",
    files=lambda container: {
        f"{ROOT}/index.html": "<html><body><h1>It works!</h1></body></html>\n",
        "/usr/local/apache2/conf/httpd.conf": 'Listen 80\nDocumentRoot "/usr/local/apache2/htdocs"\n',
    },
)
