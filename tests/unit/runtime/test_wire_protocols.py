"""What servers say to bytes, against recordings of the real ones, in whatever pieces the bytes arrive."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from runtime_rig import Machine, texts, volume

from k8s_magic.machinery.errors import Unsupported
from k8s_magic.runtime.container import SimulatedContainer
from k8s_magic.runtime.contract import HttpRequest, NetworkError, decoded, encoded
from k8s_magic.runtime.http.conversation import said
from k8s_magic.runtime.listener import Listener
from k8s_magic.runtime.nginx.content import WELCOME

GOLDEN = Path(__file__).parents[2] / "golden" / "wire"
PAGES = {
    "index.html": WELCOME,
    "hello.txt": "hi\n",
    "b.bin": decoded(b"\x00\xff\xfe binary"),
    "sub/": "",
}
NGINX = """server { listen 18080; server_name localhost; default_type application/octet-stream;
  location / { root /srv; index index.html index.htm; }
  location /ret { return 200 "hi $request_method\\n"; }
  location /teapot { return 418; }
  location /moved { return 301 /new; }
}"""
# Where ours differs from what was recorded, and why.
DIFFERENT = {
    "nginx": {
        "big413": "the real one lingers until the client has closed",
        "big413static": "likewise",
        "ifmatch": "the real one closes the connection though it says that it keeps it",
        "ius": "likewise",
        "trace": "the real one closes the connection after a TRACE",
        "msie": "pages are not made longer for old browsers",
    },
    "apache": {
        "options": "the real one looks for the file's type too",
        "badchunk": "the real one does not know the length of its page yet",
        "badchunk2": "likewise",
        "expect_bad": "the real one closes without saying so",
        "range416": "the real one sends this page in chunks",
        "rangemulti": "the real one draws what stands between the parts",
        "dirslash": "folders are not listed",
        "bin": "/etc/mime.types",
        "trace": "TRACE is not answered",
        "connect": "a target that is no path is refused at once",
    },
}


def server(which: str) -> tuple[SimulatedContainer, int]:
    machine = Machine()
    if which == "nginx":
        mounts = (volume("/etc/nginx/conf.d", {"a.conf": NGINX}), volume("/srv", dict(PAGES)))
        container, port = machine.start("nginx:1.22", mounts=mounts), 18080
    elif which == "apache":
        container, port = machine.start("httpd", mounts=(volume("/usr/local/apache2/htdocs", dict(PAGES)),)), 80
    elif which == "redis":
        container, port = machine.start("redis:7.0.15"), 6379
    else:
        image = {"node": "gcr.io/google-samples/kubernetes-bootcamp:v1", "go": "gcr.io/google-samples/hello-app:1.0"}
        container, port = machine.start(image.get(which, "registry.k8s.io/echoserver:1.10")), 8080
    machine.run(1)
    return container, port


def listener(container: SimulatedContainer, port: int) -> Listener:
    found = container.sandbox.listeners[("TCP", port)]
    assert isinstance(found, Listener)
    return found


def talk(container: SimulatedContainer, port: int, *parts: bytes) -> tuple[bytes, bool]:
    conversation = listener(container, port).converse("127.0.0.1")
    answer = b"".join(conversation.receive(part) for part in parts)
    assert conversation.problem == ""
    return answer, conversation.has_ended


def same(text: str) -> str:
    """Without what differs between two servers that say the same."""
    for pattern, word in (
        (r"nginx/[\d.]+", "nginx"),
        (r"Apache/[\d.]+ \(\w+\)", "Apache"),
        (r"\w{3}, \d\d \w{3} \d{4} [\d:]{8} GMT", "DATE"),
        (r'"[0-9a-f]+-[0-9a-f]+"', '"TAG"'),
        # The type of the page changed between the releases.
        (r'"-//(W3C|IETF)//[^>]*>', "DTD"),
        (r"Content-Length: \d+", "Content-Length"),
    ):
        text = re.sub(pattern, word, text)
    return text


def recorded(which: str) -> dict[str, dict[str, Any]]:
    cases: dict[str, dict[str, Any]] = json.loads((GOLDEN / f"{which}.json").read_text())["cases"]
    return cases


def adapted(sent: str, container: SimulatedContainer, port: int) -> bytes:
    """With our file's tag and time where the recording asks by the real one's."""
    seen = talk(container, port, b"HEAD /hello.txt HTTP/1.1\r\nHost: x\r\n\r\n")[0].decode()
    tag = re.search(r"ETag: (.*)\r", seen)
    assert tag is not None
    if container.version.reference.repository.endswith("nginx"):  # the tag that was sent is nginx's
        sent = sent.replace('"67760225-3"', tag[1])
    for theirs, ours in (
        ("Thu, 02 Jan 2025 03:04:05", "Thu, 01 Jan 2026 00:00:00"),
        ("Fri, 03 Jan 2025 03:04:05", "Fri, 02 Jan 2026 00:00:00"),
        ("Wed, 01 Jan 2025 03:04:05", "Wed, 31 Dec 2025 00:00:00"),
    ):
        sent = sent.replace(theirs, ours)
    return sent.encode("latin-1")


@pytest.mark.parametrize("which", ["nginx", "apache"])
def test_what_the_real_servers_said(which: str) -> None:
    container, port = server(which)
    differing = set()
    for name, case in recorded(which).items():
        answer, has_ended = talk(container, port, adapted(case["sent"], container, port))
        if (same(answer.decode("latin-1")), has_ended) != (same(case["said"]), case["closed"]):
            differing.add(name)
    assert differing == set(DIFFERENT[which])


def test_what_the_real_redis_said() -> None:
    container, port = server("redis")
    for case in json.loads((GOLDEN / "redis.json").read_text())["conversations"]:
        assert talk(container, port, case["sent"].encode("latin-1")) == (case["said"].encode("latin-1"), case["closed"])


def requests_of(which: str) -> list[bytes]:
    if which == "redis":
        found = json.loads((GOLDEN / "redis.json").read_text())["conversations"]
        return [case["sent"].encode("latin-1")[:400] for case in found]
    return [case["sent"].encode("latin-1") for case in recorded("nginx").values()]


@pytest.mark.parametrize("which", ["nginx", "apache", "go", "node", "echo", "redis"])
@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_the_pieces_do_not_matter(which: str, data: st.DataObject) -> None:
    known = requests_of(which)
    some = st.one_of(
        st.sampled_from(known), st.binary(max_size=12), st.sampled_from([b"\r\n", b"\n", b"0\r\n\r\n", b" "])
    )
    stream = b"".join(data.draw(st.lists(some, min_size=1, max_size=5)))
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=12)))
    pieces = [stream[a:b] for a, b in zip([0, *cuts], [*cuts, len(stream)], strict=True)]
    whole_container, port = server(which)
    cut_container, _ = server(which)
    assert talk(whole_container, port, stream) == talk(cut_container, port, *pieces)
    assert texts(whole_container) == texts(cut_container)


@pytest.mark.parametrize("which", ["nginx", "apache", "go", "echo"])
def test_bytes_and_whole_requests_come_to_the_same(which: str) -> None:
    container, port = server(which)
    for method, path, body, more in (
        ("GET", "/", "", {}),
        ("HEAD", "/hello.txt", "", {}),
        ("POST", "/a%20b?c=d", "text", {"Content-Type": "text/plain"}),
        ("PUT", "/hello.txt", "x" * 40, {"X-More": "1"}),
        ("GET", "/%zz", "", {}),
        ("GET", "/../up", "", {}),
        ("GET", "/hello.txt", "", {"Range": "bytes=1-", "Connection": "close"}),
    ):
        headers = {"Host": "there:81", **more, **({"Content-Length": str(len(body))} if body else {})}
        lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items()), "", body]
        by_bytes, _ = talk(container, port, "\r\n".join(lines).encode())
        request = HttpRequest(method, path, "there:81", headers, body, "127.0.0.1")
        assert by_bytes == said(request, listener(container, port)(request))
        first, second = texts(container)[-2:]
        assert first == second


def test_large_bodies_are_refused_before_they_come() -> None:
    head = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\nExpect: 100-continue\r\n\r\n"
    for which, size, words in (
        ("nginx", (1 << 20) + 1, b"413 Request Entity Too Large"),
        ("go", (3 << 20) + 1, b"3145728 bytes here"),
    ):
        answer, has_ended = talk(*server(which), head % size)
        assert words in answer
        assert has_ended
        assert b"100 Continue" not in answer
    container, port = server("echo")
    assert talk(container, port, head % 2) == (b"HTTP/1.1 100 Continue\r\n\r\n", False)
    chunks = (
        b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
        + (b"100000\r\n" + b"y" * (1 << 20) + b"\r\n") * 4
    )
    assert talk(container, port, chunks)[0].startswith(b"HTTP/1.1 413 ")


def test_go_and_node_have_manners_of_their_own() -> None:
    go, node = server("go"), server("node")
    request = b"GET /x HTTP/1.1\r\nHost: a\r\n\r\n"
    assert talk(*go, request)[0].decode().splitlines()[:4] == [
        "HTTP/1.1 200 OK",
        "Date: Thu, 01 Jan 2026 00:00:01 GMT",
        "Content-Length: 47",
        "Content-Type: text/plain; charset=utf-8",
    ]
    refused = b"HTTP/1.1 400 Bad Request: missing required Host header\r\nContent-Type: text/plain; charset=utf-8\r\n"
    assert talk(*go, b"GET / HTTP/1.1\r\n\r\n") == (
        refused + b"Connection: close\r\n\r\n400 Bad Request: missing required Host header",
        True,
    )
    assert talk(*go, b"GET / HTTP/1.0\r\n\r\n")[0].startswith(b"HTTP/1.0 200 OK\r\n")
    answer, has_ended = talk(*node, request * 2)
    assert answer.count(b"Connection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n") == 2
    assert answer.endswith(b"| v=1\n\r\n0\r\n\r\n")
    assert not has_ended
    assert talk(*node, request, b"\x16\x03\x01\r\n\r\n", request) == (answer[: len(answer) // 2], True)


def test_a_proxy_passes_on_bodies_and_limits_are_configured() -> None:
    machine = Machine()
    config = """server { listen 80; client_max_body_size 10; return 200 ok; }
      server { listen 81; location / { client_max_body_size 2k; return 204; } }"""
    container = machine.start("nginx", mounts=(volume("/etc/nginx/conf.d", {"a.conf": config}),))
    machine.run(1)
    post = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: {0}\r\n\r\n{1}"
    for port, size, status in ((80, 10, 200), (80, 11, 413), (81, 2048, 204), (81, 2049, 413)):
        answer, _ = talk(container, port, post.format(size, "z" * size).encode())
        assert answer.startswith(f"HTTP/1.1 {status} ".encode())
        request = HttpRequest("POST", "/", "a", {}, "z" * size)
        assert listener(container, port)(request).status == status


def test_what_nobody_modelled_is_refused_in_a_sentence() -> None:
    machine = Machine()
    base = machine.start("postgres:16", env={"POSTGRES_PASSWORD": "x"})
    with pytest.raises(NetworkError):
        listener(base, 5432).converse("127.0.0.1")
    machine.run(5)
    with pytest.raises(Unsupported, match=r"^k8s-magic does not model the bytes that postgres speaks on this port$"):
        listener(base, 5432).converse("127.0.0.1")
    tool = machine.start("registry.k8s.io/e2e-test-images/agnhost:2.53", args=("netexec",))
    machine.run(1)
    conversation = listener(tool, 8080).converse("127.0.0.1")
    data = b"GET /hostname HTTP/1.1\r\nHost: a\r\n\r\nGET /shell?cmd=ls HTTP/1.1\r\nHost: a\r\n\r\n"
    assert conversation.receive(data).startswith(b"HTTP/1.1 200 OK\r\n")
    assert conversation.has_ended
    assert conversation.problem == "k8s-magic does not model agnhost netexec's /shell: use kubectl exec"


def test_bodies_that_are_no_text_pass_unharmed() -> None:
    raw = bytes(range(256))
    assert encoded(decoded(raw)) == raw
    assert encoded("\ud800") == b"?"
    container, port = server("echo")
    answer, _ = talk(container, port, b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 256\r\n\r\n" + raw)
    assert b"\nRequest Body:\n" + raw + b"\n" in answer
    assert texts(container)[-1].startswith('127.0.0.1 - - [01/Jan/2026:00:00:01 +0000] "POST / HTTP/1.1" 200 ')
    talk(container, port, b'GET /\xff"\\ HTTP/1.1\r\nHost: a\r\nUser-Agent: \xe4\r\n\r\n')
    assert '"GET /\\xFF\\x22\\x5C HTTP/1.1" 200' in texts(container)[-1]
    assert texts(container)[-1].endswith('"-" "\\xE4"')


def test_agnhost_reads_forms() -> None:
    machine = Machine()
    tool = machine.start("registry.k8s.io/e2e-test-images/agnhost:2.53", args=("netexec",))
    machine.run(1)

    def post(path: str, media: str, body: str) -> str:
        headers = {"Content-Type": media}
        return listener(tool, 8080)(HttpRequest("POST", path, "a", headers, body, "10.0.0.1")).body

    form = "application/x-www-form-urlencoded"
    assert post("/echo?msg=no", form, "msg=a+b%26&x=1") == "a b&"
    assert post("/header?key=content-type", form, "") == form
    parts = '--zz\r\nContent-Disposition: form-data; name="file"; filename="f"\r\n\r\n{0}\r\n--zz--\r\n'
    name = json.loads(post("/upload", "multipart/form-data; boundary=zz", parts.format("kept\n")))["output"]
    assert tool.fs.read(name) == "kept\n"
    assert post("/upload", form, "file=x") == '{"error":"Unable to upload file."}'
    assert post("/echo?code=x", form, "") == "argument 'code' must be an integer or empty, got \"x\"\n"
    moved = listener(tool, 8080)(HttpRequest("GET", "/redirect?location=/hostname&code=307", "a"))
    assert (moved.status, moved.headers["Location"]) == (307, "/hostname")


def test_minikubes_echo_server_tells_what_it_was_asked() -> None:
    machine = Machine()
    container = machine.start("kicbase/echo-server:1.0", sandbox=machine.sandbox("hello-minikube"))
    machine.run(1)
    answer, _ = talk(container, 8080, b"POST /x?y HTTP/1.1\r\nhost: a:1\r\nx-more: 1\r\nContent-Length: 2\r\n\r\nhi")
    assert answer.endswith(
        b"Request served by hello-minikube\n\nHTTP/1.1 POST /x?y\n\nHost: a:1\nX-More: 1\nContent-Length: 2\n\nhi"
    )
    conversation = listener(container, 8080).converse("127.0.0.1")
    assert conversation.receive(b"GET /.ws HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\n\r\n") == b""
    assert conversation.problem == "k8s-magic does not model the WebSocket and the events of echo-server"
