"""The story of one object, for whoever opens it in a view: its conditions, containers, reasons, labels and events.

An order of the page asks for it ({"do": "story", "uid": …} or {"do": "story", "node": …}); the answer carries

    title       `Pod default/web-1`
    facts       [label key, text]; the page says the label in its language
    conditions  [type, status, reason, message]
    containers  [name, image, state, reason, message, restarts]
    events      [simulated microseconds, reason, message], the newest last
"""

from __future__ import annotations

from typing import Any

from k8s_magic.machinery import meta, names
from k8s_magic.machinery.meta import Object
from k8s_magic.widgets.scene import Scene

EVENTS = 12


def answer(scene: Scene, order: dict[str, Any]) -> dict[str, Any]:
    """What an order for a story is answered with. Never raises for what a page sent."""
    name = order.get("node")
    obj = scene.node(name) if isinstance(name, str) else scene.pod(str(order.get("uid")))
    if obj is None:
        return {"ok": False, "text": "gone"}
    return {"ok": True, "text": "", "story": of_node(scene, obj) if name else of_pod(scene, obj)}


def of_pod(scene: Scene, pod: Object) -> dict[str, Any]:
    spec, status = pod["spec"], pod.get("status", {})
    facts = [
        ("node", spec.get("nodeName", "")),
        ("ip", status.get("podIP", "")),
        ("phase", status.get("phase", "")),
        ("labels", ", ".join(f"{key}={value}" for key, value in sorted(meta.labels_of(pod).items()))),
        ("service account", spec.get("serviceAccountName", "")),
    ]
    found = {each["name"]: each for each in status.get("containerStatuses") or ()}
    return {
        "title": f"Pod {meta.namespace_of(pod)}/{meta.name_of(pod)}",
        "facts": [fact for fact in facts if fact[1]],
        "conditions": _conditions(status),
        "containers": [_container(container, found.get(container["name"], {})) for container in spec["containers"]],
        "events": _events(scene, "Pod", pod),
    }


def of_node(scene: Scene, node: Object) -> dict[str, Any]:
    info = node.get("status", {}).get("nodeInfo", {})
    addresses = [each["address"] for each in node.get("status", {}).get("addresses") or ()]
    box = scene.boxes.get(meta.name_of(node))
    facts = [
        ("roles", box.roles if box else ""),
        ("zone", box.zone if box else ""),
        ("ip", ", ".join(addresses[:1])),
        ("kubelet", info.get("kubeletVersion", "")),
        ("taints", ", ".join(box.taints) if box else ""),
    ]
    return {
        "title": f"Node {meta.name_of(node)}",
        "facts": [fact for fact in facts if fact[1]],
        "conditions": _conditions(node.get("status", {})),
        "containers": [],
        "events": _events(scene, "Node", node),
    }


def _conditions(status: dict[str, Any]) -> list[list[str]]:
    return [
        [each["type"], each["status"], each.get("reason", ""), each.get("message", "")]
        for each in status.get("conditions") or ()
    ]


def _container(container: Object, status: dict[str, Any]) -> list[Any]:
    state = status.get("state") or {"waiting": {}}
    name, detail = next(iter(state.items()))
    last = (status.get("lastState") or {}).get("terminated") or {}
    message = (detail or {}).get("message", "")
    if not message and last:
        message = f"last: {last.get('reason', '')}, exit code {last.get('exitCode', 0)}"
    row = [container["name"], container.get("image", ""), name, (detail or {}).get("reason", ""), message]
    return [*row, status.get("restartCount", 0)]


def _events(scene: Scene, kind: str, obj: Object) -> list[list[Any]]:
    """The newest of those that are about an object."""
    found = []
    for event in scene.context.informer(names.EVENTS).list(meta.namespace_of(obj) or "default"):
        about = event.get("involvedObject") or {}
        if about.get("kind") == kind and about.get("name") == meta.name_of(obj):
            when = event.get("lastTimestamp") or event.get("eventTime") or event["metadata"].get("creationTimestamp")
            found.append([scene.context.times.parse(when) if when else 0, event.get("reason", ""), event["message"]])
    return sorted(found, key=lambda row: row[0])[-EVENTS:]
