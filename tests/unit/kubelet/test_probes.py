"""Probes: thresholds, what fails a container, what takes it out of service."""

from __future__ import annotations

from typing import Any

from pod_rig import Rig, nginx, shell

from k8s_magic.machinery.meta import Object


def http(path: str, **more: Any) -> Object:
    return {"httpGet": {"path": path, "port": 80}, "periodSeconds": 2, **more}


def test_readiness_decides_ready() -> None:
    rig = Rig()
    rig.pod("good", nginx(readinessProbe=http("/")))
    rig.pod("bad", nginx(readinessProbe=http("/nosuch")))
    rig.run(6)
    assert rig.container("good")["ready"] is True
    assert rig.container("bad")["ready"] is False
    ready = next(one for one in rig.status("bad")["conditions"] if one["type"] == "Ready")
    assert (ready["reason"], ready["message"]) == ("ContainersNotReady", "containers with unready status: [web]")
    failed = [event for event in rig.events("bad") if event[1] == "Unhealthy"]
    assert failed[0][:3] == ("Warning", "Unhealthy", "Readiness probe failed: HTTP probe failed with statuscode: 404")
    assert "Killing" not in rig.reasons("bad")


def test_readiness_is_lost_after_three_failures_and_won_back() -> None:
    rig = Rig()
    probe = {"exec": {"command": ["cat", "/tmp/ok"]}, "periodSeconds": 1}
    rig.pod("flaky", shell("touch /tmp/ok; sleep 1000", readinessProbe=probe))
    rig.run(5)
    assert rig.container("flaky")["ready"] is True
    rig.api.exec("default", "flaky", "", ["rm", "/tmp/ok"])
    rig.run(2)
    assert rig.container("flaky")["ready"] is True
    rig.run(1.5)
    assert rig.container("flaky")["ready"] is False
    rig.api.exec("default", "flaky", "", ["touch", "/tmp/ok"])
    rig.run(1.1)
    assert rig.container("flaky")["ready"] is True


def test_liveness_restarts_the_container() -> None:
    rig = Rig()
    rig.pod("web", nginx(livenessProbe=http("/nosuch", failureThreshold=2)))
    rig.run(9)
    assert rig.container("web")["restartCount"] == 1
    assert ("Normal", "Killing", "Container web failed liveness probe, will be restarted", 2) in rig.events("web")


def test_startup_holds_the_others_back() -> None:
    rig = Rig()
    startup = {"tcpSocket": {"port": 80}, "periodSeconds": 1, "initialDelaySeconds": 3}
    rig.pod("slow", nginx(startupProbe=startup, readinessProbe=http("/", periodSeconds=1)))
    rig.run(4)
    status = rig.container("slow")
    assert (status["started"], status["ready"]) == (False, False)
    rig.run(4)
    status = rig.container("slow")
    assert (status["started"], status["ready"]) == (True, True)


def test_grpc_probes_are_refused_in_words() -> None:
    rig = Rig()
    rig.pod("grpc", nginx(livenessProbe={"grpc": {"port": 1}}))
    rig.run(1)
    status = rig.status("grpc")
    sentence = "k8s-magic does not model gRPC probes (livenessProbe of container web)"
    assert (status["phase"], status["reason"]) == ("Failed", "Unsupported")
    assert status["message"] == f"Pod was rejected: {sentence}"
