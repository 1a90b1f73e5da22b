"""Containers: images, configuration, restarts, init containers and sidecars, volumes."""

from __future__ import annotations

from pod_rig import Rig, nginx, shell

from k8s_magic.machinery import names
from k8s_magic.machinery.meta import Object


def waiting(rig: Rig, name: str) -> tuple[str, str]:
    state = rig.container(name)["state"]["waiting"]
    return state["reason"], state.get("message", "")


def config_map(rig: Rig, name: str, data: dict[str, str]) -> Object:
    return rig.create(names.CONFIG_MAPS, {"kind": "ConfigMap", "metadata": {"name": name}, "data": data})


def test_an_image_that_does_not_exist() -> None:
    rig = Rig()
    rig.pod("bad", nginx(image="nginx:nosuch"))
    rig.run(1.5)
    reason, cause = waiting(rig, "bad")
    assert reason == "ErrImagePull"
    assert "docker.io/library/nginx:nosuch: not found" in cause
    rig.run(1.5)
    back_off = 'Back-off pulling image "nginx:nosuch"'
    assert waiting(rig, "bad") == ("ImagePullBackOff", f"{back_off}: ErrImagePull: {cause}")
    assert rig.events("bad") == [
        ("Normal", "Pulling", 'Pulling image "nginx:nosuch"', 1),
        ("Warning", "Failed", f'Failed to pull image "nginx:nosuch": {cause}', 1),
        ("Warning", "Failed", "Error: ErrImagePull", 1),
        ("Normal", "BackOff", back_off, 1),
        ("Warning", "Failed", "Error: ImagePullBackOff", 1),
    ]
    rig.run(600)  # after 10, 20, 40, 80, 160 and 300 s
    counts = {reason: count for _, reason, _, count in rig.events("bad")}
    assert counts["Pulling"] == 6


def test_image_never_pulled_and_no_name_at_all() -> None:
    rig = Rig()
    rig.pod("never", nginx(image="nginx:1.0", imagePullPolicy="Never"))
    rig.pod("wrong", nginx(image="Nginx"))
    rig.run(3)
    absent = 'Container image "nginx:1.0" is not present with pull policy of Never'
    assert waiting(rig, "never") == ("ErrImageNeverPull", absent)
    assert rig.reasons("never") == ["ErrImageNeverPull", "Failed"]
    assert waiting(rig, "wrong")[0] == "InvalidImageName"
    assert rig.reasons("wrong") == ["InspectFailed", "Failed"]


def test_crash_loop() -> None:
    rig = Rig()
    pod = rig.pod("crash", shell("echo hi; exit 3"))
    rig.run(8)
    reason, message = waiting(rig, "crash")
    name = f"crash_default({pod['metadata']['uid']})"
    assert reason == "CrashLoopBackOff"
    assert message == f"back-off 10s restarting failed container=main pod={name}"
    status = rig.container("crash")
    assert (status["restartCount"], status["ready"], rig.status("crash")["phase"]) == (1, False, "Running")
    assert status["lastState"]["terminated"]["exitCode"] == 3
    assert status["lastState"]["terminated"]["reason"] == "Error"
    expected = f"Back-off restarting failed container main in pod {name}"
    assert ("Warning", "BackOff", expected, 1) in rig.events("crash")
    rig.run(12)
    assert waiting(rig, "crash")[1].startswith("back-off 20s ")
    rig.run(600)
    assert waiting(rig, "crash")[1].startswith("back-off 5m0s ")


def test_restart_policies() -> None:
    rig = Rig()
    rig.pod("onfailure", shell("exit 0"), restartPolicy="OnFailure")
    rig.pod("always", shell("sleep 2"))
    rig.run(7)
    assert rig.status("onfailure")["phase"] == "Succeeded"
    assert rig.container("always")["restartCount"] == 1


def test_a_command_that_is_not_there() -> None:
    rig = Rig()
    rig.pod("noexe", nginx(command=["nosuch"]))
    rig.run(7)
    ended = rig.container("noexe")["lastState"]["terminated"]
    assert (ended["exitCode"], ended["reason"], ended["startedAt"]) == (128, "StartError", "1970-01-01T00:00:00Z")
    assert '"nosuch": executable file not found in $PATH' in ended["message"]


