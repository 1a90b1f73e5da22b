"""The official Python client against a served cluster, as a person's scripts use it."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator

import pytest
from kubernetes import client, config, watch
from kubernetes.client.exceptions import ApiException
from kubernetes.dynamic import DynamicClient
from kubernetes.leaderelection import electionconfig, leaderelection
from kubernetes.leaderelection.resourcelock.leaselock import LeaseLock
from kubernetes.stream import portforward, stream
from served import Served, config_map, eventually, pod

pytestmark = pytest.mark.clients

DEPLOYMENT = {
    "apiVersion": "apps/v1",
    "kind": "Deployment",
    "metadata": {"name": "web"},
    "spec": {
        "replicas": 2,
        "selector": {"matchLabels": {"app": "web"}},
        "template": {
            "metadata": {"labels": {"app": "web"}},
            "spec": {"containers": [{"name": "nginx", "image": "nginx"}]},
        },
    },
}


@pytest.fixture(scope="module")
def api(served: Served) -> Iterator[client.ApiClient]:
    with config.new_client_from_config(str(served.kubeconfig)) as found:
        yield found


@pytest.fixture
def core(api: client.ApiClient) -> client.CoreV1Api:
    return client.CoreV1Api(api)


@pytest.fixture(scope="module")
def web(api: client.ApiClient) -> str:
    """A Pod of nginx that runs."""
    core = client.CoreV1Api(api)
    core.create_namespaced_pod("default", pod("nginx"))
    eventually(lambda: core.read_namespaced_pod("nginx", "default").status.phase == "Running")
    return "nginx"


def test_objects_live_and_die(core: client.CoreV1Api) -> None:
    made = core.create_namespaced_config_map("default", config_map("a", k="1"))
    assert (made.data, made.metadata.creation_timestamp.tzinfo is not None) == ({"k": "1"}, True)
    with pytest.raises(ApiException) as twice:
        core.create_namespaced_config_map("default", config_map("a"))
    assert (twice.value.status, twice.value.reason) == (409, "Conflict")
    assert core.patch_namespaced_config_map("a", "default", {"data": {"m": "2"}}).data == {"k": "1", "m": "2"}
    made.data = {"k": "3"}
    with pytest.raises(ApiException) as stale:
        core.replace_namespaced_config_map("a", "default", made)
    assert stale.value.status == 409
    core.delete_namespaced_config_map("a", "default")
    with pytest.raises(ApiException) as gone:
        core.read_namespaced_config_map("a", "default")
    assert '"message":"configmaps \\"a\\" not found"' in gone.value.body


def test_lists_are_typed_and_come_in_chunks(core: client.CoreV1Api) -> None:
    assert [node.metadata.name for node in core.list_node().items] == ["control-plane", "node-1", "node-2"]
    names, token = [], None
    while token != "":
        found = core.list_pod_for_all_namespaces(limit=3, _continue=token)
        names += [each.metadata.name for each in found.items]
        token = found.metadata._continue or ""
    whole = [each.metadata.name for each in core.list_pod_for_all_namespaces().items]
    assert (names, len(whole) > 3) == (whole, True)


def test_every_list_that_the_client_knows_answers(api: client.ApiClient) -> None:
    """Answers are read into the client's models, which refuse what lacks a required field.

    Not events.k8s.io: the client's model refuses the empty eventTime that the real server sends, too.
    """
    apis = (
        client.AppsV1Api, client.AutoscalingV2Api, client.BatchV1Api, client.CoordinationV1Api, client.CoreV1Api,
        client.DiscoveryV1Api, client.NetworkingV1Api, client.PolicyV1Api,
        client.RbacAuthorizationV1Api, client.SchedulingV1Api, client.StorageV1Api,
    )  # fmt: skip
    asked = 0
    for group in apis:
        for name in dir(group):
            if name.startswith("list_") and name.endswith("_for_all_namespaces"):
                assert getattr(group(api), name)().items is not None
                asked += 1
    assert asked > 25


def test_deployments_scale_and_take_a_patch(api: client.ApiClient) -> None:
    apps = client.AppsV1Api(api)
    apps.create_namespaced_deployment("default", DEPLOYMENT)
    eventually(lambda: apps.read_namespaced_deployment("web", "default").status.ready_replicas == 2)
    apps.patch_namespaced_deployment_scale("web", "default", {"spec": {"replicas": 3}})
    eventually(lambda: apps.read_namespaced_deployment_status("web", "default").status.ready_replicas == 3)
    image = {"spec": {"template": {"spec": {"containers": [{"name": "nginx", "image": "nginx:1.27"}]}}}}
    apps.patch_namespaced_deployment("web", "default", image)
    eventually(lambda: apps.read_namespaced_deployment("web", "default").status.updated_replicas == 3)
    apps.delete_namespaced_deployment("web", "default", propagation_policy="Foreground")
    eventually(lambda: not apps.list_namespaced_deployment("default").items)


def test_a_watch_tells_all_in_order(core: client.CoreV1Api) -> None:
    heard = []
    version = core.list_namespaced_config_map("default").metadata.resource_version
    core.create_namespaced_config_map("default", config_map("w", n="0"))
    for number in (1, 2):
        core.patch_namespaced_config_map("w", "default", {"data": {"n": str(number)}})
    core.delete_namespaced_config_map("w", "default")
    for event in watch.Watch().stream(
        core.list_namespaced_config_map, "default", resource_version=version, timeout_seconds=2
    ):
        heard.append((event["type"], event["object"].data["n"]))
    assert heard == [("ADDED", "0"), ("MODIFIED", "1"), ("MODIFIED", "2"), ("DELETED", "2")]


def test_exec_answers_output_errors_and_the_exit_code(core: client.CoreV1Api, web: str) -> None:
    def run(command: list[str], **options: bool) -> object:
        asked = {"stdout": True, "stderr": True, "stdin": False, "tty": False, **options}
        return stream(core.connect_get_namespaced_pod_exec, web, "default", command=command, **asked)

    assert run(["sh", "-c", "echo out; echo err >&2"]) in ("out\nerr\n", "err\nout\n")
    session = run(["sh", "-c", "echo no >&2; exit 7"], _preload_content=False)
    session.run_forever(timeout=10)
    assert (session.read_stderr(), session.returncode) == ("no\n", 7)


def test_exec_reads_what_is_typed(core: client.CoreV1Api, web: str) -> None:
    session = stream(
        core.connect_get_namespaced_pod_exec, web, "default", command=["cat"],
        stdin=True, stdout=True, stderr=True, tty=False, _preload_content=False,
    )  # fmt: skip
    session.write_stdin("one\ntwo\n")
    session.close_channel(0)
    session.run_forever(timeout=10)
    assert (session.read_stdout(), session.returncode) == ("one\ntwo\n", 0)


@pytest.mark.parametrize("protocol", ["v5.channel.k8s.io", "v4.channel.k8s.io"])
@pytest.mark.parametrize("tty", [False, True])
def test_a_shell_is_talked_to(core: client.CoreV1Api, web: str, protocol: str, tty: bool) -> None:
    session = stream(
        core.connect_get_namespaced_pod_exec, web, "default", command=["sh"], _preload_content=False,
        stdin=True, stdout=True, stderr=True, tty=tty, _headers={"sec-websocket-protocol": protocol},
    )  # fmt: skip
    assert session.subprotocol == protocol
    heard = ""

    def ask(line: str, answer: str) -> None:
        nonlocal heard
        session.write_stdin(line + "\n")
        eventually(lambda: answer in hear())

    def hear() -> str:
        nonlocal heard
        heard += session.read_stdout(timeout=0.1) or ""
        return heard

    ask("cd /tmp; X=kept", "")
    ask("pwd", "/tmp")
    time.sleep(0.5)  # a person thinks; nothing ends meanwhile
    ask("echo $X; echo over there >&2", "kept")
    assert session.is_open()
    assert tty or session.read_stderr(timeout=5) == "over there\n"
    ask("cat", "")
    ask("typed to cat", "typed to cat")
    session.write_stdin("\x04" if tty else "")
    if tty:
        ask("echo $((6*7))", "42\r\n# ")
        session.write_stdin("exit 3\n")
    elif protocol.startswith("v5"):
        session.close_channel(0)
    else:
        session.close()
        return
    session.run_forever(timeout=10)
    assert session.returncode == (3 if tty else 0)


def test_a_shell_that_waits_is_attached_to(core: client.CoreV1Api) -> None:
    shell = pod("waits", ["sh"])
    shell["spec"]["containers"][0] |= {"stdin": True, "tty": True}
    core.create_namespaced_pod("default", shell)
    eventually(lambda: core.read_namespaced_pod("waits", "default").status.phase == "Running")
    for number in (1, 2):
        session = stream(
            core.connect_get_namespaced_pod_attach, "waits", "default", _preload_content=False,
            stdin=True, stdout=True, stderr=False, tty=True,
        )  # fmt: skip
        session.write_stdin(f"N=${{N:-0}}{number}; echo n=$N\n")
        heard: list[str] = []
        wanted = "n=01\r\n/ # " if number == 1 else "n=012\r\n/ # "
        eventually(lambda heard=heard, session=session, wanted=wanted: (
            heard.append(session.read_stdout(timeout=0.1) or "") or wanted in "".join(heard)
        ))  # fmt: skip
        session.close()
    assert core.read_namespaced_pod("waits", "default").status.container_statuses[0].restart_count == 0


def test_logs_are_followed(core: client.CoreV1Api) -> None:
    command = ["sh", "-c", "i=0; while [ $i -lt 5 ]; do echo line $i; i=$((i+1)); sleep 2; done"]
    core.create_namespaced_pod("default", pod("talker", command))
    eventually(lambda: core.read_namespaced_pod("talker", "default").status.phase == "Running")
    told = list(watch.Watch().stream(core.read_namespaced_pod_log, "talker", "default", follow=True))
    assert [line for line in told if line] == [f"line {number}" for number in range(5)]
    assert core.read_namespaced_pod_log("talker", "default", tail_lines=2) == "line 3\nline 4\n"


def test_port_forward_carries_a_real_request(core: client.CoreV1Api, web: str) -> None:
    forward = portforward(core.connect_get_namespaced_pod_portforward, web, "default", ports="80")
    sock = forward.socket(80)
    sock.settimeout(20)
    sock.sendall(b"GET / HTTP/1.1\r\nHost: nginx\r\nConnection: close\r\n\r\n")
    answer = b""
    while part := sock.recv(4096):
        answer += part
    assert answer.startswith(b"HTTP/1.1 200 OK\r\n")
    assert b"Welcome to nginx!" in answer
    assert forward.error(80) is None


def test_one_of_two_leads_by_a_lease(served: Served, core: client.CoreV1Api, caplog) -> None:
    caplog.set_level(logging.CRITICAL)
    config.load_kube_config(str(served.kubeconfig))
    led: list[str] = []
    stops = {name: threading.Event() for name in ("one", "two")}

    class Resigned(Exception):
        """Ends a candidate's loop: the client has no other way."""

    def candidate(name: str) -> None:
        lock = LeaseLock("leader", "default", name)
        renew = lock.update

        def update(*words):
            if stops[name].is_set():
                raise Resigned
            return renew(*words)

        lock.update = update

        def lead() -> None:
            led.append(name)

        settings = electionconfig.Config(
            lock, lease_duration=3, renew_deadline=2, retry_period=1, onstarted_leading=lead, onstopped_leading=None
        )
        try:
            leaderelection.LeaderElection(settings).run()
        except (Resigned, SystemExit):
            return

    threads = [threading.Thread(target=candidate, args=(name,), daemon=True) for name in stops]
    threads[0].start()
    eventually(lambda: led == ["one"])
    threads[1].start()
    time.sleep(2)
    assert led == ["one"]
    stops["one"].set()
    eventually(lambda: led == ["one", "two"])
    lease = client.CoordinationV1Api().read_namespaced_lease("leader", "default")
    assert lease.spec.holder_identity == "two"
    stops["two"].set()
    for thread in threads:
        thread.join(10)
    assert not any(thread.is_alive() for thread in threads)


def test_the_dynamic_client_discovers(api: client.ApiClient) -> None:
    dynamic = DynamicClient(api)
    resource = dynamic.resources.get(api_version="v1", kind="ConfigMap")
    body = config_map("dyn", k="1")
    applied = dynamic.server_side_apply(resource, body=body, field_manager="me", namespace="default")
    assert applied.data.to_dict() == {"k": "1"}
    assert [each.manager for each in applied.metadata.managedFields] == ["me"]
    assert resource.get(name="dyn", namespace="default").metadata.name == "dyn"
    resource.delete(name="dyn", namespace="default")
