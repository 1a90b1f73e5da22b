"""nginx: the official image, a static web server with its access log."""

from __future__ import annotations

from collections.abc import Mapping

from k8s_magic.runtime import web
from k8s_magic.runtime.call import Call
from k8s_magic.runtime.container import SimulatedContainer
from k8s_magic.runtime.contract import HttpRequest, HttpResponse
from k8s_magic.runtime.filesystem import FileError, FileSystem, FileText
from k8s_magic.runtime.http.server import HttpServer
from k8s_magic.runtime.image import Image, releases
from k8s_magic.runtime.listener import AddressInUse
from k8s_magic.runtime.log import Line
from k8s_magic.runtime.nginx.config import Server, servers
from k8s_magic.runtime.nginx.content import CONFIG, DEFAULT_SERVER, ENTRYPOINT, MIME_TYPES, PAGE_50X, WELCOME
from k8s_magic.runtime.nginx.manner import nginx as nginx_manner
from k8s_magic.runtime.process import Disposition, Steps
from k8s_magic.runtime.shell import times
from k8s_magic.sim.time import MILLISECOND

# What the official image's tags are. Source: hub.docker.com/_/nginx; `latest` is mainline.
RELEASES = {
    "1.7": 12, "1.8": 1, "1.9": 15, "1.10": 3, "1.11": 13, "1.12": 2, "1.13": 12, "1.14": 2, "1.15": 12, "1.16": 1,
    "1.17": 10, "1.18": 0, "1.19": 10, "1.20": 2, "1.21": 6, "1.22": 1, "1.23": 4, "1.24": 0, "1.25": 5, "1.26": 3,
    "1.27": 5, "1.28": 1, "1.29": 4,
}  # fmt: skip
LATEST, STABLE = "1.29.4", "1.28.1"
# From start to listening. A guess, near what a laptop takes.
BOOT = 150 * MILLISECOND
WORKERS = 2


def _go_on(name: str) -> None:
    """Reopening logs and reloading change nothing here."""


_SIGNALS: Mapping[str, Disposition] = {
    "SIGQUIT": (0, 20 * MILLISECOND), "SIGTERM": (0, 5 * MILLISECOND), "SIGINT": (0, 5 * MILLISECOND),
    "SIGHUP": _go_on, "SIGUSR1": _go_on,
}  # fmt: skip


def version_of(tag: str) -> str:
    number = tag.partition("-")[0]
    if number in ("stable",):
        return STABLE
    if not number[:1].isdigit():
        return LATEST
    parts = number.split(".")
    if len(parts) == 1:
        return LATEST
    return number if len(parts) == 3 else f"{number}.{RELEASES.get(number, 0)}"


def size_of(tag: str) -> int:
    """Compressed. Our figures near the real ones: 44 MB for old Debian images, 72 MB now, 20 MB on Alpine."""
    minor = int(version_of(tag).split(".")[1])
    if "alpine" in tag:
        return 6_021_000 + minor * 517_003
    return 44_710_204 if minor <= 16 else 52_000_000 + minor * 711_029


CONFIGURATION: Mapping[str, FileText] = {
    "/etc/nginx/nginx.conf": CONFIG,
    "/etc/nginx/conf.d/default.conf": DEFAULT_SERVER,
    "/etc/nginx/mime.types": MIME_TYPES,
}


def nginx(call: Call) -> Steps | int:
    """`nginx -g 'daemon off;'`, and `nginx -s`, `-v`, `-t`."""
    words = call.argv[1:]
    version = version_of(call.container.tag)
    if words[:1] in (["-v"], ["-V"]):
        call.err(f"nginx version: nginx/{version}\n")
        return 0
    if words[:1] == ["-s"] and len(words) > 1:
        names = {"quit": "SIGQUIT", "stop": "SIGTERM", "reload": "SIGHUP", "reopen": "SIGUSR1"}
        if words[1] not in names:
            call.err(f'nginx: invalid option: "-s {words[1]}"\n')
            return 1
        call.container.signal(names[words[1]])
        return 0
    try:
        config = servers(call.fs) if _is_changed(call.container) else DEFAULT_SERVERS
    except FileError as error:
        call.err(f'nginx: [emerg] open() "{error.path}" failed (2: {error})\n')
        return 1
    if words[:1] == ["-t"]:
        call.err("nginx: the configuration file /etc/nginx/nginx.conf syntax is ok\n")
        call.err("nginx: configuration file /etc/nginx/nginx.conf test is successful\n")
        return 0
    return _serve(call, version, config)


# What the files of the image say: a thousand Pods need not read them each.
DEFAULT_SERVERS = servers(FileSystem(CONFIGURATION))


def _is_changed(container: SimulatedContainer) -> bool:
    """Whether the container may have other configuration files than its image."""
    return container.has_files or any(
        mount.path.startswith("/etc/nginx")
        or "/etc/nginx".startswith(mount.path.rstrip("/") + "/")
        or mount.path == "/etc"
        for mount in container.config.mounts
    )


def _at(config: list[Server], port: int) -> list[Server]:
    return [one for one in config if one.port == port] if config is not DEFAULT_SERVERS else DEFAULT_SERVERS


