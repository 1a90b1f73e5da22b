"""What goes over the wire to the browser: one binary message a frame, JSON in UTF-8.

Shape of a frame:

    seq        counts up by one; the browser asks for a key frame when one is missing
    key        true where the frame is the whole picture, else only what changed
    time       simulated microseconds; `speed` and `paused` say how they go on until the next frame
    nodes      boxes, as in NODE_FIELDS; goneNodes: names
    pods       cells, each a list in the order of POD_FIELDS; gone: uids
    labels     label sets by their index, which a cell's `labels` names
    services   selectors by `namespace/name`, all of them when one has changed

Views that need more add keys of their own (`rollouts`, …): see their scenes.
"""

from __future__ import annotations

import json
import zlib
from dataclasses import replace
from typing import Any

from k8s_magic.sim.time import SimTime
from k8s_magic.widgets.records import Changes, NodeBox, PodCell

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
    "parts",
    "labels",
    "until",
    "pull",
    "message",
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
        "pressure": box.pressure,
        "zone": box.zone,
        "evictsAt": box.evicts_at,
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
    if changes.labels:
        frame["labels"] = changes.labels
    if changes.services is not None:
        frame["services"] = changes.services
    frame.update(more or {})
    return json.dumps(frame, separators=(",", ":"), ensure_ascii=False).encode()


def snapshot(whole: Changes, *, now: SimTime, more: dict[str, Any]) -> bytes:
    """The last picture as a saved notebook keeps it: a compressed key frame that stands still.

    Its uids are short: nothing will ever refer to them, and they do not compress.
    """
    pods = {str(index): replace(cell, uid=str(index)) for index, cell in enumerate(whole.pods.values())}
    picture = Changes(nodes=whole.nodes, pods=pods, labels=whole.labels, services=whole.services)
    return zlib.compress(encode(picture, seq=0, key=True, now=now, speed=0.0, paused=True, more=more))