def test_missing_configuration() -> None:
    rig = Rig()
    variable = {"name": "A", "valueFrom": {"configMapKeyRef": {"name": "cm", "key": "a"}}}
    rig.pod("cfg", shell("sleep 100", env=[variable]))
    rig.run(3)
    assert waiting(rig, "cfg") == ("CreateContainerConfigError", 'configmap "cm" not found')
    assert ("Warning", "Failed", 'Error: configmap "cm" not found', 1) in rig.events("cfg")
    config_map(rig, "cm", {"b": "1"})
    rig.run(16)
    assert waiting(rig, "cfg")[1] == "couldn't find key a in ConfigMap default/cm"
    rig.api.patch(names.CONFIG_MAPS, "default", "cm", {"data": {"a": "1"}}, "merge")
    rig.run(17)
    assert "running" in rig.container("cfg")["state"]


def test_environment_and_expansion() -> None:
    rig = Rig()
    config_map(rig, "cm", {"a": "1", "b": "2"})
    rig.create(names.SECRETS, {"kind": "Secret", "metadata": {"name": "s"}, "stringData": {"password": "xyz"}})
    env = [
        {"name": "WHO", "value": "$(a)-$(nobody)-$$(a)"},
        {"name": "PW", "valueFrom": {"secretKeyRef": {"name": "s", "key": "password"}}},
        {"name": "NODE", "valueFrom": {"fieldRef": {"fieldPath": "spec.nodeName"}}},
        {"name": "APP", "valueFrom": {"fieldRef": {"fieldPath": "metadata.labels['app']"}}},
        {"name": "CPU", "valueFrom": {"resourceFieldRef": {"resource": "limits.cpu", "divisor": "1m"}}},
    ]
    container = shell("sleep 100", env=env, envFrom=[{"prefix": "", "configMapRef": {"name": "cm"}}])
    container["args"] = ["$(WHO)"]
    container["resources"] = {"limits": {"cpu": "250m"}}
    rig.pod("env", container)
    rig.run(4)
    worker = next(iter(rig.kubelets.kubelet("node-1").workers.values()))
    current = worker.records[0].current
    assert current is not None
    config = current.config  # type: ignore[attr-defined]
    assert config.env == {
        "a": "1",
        "b": "2",
        "WHO": "1-$(nobody)-$(a)",
        "PW": "xyz",
        "NODE": "node-1",
        "APP": "",
        "CPU": "250",
    }
    assert config.args == ("1-$(nobody)-$(a)",)


def test_a_volume_that_is_missing_and_then_there() -> None:
    rig = Rig()
    mount = {"name": "v", "mountPath": "/etc/app"}
    rig.pod("vol", shell("sleep 1000", volumeMounts=[mount]), volumes=[{"name": "v", "configMap": {"name": "cm"}}])
    rig.run(3)
    assert waiting(rig, "vol") == ("ContainerCreating", "")
    message = 'MountVolume.SetUp failed for volume "v" : configmap "cm" not found'
    assert rig.events("vol") == [("Warning", "FailedMount", message, 3)]
    config_map(rig, "cm", {"key": "value"})
    rig.run(5)
    assert rig.api.exec("default", "vol", "", ["cat", "/etc/app/key"]).stdout == "value"
    rig.api.patch(names.CONFIG_MAPS, "default", "cm", {"data": {"key": "new"}}, "merge")
    rig.run(59)
    assert rig.api.exec("default", "vol", "", ["cat", "/etc/app/key"]).stdout == "value"
    rig.run(2)
    assert rig.api.exec("default", "vol", "", ["cat", "/etc/app/key"]).stdout == "new"


def test_containers_share_an_empty_dir() -> None:
    rig = Rig()
    mount = {"name": "shared", "mountPath": "/shared"}
    rig.pod(
        "two",
        shell("echo hello > /shared/x; sleep 100", "writer", volumeMounts=[mount]),
        shell("sleep 100", "reader", volumeMounts=[mount]),
        volumes=[{"name": "shared", "emptyDir": {}}],
    )
    rig.run(5)
    assert rig.api.exec("default", "two", "reader", ["cat", "/shared/x"]).stdout == "hello\n"


