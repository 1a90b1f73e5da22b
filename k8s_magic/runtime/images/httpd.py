"""httpd: the Apache web server, official image."""

from __future__ import annotations

from k8s_magic.runtime import web
from k8s_magic.runtime.call import Call
from k8s_magic.runtime.contract import HttpRequest, HttpResponse
from k8s_magic.runtime.image import Image, matching
from k8s_magic.runtime.process import Disposition, Steps
from k8s_magic.runtime.server import serve
from k8s_magic.runtime.shell import times
from k8s_magic.sim.time import MILLISECOND

VERSION = "2.4.66"
ROOT = "/usr/local/apache2/htdocs"
# A guess.
BOOT = 200 * MILLISECOND
RESUMING = "configured -- resuming normal operations"
SIGNALS: dict[str, Disposition] = {"SIGWINCH": (0, 20 * MILLISECOND), "SIGTERM": (0, 5 * MILLISECOND)}
_TEXTS = {
    403: "You don't have permission to access this resource.",
    404: "The requested URL was not found on this server.",
    405: "The requested method is not allowed for this URL.",
}


def version_of(tag: str) -> str:
    return tag.partition("-")[0] if tag.count(".") == 2 else VERSION


def page(status: int) -> str:
    title = web.REASONS.get(status, "")
    return (
        '<!DOCTYPE HTML PUBLIC "-//IETF//DTD HTML 2.0//EN">\n<html><head>\n'
        f"<title>{status} {title}</title>\n</head><body>\n<h1>{title}</h1>\n<p>{_TEXTS.get(status, '')}</p>\n"
        f"</body></html>\n"
    )


def httpd(call: Call) -> Steps:
    container = call.container
    server = f"Apache/{version_of(container.tag)} (Unix)"

    def answer(request: HttpRequest) -> HttpResponse:
        response = web.static_file(container, request, ROOT, ("index.html",), page, "text/plain")
        line = web.combined_log(container, request, response, "HTTP/1.1")
        container.log(line.rsplit(' "', 2)[0])  # the common log format ends before the referer
        response = web.finish(container, request, response, "")
        response.headers = {"Date": response.headers.pop("Date"), "Server": server, **response.headers}
        response.headers.pop("Connection", None)
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

    return (yield from serve(call, {80: answer}, boot=BOOT, lines=lines, signals=SIGNALS, in_use=in_use))


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
