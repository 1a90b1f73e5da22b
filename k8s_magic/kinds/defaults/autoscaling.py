"""Defaults of the autoscaling group. Source: pkg/apis/autoscaling/{v1,v2}/defaults.go, v1/conversion.go"""

from __future__ import annotations

from typing import Any

from k8s_magic.machinery.meta import Object

DEFAULT_CPU_UTILIZATION = 80  # Source: pkg/apis/autoscaling/types.go


def autoscaler_v1(obj: Object) -> None:
    spec = obj["spec"]
    spec.setdefault("minReplicas", 1)
    if "targetCPUUtilizationPercentage" not in spec:
        annotations = obj["metadata"].get("annotations") or {}
        if "autoscaling.alpha.kubernetes.io/metrics" not in annotations:
            spec["targetCPUUtilizationPercentage"] = DEFAULT_CPU_UTILIZATION


def autoscaler(obj: Object) -> None:
    spec = obj["spec"]
    spec.setdefault("minReplicas", 1)
    if not spec.get("metrics"):
        target = {"type": "Utilization", "averageUtilization": DEFAULT_CPU_UTILIZATION}
        spec["metrics"] = [{"type": "Resource", "resource": {"name": "cpu", "target": target}}]
    behavior = spec.get("behavior")
    if behavior is not None:
        up: dict[str, Any] = {
            "stabilizationWindowSeconds": 0,
            "selectPolicy": "Max",
            "policies": [
                {"type": "Pods", "value": 4, "periodSeconds": 15},
                {"type": "Percent", "value": 100, "periodSeconds": 15},
            ],
        }
        down: dict[str, Any] = {
            "selectPolicy": "Max",
            "policies": [{"type": "Percent", "value": 100, "periodSeconds": 15}],
        }
        behavior["scaleUp"] = up | behavior.get("scaleUp", {})
        behavior["scaleDown"] = down | behavior.get("scaleDown", {})


TYPES = {
    "autoscaling.v1.HorizontalPodAutoscaler": autoscaler_v1,
    "autoscaling.v2.HorizontalPodAutoscaler": autoscaler,
}
