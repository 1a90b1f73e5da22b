"""Ephemeral containers: started in a running Pod, once, and nothing of the Pod depends on them."""

from __future__ import annotations

from pod_rig import Rig, nginx, shell

from k8s_magic.machinery import names
from k8s_magic.machinery.protocols import LogOptions


def add(rig: Rig, name: str, *containers: dict) -> None:
    body = {"spec": {"ephemeralContainers": list(containers)}}
    rig.api.patch(names.PODS, "default", name, body, "strategic", subresource="ephemeralcontainers")


def statuses(rig: Rig, name: str) -> dict[str, dict]:
    return {one["name"]: one for one in rig.status(name)["ephemeralContainerStatuses"]}


def ps(rig: Rig, pod: str, container: str) -> list[str]:
    out = rig.api.exec("default", pod, container, ["ps"]).stdout
    return [line.split(None, 3)[3] for line in out.splitlines()[1:]]


def test_it_starts_in_the_running_pod_and_ends_for_good() -> None:
    rig = Rig()
    rig.pod("web")
    rig.run(5)
    before = rig.status("web")
    add(rig, "web", shell("echo hello; sleep 10; exit 3", "debugger"))
    rig.run(3)
    running = statuses(rig, "web")["debugger"]
    assert list(running) == [
        "name", "state", "lastState", "ready", "restartCount", "image", "imageID", "containerID", "resources",
    ]  # fmt: skip
    assert (running["ready"], running["restartCount"]) == (False, 0)
    assert "running" in running["state"]
    assert list(rig.api.logs("default", "web", LogOptions(container="debugger"))) == ["hello\n"]
    rig.run(60)
    ended = statuses(rig, "web")["debugger"]
    assert (ended["state"]["terminated"]["exitCode"], ended["restartCount"], ended["lastState"]) == (3, 0, {})
    after = rig.status("web")
    for part in ("phase", "containerStatuses"):
        assert after[part] == before[part]
    assert [one["status"] for one in after["conditions"]] == ["True"] * 5
    assert rig.reasons("web")[-3:] == ["Pulled", "Created", "Started"]
    fields = {
        event["involvedObject"].get("fieldPath")
        for event in rig.server.informer(names.EVENTS).list()
        if event["involvedObject"]["name"] == "web"
    }
    assert fields == {"spec.containers{web}", "spec.ephemeralContainers{debugger}"}


def test_it_shares_the_address_and_with_a_target_its_processes() -> None:
    rig = Rig()
    rig.pod("web")
    rig.run(5)
    add(rig, "web", shell("sleep 100", "apart"))
    add(rig, "web", shell("sleep 200", "among", targetContainerName="web"))
    rig.run(3)
    assert ps(rig, "web", "apart") == ["sh -c sleep 100", "ps"]
    assert ps(rig, "web", "among") == ["nginx -g daemon off;", "sh -c sleep 200", "ps"]
    answer = rig.api.exec("default", "web", "apart", ["hostname", "-i"])
    assert answer.stdout.strip() == rig.status("web")["podIP"]
    # The target's end is the end of its processes' namespace.
    rig.api.exec("default", "web", "among", ["kill", "-QUIT", "1"])
    rig.run(1)
    assert statuses(rig, "web")["among"]["state"]["terminated"]["exitCode"] == 137
    assert "running" in statuses(rig, "web")["apart"]["state"]
    rig.run(30)
    assert rig.container("web")["restartCount"] == 1
    assert ps(rig, "web", "apart") == ["sh -c sleep 100", "ps"]


def test_containers_of_a_pod_that_shares_processes_see_each_other() -> None:
    rig = Rig()
    rig.pod("both", nginx(), shell("sleep 100", "side"), shareProcessNamespace=True)
    rig.run(6)
    assert ps(rig, "both", "side") == ["/pause", "nginx -g daemon off;", "sh -c sleep 100", "ps"]
    assert rig.api.exec("default", "both", "side", ["kill", "-9", "1"]).exit_code == 0
    rig.api.exec("default", "both", "side", ["pkill", "nginx"])
    rig.run(20)
    assert rig.container("both", 1)["restartCount"] == 1
    assert ps(rig, "both", "side")[0] == "/pause"


