"""Priority: the class's number and preemption policy into the Pod.

Source: plugin/pkg/admission/priority/admission.go
"""

from __future__ import annotations

from k8s_magic.apiserver.core import Core
from k8s_magic.machinery import errors
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.names import PODS, GroupVersionResource

PRIORITY_CLASSES = GroupVersionResource("scheduling.k8s.io", "v1", "priorityclasses")
# The classes that every cluster has. Source: pkg/apis/scheduling/v1/helpers.go
SYSTEM_CLASSES = {"system-node-critical": 2_000_001_000, "system-cluster-critical": 2_000_000_000}
POLICY = "PreemptLowerPriority"


def admit(core: Core, pod: Object) -> None:
    """Raises: Forbidden for a class that does not exist, or a number that is not the class's."""
    spec, name = pod["spec"], pod["metadata"].get("name", "")
    value, policy = _resolve(core, spec, name)
    given = spec.get("priority")
    if given is not None and given != value:
        raise errors.forbidden(
            PODS,
            name,
            f"the integer value of priority ({given}) must not be provided in pod spec; priority admission "
            f"controller computed {value} from the given PriorityClass name",
        )
    spec["priority"] = value
    if policy:
        wanted = spec.get("preemptionPolicy")
        if wanted and wanted != policy:
            raise errors.forbidden(
                PODS,
                name,
                f"the string value of PreemptionPolicy ({wanted}) must not be provided in pod spec; priority "
                f"admission controller computed {policy} from the given PriorityClass name",
            )
        spec["preemptionPolicy"] = policy


def keep(pod: Object, old: Object) -> None:
    """An update that leaves priority out keeps it."""
    for field in ("priority", "preemptionPolicy"):
        value = (old.get("spec") or {}).get(field)
        if value is not None and isinstance(pod.get("spec"), dict):
            pod["spec"].setdefault(field, value)


def check_default(core: Core, new: Object, *, is_new: bool) -> None:
    """Only one class may be the default. Raises: Forbidden."""
    if not new.get("globalDefault"):
        return
    default = _default(core)
    if default is not None and (is_new or default["metadata"]["name"] != new["metadata"].get("name")):
        raise errors.forbidden(
            PRIORITY_CLASSES,
            new["metadata"].get("name", ""),
            f"PriorityClass {default['metadata']['name']} is already marked as default. Only one default can exist",
        )


def _resolve(core: Core, spec: Object, pod_name: str) -> tuple[int, str]:
    class_name = spec.get("priorityClassName")
    if not class_name:
        default = _default(core)
        if default is None:
            return 0, POLICY
        spec["priorityClassName"] = default["metadata"]["name"]
        return default.get("value", 0), default.get("preemptionPolicy", POLICY)
    found = core.table(PRIORITY_CLASSES).get("", class_name) if PRIORITY_CLASSES in core.kinds else None
    if found is not None:
        return found.get("value", 0), found.get("preemptionPolicy", POLICY)
    if class_name in SYSTEM_CLASSES:
        return SYSTEM_CLASSES[class_name], POLICY
    raise errors.forbidden(PODS, pod_name, f"no PriorityClass with name {class_name} was found")


def _default(core: Core) -> Object | None:
    if PRIORITY_CLASSES not in core.kinds:
        return None
    defaults = [each for each in core.table(PRIORITY_CLASSES) if each.get("globalDefault")]
    return min(defaults, key=lambda each: int(each.get("value", 0)), default=None)