def _serve(call: Call, version: str, config: list[Server]) -> Steps:
    container = call.container
    for port in dict.fromkeys(server.port for server in config):
        try:
            container.listen(port, NginxServer(container, version, _at(config, port)), BOOT)
        except AddressInUse:
            # nginx tries five times, half a second apart. Source: nginx ngx_connection.c (ngx_open_listening_sockets)
            words = f"bind() to 0.0.0.0:{port} failed (98: Address already in use)"
            for _ in range(5):
                moment = times.strftime(times.at(container, call.now), "%Y/%m/%d %H:%M:%S")
                call.err(f"{moment} [emerg] 1#1: {words}\nnginx: [emerg] {words}\n")
                yield 500 * MILLISECOND
            moment = times.strftime(times.at(container, call.now), "%Y/%m/%d %H:%M:%S")
            call.err(f"{moment} [emerg] 1#1: still could not bind()\nnginx: [emerg] still could not bind()\n")
            return 1
    container.boot_log(lambda: _boot_lines(container, version))
    call.process.signals = _SIGNALS
    while True:
        yield None


def _boot_lines(container: SimulatedContainer, version: str) -> list[Line]:
    start = container.started_at
    minor = int(version.split(".")[1])
    lines: list[Line] = []
    if minor >= 19:
        for delay, name in (
            (2, "perform"),
            (4, "look"),
            (6, "10"),
            (10, "info"),
            (14, "ipv6"),
            (20, "15"),
            (28, "20"),
            (36, "30"),
            (44, "done"),
        ):
            lines.append((start + delay * MILLISECOND, "stdout", ENTRYPOINT[name]))
    if minor >= 21:
        at = start + BOOT
        moment = times.strftime(times.at(container, at), "%Y/%m/%d %H:%M:%S")
        notices = [
            "using the \"epoll\" event method", f"nginx/{version}", "built by gcc 14.2.0 (Debian 14.2.0-19) ",
            "OS: Linux 6.12.0", "getrlimit(RLIMIT_NOFILE): 1048576:1048576", "start worker processes",
            *(f"start worker process {29 + worker}" for worker in range(WORKERS)),
        ]  # fmt: skip
        lines += [(at, "stderr", f"{moment} [notice] 1#1: {notice}") for notice in notices]
    return lines


class NginxServer(HttpServer):
    """Shape: `servers` are the configuration's server blocks of one port."""

    __slots__ = ("servers", "version")

    def __init__(self, container: SimulatedContainer, version: str, servers: list[Server]) -> None:
        self.container = container
        manner = nginx_manner(f"nginx/{version}")
        self.manner = manner
        self.version = manner.version
        self.servers = servers

    def answer(self, request: HttpRequest) -> HttpResponse:
        container = self.container
        server = self._server(request)
        response = server.answer(container, request, self.version)
        location = response.headers.get("Location", "")
        if location.startswith("/"):  # Source: ngx_http_header_filter_module.c: the name asked for, its own port
            port = "" if server.port == 80 else f":{server.port}"
            response.headers["Location"] = f"http://{request.host.partition(':')[0]}{port}{location}"
        container.log(web.combined_log(container, request, response, web.first_line(request)) + ' "-"')
        return response

    def largest(self, request: HttpRequest) -> int:
        return self._server(request).limit(request)

    def reads_body(self, request: HttpRequest) -> bool:
        return self._server(request).passes_on(request)

    def _server(self, request: HttpRequest) -> Server:
        name = request.host.partition(":")[0]
        return next((one for one in self.servers if name in one.names), self.servers[0])


def files(container: SimulatedContainer) -> Mapping[str, FileText]:
    return {
        **CONFIGURATION,
        "/usr/share/nginx/html/index.html": WELCOME,
        "/usr/share/nginx/html/50x.html": PAGE_50X,
        "/var/log/nginx/access.log": "",
        "/var/log/nginx/error.log": "",
        "/docker-entrypoint.d/": "",
        "/docker-entrypoint.sh": '#!/bin/sh\nexec "$@"\n',
    }


def entrypoint(call: Call) -> Steps | int:
    """`/docker-entrypoint.sh COMMAND …`: runs what it is given."""
    from k8s_magic.runtime.shell import lookup

    call.argv = call.argv[1:] or ["sh"]
    program = lookup.find(call.container, call.argv[0])
    if program is None:
        call.err(f"/docker-entrypoint.sh: 47: exec: {call.argv[0]}: not found\n")
        return 127
    call.process.argv = call.argv
    return program(call)


IMAGE = Image(
    repositories=("docker.io/library/nginx", "registry.k8s.io/nginx", "docker.io/nginxinc/nginx-unprivileged",
                  "docker.io/nginxdemos/nginx"),
    size=size_of,
    tags=releases(
        RELEASES, "-alpine", "-perl", "-alpine-slim", "-alpine-perl", "-bookworm", "-otel",
        also=("latest", "stable", "mainline", "alpine", "perl", "stable-alpine", "mainline-alpine", "alpine-slim",
              "stable-perl", "mainline-perl", "bookworm", "trixie", "stable-bookworm", "test-cmd"),
    ),
    entrypoint=("/docker-entrypoint.sh",),
    command=("nginx", "-g", "daemon off;"),
    programs={"nginx": nginx, "/docker-entrypoint.sh": entrypoint},
    tools=("curl",),
    env_of=lambda tag: {"NGINX_VERSION": version_of(tag)},
    stop_signal="SIGQUIT",
    files=files,
)  # fmt: skip