def test_what_cannot_start_is_told() -> None:
    rig = Rig()
    rig.pod("web")
    rig.run(5)
    add(rig, "web", {"name": "image", "image": "nginx:nosuchtag"})
    add(rig, "web", {"name": "command", "image": "busybox:1.36", "command": ["nothere"]})
    add(
        rig,
        "web",
        shell("true", "setting", env=[{"name": "A", "valueFrom": {"configMapKeyRef": {"name": "x", "key": "y"}}}]),
    )
    rig.run(30)
    waiting = {name: one["state"]["waiting"]["reason"] for name, one in statuses(rig, "web").items()}
    assert waiting == {
        "image": "ImagePullBackOff", "command": "RunContainerError", "setting": "CreateContainerConfigError",
    }  # fmt: skip
    rig.create(names.CONFIG_MAPS, {"metadata": {"name": "x"}, "kind": "ConfigMap", "data": {"y": "z"}})
    rig.run(60)
    assert statuses(rig, "web")["setting"]["state"]["terminated"]["exitCode"] == 0
    assert statuses(rig, "web")["command"]["restartCount"] == 0
    assert rig.status("web")["phase"] == "Running"


def test_a_target_that_has_not_started_is_waited_for() -> None:
    rig = Rig()
    rig.pod("web", nginx(command=["nothere"]), shell("sleep 100", "side"))
    rig.run(5)
    add(rig, "web", shell("sleep 100", "among", targetContainerName="web"))
    rig.run(5)
    waiting = statuses(rig, "web")["among"]["state"]["waiting"]
    assert waiting["reason"] == "CreateContainerError"
    assert waiting["message"].startswith("invalid target container: container ")


def test_a_pod_that_has_done_its_work_ends_it_too() -> None:
    rig = Rig()
    rig.pod("job", shell("sleep 10"), restartPolicy="Never", terminationGracePeriodSeconds=5)
    rig.run(4)
    add(rig, "job", shell("sleep 1000", "debugger"))
    rig.run(3)
    assert rig.status("job")["phase"] == "Running"
    rig.run(6)
    assert rig.container("job")["state"]["terminated"]["exitCode"] == 0
    assert rig.status("job")["phase"] == "Running"
    rig.run(6)
    assert rig.status("job")["phase"] == "Succeeded"
    assert statuses(rig, "job")["debugger"]["state"]["terminated"]["exitCode"] == 137
    assert rig.events("job")[-1][1:3] == ("Killing", "Stopping container debugger")


def test_it_goes_with_its_pod() -> None:
    rig = Rig()
    rig.pod("web", terminationGracePeriodSeconds=5)
    rig.run(5)
    add(rig, "web", shell("sleep 1000", "debugger"))
    rig.run(3)
    rig.delete("web")
    rig.run(2)
    assert "running" in statuses(rig, "web")["debugger"]["state"]
    rig.run(6)
    assert rig.server.informer(names.PODS).get("default", "web") is None
    assert [message for _, reason, message, _ in rig.events("web") if reason == "Killing"] == [
        "Stopping container web",
        "Stopping container debugger",
    ]


def test_one_given_before_the_pod_runs_starts_before_its_init_containers_are_done() -> None:
    rig = Rig()
    rig.pod("web", nginx(), initContainers=[shell("sleep 1000", "first")])
    add(rig, "web", shell("sleep 1000", "debugger"))
    rig.run(6)
    assert "running" in statuses(rig, "web")["debugger"]["state"]
    assert rig.status("web")["phase"] == "Pending"


def test_a_node_that_was_away_starts_what_was_added_meanwhile() -> None:
    rig = Rig()
    rig.pod("web")
    rig.run(5)
    rig.kubelets.fail("node-1")
    add(rig, "web", shell("sleep 1000", "debugger"))
    rig.run(5)
    assert "ephemeralContainerStatuses" not in rig.status("web")
    rig.kubelets.heal("node-1")
    rig.run(5)
    assert "running" in statuses(rig, "web")["debugger"]["state"]
