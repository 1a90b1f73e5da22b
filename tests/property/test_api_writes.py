"""Any sequence of writes: list and watch tell the same story, indexes are right, stored objects never change."""

from __future__ import annotations

import copy
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from k8s_magic.apiserver import ApiServer
from k8s_magic.client.inprocess import InProcessTransport
from k8s_magic.machinery import meta, names
from k8s_magic.machinery.errors import ApiError
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.protocols import DeleteOptions, ListOptions
from k8s_magic.sim.kernel import Kernel
from k8s_magic.sim.streams import Streams
from k8s_magic.sim.time import TimeFormatter

NAMES = ("a", "b", "c")
LABELS = st.dictionaries(st.sampled_from(("app", "tier")), st.sampled_from(("x", "y")), max_size=2)
STEPS = st.one_of(
    st.tuples(st.just("create"), st.sampled_from(NAMES), LABELS),
    st.tuples(st.just("replica"), st.sampled_from(NAMES), LABELS),
    st.tuples(st.just("label"), st.sampled_from(NAMES), LABELS),
    st.tuples(st.just("relabel"), st.sampled_from(NAMES), LABELS),
    st.tuples(st.just("status"), st.sampled_from(NAMES), LABELS),
    st.tuples(st.just("bind"), st.sampled_from(NAMES), LABELS),
    st.tuples(st.just("delete"), st.sampled_from(NAMES), LABELS),
    st.tuples(st.just("kill"), st.sampled_from(NAMES), LABELS),
    st.tuples(st.just("finalize"), st.sampled_from(NAMES), LABELS),
)


class World:
    """A server, what every write left behind (and a deep copy of it), and four watches."""

    def __init__(self) -> None:
        self.kernel = Kernel()
        self.server = ApiServer(self.kernel, Streams(0), TimeFormatter())
        self.user = InProcessTransport(self.server, "kubectl")
        self.component = InProcessTransport(self.server, "kubelet", component=True)
        self.kept: list[tuple[Object, Object]] = []
        for resource in (names.PODS, names.NAMESPACES, names.SERVICE_ACCOUNTS):
            self.server.informer(resource).add_handler(self._keep)
        self.user.create(names.NAMESPACES, "", {"metadata": {"name": "default"}})
        self.user.create(names.SERVICE_ACCOUNTS, "default", {"metadata": {"name": "default"}})
        self.template = {"containers": [{"name": "c", "image": "nginx"}]}
        self.selectors = ("", "app=x", "app!=x,tier", "app in (x,y)")
        self.watches = [
            self.server.watch("", names.PODS, "", options=ListOptions(label_selector=text)) for text in self.selectors
        ]

    def _keep(self, type: str, new: Object, old: Object | None) -> None:
        self.kept.append((new, copy.deepcopy(new)))

    def do(self, verb: str, name: str, labels: dict[str, str]) -> None:
        self.kernel.run_until(self.kernel.now + 1_000_000)
        pods = self.server.informer(names.PODS)
        pod = pods.get("default", name)
        try:
            if verb == "create":
                body = {"metadata": {"name": name, "labels": labels}, "spec": copy.deepcopy(self.template)}
                self.user.create(names.PODS, "default", body)
            elif verb == "replica":
                metadata: dict[str, Any] = {"generateName": f"{name}-", "labels": labels}
                body = {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": self.template}
                self.component.create(names.PODS, "default", body)
            elif verb == "bind":
                body = {"target": {"name": "n1"}}
                self.component.create(names.PODS, "default", body, name=name, subresource="binding")
            elif verb == "label":
                patch = {"metadata": {"labels": {"app": None, "tier": None, **labels}}}
                self.user.patch(names.PODS, "default", name, patch, "merge")
            elif verb == "delete":
                self.user.delete(names.PODS, "default", name)
            elif verb == "kill":
                self.component.delete(names.PODS, "default", name, options=DeleteOptions(grace_period_seconds=0))
            elif pod is not None and verb == "relabel":
                self.component.update(names.PODS, "default", name, meta.with_metadata(pod, labels=labels))
            elif pod is not None and verb == "finalize":
                held = pod["metadata"].get("finalizers")
                wanted = None if held else ["example.com/held"]
                self.component.update(names.PODS, "default", name, meta.with_metadata(pod, finalizers=wanted))
            elif pod is not None:
                status = {**pod["status"], "phase": "Running", "message": str(labels)}
                self.component.update(names.PODS, "default", name, meta.with_status(pod, status), subresource="status")
        except ApiError:
            pass


@settings(max_examples=60, deadline=None)
@given(st.lists(STEPS, max_size=30))
def test_writes(steps: list[tuple[str, str, dict[str, str]]]) -> None:
    world = World()
    for step in steps:
        world.do(*step)

    for written, was in world.kept:
        assert written == was

    pods = world.server.informer(names.PODS)
    revisions = [int(obj["metadata"]["resourceVersion"]) for obj, _ in world.kept]
    assert revisions == sorted(set(revisions))

    for text, watch in zip(world.selectors, world.watches, strict=True):
        replayed: dict[str, Object] = {}
        while (event := watch.take()) is not None:
            name = event.object["metadata"]["name"]
            assert (name in replayed) is (event.type != "ADDED")
            if event.type == "DELETED":
                del replayed[name]
            else:
                replayed[name] = event.object
        listed = world.user.list(names.PODS, "", options=ListOptions(label_selector=text))["items"]
        assert sorted(replayed.values(), key=meta.name_of) == listed

    every = list(pods.list())
    for key in ("app", "tier"):
        for value in ("x", "y"):
            expected = [obj for obj in every if meta.labels_of(obj).get(key) == value]
            assert sorted(pods.by_label("default", key, value), key=meta.name_of) == sorted(expected, key=meta.name_of)
    on_node = [obj for obj in every if obj["spec"].get("nodeName") == "n1"]
    assert sorted(pods.by_node("n1"), key=meta.name_of) == sorted(on_node, key=meta.name_of)


@settings(max_examples=15, deadline=None)
@given(st.lists(STEPS, max_size=20))
def test_the_same_writes_give_the_same_bytes(steps: list[tuple[str, str, dict[str, str]]]) -> None:
    stories = []
    for _ in range(2):
        world = World()
        for step in steps:
            world.do(*step)
        stories.append([was for _, was in world.kept])
    assert stories[0] == stories[1]


@settings(max_examples=20, deadline=None)
@given(st.lists(STEPS, max_size=25), st.integers(min_value=0, max_value=25))
def test_a_watch_from_any_revision_goes_on_from_its_list(steps: list[tuple[str, str, dict[str, str]]], at: int) -> None:
    world = World()
    for step in steps[:at]:
        world.do(*step)
    listed = world.user.list(names.PODS, "")
    state = {meta.name_of(obj): obj for obj in listed["items"]}
    for step in steps[at:]:
        world.do(*step)
    since = ListOptions(resource_version=listed["metadata"]["resourceVersion"])
    watch = world.server.watch("", names.PODS, "", options=since)
    while (event := watch.take()) is not None:
        if event.type == "DELETED":
            del state[meta.name_of(event.object)]
        else:
            state[meta.name_of(event.object)] = event.object
    assert [state[name] for name in sorted(state)] == world.user.list(names.PODS, "")["items"]
