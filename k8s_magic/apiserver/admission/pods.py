"""DefaultTolerationSeconds, and TaintNodesByCondition for new nodes.

Source: plugin/pkg/admission/defaulttolerationseconds, plugin/pkg/admission/nodetaint
"""

from __future__ import annotations

from typing import Any

from k8s_magic.machinery.meta import Object

NOT_READY = "node.kubernetes.io/not-ready"
UNREACHABLE = "node.kubernetes.io/unreachable"
TOLERATION_SECONDS = 300


def _toleration(key: str) -> Object:
    return {"key": key, "operator": "Exists", "effect": "NoExecute", "tolerationSeconds": TOLERATION_SECONDS}


def tolerate_bad_nodes(spec: Object) -> None:
    """A Pod stays five minutes on a node that is not ready or unreachable unless it says otherwise."""
    tolerations: list[dict[str, Any]] = spec.get("tolerations") or []
    added = [key for key in (NOT_READY, UNREACHABLE) if not any(_covers(each, key) for each in tolerations)]
    if added:
        spec["tolerations"] = [*tolerations, *map(_toleration, added)]


def _covers(toleration: dict[str, Any], key: str) -> bool:
    return (toleration.get("key") or key) == key and (toleration.get("effect") or "NoExecute") == "NoExecute"


def taint_new_node(node: Object) -> None:
    """A new node takes no Pods until the node lifecycle controller has seen it ready."""
    spec = node.get("spec")
    if spec is None:
        spec = node["spec"] = {}
    taints = spec.get("taints") or []
    if not any(taint.get("key") == NOT_READY and taint.get("effect") == "NoSchedule" for taint in taints):
        spec["taints"] = [*taints, {"key": NOT_READY, "effect": "NoSchedule"}]
