"""The in-process transport: blocking calls let simulated time pass; a component never blocks."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from k8s_magic.apiserver import ApiServer
from k8s_magic.client.inprocess import InProcessTransport
from k8s_magic.machinery import names
from k8s_magic.machinery.errors import ApiError, Unsupported
from k8s_magic.machinery.protocols import HttpAnswer, ListOptions, LogOptions
from k8s_magic.sim.kernel import Kernel
from k8s_magic.sim.streams import Streams
from k8s_magic.sim.time import MILLISECOND, SECOND, TimeFormatter


class StepPump:
    """Lets time pass by running the kernel."""

    def __init__(self, kernel):
        self.kernel = kernel

    def wait(self, ready, timeout=None):
        end = None if timeout is None else self.kernel.now + timeout
        while not ready():
            due = self.kernel.next_time()
            if due is None or (end is not None and due > end):
                if end is not None:
                    self.kernel.run_until(end)
                return False
            self.kernel.step()
        return True


class Ended:
    """A session that ends by itself, a part of it at each step."""

    def __init__(self, exit_code, parts):
        self.exit_code, self._parts = exit_code, parts

    def step(self):
        if not self._parts:
            return True
        self._parts.pop()()
        return False

    def close(self):
        self._parts.clear()


class Connector:
    def logs(self, pod, options):
        yield "one\n"
        yield None
        yield "two\n"

    def exec(self, pod, container, command, stdin, on_output, tty=False):
        on_output("stdout", f"{container}: {' '.join(command)}\n")
        return Ended(3, []) if command == ["now"] else Ended(4, [lambda: on_output("stderr", "late\n")])

    def proxy(self, kind, namespace, name, path, method, headers, body):
        return HttpAnswer(200, f"{method} {kind}/{name}{path} {body}", headers)


class Rig:
    def __init__(self):
        self.kernel = Kernel()
        self.server = ApiServer(self.kernel, Streams(0), TimeFormatter())
        self.server.connector = Connector()
        self.user = InProcessTransport(self.server, "kubectl", StepPump(self.kernel))
        self.user.create(names.NAMESPACES, "", {"metadata": {"name": "default"}})

    def pod(self, name="p", containers=("c",)):
        spec = {"containers": [{"name": each, "image": "i"} for each in containers]}
        self.user.create(names.SERVICE_ACCOUNTS, "default", {"metadata": {"name": "default"}})
        self.user.create(names.PODS, "default", {"metadata": {"name": name}, "spec": spec})

    def bind(self, name="p"):
        self.user.create(names.PODS, "default", {"target": {"name": "n"}}, name=name, subresource="binding")


@pytest.fixture
def rig():
    return Rig()


def config_map(rig, name):
    rig.user.create(names.CONFIG_MAPS, "default", {"metadata": {"name": name}})


def test_now_and_sleep(rig):
    rig.user.sleep(1.5)
    assert rig.user.now() == datetime(2026, 1, 1, 0, 0, 1, 500_000, tzinfo=UTC)


def test_a_watch_waits_for_what_happens(rig):
    watch = rig.user.watch(names.CONFIG_MAPS, "default")
    rig.kernel.call_at(SECOND, config_map, rig, "m")
    assert watch.next(500 * MILLISECOND) is None
    assert rig.kernel.now == 500 * MILLISECOND
    event = watch.next()
    assert (event.type, event.object["metadata"]["name"], rig.kernel.now) == ("ADDED", "m", SECOND)
    watch.close()
    assert watch.next() is None


def test_a_watch_with_a_timeout_ends_by_itself(rig):
    rig.kernel.call_at(SECOND, config_map, rig, "a")
    rig.kernel.call_at(9 * SECOND, config_map, rig, "b")
    options = ListOptions(timeout=5 * SECOND, allow_bookmarks=True)
    events = list(rig.user.watch(names.CONFIG_MAPS, "default", options=options))
    assert [(event.type, event.object["metadata"].get("name")) for event in events] == [
        ("ADDED", "a"),
        ("BOOKMARK", None),
    ]
    assert rig.kernel.now == 5 * SECOND


def test_a_pod_waits_a_moment_for_the_default_service_account(rig):
    body = {"metadata": {"name": "p"}, "spec": {"containers": [{"name": "c", "image": "i"}]}}
    account = {"metadata": {"name": "default"}}
    rig.kernel.call_at(20 * MILLISECOND, rig.user.create, names.SERVICE_ACCOUNTS, "default", account)
    assert rig.user.create(names.PODS, "default", body)["spec"]["serviceAccountName"] == "default"
    assert rig.kernel.now == 20 * MILLISECOND


def test_without_it_the_refusal_comes_at_last_and_a_component_hears_it_at_once(rig):
    body = {"metadata": {"name": "p"}, "spec": {"containers": [{"name": "c", "image": "i"}]}}
    component = InProcessTransport(rig.server, "job-controller", StepPump(rig.kernel), component=True)
    with pytest.raises(ApiError, match='serviceaccount "default" not found'):
        component.create(names.PODS, "default", body)
    assert rig.kernel.now == 0
    with pytest.raises(ApiError, match='serviceaccount "default" not found'):
        rig.user.create(names.PODS, "default", body)
    assert rig.kernel.now == 1_500 * MILLISECOND


def test_a_component_cannot_wait(rig):
    with pytest.raises(Unsupported):
        InProcessTransport(rig.server, "kubelet", component=True).sleep(1)


def test_logs(rig):
    rig.pod()
    assert list(rig.user.logs("default", "p", LogOptions())) == []
    rig.bind()
    assert list(rig.user.logs("default", "p", LogOptions(follow=True))) == ["one\n", "two\n"]
    assert rig.kernel.now == 50 * MILLISECOND
    with pytest.raises(ApiError, match="container x is not valid for pod p"):
        rig.user.logs("default", "p", LogOptions(container="x"))
    with pytest.raises(ApiError, match='pods "q" not found'):
        rig.user.logs("default", "q", LogOptions())


def test_a_pod_of_two_containers_needs_a_name(rig):
    rig.pod("two", ("a", "b"))
    words = r"a container name must be specified for pod two, choose one of: \[a b\]"
    with pytest.raises(ApiError, match=words):
        rig.user.logs("default", "two", LogOptions())


def test_exec(rig):
    rig.pod()
    with pytest.raises(ApiError, match="pod p does not have a host assigned"):
        rig.user.exec("default", "p", "", ["now"])
    rig.bind()
    heard = []
    result = rig.user.exec("default", "p", "", ["now"], on_output=lambda *chunk: heard.append(chunk))
    assert (result.exit_code, result.stdout, heard) == (3, "c: now\n", [("stdout", "c: now\n")])
    rig.kernel.call_after(SECOND, lambda: None)
    slow = rig.user.exec("default", "p", "c", ["slow"])
    assert (slow.exit_code, slow.chunks) == (4, [("stdout", "c: slow\n"), ("stderr", "late\n")])


def test_proxy(rig):
    rig.pod()
    answer = rig.user.proxy(names.PODS, "default", "p:80", "/x", method="POST", headers={"A": "b"}, body="hello")
    assert (answer.status, answer.body) == (200, "POST pods/p:80/x hello")
    assert answer.headers == {
        "Host": "127.0.0.1:6443",
        "A": "b",
        "Accept-Encoding": "gzip",
        "X-Forwarded-For": "127.0.0.1",
        "X-Forwarded-Uri": "/api/v1/namespaces/default/pods/p:80/proxy/x",
    }
    with pytest.raises(ApiError, match='pods "q" not found'):
        rig.user.proxy(names.PODS, "default", "q", "/")
