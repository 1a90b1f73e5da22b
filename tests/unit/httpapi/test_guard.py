"""Who is let in."""

from __future__ import annotations

import socket
import threading

from by_hand import Api


def test_a_request_needs_the_token(api: Api) -> None:
    for header in (None, "Bearer wrong", "Basic dTpw", f"bearer{api.http.token}"):
        status, _, body = api.ask("GET", "/api/v1/nodes", Authorization=header)
        assert (status, body) == (
            401,
            {
                "kind": "Status",
                "apiVersion": "v1",
                "metadata": {},
                "status": "Failure",
                "message": "Unauthorized",
                "reason": "Unauthorized",
                "code": 401,
            },
        )
    assert api.ask("GET", "/healthz", Authorization=None)[0] == 401
    assert api.ask("GET", "/api/v1/nodes")[0] == 200


def test_a_foreign_host_or_page_is_refused_though_it_has_the_token(api: Api) -> None:
    assert api.ask("GET", "/version", Host="evil.example:443")[0] == 403
    assert api.ask("GET", "/version", Host=f"localhost:{api.http.port}")[0] == 200
    assert api.ask("GET", "/version", Origin="https://evil.example")[0] == 403


def test_it_listens_on_loopback_only(api: Api) -> None:
    host = socket.gethostbyname(socket.gethostname())
    if not host.startswith("127."):
        with socket.socket() as other:
            assert other.connect_ex((host, api.http.port)) != 0
    assert api.http.url == f"https://127.0.0.1:{api.http.port}"


def test_tokens_differ_and_nothing_is_left_behind(api: Api) -> None:
    first = api.http
    api.cluster.unserve()
    assert all(thread.name != "k8s-magic-http" for thread in threading.enumerate())
    with socket.socket() as other:
        assert other.connect_ex(("127.0.0.1", first.port)) != 0
    second = api.cluster.serve()
    assert second.token != first.token


def test_a_body_has_a_bound(api: Api) -> None:
    status, _, body = api.ask("POST", "/api/v1/namespaces/default/configmaps", b" " * (3 * 1024 * 1024 + 1))
    assert (status, body["reason"]) == (413, "RequestEntityTooLarge")
    assert body["message"] == "Request entity too large: limit is 3145728"


def test_garbage_does_not_hurt(api: Api) -> None:
    context = api.server.context
    assert context is not None
    for data in (b"\x00\xff" * 500, b"GET / HTTP/1.1\r\nHost:", b"FOO / HTTP/9.9\r\n\r\n"):
        with (
            socket.create_connection(("127.0.0.1", api.http.port)) as plain,
            context.wrap_socket(plain, server_hostname="127.0.0.1") as tls,
        ):
            tls.sendall(data)
    with socket.create_connection(("127.0.0.1", api.http.port)) as plain:
        plain.sendall(b"no handshake at all\r\n\r\n")
    assert api.ask("GET", "/readyz")[2] == "ok"
