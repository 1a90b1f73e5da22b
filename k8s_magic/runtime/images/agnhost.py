"""agnhost: the test image of Kubernetes, as its documentation uses it.

Source: test/images/agnhost (netexec, serve-hostname, liveness, pause, entrypoint-tester, test-webserver, connect).
"""

from __future__ import annotations

import re
from collections.abc import Callable

from k8s_magic.machinery.errors import Unsupported
from k8s_magic.runtime import web
from k8s_magic.runtime.agnhost import netexec
from k8s_magic.runtime.call import Call
from k8s_magic.runtime.contract import HttpRequest, HttpResponse, NetworkError
from k8s_magic.runtime.http.go import PLAIN
from k8s_magic.runtime.image import Image, matching
from k8s_magic.runtime.images import pause
from k8s_magic.runtime.process import Program, Steps
from k8s_magic.runtime.server import DIES, GRACEFUL, serve
from k8s_magic.runtime.shell import times
from k8s_magic.sim.time import MILLISECOND, SECOND, SimTime

# A Go program starts at once. A guess.
BOOT = 30 * MILLISECOND
# Source: liveness/server.go: healthy for the first ten seconds.
LIVENESS = 10 * SECOND


def option(words: list[str], name: str, default: str) -> str:
    """`--name=value` or `--name value`."""
    for index, word in enumerate(words):
        if word.startswith(f"--{name}="):
            return word.partition("=")[2]
        if word == f"--{name}" and index + 1 < len(words):
            return words[index + 1]
    return default


def klog(call: Call, now: SimTime, text: str) -> str:
    """klog's header: `I0101 00:00:05.123456       1 log.go:195] …`."""
    moment = times.at(call.container, now)
    return f"I{times.strftime(moment, '%m%d %H:%M:%S')}.{moment.microsecond:06d}       1 log.go:195] {text}"


def serve_netexec(call: Call) -> Steps:
    container = call.container
    words = call.argv[1:]
    port = int(option(words, "http-port", "8080"))
    udp = int(option(words, "udp-port", "8081"))
    boot = int(option(words, "delay-shutdown", "0")) * SECOND

    def answer(request: HttpRequest) -> HttpResponse:
        response, said = netexec.answer(call, request)
        container.log(klog(call, call.now, said), "stderr")
        return response

    def lines() -> list[tuple[int, str, str]]:
        at = container.started_at + BOOT
        return [
            (BOOT, "stderr", klog(call, at, f"Started HTTP server on port {port}")),
            (BOOT, "stderr", klog(call, at, f"Started UDP server on port  {udp}")),
        ]

    signals = {"SIGTERM": (0, boot + MILLISECOND)} if boot else DIES
    return (yield from serve(call, {port: answer}, boot=BOOT, lines=lines, signals=signals))


def serve_hostname(call: Call) -> Steps:
    container = call.container
    port = int(option(call.argv[1:], "port", "9376"))

    def answer(request: HttpRequest) -> HttpResponse:
        pod = container.sandbox.hostname or container.sandbox.name
        container.log(klog(call, call.now, f"HTTP request from {request.source_ip}:40000"), "stderr")
        return netexec.text(200, pod)

    def lines() -> list[tuple[int, str, str]]:
        return [(BOOT, "stderr", klog(call, container.started_at + BOOT, f"Serving on port {port}."))]

    return (yield from serve(call, {port: answer}, boot=BOOT, lines=lines, signals=GRACEFUL))


def liveness(call: Call) -> Steps:
    container = call.container

    def answer(request: HttpRequest) -> HttpResponse:
        lived = call.now - container.started_at
        if web.bare_path(request) != "/healthz":
            return netexec.failure(404, "404 page not found")
        if lived > LIVENESS:
            return netexec.text(500, f"error: {lived / SECOND}")
        return netexec.text(200, "ok")

    return (yield from serve(call, {8080: answer}, boot=BOOT, signals=DIES))


def test_webserver(call: Call) -> Steps:
    container = call.container
    port = int(option(call.argv[1:], "port", "80"))

    def answer(request: HttpRequest) -> HttpResponse:
        response, _ = web.static_file(container, request, "/", ("index.html",), page, PLAIN, no_tag)
        response.headers.pop("ETag", None)
        if response.status == 403:  # Go lists a folder
            names = container.fs.names(web.bare_path(request))
            response = HttpResponse(
                200,
                "<pre>\n" + "".join(f'<a href="{name}">{name}</a>\n' for name in names) + "</pre>\n",
                {"Content-Type": "text/html; charset=utf-8"},
            )
        return response

    def page(status: int, location: str) -> HttpResponse:
        if location:
            return HttpResponse(301, "", {"Location": location.rstrip("/").rpartition("/")[2] + "/"})
        return netexec.failure(status, f"{status} page not found")

    def no_tag(since_1970: int, size: int) -> str:
        return ""

    return (yield from serve(call, {port: answer}, boot=BOOT, signals=DIES))


