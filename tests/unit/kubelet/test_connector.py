"""Logs and commands through the API server, with the kubelet's refusals."""

from __future__ import annotations

import pytest
from pod_rig import Rig, nginx, shell

from k8s_magic.machinery.errors import ApiError
from k8s_magic.machinery.protocols import LogOptions


def logs(rig: Rig, name: str, **options: object) -> str:
    return "".join(rig.api.logs("default", name, LogOptions(**options)))  # type: ignore[arg-type]


def test_logs() -> None:
    rig = Rig()
    rig.pod("talk", shell("echo one; echo two; sleep 5; echo three; sleep 1000"))
    rig.run(12)
    assert logs(rig, "talk") == "one\ntwo\nthree\n"
    assert logs(rig, "talk", tail_lines=1) == "three\n"
    assert logs(rig, "talk", tail_lines=0) == ""
    assert logs(rig, "talk", limit_bytes=5) == "one\nt"
    assert logs(rig, "talk", since_seconds=8) == "three\n"
    first = logs(rig, "talk", timestamps=True).splitlines()[0]
    assert first.startswith("2026-01-01T00:00:0")
    assert first.endswith("000Z one")


def test_log_refusals() -> None:
    rig = Rig()
    rig.pod("new", nginx())
    rig.pod("bad", nginx(image="nginx:nosuch"))
    rig.pod("crash", shell("echo said; exit 1"))
    rig.run(0.5)

    def refusal(name: str, **options: object) -> str:
        with pytest.raises(ApiError) as caught:
            logs(rig, name, **options)
        assert caught.value.reason == "BadRequest"
        return caught.value.message

    assert refusal("new") == 'container "web" in pod "new" is waiting to start: ContainerCreating'
    rig.run(4)
    assert refusal("bad") == 'container "web" in pod "bad" is waiting to start: trying and failing to pull image'
    assert refusal("new", previous=True) == 'previous terminated container "web" in pod "new" not found'
    assert refusal("new", container="x") == "container x is not valid for pod new"
    rig.run(3)
    assert logs(rig, "crash", previous=True) == "said\n"


def test_exec() -> None:
    rig = Rig()
    rig.pod("main", shell("sleep 1000"))
    rig.pod("done", shell("exit 0"), restartPolicy="Never")
    rig.pod("new", nginx(image="nginx:nosuch"))
    rig.run(5)
    result = rig.api.exec("default", "main", "", ["sh", "-c", "echo hi; exit 7"])
    assert (result.stdout, result.exit_code) == ("hi\n", 7)
    with pytest.raises(ApiError, match="cannot exec into a container in a completed pod; current phase is Succeeded"):
        rig.api.exec("default", "done", "", ["ls"])
    with pytest.raises(ApiError, match=r'container not found \("web"\)'):
        rig.api.exec("default", "new", "", ["ls"])
    with pytest.raises(ApiError, match='"nosuch": executable file not found in'):
        rig.api.exec("default", "main", "", ["nosuch"])


def test_a_node_out_of_reach() -> None:
    rig = Rig()
    rig.pod("main", shell("sleep 1000"))
    rig.run(4)
    rig.kubelets.fail("node-1")
    address = "192.0.2.2:10250"
    with pytest.raises(ApiError) as caught:
        logs(rig, "main")
    expected = f'Get "https://{address}/containerLogs/default/main/main": dial tcp {address}: i/o timeout'
    assert caught.value.message == expected
