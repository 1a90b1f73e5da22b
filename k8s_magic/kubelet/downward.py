"""What a Pod may learn of itself: fieldRef and resourceFieldRef.

Source: pkg/fieldpath/fieldpath.go, pkg/kubelet/kubelet_pods.go (podFieldSelectorRuntimeValue),
pkg/api/v1/resource/helpers.go (ExtractContainerResourceValue) (1.36)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from k8s_magic.machinery import meta, quantity
from k8s_magic.machinery.meta import Object

ZERO = "0"


class FieldPathError(ValueError):
    """A field that cannot be told; the message is the kubelet's."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is known of a Pod only on its node. Units: millicores and bytes that the node can give."""

    host_ip: str
    pod_ip: str
    cpu_milli: int
    memory_bytes: int


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return f'"{escaped}"'


def _formatted(pairs: Mapping[str, str]) -> str:
    return "\n".join(f"{key}={_quoted(value)}" for key, value in sorted(pairs.items()))


def field(pod: Object, path: str, around: Surroundings) -> str:
    """Raises: FieldPathError."""
    metadata, spec = pod["metadata"], pod["spec"]
    if path.endswith("']") and "['" in path:
        head, _, key = path[:-2].partition("['")
        if head == "metadata.labels":
            return str(meta.labels_of(pod).get(key, ""))
        if head == "metadata.annotations":
            return str(meta.annotations_of(pod).get(key, ""))
        raise FieldPathError(f'fieldPath "{path}" does not support subscript')
    known: dict[str, Callable[[], Any]] = {
        "metadata.name": lambda: metadata["name"],
        "metadata.namespace": lambda: metadata["namespace"],
        "metadata.uid": lambda: metadata["uid"],
        "metadata.labels": lambda: _formatted(meta.labels_of(pod)),
        "metadata.annotations": lambda: _formatted(meta.annotations_of(pod)),
        "spec.nodeName": lambda: spec.get("nodeName", ""),
        "spec.serviceAccountName": lambda: spec.get("serviceAccountName", ""),
        "spec.restartPolicy": lambda: spec.get("restartPolicy", ""),
        "spec.schedulerName": lambda: spec.get("schedulerName", ""),
        "status.phase": lambda: (pod.get("status") or {}).get("phase", ""),
        "status.hostIP": lambda: around.host_ip,
        "status.hostIPs": lambda: around.host_ip,
        "status.podIP": lambda: around.pod_ip,
        "status.podIPs": lambda: around.pod_ip,
    }
    read = known.get(path)
    if read is None:
        raise FieldPathError(f"unsupported fieldPath: {path}")
    return str(read())


def resource(pod: Object, container: Mapping[str, Any], reference: Mapping[str, Any], around: Surroundings) -> str:
    """Raises: FieldPathError."""
    name = reference.get("containerName")
    if name:
        containers = [*(pod["spec"].get("initContainers") or ()), *pod["spec"]["containers"]]
        found = next((one for one in containers if one["name"] == name), None)
        if found is None:
            raise FieldPathError(f"container {name} not found")
        container = found
    wanted: str = reference["resource"]
    family, _, kind = wanted.partition(".")
    resources = container.get("resources") or {}
    limits = resources.get("limits") or {}
    text = (limits if family == "limits" else resources.get("requests") or {}).get(kind)
    if text is None and family == "limits":
        text = {"cpu": f"{around.cpu_milli}m", "memory": str(around.memory_bytes)}.get(kind)
    value = quantity.parse(text if text is not None else ZERO)
    divisor = quantity.parse(reference.get("divisor") or ZERO)
    if kind == "cpu":
        unit = divisor.milli or 1000
        return str(-(-value.milli // unit))
    if kind in ("memory", "ephemeral-storage") or kind.startswith("hugepages-"):
        unit = divisor.value or 1
        return str(-(-value.value // unit))
    raise FieldPathError(f"unsupported container resource : {wanted}")
