"""Commands, logs and requests that reach into containers, by our own Transport over HTTP."""

from __future__ import annotations

import threading

import pytest
from by_hand import Api

from k8s_magic import Cluster
from k8s_magic.client.http import HttpTransport
from k8s_magic.machinery.errors import ApiError
from k8s_magic.machinery.names import PODS
from k8s_magic.machinery.protocols import ListOptions, LogOptions


@pytest.fixture
def remote(api: Api) -> HttpTransport:
    api.cluster.kubectl("run web --image=nginx --port=80")
    assert api.cluster.kubectl("wait --for=condition=Ready pod/web --timeout=600s").exit_code == 0
    api.cluster.run(5)  # without a probe a Pod is ready before it listens
    return HttpTransport(api.server)


def test_a_command_has_output_input_and_an_end(remote: HttpTransport) -> None:
    heard: list[tuple[str, str]] = []
    words = ["sh", "-c", "echo out; echo err >&2; exit 3"]
    result = remote.exec("default", "web", "", words, on_output=lambda *chunk: heard.append(chunk))
    assert (result.exit_code, sorted(heard)) == (3, [("stderr", "err\n"), ("stdout", "out\n")])
    assert remote.exec("default", "web", "web", ["cat"], stdin="typed\n").stdout == "typed\n"


@pytest.mark.parametrize(
    ("pod", "container", "words", "message"),
    [
        ("gone", "", ["ls"], 'pods "gone" not found'),
        ("web", "gone", ["ls"], "container gone is not valid for pod web"),
        ("web", "", ["gone"], 'exec: "gone": executable file not found in $PATH'),
    ],
)
def test_what_cannot_run_is_refused(remote: HttpTransport, pod: str, container: str, words: list, message: str) -> None:
    with pytest.raises(ApiError) as refused:
        remote.exec("default", pod, container, words)
    assert message in refused.value.message


def test_a_log_is_followed_while_requests_come_through_the_proxy(remote: HttpTransport) -> None:
    lines: list[str] = []

    def follow() -> None:
        for line in remote.logs("default", "web", LogOptions(follow=True, tail_lines=0)):
            lines.append(line)
            if len(lines) == 2:
                return

    following = threading.Thread(target=follow, daemon=True)
    following.start()
    for _ in range(20):
        other = HttpTransport(remote.server)
        status, body = other.proxy(PODS, "default", "web:80", "/")
        assert (status, "Welcome to nginx!" in body) == (200, True)
        other.close()
        following.join(0.2)
    assert not following.is_alive()
    assert all('"GET / HTTP/1.1" 200' in line for line in lines)
    assert remote.proxy(PODS, "default", "web:80", "/gone")[0] == 404
    assert list(remote.logs("default", "web", LogOptions(tail_lines=0))) == []


def test_a_command_that_is_left_ends(api: Api, remote: HttpTransport) -> None:
    response = api.open("GET", "/api/v1/namespaces/default/pods/web/exec?command=ls&stdout=true")
    assert response.status == 400  # no upgrade was asked for
    watch = remote.watch(PODS, "default", options=ListOptions(field_selector="metadata.name=web"))
    event = watch.next()
    assert event is not None
    assert (event.type, event.object["metadata"]["name"]) == ("ADDED", "web")
    watch.close()
    assert watch.next() is None


def test_what_ran_in_containers_runs_again_in_a_replay(api: Api, remote: HttpTransport) -> None:
    remote.exec("default", "web", "", ["sh", "-c", "cat > /tmp/kept"], stdin="kept\n")
    remote.proxy(PODS, "default", "web:80", "/seen")
    again = Cluster.load(api.cluster.save())
    assert again.kubectl("exec web -- cat /tmp/kept").stdout == "kept\n"
    assert '"GET /seen HTTP/1.1" 404' in again.kubectl("logs web").stdout
    again.close()