def test_init_containers_and_sidecars_in_order() -> None:
    rig = Rig()
    rig.pod(
        "init",
        nginx(),
        initContainers=[
            shell("sleep 1", "first"),
            {**shell("sleep 1000", "side"), "restartPolicy": "Always"},
            shell("sleep 1", "second"),
        ],
    )
    rig.run(2.5)
    status = rig.status("init")
    assert status["phase"] == "Pending"
    incomplete = next(one for one in status["conditions"] if one["type"] == "Initialized")
    assert incomplete["message"] == "containers with incomplete status: [first side second]"
    assert status["containerStatuses"][0]["state"] == {"waiting": {"reason": "PodInitializing"}}
    rig.run(8)
    status = rig.status("init")
    assert [(one["name"], one["ready"], next(iter(one["state"]))) for one in status["initContainerStatuses"]] == [
        ("first", True, "terminated"),
        ("side", True, "running"),
        ("second", True, "terminated"),
    ]
    assert status["phase"] == "Running"


def test_an_init_container_that_fails_for_good() -> None:
    rig = Rig()
    rig.pod("init", nginx(), initContainers=[shell("exit 1", "first")], restartPolicy="Never")
    rig.run(5)
    assert rig.status("init")["phase"] == "Failed"
    rig.pod("again", nginx(), initContainers=[shell("exit 1", "first")])
    rig.run(6)
    state = rig.status("again")["initContainerStatuses"][0]["state"]
    assert state["waiting"]["reason"] == "CrashLoopBackOff"
    assert rig.status("again")["phase"] == "Pending"


def test_out_of_memory() -> None:
    rig = Rig()
    rig.pod("web")
    rig.run(4)
    worker = next(iter(rig.kubelets.kubelet("node-1").workers.values()))
    current = worker.records[0].current
    assert current is not None
    current.end(137, "OOMKilled")  # type: ignore[attr-defined]
    rig.run(0.01)
    ended = rig.container("web")["state"]["terminated"]
    assert (ended["exitCode"], ended["reason"]) == (137, "OOMKilled")


def test_host_paths_are_folders_of_one_disk() -> None:
    rig = Rig()
    for name, path in (("whole", "/"), ("part", "/data/x/")):
        volume = {"name": "host", "hostPath": {"path": path}}
        mount = {"name": "host", "mountPath": "/host"}
        rig.pod(name, shell("sleep 1000", volumeMounts=[mount]), volumes=[volume])
    rig.run(6)

    def run(pod: str, script: str) -> str:
        return rig.api.exec("default", pod, "main", ["sh", "-c", script]).stdout

    assert run("part", "echo hello > /host/file; mkdir /host/empty; ls /host") == "empty\nfile\n"
    assert run("whole", "cat /host/data/x/file /host/etc/hostname; ls /host/data") == "hello\nnode-1\nx\n"
    assert run("whole", "rm /host/data/x/file; ls /host/data/x") == run("part", "ls /host") == "empty\n"


def test_root_is_refused_where_a_pod_is_not_to_run_as_root() -> None:
    rig = Rig()
    never = {"runAsNonRoot": True}
    rig.pod("image", shell("true"), securityContext=never)
    rig.pod("told", shell("true", securityContext={"runAsUser": 0}), securityContext=never)
    rig.pod("named", {"name": "main", "image": "curlimages/curl", "securityContext": never})
    rig.pod("fine", shell("sleep 100", securityContext={"runAsUser": 5}), securityContext=never)
    rig.pod("allowed", shell("sleep 100", securityContext={"runAsNonRoot": False}), securityContext=never)
    rig.pod("unknown", {"name": "main", "image": "example.com/shop:1"}, securityContext=never)
    rig.run(20)
    for name, words in (
        ("image", "container has runAsNonRoot and image will run as root"),
        ("told", "container's runAsUser breaks non-root policy"),
        (
            "named",
            "container has runAsNonRoot and image has non-numeric user (curl_user), cannot verify user is non-root",
        ),
    ):
        uid = rig.get(name)["metadata"]["uid"]
        message = f'{words} (pod: "{name}_default({uid})", container: main)'
        waiting = {"reason": "CreateContainerConfigError", "message": message}
        assert rig.container(name)["state"]["waiting"] == waiting
        assert ("Warning", "Failed", f"Error: {message}") in [event[:3] for event in rig.events(name)]
    for name in ("fine", "allowed", "unknown"):
        assert "running" in rig.container(name)["state"]
