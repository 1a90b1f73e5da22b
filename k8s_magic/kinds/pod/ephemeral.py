"""The ephemeralcontainers subresource: only `spec.ephemeralContainers` may change, and it only grows.

Source: pkg/registry/core/pod/strategy.go (podEphemeralContainersStrategy), core/validation
ValidatePodEphemeralContainersUpdate
"""

from __future__ import annotations

from k8s_magic.kinds.pod import gates, update_diff, validation
from k8s_magic.kinds.validation import field
from k8s_magic.kinds.validation.field import Errors
from k8s_magic.machinery.label_syntax import quoted
from k8s_magic.machinery.meta import Object

SUBRESOURCE = "ephemeralcontainers"
MIRROR = "kubernetes.io/config.mirror"
# Source: apimachinery/pkg/apis/meta/v1/helpers.go (ResetObjectMetaForStatus)
KEPT = ("deletionTimestamp", "generation", "labels", "annotations", "finalizers", "ownerReferences")
PATH = "spec.ephemeralContainers"


def prepare(new: Object, old: Object) -> None:
    """Take everything but the ephemeral containers from the old Pod (in place on the caller's copy)."""
    added = new["spec"].get("ephemeralContainers")
    spec = {name: value for name, value in old["spec"].items() if name != "ephemeralContainers"}
    if added:
        spec["ephemeralContainers"] = added
    new["spec"] = spec = gates.drop(spec)
    if "status" in old:
        new["status"] = old["status"]
    for name in KEPT:
        if name in old["metadata"]:
            new["metadata"][name] = old["metadata"][name]
        else:
            new["metadata"].pop(name, None)
    if spec != old["spec"]:
        new["metadata"]["generation"] = old["metadata"].get("generation", 0) + 1


def validate(new: Object, old: Object) -> Errors:
    """The complaints about the whole Pod as it would be, and about what happened to the containers it had."""
    if MIRROR in (old["metadata"].get("annotations") or {}):
        return [field.forbidden("[]", "static pods do not support ephemeral containers")]
    found = validation.of_update(new, old)
    given = {one.get("name", ""): one for one in new["spec"].get("ephemeralContainers") or ()}
    for one in old["spec"].get("ephemeralContainers") or ():
        title = f"existing ephemeral containers {quoted(one['name'])}"
        if one["name"] not in given:
            found.append(field.forbidden(PATH, f"{title} may not be removed\n"))
        elif diff := update_diff.of_ephemeral_containers(one, given[one["name"]]):
            found.append(field.forbidden(PATH, f"{title} may not be changed\n{diff}"))
    return found
