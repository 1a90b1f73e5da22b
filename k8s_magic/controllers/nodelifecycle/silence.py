"""What a node's silence makes of its conditions, and of its Pods.

Source: pkg/controller/nodelifecycle/node_lifecycle_controller.go tryUpdateNodeHealth,
pkg/controller/util/node/controller_utils.go MarkPodsNotReady (v1.36)
"""

from __future__ import annotations

from typing import Any

from k8s_magic.machinery import meta
from k8s_magic.machinery.meta import Object

WATCHED = ("Ready", "MemoryPressure", "DiskPressure", "PIDPressure")


def unknown_conditions(node: Object, now: str) -> list[dict[str, Any]]:
    """All that the kubelet reports becomes Unknown; what it never reported is added so."""
    held = list((node.get("status") or {}).get("conditions") or ())
    conditions = [_unknown(found, now) if found["type"] in WATCHED else found for found in held]
    reported = {found["type"] for found in held}
    for kind in WATCHED:
        if kind not in reported:
            conditions.append(
                {
                    "type": kind,
                    "status": "Unknown",
                    "lastHeartbeatTime": node["metadata"]["creationTimestamp"],
                    "lastTransitionTime": now,
                    "reason": "NodeStatusNeverUpdated",
                    "message": "Kubelet never posted node status.",
                }
            )
    return conditions


def _unknown(condition: dict[str, Any], now: str) -> dict[str, Any]:
    if condition["status"] == "Unknown":
        return condition
    return {
        **condition,
        "status": "Unknown",
        "lastTransitionTime": now,
        "reason": "NodeStatusUnknown",
        "message": "Kubelet stopped posting node status.",
    }


def unready(pod: Object, now: str) -> Object:
    conditions = [
        {**found, "status": "False", "lastTransitionTime": now} if found["type"] == "Ready" else found
        for found in pod["status"]["conditions"]
    ]
    return meta.with_status(pod, {**pod["status"], "conditions": conditions})
