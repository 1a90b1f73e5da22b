"""Whole HTTP, and redis, through ports that the real kubectl forwards, the official client, and `kubectl proxy`."""

from __future__ import annotations

import os
import re
import socket
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from http.client import HTTPConnection

import kubectls
import pytest
from kubernetes import client, config
from kubernetes.stream import portforward
from served import Served

pytestmark = pytest.mark.clients

PODS = {
    "web": "nginx:1.27",
    "echo": "registry.k8s.io/echoserver:1.10",
    "tool": "registry.k8s.io/e2e-test-images/agnhost:2.53",
    "store": "redis:7",
    "base": "mysql:8.0",
    "pages": "httpd",
}

kubectl = partial(kubectls.program, kubectls.PINNED)
Forward = Callable[[str, int], AbstractContextManager[int]]


@pytest.fixture(scope="module")
def running(served: Served) -> Served:
    for name, image in PODS.items():
        more = "--env=MYSQL_ROOT_PASSWORD=x" if name == "base" else "-- /agnhost netexec" if name == "tool" else ""
        more = f"--command {more}" if more.startswith("--") and name == "tool" else more
        served.cluster.kubectl(f"run {name} --image={image} {more}")
    waited = served.cluster.kubectl(f"wait --for=condition=Ready pod {' '.join(PODS)} --timeout=300s")
    assert waited.exit_code == 0, waited.stderr
    served.cluster.kubectl("expose pod echo --port=80 --target-port=8080")
    served.cluster.wait(lambda: False, 3_000_000)
    return served


