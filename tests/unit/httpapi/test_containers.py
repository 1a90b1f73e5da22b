"""Commands, logs and requests that reach into containers, by our own Transport over HTTP."""

from __future__ import annotations

import threading

import pytest
from by_hand import Api

from k8s_magic import Cluster, kubectl
from k8s_magic.client.http import HttpTransport
from k8s_magic.httpapi import channels
from k8s_magic.kubectl.streams import NoKeyboard, Streams
from k8s_magic.machinery.errors import ApiError
from k8s_magic.machinery.names import PODS
from k8s_magic.machinery.protocols import ListOptions, LogOptions, UserInfo


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
    large = "日本語 with a tail\n" * 150_000
    assert remote.exec("default", "web", "web", ["wc", "-c"], stdin=large).stdout == f"{len(large.encode())}\n"


class Lines:
    """A person with a few lines to type, who tells nothing of what he was asked with."""

    def __init__(self, *lines: str | None) -> None:
        self._lines = list(lines)
        self.prompts: list[str] = []

    def ask(self, prompt: str) -> str | None:
        self.prompts.append(prompt)
        if not self._lines:
            raise NoKeyboard
        return self._lines.pop(0)


@pytest.mark.parametrize("is_remote", [True, False])
def test_our_own_kubectl_holds_a_dialogue(api: Api, remote: HttpTransport, is_remote: bool) -> None:
    transport = remote if is_remote else api.cluster.transport
    told: list[tuple[str, str]] = []

    def run(line: str, keyboard: Lines) -> int:
        streams = Streams(
            keyboard=keyboard,
            out=lambda text: told.append(("out", text)),
            err=lambda text: told.append(("err", text)),
        )
        return kubectl.main(line.split(), transport, streams)

    typed = Lines("hostname", "cd /tmp", "cat", "to cat", None, "exit 3")
    assert run("exec -it web -- bash", typed) == 3
    assert typed.prompts == ["root@web:/# ", "root@web:/# ", "root@web:/tmp# ", "", "", "root@web:/tmp# "]
    assert told == [
        ("out", "web\n"), ("out", "to cat\n"), ("out", "exit\n"), ("err", "command terminated with exit code 3\n")
    ]  # fmt: skip
    told.clear()
    assert run("exec -it web -- bash", Lines()) == 1
    assert told[-1][1].startswith("error: nothing can be typed here: ")
    told.clear()
    assert run("exec -it web -- sleep 30", Lines()) == 0
    assert told == []
    assert run("exec -i web -- cat", Lines("a", None)) == 0
    assert told == [("out", "a\n")]


def test_who_may_not_run_commands_is_refused(api: Api, remote: HttpTransport) -> None:
    other = remote.acting_as(UserInfo("jane", (), "", {}))
    for command in (["ls"], None):
        dialogue = other.converse("default", "web", "", command)
        with pytest.raises(ApiError, match='User "jane" cannot create resource "pods/') as refused:
            while not dialogue.has_ended:
                dialogue.wait()
        dialogue.close()
        assert refused.value.code == 403


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
        answer = other.proxy(PODS, "default", "web:80", "/")
        assert (answer.status, "Welcome to nginx!" in answer.body) == (200, True)
        other.close()
        following.join(0.2)
    assert not following.is_alive()
    assert all('"GET / HTTP/1.1" 200' in line for line in lines)
    assert remote.proxy(PODS, "default", "web:80", "/gone").status == 404
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


def test_what_was_begun_for_a_connection_that_never_comes_ends(api: Api, remote: HttpTransport) -> None:
    upgrade = {"Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Protocol": "v5.channel.k8s.io"}
    path = "/api/v1/namespaces/default/pods/web/exec?command=sleep&command=1000&stdout=true"
    response = api.open("GET", path, **{**upgrade, "Sec-WebSocket-Version": "1", "Sec-WebSocket-Key": "eA=="})
    assert response.status == 426
    assert [entry.action for entry in api.cluster._parts.door.log[-2:]] == ["exec", "interrupt"]


def test_what_ran_in_containers_runs_again_in_a_replay(api: Api, remote: HttpTransport) -> None:
    remote.exec("default", "web", "", ["sh", "-c", "cat > /tmp/kept"], stdin="kept\n")
    remote.proxy(PODS, "default", "web:80", "/seen")
    again = Cluster.load(api.cluster.save())
    assert again.kubectl("exec web -- cat /tmp/kept").stdout == "kept\n"
    assert '"GET /seen HTTP/1.1" 404' in again.kubectl("logs web").stdout
    again.close()


@pytest.mark.parametrize(
    ("frame", "told"),
    [
        (b'{"Width":80,"Height":24}', (80, 24)),
        (b'{"Width":0,"Height":0}', (0, 0)),
        (b'{"Width":-1,"Height":24}', None),
        (b'{"Width":"80","Height":24}', None),
        (b'{"Width":80}', None),
        (b"[80, 24]", None),
        (b"\xff", None),
        (b"", None),
    ],
)
def test_a_terminals_size_is_read_or_left(frame: bytes, told: tuple[int, int] | None) -> None:
    assert channels.size(frame) == told
