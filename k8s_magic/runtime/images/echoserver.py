"""echoserver: tells what it was asked, by whom, and which Pod answered."""

from __future__ import annotations

from k8s_magic.runtime import web
from k8s_magic.runtime.call import Call
from k8s_magic.runtime.container import SimulatedContainer
from k8s_magic.runtime.contract import HttpRequest, HttpResponse
from k8s_magic.runtime.http import manner
from k8s_magic.runtime.image import Image, matching
from k8s_magic.runtime.nginx.manner import Nginx
from k8s_magic.runtime.process import Disposition, Steps
from k8s_magic.runtime.server import serve
from k8s_magic.sim.time import MILLISECOND

PORT = 8080
# A guess.
BOOT = 250 * MILLISECOND
SIGNALS: dict[str, Disposition] = {"SIGQUIT": (0, 20 * MILLISECOND), "SIGTERM": (0, 5 * MILLISECOND)}


def _old(request: HttpRequest, headers: list[str]) -> str:
    """Version 1.4 and before. Source: kubernetes/contrib, echoheaders/template.lua"""
    path, question, query = request.path.partition("?")
    return (
        f"CLIENT VALUES:\nclient_address={request.source_ip}\ncommand={request.method}\nreal path={request.path}\n"
        f"query={query if question else 'nil'}\nrequest_version={_version(request)}\n"
        f"request_uri=http://{_host(request)}:{PORT}{path}\n\n"
        "SERVER VALUES:\nserver_version=nginx: 1.10.0 - lua: 10001\n\n"
        f"HEADERS RECEIVED:\n{''.join(f'{line}' + chr(10) for line in headers)}BODY:\n"
        f"{request.body or '-no body in request-'}"
    )


def _new(request: HttpRequest, headers: list[str], pod: str, environment: dict[str, str]) -> str:
    """Version 1.5 and later. Source: kubernetes/ingress-nginx, images/echo/rootfs/nginx.conf"""
    _, _, query = request.path.partition("?")
    information = "".join(
        f"\t{label}:\t{environment[name]}\n"
        for label, name in (
            ("node name", "NODE_NAME"),
            ("pod name", "POD_NAME"),
            ("pod namespace", "POD_NAMESPACE"),
            ("pod IP", "POD_IP"),
        )
        if environment.get(name)
    )
    uri = f"http://{_host(request)}:{PORT}{request.path}"
    return (
        f"\n\nHostname: {pod}\n\nPod Information:\n"
        f"{information or chr(9) + '-no pod information available-' + chr(10)}\n"
        "Server values:\n"
        "\tserver_version=nginx: 1.13.3 - lua: 10008\n\n"
        f"Request Information:\n\tclient_address={request.source_ip}\n\tmethod={request.method}\n"
        f"\treal path={request.path}\n\tquery={query}\n\trequest_version={_version(request)}\n"
        f"\trequest_scheme=http\n\trequest_uri={uri}\n\n"
        f"Request Headers:\n{''.join(f'{chr(9)}{line}{chr(10)}' for line in headers)}\n"
        f"Request Body:\n{request.body or chr(9) + '-no body in request-'}\n\n"
    )


def _version(request: HttpRequest) -> str:
    return request.version.removeprefix("HTTP/")


def _host(request: HttpRequest) -> str:
    return request.host.partition(":")[0]


class Echo(Nginx):
    """nginx with a handler in Lua, which writes before it knows how much, and bodies of any size."""

    def finish(self, container: SimulatedContainer, request: HttpRequest, response: HttpResponse) -> None:
        if response.status == 200:
            manner.chunked(request, response, response.headers)
        is_chunked = "Transfer-Encoding" in response.headers
        super().finish(container, request, response)
        if response.status == 200 and not is_chunked:
            response.headers.pop("Content-Length", None)
        if self.server != self.version:  # what a script sets comes last
            response.headers["Server"] = response.headers.pop("Server")


OLD, NEW = Echo("nginx/1.10.0"), Echo("nginx/1.13.3", "echoserver")


def echoserver(call: Call) -> Steps:
    container = call.container
    is_old = container.tag in ("1.0", "1.1", "1.2", "1.3", "1.4")

    def answer(request: HttpRequest) -> HttpResponse:
        named = sorted((name.lower(), value) for name, value in request.headers.items())
        headers = [f"{name}={value}" for name, value in named]
        pod = container.sandbox.hostname or container.sandbox.name
        body = _old(request, headers) if is_old else _new(request, headers, pod, container.environment())
        response = HttpResponse(200, body, {"Content-Type": "text/plain"})
        container.log(web.combined_log(container, request, response, web.first_line(request)))
        return response

    def lines() -> list[tuple[int, str, str]]:
        if is_old:
            return []
        return [
            (40 * MILLISECOND, "stdout", "Generating self-signed cert"),
            (180 * MILLISECOND, "stdout", "Starting nginx"),
        ]

    def in_use(port: int) -> str:
        return f"nginx: [emerg] bind() to 0.0.0.0:{port} failed (98: Address already in use)\n"

    ports = {PORT: answer} if is_old else {PORT: answer, 8443: None}
    way = OLD if is_old else NEW
    return (yield from serve(call, ports, boot=BOOT, lines=lines, signals=SIGNALS, in_use=in_use, manner=way))


IMAGE = Image(
    repositories=(
        "registry.k8s.io/echoserver",
        "registry.k8s.io/e2e-test-images/echoserver",
    ),
    size=lambda tag: 44_000_000 + sum(tag.encode()) * 3_011,
    tags=matching(r"latest|1\.\d{1,2}|[12]\.\d(?:-\d)?|1\.0"),
    command=("run.sh",),
    programs={"run.sh": echoserver, "nginx": echoserver},
)