@contextmanager
def started(served: Served, *words: str) -> Iterator[tuple[int, subprocess.Popen[str]]]:
    """A kubectl that listens, and the port that it has said."""
    env = {**os.environ, "KUBECONFIG": str(served.kubeconfig)}
    with subprocess.Popen(
        [kubectl(), *words], env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as one:
        assert one.stdout is not None
        try:
            found = re.search(r"127\.0\.0\.1:(\d+)", one.stdout.readline())
            assert found, one.stderr and one.stderr.read()
            yield int(found[1]), one
        finally:
            one.terminate()


@pytest.fixture
def forward(running: Served) -> Forward:
    @contextmanager
    def listen(pod: str, port: int) -> Iterator[int]:
        with started(running, "port-forward", f"pod/{pod}", f":{port}") as (local, _):
            yield local

    return listen


def ask(port: int, data: bytes) -> bytes:
    """All that is said to some bytes until the far end closes."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as sock:
        sock.sendall(data)
        said = b""
        while part := sock.recv(65536):
            said += part
    return said


def inside(running: Served, pod: str, command: str) -> str:
    return running.cluster.kubectl(f"exec {pod} -- {command}").stdout


def without_date(text: str) -> str:
    return re.sub(r"Date: [^\r\n]*", "Date: -", text)


def test_nginx_answers_a_forwarded_port_as_it_answers_curl_in_its_pod(running: Served, forward: Forward) -> None:
    with forward("web", 80) as port:
        for path, more in (("/", ""), ("/gone", ""), ("/", "-I"), ("/", "-d x=1"), ("/", "-r 0-9"), ("/%zz", "")):
            curl = subprocess.run(
                ["curl", "-si", *more.split(), f"http://127.0.0.1:{port}{path}"], capture_output=True, timeout=20
            )
            seen = without_date(inside(running, "web", f"curl -si {more} http://localhost{path}"))
            assert without_date(curl.stdout.decode()) == seen
        assert seen.startswith("HTTP/1.1 400 Bad Request\r\nServer: nginx/1.27.5\r\n")
        log = running.cluster.kubectl("logs web --tail=1").stdout
        assert log.startswith("127.0.0.1 - - [")
        assert '"GET /%zz HTTP/1.1" 400 157 "-" "curl/' in log


def test_a_connection_is_kept_and_its_requests_may_come_together(forward: Forward) -> None:
    with forward("web", 80) as port:
        connection = HTTPConnection("127.0.0.1", port, timeout=20)
        connection.request("GET", "/")
        first = connection.getresponse()
        assert (first.status, first.reason, first.headers["Content-Length"]) == (200, "OK", "615")
        assert b"Welcome to nginx!" in first.read()
        held = connection.sock
        connection.request("GET", "/", headers={"If-None-Match": first.headers["ETag"]})
        second = connection.getresponse()
        assert (second.status, second.read(), connection.sock) == (304, b"", held)
        connection.request("HEAD", "/")
        assert (connection.getresponse().read(), connection.sock) == (b"", held)
        connection.close()
        many = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n" * 20 + b"GET /x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
        said = ask(port, many)
        assert (said.count(b"HTTP/1.1 200 OK"), said.count(b"HTTP/1.1 404 Not Found")) == (20, 1)
        assert ask(port, b"GET / HTTP/1.0\r\n\r\n").startswith(b"HTTP/1.1 200 OK\r\n")


@pytest.mark.parametrize(
    ("pod", "port", "server"), [("web", 80, "nginx/1.27.5"), ("pages", 80, "Apache/2.4.66 (Unix)")]
)
def test_what_is_no_request_gets_the_servers_own_page(forward: Forward, pod: str, port: int, server: str) -> None:
    with forward(pod, port) as local:
        for data in (
            b"hello there\r\n\r\n",
            b"GET / HTTP/1.1\r\n\r\n",
            b"GET / HTTP/1.1\r\nHost: a\r\nno name: x\r\n\r\n",
        ):
            said = ask(local, data).decode()
            assert said.startswith("HTTP/1.1 400 Bad Request\r\n")
            assert f"Server: {server}\r\n" in said
            assert "Connection: close\r\n" in said
            assert "<h1>" in said


def test_headers_and_bodies_reach_the_program(forward: Forward) -> None:
    with forward("echo", 8080) as port:
        connection = HTTPConnection("127.0.0.1", port, timeout=20)
        connection.request("PUT", "/a%20b?c=d&e", "a body\nof two lines", {"X-Mine": "1", "Content-Type": "text/x"})
        answer = connection.getresponse()
        said = answer.read().decode()
        assert (answer.headers["Server"], answer.headers["Transfer-Encoding"]) == ("echoserver", "chunked")
        assert "\tmethod=PUT\n\treal path=/a%20b?c=d&e\n\tquery=c=d&e\n\trequest_version=1.1\n" in said
        assert f"\tcontent-length=19\n\tcontent-type=text/x\n\thost=127.0.0.1:{port}\n\tx-mine=1\n" in said
        assert "\nRequest Body:\na body\nof two lines\n" in said
        connection.request("POST", "/", iter([b"in ", b"\xff\x00", b" chunks"]), encode_chunked=True)
        assert b"\nRequest Body:\nin \xff\x00 chunks\n" in connection.getresponse().read()
        connection.close()
    with forward("tool", 8080) as port:
        curl = ["curl", "-s", "-H", "Expect: 100-continue", "-d", "code=418", "--data-urlencode", "msg=töne & more"]
        found = subprocess.run([*curl, "-i", f"http://127.0.0.1:{port}/echo"], capture_output=True, timeout=20)
        head, _, body = found.stdout.decode().partition("\r\n\r\n")[2].partition("\r\n\r\n")
        assert head.startswith("HTTP/1.1 418 I'm a teapot\r\n")
        assert body == "töne & more"


def test_large_bodies_are_bounded(forward: Forward) -> None:
    with forward("web", 80) as port:
        said = ask(port, b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1048577\r\n\r\n")
        assert said.startswith(b"HTTP/1.1 413 Request Entity Too Large\r\n")
    with forward("tool", 8080) as port:
        body = b"x" * (3 << 20)
        connection = HTTPConnection("127.0.0.1", port, timeout=60)
        connection.request("POST", "/echo?msg=held", body)
        assert connection.getresponse().read() == b"held"
        connection.close()
        said = ask(port, b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3145729\r\n\r\n")
        assert said.startswith(b"HTTP/1.1 413 ")
        assert said.endswith(b"may have 3145728 bytes here, not more\n")


def test_redis_speaks_its_own_protocol(running: Served, forward: Forward) -> None:
    with forward("store", 6379) as port, socket.create_connection(("127.0.0.1", port), timeout=20) as sock:
        file = sock.makefile("rwb")

        def say(data: bytes, lines: int = 1) -> bytes:
            file.write(data)
            file.flush()
            return b"".join(file.readline() for _ in range(lines))

        assert say(b"PING\r\n") == b"+PONG\r\n"
        assert say(b"*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$4\r\n\xff\x00\r\n\r\n") == b"+OK\r\n"
        assert say(b"GET k\r\nINCR n\r\nNOPE\r\n", 5).startswith(
            b"$4\r\n\xff\x00\r\n\r\n:1\r\n-ERR unknown command 'NOPE'"
        )
        assert say(b"INCRBY n 41\r\n") == b":42\r\n"
        assert inside(running, "store", "redis-cli get n") == "42\n"
        assert say(b"QUIT\r\n") == b"+OK\r\n"
        assert sock.recv(10) == b""


@pytest.mark.parametrize(
    ("pod", "port", "words"),
    [
        ("web", 81, r"failed to connect to localhost:81 inside namespace \"\w{64}\", IPv4: dial tcp4 127.0.0.1:81: "
         r"connect: connection refused IPv6 dial tcp6 \[::1\]:81: connect: connection refused"),
        ("base", 3306, "k8s-magic does not model the bytes that mysql speaks on this port"),
    ],
)  # fmt: skip
def test_what_cannot_be_reached_is_said_by_kubectl(running: Served, pod: str, port: int, words: str) -> None:
    with started(running, "port-forward", f"pod/{pod}", f":{port}") as (local, kubectl):
        assert ask(local, b"GET / HTTP/1.1\r\nHost: a\r\n\r\n") == b""
        kubectl.wait(20)
        assert kubectl.stderr is not None
        said = kubectl.stderr.read().replace('\\"', '"')
    assert re.search(rf"an error occurred forwarding {local} -> {port}: .*{words}".replace('\\"', '"'), said), said
    assert said.endswith("error: lost connection to pod\n")


def test_the_official_client_forwards_headers_and_bodies(running: Served) -> None:
    with config.new_client_from_config(str(running.kubeconfig)) as api:
        core = client.CoreV1Api(api)
        forwarded = portforward(core.connect_get_namespaced_pod_portforward, "echo", "default", ports="8080,81")
        sock = forwarded.socket(8080)
        sock.settimeout(20)
        sock.sendall(
            b"POST /up HTTP/1.1\r\nHost: me\r\nX-Mine: 2\r\nConnection: close\r\nContent-Length: 4\r\n\r\n\xfe\x01ok"
        )
        said = b""
        while part := sock.recv(4096):
            said += part
        assert said.startswith(b"HTTP/1.1 200 OK\r\n")
        assert b"\tx-mine=2\n" in said
        assert b"\nRequest Body:\n\xfe\x01ok\n" in said
        assert forwarded.error(8080) is None
        assert "failed to connect to localhost:81 inside namespace" in forwarded.error(81)


@pytest.mark.parametrize("place", ["pods/echo:8080", "services/echo:80", "services/http:echo:80"])
def test_kubectl_proxy_passes_on_whole_requests(running: Served, place: str) -> None:
    with started(running, "proxy", "--port=0") as (port, _):
        connection = HTTPConnection("127.0.0.1", port, timeout=20)
        path = f"/api/v1/namespaces/default/{place}/proxy"
        connection.request("POST", f"{path}/a%2Fb?q=1", b"\xffbody", {"X-Mine": "3"})
        answer = connection.getresponse()
        said = answer.read()
        assert (answer.status, answer.headers["Server"], answer.headers["Content-Type"]) == (
            200,
            "echoserver",
            "text/plain",
        )
        assert b"\tmethod=POST\n\treal path=/a%2Fb?q=1\n" in said
        assert b"\nRequest Body:\n\xffbody\n" in said
        assert b"\tx-mine=3\n" in said
        assert b"authorization" not in said
        assert f"\tx-forwarded-uri={path}/a%2Fb\n".encode() in said
        connection.request("GET", path)
        moved = connection.getresponse()
        assert (moved.status, moved.headers["Location"], moved.read()) == (301, f"{path}/", b"")
        connection.close()


def test_a_proxied_page_is_the_servers_own(running: Served) -> None:
    with started(running, "proxy", "--port=0") as (port, _):
        connection = HTTPConnection("127.0.0.1", port, timeout=20)
        path = "/api/v1/namespaces/default/pods/web:80/proxy/"
        connection.request("GET", path)
        page = connection.getresponse()
        body = page.read()
        seen = inside(running, "web", "curl -si localhost").replace("\r", "").partition("\n\n")
        assert body.decode() == seen[2]
        expected = dict(line.split(": ", 1) for line in seen[0].splitlines()[1:])
        for name in ("Server", "Content-Type", "Content-Length", "Last-Modified", "ETag", "Accept-Ranges"):
            assert page.headers[name] == expected[name]
        for method, more, status in (
            ("HEAD", {}, 200),
            ("GET", {"If-None-Match": page.headers["ETag"]}, 304),
            ("GET", {"Range": "bytes=0-3"}, 206),
            ("DELETE", {}, 405),
        ):
            connection.request(method, path, headers=more)
            answer = connection.getresponse()
            answer.read()
            assert answer.status == status
        connection.request("GET", "/api/v1/namespaces/default/pods/web:81/proxy/")
        refused = connection.getresponse()
        assert refused.status == 503
        assert b"connect: connection refused" in refused.read()
        connection.close()


@pytest.mark.parametrize(
    "path",
    [
        "pods/tool:8080/proxy/echo?msg=a%20b",
        "pods/tool:8080/proxy/echo?msg=no&code=500",
        "pods/tool:8080/proxy/echo?msg=no&code=403",
        "pods/web/proxy/gone",
        "pods/web/proxy",
        "pods/web:81/proxy/",
        "pods/web/proxy/%zz",
        "services/none/proxy/",
    ],
)
def test_get_raw_prints_what_the_real_kubectl_prints(running: Served, path: str) -> None:
    words = ["get", "--raw", f"/api/v1/namespaces/default/{path}"]
    env = {**os.environ, "KUBECONFIG": str(running.kubeconfig)}
    real = subprocess.run([kubectl(), *words], env=env, capture_output=True, text=True, timeout=20)
    ours = running.cluster.kubectl(words)
    assert (ours.stdout, ours.stderr, ours.exit_code) == (real.stdout, real.stderr, real.returncode)
