"""A cluster of an API server and controllers, with a node agent that binds Pods and makes them ready after a while."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from k8s_magic.apiserver import ApiServer
from k8s_magic.client.context import Component, ComponentRecord, Context
from k8s_magic.client.inprocess import InProcessTransport
from k8s_magic.machinery import names
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.names import GroupVersionResource
from k8s_magic.machinery.protocols import DeleteOptions
from k8s_magic.sim.kernel import Kernel
from k8s_magic.sim.streams import Streams
from k8s_magic.sim.time import MILLISECOND, SECOND, SimTime, TimeFormatter

WATCHED = (names.DEPLOYMENTS, names.REPLICA_SETS, names.PODS, names.ENDPOINT_SLICES)


class Recorder:
    """Notes events as (kind/name, reason, message)."""

    def __init__(self, events: list[tuple[str, str, str]]) -> None:
        self._events = events

    def event(self, obj: Object, type: str, reason: str, message: str, *, field_path: str = "") -> None:
        self._events.append((f"{obj['kind']}/{obj['metadata']['name']}", reason, message))


class Rig:
    def __init__(self, records: Iterable[ComponentRecord], services: dict[str, Any] | None = None) -> None:
        self.kernel = Kernel()
        self.streams = Streams(0)
        self.times = TimeFormatter()
        self.server = ApiServer(self.kernel, self.streams, self.times)
        self._readiness = True
        self.events: list[tuple[str, str, str]] = []
        self.context = Context(
            kernel=self.kernel,
            streams=self.streams,
            times=self.times,
            informer=self.server.informer,
            transport=lambda actor: InProcessTransport(self.server, actor, component=True),
            recorder=lambda component, host="": Recorder(self.events),
            services=services or {},
        )
        self.api = InProcessTransport(self.server, "person")
        for namespace in ("default", "kube-system", "kube-node-lease"):
            self.ensure_namespace(namespace)
        self.components: list[Component] = [record.build(self.context) for record in records]
        for component in self.components:
            component.start()

    def ensure_namespace(self, name: str) -> None:
        if self.server.informer(names.NAMESPACES).get("", name) is None:
            self.create(names.NAMESPACES, "", {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}})

    def create(self, resource: GroupVersionResource, namespace: str, body: Object) -> Object:
        return self.api.create(resource, namespace, body)

    def get(self, resource: GroupVersionResource, name: str, namespace: str = "default") -> Object:
        return self.api.get(resource, namespace, name)

    def all(self, resource: GroupVersionResource, namespace: str = "default") -> list[Object]:
        return list(self.server.informer(resource).list(namespace))

    def patch(self, resource: GroupVersionResource, name: str, patch: Any, namespace: str = "default") -> Object:
        return self.api.patch(resource, namespace, name, patch, "merge")

    def delete(self, resource: GroupVersionResource, name: str, namespace: str = "default", **options: Any) -> Object:
        return self.api.delete(resource, namespace, name, options=DeleteOptions(**options))

    def run(self, seconds: float = 1.0) -> None:
        self.kernel.run_until(self.kernel.now + int(seconds * SECOND))

    def agent(
        self,
        *,
        ready_after: SimTime | None = 100 * MILLISECOND,
        apart: SimTime = 0,
        gone_after: SimTime = SECOND,
        node: str = "node-1",
    ) -> None:
        """Bind every Pod, make it ready after a while (None: never), and let deleted ones go after another.

        Of Pods that come at one instant, each is ready (and gone) `apart` later than the one before.
        """
        pods = self.server.informer(names.PODS)
        self._readiness = ready_after is not None
        started: set[str] = set()
        going: set[str] = set()
        last: dict[str, tuple[SimTime, int]] = {}

        def turn(what: str) -> SimTime:
            at, count = last.get(what, (-1, 0))
            count = count + 1 if at == self.kernel.now else 0
            last[what] = (self.kernel.now, count)
            return count * apart

        def note(type: str, new: Object, old: Object | None) -> None:
            uid, key = new["metadata"]["uid"], (new["metadata"]["namespace"], new["metadata"]["name"])
            if type == "DELETED":
                return
            if "deletionTimestamp" in new["metadata"]:
                if uid not in going:
                    going.add(uid)
                    self.kernel.call_after(gone_after + turn("gone"), self._gone, *key)
            elif uid not in started:
                started.add(uid)
                self.kernel.call_after(MILLISECOND, self._bind, *key, node)
                if self._readiness and ready_after is not None:
                    self.kernel.call_after(ready_after + turn("ready"), self.make_ready, *key)

        pods.add_handler(note)

    def stop_readiness(self) -> None:
        """Pods created from now on never become ready."""
        self._readiness = False

    def _bind(self, namespace: str, name: str, node: str) -> None:
        body = {
            "apiVersion": "v1",
            "kind": "Binding",
            "metadata": {"name": name},
            "target": {"kind": "Node", "name": node},
        }
        pod = self.server.informer(names.PODS).get(namespace, name)
        if pod is not None and not pod["spec"].get("nodeName"):
            self.api.create(names.PODS, namespace, body, name=name, subresource="binding")

    def make_ready(self, namespace: str, name: str, ready: bool = True) -> None:
        pod = self.server.informer(names.PODS).get(namespace, name)
        if pod is None:
            return
        now = self.times.seconds(self.kernel.now)
        status = {
            **pod["status"],
            "phase": "Running",
            "podIP": "10.244.0.9",
            "podIPs": [{"ip": "10.244.0.9"}],
            "conditions": [{"type": "Ready", "status": str(ready), "lastTransitionTime": now}],
        }
        self.api.update(names.PODS, namespace, name, {**pod, "status": status}, subresource="status")

    def _gone(self, namespace: str, name: str) -> None:
        if self.server.informer(names.PODS).get(namespace, name) is not None:
            self.delete(names.PODS, name, namespace, grace_period_seconds=0)

    def trace(self, resource: GroupVersionResource) -> list[tuple[str, str, list[str]]]:
        """From now on: (type, name, changed paths) of every write, as the recordings tell it."""
        told: list[tuple[str, str, list[str]]] = []

        def note(type: str, new: Object, old: Object | None) -> None:
            changes = [] if old is None or type == "DELETED" else changed(old, new)
            told.append((type, new["metadata"]["name"], changes))

        self.server.informer(resource).add_handler(note)
        return told


def changed(old: Any, new: Any, path: str = "") -> list[str]:
    """Paths that were added (+), removed (-) or changed (~), without what every write changes."""
    if path in (".metadata.resourceVersion", ".metadata.managedFields"):
        return []
    if isinstance(old, dict) and isinstance(new, dict):
        found = []
        for key in sorted(old.keys() | new.keys()):
            here = f"{path}.{key}"
            if key not in old:
                found.append(f"+{here}")
            elif key not in new:
                found.append(f"-{here}")
            elif old[key] != new[key]:
                found += changed(old[key], new[key], here)
        return found
    return [f"~{path}"]


def deployment(name: str = "web", image: str = "nginx:1.25", replicas: int = 3, **spec: Any) -> Object:
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": name, "labels": {"app": name}},
        "spec": {
            "replicas": replicas,
            "selector": {"matchLabels": {"app": name}},
            "template": {
                "metadata": {"labels": {"app": name}},
                "spec": {"containers": [{"name": "web", "image": image, "ports": [{"containerPort": 80}]}]},
            },
            **spec,
        },
    }


Records = Callable[[], list[ComponentRecord]]
