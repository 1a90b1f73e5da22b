"""A forwarded connection through the cluster's door, and the proxy subresource, with nothing lost on the way."""

from __future__ import annotations

import base64
import json

import pytest
from by_hand import Api

from k8s_magic import Cluster
from k8s_magic.client.http import HttpTransport
from k8s_magic.httpapi.forwarding import Refused, Session
from k8s_magic.machinery.names import NODES, PODS


@pytest.fixture
def pods(api: Api) -> Api:
    for name, image in (("web", "nginx"), ("echo", "registry.k8s.io/echoserver:1.4"), ("store", "redis")):
        api.cluster.kubectl(f"run {name} --image={image}")
    assert api.cluster.kubectl("wait --for=condition=Ready pod web echo store --timeout=600s").exit_code == 0
    api.cluster.run(5)
    return api


def session(cluster: Cluster, name: str, port: int) -> Session:
    transport = cluster._parts.transport("kubectl")
    return Session(cluster._parts.door, transport, "default", name, port)


def test_a_replay_hears_the_same_bytes(pods: Api) -> None:
    cluster = pods.cluster
    store, web = session(cluster, "store", 6379), session(cluster, "web", 80)
    assert store.receive(b"*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$2\r\n\xff") == b""
    assert web.receive(b"GET /seen HTTP/1.1\r\nHost: a\r\n\r\nGET /\xff HTTP/1.1\r\n").count(b"HTTP/1.1 404 ") == 1
    assert store.receive(b"\x00\r\nAPPEND k !\r\n") == b"+OK\r\n:3\r\n"
    assert store.receive(b"QUIT\r\n") == b"+OK\r\n"
    assert store.has_ended
    before = len(cluster._parts.door.log)
    assert store.receive(b"PING\r\n") == b""  # nobody hears it, so it is no part of the history
    assert len(cluster._parts.door.log) == before
    again = Cluster.load(cluster.save())
    assert '"GET /seen HTTP/1.1" 404' in again.kubectl("logs web").stdout
    assert again.kubectl(["exec", "store", "--", "sh", "-c", "redis-cli strlen k"]).stdout == "3\n"
    again.close()


def test_where_nobody_listens(pods: Api) -> None:
    with pytest.raises(Refused) as refused:
        session(pods.cluster, "web", 81)
    words = str(refused.value)
    assert words.startswith("error forwarding port 81 to pod ")
    assert ', uid : failed to execute portforward in network namespace "/var/run/netns/cni-' in words
    assert words.endswith(
        "IPv4: dial tcp4 127.0.0.1:81: connect: connection refused "
        "IPv6 dial tcp6 [::1]:81: connect: connection refused "
    )
    transport = pods.cluster._parts.transport("kubectl")
    with pytest.raises(Refused, match="k8s-magic does not model TLS, which is spoken on this port"):
        Session(pods.cluster._parts.door, transport, "kube-system", "kube-apiserver-control-plane", 6443)
    with pytest.raises(Refused, match='pods "none" not found'):
        session(pods.cluster, "none", 80)


def test_observers_hear_of_forwarded_requests_as_of_somebody_outside(pods: Api) -> None:
    heard: list[tuple[object, str, str, int]] = []
    network = pods.cluster._parts.network
    network.observers.append(
        lambda hit: heard.append((hit.source, hit.url, hit.pod.name if hit.pod else "", hit.status))
    )
    session(pods.cluster, "web", 80).receive(b"GET /a HTTP/1.1\r\nHost: a\r\n\r\n")
    assert heard == [(None, "http://127.0.0.1:80/a", "web", 404)]


