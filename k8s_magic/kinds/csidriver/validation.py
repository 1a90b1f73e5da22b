"""Source: pkg/apis/storage/validation/validation.go ValidateCSIDriver"""

from __future__ import annotations

from k8s_magic.kinds.validation import field, metadata
from k8s_magic.kinds.validation.field import Errors
from k8s_magic.machinery.meta import Object

GROUP_POLICIES = ("File", "None", "ReadWriteOnceWithFSType")
LIFECYCLES = ("Persistent", "Ephemeral")


def validate(obj: Object) -> Errors:
    return metadata.validate(obj, namespaced=False) + _spec(obj["spec"])


def validate_update(new: Object, old: Object) -> Errors:
    found = metadata.validate_update(new, old) + _spec(new["spec"])
    for name, shown in (("attachRequired", "attachedRequired"), ("volumeLifecycleModes", "volumeLifecycleModes")):
        found += field.immutable(new["spec"].get(name), old["spec"].get(name), f"spec.{shown}")
    return found


def _spec(spec: Object) -> Errors:
    found: Errors = []
    policy = spec.get("fsGroupPolicy")
    if policy is not None and policy not in GROUP_POLICIES:
        found.append(field.unsupported("spec.fsGroupPolicy", policy, GROUP_POLICIES))
    audiences: set[str] = set()
    for position, request in enumerate(spec.get("tokenRequests") or ()):
        at, audience = f"spec.tokenRequests[{position}]", request.get("audience", "")
        if audience in audiences:
            found.append(field.duplicate(f"{at}.audience", audience))
            continue
        audiences.add(audience)
        seconds = request.get("expirationSeconds")
        if seconds is not None and seconds < 600:
            message = "may not specify a duration less than 10 minutes"
            found.append(field.invalid(f"{at}.expirationSeconds", seconds, message))
        if seconds is not None and seconds > 2**32:
            message = "may not specify a duration larger than 2^32 seconds"
            found.append(field.invalid(f"{at}.expirationSeconds", seconds, message))
    for mode in spec.get("volumeLifecycleModes") or ():
        if mode not in LIFECYCLES:
            found.append(field.unsupported("spec.volumeLifecycleModes", mode, LIFECYCLES))
    period = spec.get("nodeAllocatableUpdatePeriodSeconds")
    if period is not None and period < 10:
        message = "must be greater than or equal to 10 seconds"
        found.append(field.invalid("spec.nodeAllocatableUpdatePeriodSeconds", period, message))
    in_secrets = spec.get("serviceAccountTokenInSecrets")
    if in_secrets is not None and not spec.get("tokenRequests"):
        message = "serviceAccountTokenInSecrets is set but no tokenRequests are specified"
        found.append(field.invalid("spec.serviceAccountTokenInSecrets", in_secrets, message))
    return found