def entrypoint_tester(call: Call) -> Steps:
    call.out(" ".join(["/agnhost", *call.argv]) + "\n")
    call.process.signals = DIES
    while True:
        yield None


def connect(call: Call) -> Steps:
    """`connect HOST:PORT [--timeout=5s]`: says nothing, or TIMEOUT, REFUSED, DNS."""
    words = [word for word in call.argv[1:] if not word.startswith("-")]
    host, _, port = (words[0] if words else "").rpartition(":")
    span = re.match(r"(\d+)(ms|s|m)?", option(call.argv[1:], "timeout", "10s"))
    limit = int(span[1]) * {"ms": MILLISECOND, "m": 60 * SECOND}.get(span[2], SECOND) if span else 10 * SECOND
    net = call.container.world.net
    try:
        if net is None or not port.isdigit():
            raise NetworkError("unknown_host")
        trip = net.connect(call.container.sandbox, host, int(port))
    except NetworkError as error:
        yield min(error.elapsed, limit)
        kind = "timeout" if error.elapsed > limit else error.kind
        call.err(
            {"refused": "REFUSED", "timeout": "TIMEOUT", "unknown_host": "DNS: no such host"}.get(kind, "OTHER") + "\n"
        )
        return 1
    yield trip
    return 0


def logs_generator(call: Call) -> Steps:
    """Writes a line at a time: `--log-lines-total`, `--run-duration`."""
    total = int(option(call.argv[1:], "log-lines-total", "10"))
    span = re.match(r"(\d+)(ms|s|m|h)?", option(call.argv[1:], "run-duration", "1s"))
    unit = {"ms": MILLISECOND, "m": 60 * SECOND, "h": 3600 * SECOND}
    duration = int(span[1]) * unit.get(span[2], SECOND) if span else SECOND
    stream = call.container.world.streams.stream(f"agnhost/{call.container.sandbox.uid}")
    for number in range(min(total, 100_000)):
        verb = ("GET", "POST", "PUT")[int(stream.random() * 3)]
        call.out(
            f"{klog(call, call.now, '').replace('log.go:195', 'logs_generator.go:76')}{number} {verb} "
            f"/api/v1/namespaces/ns/pods/{stream.getrandbits(16):x} {200 + int(stream.random() * 300)}\n"
        )
        yield duration // max(total, 1)
    return 0


def shown(tell: Callable[[Call], str]) -> Callable[[Call], int]:
    def run(call: Call) -> int:
        call.out(tell(call) + "\n")
        return 0

    return run


_COMMANDS: dict[str, Program] = {
    "netexec": serve_netexec, "serve-hostname": serve_hostname, "liveness": liveness, "pause": pause.pause,
    "test-webserver": test_webserver, "entrypoint-tester": entrypoint_tester, "connect": connect,
    "logs-generator": logs_generator, "dns-suffix": shown(lambda call: ",".join(call.container.sandbox.search)),
    "help": shown(lambda call: "agnhost is a container image used in Kubernetes testing"),
}  # fmt: skip


def agnhost(call: Call) -> Steps | int:
    if len(call.argv) < 2:
        call.argv = [call.argv[0], "pause"]
    command = _COMMANDS.get(call.argv[1])
    if command is None:
        raise Unsupported(f"k8s-magic does not model agnhost {call.argv[1]}")
    call.argv = call.argv[1:]
    return command(call)


def _alone(command: str) -> Callable[[Call], Steps | int]:
    """The images that agnhost has replaced."""

    def run(call: Call) -> Steps | int:
        call.argv = [call.argv[0], command, *call.argv[1:]]
        return agnhost(call)

    return run


_REPLACED = {
    "liveness": "liveness", "serve_hostname": "serve-hostname", "serve-hostname": "serve-hostname",
    "test-webserver": "test-webserver", "netexec": "netexec", "e2e-test-images/netexec": "netexec",
    "entrypoint-tester": "entrypoint-tester", "logs-generator": "logs-generator",
}  # fmt: skip


def main(call: Call) -> Steps | int:
    """agnhost, or under a former name what that image did."""
    if call.container.version.reference.repository.endswith("/agnhost"):
        return agnhost(call)
    repository = (
        call.container.version.reference.repository.partition("/")[2]
        .removeprefix("google-containers/")
        .removeprefix("google_containers/")
    )
    return _alone(_REPLACED.get(repository, "pause"))(call)


IMAGE = Image(
    repositories=("registry.k8s.io/e2e-test-images/agnhost", *(f"registry.k8s.io/{name}" for name in _REPLACED)),
    size=48_600_000,
    tags=matching(r"latest|v?\d{1,2}\.\d{1,2}(?:\.\d{1,2})?|e2e"),
    entrypoint=("/agnhost",),
    programs={
        "/agnhost": main, "agnhost": main, "/server": main, "/liveness": _alone("liveness"),
        "/serve_hostname": _alone("serve-hostname"), "/test-webserver": _alone("test-webserver"),
        "/netexec": _alone("netexec"), "/pause": pause.pause,
    },
    base="alpine",
    tools=("curl", "dig"),
)  # fmt: skip