def test_the_proxy_carries_whole_requests_and_answers(pods: Api) -> None:
    remote = HttpTransport(pods.server)
    headers = {"X-Mine": "1", "Content-Type": "text/x"}
    answer = remote.proxy(PODS, "default", "echo:8080", "/a?b=c", method="PUT", headers=headers, body="\udcff\0body")
    assert (answer.status, answer.reason, answer.headers["Server"]) == (200, "OK", "nginx/1.10.0")
    assert "command=PUT\nreal path=/a?b=c\n" in answer.body
    assert "\nx-mine=1\n" in answer.body
    assert answer.body.endswith("\nBODY:\n\udcff\0body")
    page = remote.proxy(PODS, "default", "web", "/")
    unchanged = remote.proxy(PODS, "default", "web", "/", headers={"If-None-Match": page.headers["Etag"]})
    assert (unchanged.status, unchanged.reason, unchanged.body) == (304, "Not Modified", "")
    head = remote.proxy(PODS, "default", "web", "/", method="HEAD")
    assert (head.body, head.headers["Content-Length"]) == ("", page.headers["Content-Length"])
    part = remote.proxy(PODS, "default", "web", "/", headers={"Range": "bytes=-8"})
    assert (part.status, part.body) == (206, "</html>\n")
    refused = remote.proxy(PODS, "default", "web", "/", method="OPTIONS")
    assert (refused.status, refused.reason) == (405, "Not Allowed")
    local = pods.cluster.transport.proxy(PODS, "default", "web", "/")
    for name in ("Etag", "Last-Modified", "Content-Type", "Content-Length"):
        assert local.headers[name] == page.headers[name]
    assert local.body == page.body
    assert remote.proxy(NODES, "", "node-1", "/healthz").body == "ok"
    again = Cluster.load(pods.cluster.save())
    assert '"PUT /a?b=c HTTP/1.1" 200' in again.kubectl("logs echo").stdout
    again.close()


def test_a_folder_of_the_proxy_ends_in_a_slash(pods: Api) -> None:
    moved = pods.open("GET", "/api/v1/namespaces/default/pods/web/proxy?a=b")
    assert (moved.status, moved.headers["Location"]) == (301, "/api/v1/namespaces/default/pods/web/proxy/?a=b")
    too_large = pods.open("POST", "/api/v1/namespaces/default/pods/web/proxy/", b"x" * (3 * 1024 * 1024 + 1))
    assert too_large.status == 413


def test_files_that_are_no_text_are_served_byte_for_byte(api: Api) -> None:
    raw = bytes(range(256))
    data = base64.b64encode(raw).decode()
    manifest = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "pages"}, "binaryData": {"a.png": data}}
    mount = {"name": "pages", "mountPath": "/usr/share/nginx/html"}
    spec = {
        "containers": [{"name": "web", "image": "nginx", "volumeMounts": [mount]}],
        "volumes": [{"name": "pages", "configMap": {"name": "pages"}}],
    }
    for obj in (manifest, {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "web"}, "spec": spec}):
        api.cluster.apply(json.dumps(obj))
    assert api.cluster.kubectl("wait --for=condition=Ready pod web --timeout=600s").exit_code == 0
    api.cluster.run(5)
    answer = api.open("GET", "/api/v1/namespaces/default/pods/web/proxy/a.png")
    assert (answer.read(), answer.headers["Content-Type"]) == (raw, "image/png")
    said = session(api.cluster, "web", 80).receive(b"GET /a.png HTTP/1.1\r\nHost: a\r\nRange: bytes=128-130\r\n\r\n")
    assert said.endswith(b"\r\nContent-Range: bytes 128-130/256\r\n\r\n\x80\x81\x82")
    assert api.cluster.kubectl("exec web -- sh -c 'wc -c < /usr/share/nginx/html/a.png'").stdout == "256\n"


def test_a_websocket_to_a_container_is_refused_in_a_sentence_or_not_noticed(pods: Api) -> None:
    pods.cluster.kubectl("run greeter --image=kicbase/echo-server:1.0 --port=8080")
    assert pods.cluster.kubectl("wait --for=condition=Ready pod greeter --timeout=600s").exit_code == 0
    pods.cluster.run(1)
    asked = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13"}
    path = "/api/v1/namespaces/default/pods/{0}/proxy/"
    code, _, status = pods.ask("GET", path.format("greeter"), **asked)
    assert (code, status["message"]) == (
        501,
        "k8s-magic does not model the WebSocket and the events of echo-server (not simulated)",
    )
    assert pods.open("GET", path.format("web"), **asked).status == 200
    greeter = session(pods.cluster, "greeter", 8080)
    assert greeter.receive(b"GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n") == b""
    assert (greeter.has_ended, greeter.problem) == (
        True,
        "k8s-magic does not model the WebSocket and the events of echo-server",
    )
