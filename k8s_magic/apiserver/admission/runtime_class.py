"""RuntimeClass: the class must exist; its overhead and scheduling go into the Pod.

Source: plugin/pkg/admission/runtimeclass/admission.go
"""

from __future__ import annotations

from k8s_magic.apiserver.core import Core
from k8s_magic.machinery import errors
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.names import PODS, GroupVersionResource

RUNTIME_CLASSES = GroupVersionResource("node.k8s.io", "v1", "runtimeclasses")


def admit(core: Core, pod: Object) -> None:
    """Raises: Forbidden."""
    spec, pod_name = pod["spec"], pod["metadata"].get("name", "")
    class_name = spec.get("runtimeClassName")
    if class_name is None:
        if spec.get("overhead"):
            raise errors.forbidden(
                PODS, pod_name, "pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead"
            )
        return
    found = core.table(RUNTIME_CLASSES).get("", class_name) if RUNTIME_CLASSES in core.kinds else None
    if found is None:
        raise errors.forbidden(PODS, pod_name, f'pod rejected: RuntimeClass "{class_name}" not found')
    fixed = (found.get("overhead") or {}).get("podFixed")
    if spec.get("overhead") and spec["overhead"] != fixed:
        raise errors.forbidden(
            PODS, pod_name, "pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead"
        )
    if fixed:
        spec["overhead"] = fixed
    scheduling = found.get("scheduling") or {}
    wanted, selector = scheduling.get("nodeSelector") or {}, spec.get("nodeSelector") or {}
    for key, value in wanted.items():
        if selector.get(key, value) != value:
            raise errors.forbidden(
                PODS,
                pod_name,
                f"conflict: runtimeClass.scheduling.nodeSelector[{key}] = {value}; "
                f"pod.spec.nodeSelector[{key}] = {selector[key]}",
            )
    if wanted:
        spec["nodeSelector"] = {**selector, **wanted}
    tolerations = spec.get("tolerations") or []
    added = [each for each in scheduling.get("tolerations") or () if each not in tolerations]
    if added:
        spec["tolerations"] = [*tolerations, *added]
