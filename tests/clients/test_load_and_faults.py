"""Many clients, and bad ones: no event is lost, nothing is left behind, the cluster goes on answering."""

from __future__ import annotations

import gc
import json
import os
import socket
import ssl
import struct
import subprocess
import sys
import threading
import time
import tracemalloc
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

import pytest
from served import Served, config_map, eventually

from k8s_magic.client.http import Server
from k8s_magic.httpapi import watching
from k8s_magic.httpapi.handler import ApiHandler

pytestmark = pytest.mark.clients

MAPS = "/api/v1/namespaces/default/configmaps"
PROGRAM = Path(__file__).parents[2] / "benchmarks" / "http_api.py"


class Client:
    """Requests on one connection that is kept."""

    def __init__(self, served: Served) -> None:
        self._server = Server.of(served.http.config)
        self._connection: HTTPConnection = self._server.connect()

    def ask(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        content = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        headers = {**dict(self._server.headers), "Content-Type": "application/json"}
        self._connection.request(method, path, content, headers)
        answer = self._connection.getresponse()
        return answer.status, json.loads(answer.read())

    def slowest(self, times: int = 20) -> float:
        """The longest of some requests, in seconds."""
        spent = []
        for _ in range(times):
            begun = time.monotonic()
            assert self.ask("GET", "/api/v1/nodes")[0] == 200
            spent.append(time.monotonic() - begun)
            time.sleep(0.02)
        return max(spent)

    def close(self) -> None:
        self._connection.close()


@pytest.fixture
def client(served: Served) -> Iterator[Client]:
    found = Client(served)
    yield found
    found.close()


def open_watch(served: Served) -> ssl.SSLSocket:
    server = Server.of(served.http.config)
    assert server.context is not None
    plain = socket.create_connection(("127.0.0.1", served.http.port))
    plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    sock = server.context.wrap_socket(plain, server_hostname="127.0.0.1")
    head = f"GET {MAPS}?watch=true HTTP/1.1\r\nHost: 127.0.0.1:{served.http.port}\r\n"
    sock.sendall(f"{head}Authorization: Bearer {served.http.token}\r\n\r\n".encode())
    return sock


def handlers() -> int:
    """Requests that the server still holds."""
    gc.collect()
    return sum(isinstance(found, ApiHandler) for found in gc.get_objects())


def descriptors() -> int:
    return len(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else 0


@pytest.fixture(autouse=True)
def nothing_is_left_behind(served: Served) -> Iterator[None]:
    threads, files = threading.active_count(), descriptors()
    yield
    eventually(lambda: threading.active_count() <= threads)
    eventually(lambda: descriptors() <= files)
    eventually(lambda: handlers() == 0)


def test_two_hundred_watches_hear_all_at_fifty_requests_a_second(served: Served) -> None:
    command = [sys.executable, str(PROGRAM), "--load", str(served.kubeconfig), "--seconds", "10"]
    load = subprocess.Popen([*command, "--watches", "200", "--rate", "50"], stdout=subprocess.PIPE, text=True)
    slowest = 0.0
    try:
        while load.poll() is None:
            begun = time.monotonic()
            assert served.cluster.kubectl("get nodes").exit_code == 0
            slowest = max(slowest, time.monotonic() - begun)
            time.sleep(0.1)
        assert load.stdout is not None
        figures = json.loads(load.stdout.read())
    finally:
        load.kill()
        load.wait()
    assert (figures["failed"], figures["requests"]) == ([], 496)
    assert figures["watches_that_heard_all"] == 200
    assert figures["events"] == 200 * figures["writes"]
    assert slowest < 2.0, "the notebook stays responsive"


def test_clients_vanish_in_the_middle_of_a_watch(served: Served, client: Client) -> None:
    socks = [open_watch(served) for _ in range(50)]
    for sock in socks:
        assert sock.recv(15) == b"HTTP/1.1 200 OK"
    for number, sock in enumerate(socks):
        if number % 2:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # a reset, not a farewell
        sock.close()
    assert client.ask("POST", MAPS, config_map("after-them"))[0] == 201
    assert client.slowest() < 1.0
    client.ask("DELETE", f"{MAPS}/after-them")
    client.close()


def test_a_slow_reader_holds_up_nobody_and_is_let_go(served: Served, client: Client, monkeypatch) -> None:
    monkeypatch.setattr(watching, "PATIENCE", 2.0)
    sock = open_watch(served)
    big = "x" * 200_000
    for number in range(60):  # 12 MB that nobody reads
        assert client.ask("POST", MAPS, config_map(f"big-{number}", k=big))[0] == 201
    assert client.slowest() < 1.0
    assert served.cluster.kubectl("get nodes").exit_code == 0
    eventually(lambda: handlers() == 0)
    sock.close()
    for number in range(60):
        assert client.ask("DELETE", f"{MAPS}/big-{number}")[0] == 200
    client.close()


def test_memory_does_not_grow_with_requests(served: Served) -> None:
    def round_of_requests() -> int:
        client = Client(served)
        for _ in range(200):
            assert client.ask("GET", "/api/v1/nodes/nosuch")[0] == 404
            assert client.ask("GET", "/api/v1/namespaces/default/configmaps/kube-root-ca.crt")[0] == 200
        client.close()
        socks = [open_watch(served) for _ in range(20)]
        for sock in socks:
            assert sock.recv(15) == b"HTTP/1.1 200 OK"
            sock.close()
        eventually(lambda: handlers() == 0)
        return tracemalloc.get_traced_memory()[0]

    tracemalloc.start()
    try:
        before = round_of_requests()
        # One request that were kept would be some 10 kB of its own; the cluster itself goes on living meanwhile.
        assert round_of_requests() - before < 400_000
    finally:
        tracemalloc.stop()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_garbage_harms_nobody(served: Served, client: Client) -> None:
    context = Server.of(served.http.config).context
    assert context is not None
    place = ("127.0.0.1", served.http.port)
    for data in (
        b"\x00\xff" * 2000,
        b"GET " + b"/a" * 100_000,
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzzz\r\n",
        b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 50_000 + b"\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ):
        with socket.create_connection(place) as plain, context.wrap_socket(plain, server_hostname=place[0]) as sock:
            sock.settimeout(10)
            try:
                sock.sendall(data)
                sock.shutdown(socket.SHUT_WR)
                while sock.recv(65536):
                    pass
            except OSError:
                continue  # it was cut, which is as good
        with socket.create_connection(place) as plain:
            plain.sendall(data[:4096])
    assert client.slowest(5) < 1.0
    client.close()


def test_bodies_have_a_bound(served: Served, client: Client) -> None:
    status, answer = client.ask("POST", MAPS, b" " * (3 * 1024 * 1024 + 1))
    assert (status, answer["reason"]) == (413, "RequestEntityTooLarge")
    other = Client(served)
    try:
        status, _ = other.ask("POST", MAPS, b" " * (20 * 1024 * 1024))
        assert status >= 400
    except (OSError, HTTPException, ValueError):
        pass  # a body that no request can have: the connection is cut
    other.close()
    for text in (b'{"a":' * 50_000, b"[" * 100_000, b"\xff\xfe", b'"', b"null", b"[]", b"1e999"):
        assert client.ask("POST", MAPS, text)[0] in (400, 413, 422)
    assert client.slowest(5) < 1.0
    client.close()


def test_a_thousand_connects(served: Served, client: Client) -> None:
    socks = []
    for _ in range(1000):
        socks.append(socket.create_connection(("127.0.0.1", served.http.port), timeout=10))
    assert client.slowest(5) < 2.0
    for sock in socks:
        sock.close()
    assert client.slowest(5) < 1.0
    client.close()
