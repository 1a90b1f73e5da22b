"""One Deployment's life, told by our watches as the real server's told it: the same writes in the same order for each
object, with the same fields changing.

What is left to chance on the real thing, and so is compared less strictly: how the writes of two objects interleave,
and how many of several Pods became ready or vanished between two writes of a status.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from k8s_magic.cluster import Cluster
from k8s_magic.machinery import names

RECORDED = Path(__file__).parent / "watch"
KINDS = {
    "deployments": names.DEPLOYMENTS,
    "replicasets": names.REPLICA_SETS,
    "pods": names.PODS,
    "endpointslices": names.ENDPOINT_SLICES,
    "events": names.EVENTS,
}
DEPLOYMENT = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 3
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: "nginx:1.25", ports: [{containerPort: 80}]}]}
"""
Write = tuple[str, tuple[str, ...]]


def changes(old: Any, new: Any, path: str = "") -> Iterator[str]:
    """Paths of what came (+), went (-) or changed (~); a list is one value."""
    for key in sorted({*old, *new}):
        where = f"{path}.{key}"
        if where in (".metadata.managedFields", ".metadata.resourceVersion"):
            continue
        if key not in old:
            yield f"+{where}"
        elif key not in new:
            yield f"-{where}"
        elif isinstance(old[key], dict) and isinstance(new[key], dict):
            yield from changes(old[key], new[key], where)
        elif old[key] != new[key]:
            yield f"~{where}"


def timeless(obj: Any) -> Any:
    """Without the clock's own doing: two writes within a second leave a condition's times alike, others do not."""
    conditions = obj.get("status", {}).get("conditions")
    if conditions is None:
        return obj
    kept = [{key: value for key, value in each.items() if not key.endswith("Time")} for each in conditions]
    return {**obj, "status": {**obj["status"], "conditions": kept}}


def by_object(events: list[tuple[str, Any]]) -> dict[str, list[Write]]:
    """Name -> its writes in order."""
    seen: dict[str, Any] = {}
    told: dict[str, list[Write]] = {}
    for type_, whole in events:
        obj = timeless(whole)
        name = obj["metadata"]["name"]
        paths = tuple(changes(seen[name], obj)) if type_ == "MODIFIED" else ()
        told.setdefault(name, []).append((type_, paths))
        seen[name] = obj
    return told


@pytest.fixture(scope="module")
def ours() -> dict[str, list[tuple[str, Any]]]:
    cluster = Cluster(nodes=3, bare=True)
    watches = {name: cluster.transport.watch(gvr, "default") for name, gvr in KINDS.items()}
    steps: list[tuple[str, str, float]] = [
        ("create -f -", DEPLOYMENT, 0.5),
        ("expose deployment web --port=80", "", 8),
        ("set image deployment/web web=nginx:1.26", "", 20),
        ("scale deployment web --replicas=5", "", 8),
        ("scale deployment web --replicas=1", "", 8),
        ("rollout undo deployment/web", "", 8),
        ("delete pod -l app=web --wait=false", "", 8),
        ("delete deployment/web service/web --wait=false", "", 8),
    ]
    for command, stdin, pause in steps:
        assert cluster.kubectl(command, stdin=stdin).exit_code == 0
        cluster.run(pause)
    told: dict[str, list[tuple[str, Any]]] = {}
    for name, watch in watches.items():
        told[name] = []
        while (event := watch.next(0)) is not None:
            told[name].append((event.type, event.object))
        watch.close()
    return told


def recorded(name: str) -> list[tuple[str, Any]]:
    rows = [json.loads(line) for line in (RECORDED / f"{name}.jsonl").read_text().splitlines()]
    return [(row["type"], row["object"]) for row in rows]


# Counts of Pods: which of them two writes tell together is by chance.
COUNTS = ("availableReplicas", "readyReplicas", "unavailableReplicas", "terminatingReplicas", "replicas")


def plain(writes: list[Write]) -> list[Write]:
    """Without the writes that only count Pods further."""
    kept = []
    for type_, paths in writes:
        telling = tuple(path for path in paths if path.rpartition(".")[2] not in COUNTS or ".spec." in path)
        if telling or type_ != "MODIFIED":
            kept.append((type_, telling))
    return kept


@pytest.mark.parametrize("kind", ["deployments", "replicasets"])
def test_each_object_is_written_as_recorded(ours, kind: str) -> None:
    real, told = by_object(recorded(kind)), by_object(ours[kind])
    assert list(told) == list(real)  # the pod-template-hash is in the name
    for name in real:
        assert plain(told[name]) == plain(real[name]), name


def test_every_pod_is_written_as_the_recorded_ones(ours) -> None:
    real = Counter(tuple(writes) for writes in by_object(recorded("pods")).values())
    told = Counter(tuple(writes) for writes in by_object(ours["pods"]).values())
    assert told.total() == real.total() == 10
    assert set(told) <= set(real)
    assert told.most_common(1)[0][0] == real.most_common(1)[0][0]


def test_endpoint_slices_follow(ours) -> None:
    real, told = by_object(recorded("endpointslices")), by_object(ours["endpointslices"])
    assert told.pop("kubernetes") == real.pop("kubernetes") == [("ADDED", ())]
    (of_real,), (of_told,) = real.values(), told.values()

    def kinds(writes: list[Write]) -> set[Write]:
        return {(type_, tuple(path for path in paths if ".annotations" not in path)) for type_, paths in writes}

    assert kinds(of_told) == kinds(of_real)
    assert (of_told[0], of_told[-1]) == (of_real[0], of_real[-1])


def test_events_say_the_same(ours) -> None:
    def said(events: list[tuple[str, Any]]) -> Counter[tuple[str, ...]]:
        found = Counter(
            (
                type_,
                obj["reason"],
                obj["type"],
                obj["involvedObject"]["kind"],
                obj["source"].get("component", obj.get("reportingComponent", "")),
            )
            for type_, obj in events
            if obj["involvedObject"]["kind"] != "Node"  # the recorded cluster was an old one
        )
        found.pop(("ADDED", "Pulling", "Normal", "Pod", "kubelet"))  # and had the images already
        return found

    def scaling(events: list[tuple[str, Any]]) -> list[str]:
        return [obj["message"] for _, obj in events if obj["reason"] == "ScalingReplicaSet"]

    assert said(ours["events"]) == said(recorded("events"))
    assert scaling(ours["events"]) == scaling(recorded("events"))
