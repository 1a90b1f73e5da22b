"""What goes over the wire to the browser: one binary message a frame, JSON in UTF-8.

Shape of a frame:

    seq        counts up by one; the browser asks for a key frame when one is missing
    key        true where the frame is the whole picture, else only what changed
    time       simulated microseconds; `speed` and `paused` say how they go on until the next frame
    nodes      boxes, as in NODE_FIELDS; goneNodes: names
    pods       cells, each a list in the order of POD_FIELDS; gone: uids

Views that need more add keys of their own (`rollouts`, …): see their scenes.
"""

from __future__ import annotations

import json
from typing import Any

from k8s_magic.sim.time import SimTime
from k8s_magic.widgets.scene import Changes, NodeBox, PodCell

POD_FIELDS = (
    "uid",
    "namespace",
    "name",
    "node",
    "slot",
    "state",
    "reason",
    "owner",
    "revision",
    "is_old",
    "restarts",
    "ready_containers",
    "containers",
    "since",
)


def _pod(cell: PodCell) -> list[Any]:
    return [getattr(cell, name) for name in POD_FIELDS]


def _node(box: NodeBox) -> dict[str, Any]:
    return {
        "name": box.name,
        "roles": box.roles,
        "ready": box.is_ready,
        "cordoned": box.is_cordoned,
        "taints": box.taints,
        "cpu": box.cpu,
        "memory": box.memory,
        "pods": box.pods,
    }


def encode(
    changes: Changes,
    *,
    seq: int,
    key: bool,
    now: SimTime,
    speed: float,
    paused: bool,
    more: dict[str, Any] | None = None,
) -> bytes:
    frame: dict[str, Any] = {"seq": seq, "key": key, "time": now, "speed": speed, "paused": paused}
    if changes.nodes or key:
        frame["nodes"] = [_node(box) for box in changes.nodes.values()]
    if changes.pods or key:
        frame["pods"] = [_pod(cell) for cell in changes.pods.values()]
    if changes.gone_nodes:
        frame["goneNodes"] = list(changes.gone_nodes)
    if changes.gone:
        frame["gone"] = list(changes.gone)
    frame.update(more or {})
    return json.dumps(frame, separators=(",", ":"), ensure_ascii=False).encode()
