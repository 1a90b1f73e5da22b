"""The columns of HorizontalPodAutoscalers, of autoscaling/v1 and v2.

Source: pkg/printers/internalversion/printers.go (v1.36)
"""

from __future__ import annotations

from typing import Any

from k8s_magic.kinds import printing
from k8s_magic.machinery.kind import Clock, Column
from k8s_magic.machinery.meta import Object

COLUMNS = (
    printing.NAME,
    Column("Reference"),
    Column("Targets"),
    Column("MinPods"),
    Column("MaxPods"),
    Column("Replicas"),
    printing.AGE,
)

_MOST = 2


def row(obj: Object, clock: Clock) -> list[Any]:
    spec, status = obj["spec"], obj.get("status") or {}
    target = spec["scaleTargetRef"]
    specs, statuses = spec.get("metrics") or [], status.get("currentMetrics") or []
    if not specs and spec.get("targetCPUUtilizationPercentage") is not None:
        # autoscaling/v1 says the one metric it knows in fields of their own.
        specs = [_cpu(spec["targetCPUUtilizationPercentage"], "target")]
        current = status.get("currentCPUUtilizationPercentage")
        statuses = [] if current is None else [_cpu(current, "current")]
    least = spec.get("minReplicas")
    return [
        obj["metadata"]["name"],
        f"{target['kind']}/{target['name']}",
        metrics(specs, statuses),
        "<unset>" if least is None else str(least),
        spec.get("maxReplicas", 0),
        status.get("currentReplicas", 0),
        printing.age(obj, clock),
    ]


def _cpu(percent: int, where: str) -> Object:
    amount = {"type": "Utilization", "averageUtilization": percent}
    return {"type": "Resource", "resource": {"name": "cpu", where: amount}}


def metrics(specs: list[Object], statuses: list[Object]) -> str:
    """`cpu: 12%/50%, memory: <unknown>/80%`."""
    if not specs:
        return "<none>"
    found = [_metric(spec, statuses[at] if at < len(statuses) else {}) for at, spec in enumerate(specs)]
    if len(found) > _MOST:
        return f"{', '.join(found[:_MOST])} + {len(found) - _MOST} more..."
    return ", ".join(found)


# The type's name and the key of its source.
_SOURCES = {
    "External": "external",
    "Pods": "pods",
    "Object": "object",
    "Resource": "resource",
    "ContainerResource": "containerResource",
}


def _metric(spec: Object, status: Object) -> str:
    key = _SOURCES.get(spec.get("type", ""))
    if key is None:
        return "<unknown type>"
    source = spec.get(key) or {}
    target = source.get("target") or {}
    observed = status.get(key)
    current = (observed or {}).get("current") or {}
    if key in ("resource", "containerResource"):
        name = source.get("name", "")
        if target.get("averageValue") is not None:
            value = "<unknown>" if observed is None else current.get("averageValue", "0")
            return f"{name}: {value}/{target['averageValue']}"
        used, wanted = current.get("averageUtilization"), target.get("averageUtilization")
        used_text = "<unknown>" if used is None else f"{used}%"
        return f"{name}: {used_text}/{'<auto>' if wanted is None else f'{wanted}%'}"
    if key == "pods":
        value = "<unknown>" if observed is None else current.get("averageValue", "0")
        return f"{value}/{target.get('averageValue', '0')}"
    if target.get("averageValue") is not None:
        return f"{current.get('averageValue', '<unknown>')}/{target['averageValue']} (avg)"
    value = "<unknown>" if observed is None else current.get("value", "0")
    return f"{value}/{target.get('value', '0')}"
