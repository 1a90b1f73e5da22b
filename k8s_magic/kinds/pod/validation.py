"""A new Pod and a changed one. Source: core/validation ValidatePodCreate, ValidatePodUpdate

`validate_metadata` and `validate_spec` are apart, so that the answer for a spec may be kept and used again.
"""

from __future__ import annotations

from typing import Any

from k8s_magic.kinds.pod import annotation, placement, spec, update_diff
from k8s_magic.kinds.validation import field, metadata, words
from k8s_magic.kinds.validation.field import Errors
from k8s_magic.machinery.meta import Object

UPDATABLE = (
    "`spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,"
    "`spec.tolerations` (only additions to existing tolerations),"
    "`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)"
)
MAX_INT32 = 2**31 - 1


def validate(obj: Object) -> Errors:
    inner = obj["spec"]
    found = validate_metadata(obj)
    found += spec.validate(inner, "spec", is_pod=True, pod_name=obj["metadata"].get("name", ""))
    found += only_spec(inner)
    return found + annotation.matches(obj["metadata"].get("annotations") or {}, inner, "spec")


def only_spec(inner: Object) -> Errors:
    """What a new Pod's spec is held to, but not a template's."""
    found = spec.only_pods(inner, "spec")
    if inner.get("ephemeralContainers"):
        found.append(field.forbidden("spec.ephemeralContainers", "cannot be set on create"))
    if inner.get("nodeName") and inner.get("schedulingGates"):
        message = "cannot be set until all schedulingGates have been cleared"
        found.append(field.forbidden("spec.nodeName", message))
    return found


def validate_metadata(obj: Object) -> Errors:
    found = metadata.validate(obj)
    annotations = obj["metadata"].get("annotations")
    if annotations:
        found += annotation.validate(annotations, obj["spec"], "metadata.annotations")
    return found


def validate_update(new: Object, old: Object) -> Errors:
    found = of_update(new, old)
    after, before = new["spec"], old["spec"]
    return found if after is before else found + _changes(after, before)


def of_update(new: Object, old: Object) -> Errors:
    """What any update is held to, whatever it may change."""
    found = metadata.validate_update(new, old)
    after, before = new["spec"], old["spec"]
    found += validate_metadata(new)
    if after is not before:
        found += spec.validate(after, "spec", is_pod=True, pod_name=new["metadata"].get("name", ""))
        found += spec.only_pods(after, "spec")
    annotations = [one["metadata"].get("annotations") or {} for one in (new, old)]
    if annotations[0] != annotations[1]:
        found += annotation.validate_update(annotations[0], annotations[1], "metadata.annotations")
    return found


def _changes(after: Object, before: Object) -> Errors:
    found: Errors = []
    for part in ("containers", "initContainers"):
        new, old = after.get(part) or [], before.get(part) or []
        if len(new) != len(old):
            return [*found, field.forbidden(f"spec.{part}", "pod updates may not add or remove containers")]
        for position, container in enumerate(new):
            image = container.get("image", "")
            if not image:
                found.append(field.required(f"spec.{part}[{position}].image"))
            if image != image.strip():
                message = "must not have leading or trailing whitespace"
                found.append(field.invalid(f"spec.{part}[{position}].image", image, message))
    deadline, had = after.get("activeDeadlineSeconds"), before.get("activeDeadlineSeconds")
    at = "spec.activeDeadlineSeconds"
    if deadline is not None:
        if not 0 <= deadline <= MAX_INT32:
            return [*found, field.invalid(at, deadline, words.in_range(0, MAX_INT32))]
        if had is not None and had < deadline:
            return [*found, field.invalid(at, deadline, "must be less than or equal to previous value")]
    elif had is not None:
        found.append(field.invalid(at, None, "must not update from a positive integer to nil value"))
    found += _tolerations(after, before)
    old_gates = {gate["name"] for gate in before.get("schedulingGates") or ()}
    for position, gate in enumerate(after.get("schedulingGates") or ()):
        if gate["name"] not in old_gates:
            message = f"only deletion is allowed, but found new scheduling gate '{gate['name']}'"
            found.append(field.forbidden(f"spec.schedulingGates[{position}].name", message))
    if after == before:
        return found
    changed = _without_updatable(after, before)
    if old_gates:
        found += _gated(changed, before)
    if changed != before:
        diff = update_diff.of_specs(before, changed)
        message = f"pod updates may not change fields other than {UPDATABLE}\n{diff}"
        found.append(field.forbidden("spec", message))
    return found


def _tolerations(after: Object, before: Object) -> Errors:
    new, old = after.get("tolerations") or [], before.get("tolerations") or []

    def bare(toleration: Object) -> Object:
        return {name: value for name, value in toleration.items() if name != "tolerationSeconds"}

    kept = [bare(one) for one in new]
    if any(bare(one) not in kept for one in old):
        message = "existing toleration can not be modified except its tolerationSeconds"
        return [field.forbidden("spec.tolerations", message)]
    return placement.tolerations(new, "spec.tolerations")


def _without_updatable(after: Object, before: Object) -> Object:
    """The new spec with the old values of all that may change."""
    changed: dict[str, Any] = dict(after)
    for part in ("containers", "initContainers"):
        if after.get(part):
            pairs = zip(after[part], before[part], strict=True)
            changed[part] = [{**new, "image": old.get("image", "")} for new, old in pairs]
    for name in ("activeDeadlineSeconds", "schedulingGates", "tolerations"):
        _carry(changed, before, name)
    if (before.get("terminationGracePeriodSeconds") or 0) < 0 and after.get("terminationGracePeriodSeconds") == 1:
        _carry(changed, before, "terminationGracePeriodSeconds")
    return changed


def _carry(changed: Object, before: Object, name: str) -> None:
    if name in before:
        changed[name] = before[name]
    else:
        changed.pop(name, None)


def _gated(changed: Object, before: Object) -> Errors:
    """A gated Pod may become narrower in where it runs (changes `changed` back)."""
    found: Errors = []
    new, old = changed.get("nodeSelector") or {}, before.get("nodeSelector") or {}
    if new != old:
        if any(new.get(key) != value for key, value in old.items()):
            message = "only additions to spec.nodeSelector are allowed (no mutations or deletions)"
            found.append(field.invalid("spec.nodeSelector", new, message))
        _carry(changed, before, "nodeSelector")
    new_affinity = (changed.get("affinity") or {}).get("nodeAffinity")
    old_affinity = (before.get("affinity") or {}).get("nodeAffinity")
    if new_affinity != old_affinity:
        found += _gated_affinity(new_affinity, old_affinity)
        affinity = {name: value for name, value in (changed.get("affinity") or {}).items() if name != "nodeAffinity"}
        if old_affinity is not None:
            affinity["nodeAffinity"] = old_affinity
        if affinity or before.get("affinity") is not None:
            changed["affinity"] = affinity
        else:
            changed.pop("affinity", None)
    return found


def _gated_affinity(new: Object | None, old: Object | None) -> Errors:
    required = "requiredDuringSchedulingIgnoredDuringExecution"
    before = ((old or {}).get(required) or {}).get("nodeSelectorTerms") or []
    after = ((new or {}).get(required) or {}).get("nodeSelectorTerms") or []
    path = f"spec.affinity.nodeAffinity.{required}.nodeSelectorTerms"
    if not before:
        return []
    if len(before) != len(after):
        message = "no additions/deletions to non-empty NodeSelectorTerms list are allowed"
        return [field.invalid(path, after, message)]
    found: Errors = []
    for position, (was, now) in enumerate(zip(before, after, strict=True)):
        parts = [(was.get(name) or [], now.get(name) or []) for name in ("matchExpressions", "matchFields")]
        is_narrower = all(new_part[: len(old_part)] == old_part for old_part, new_part in parts)
        if not any(old_part for old_part, _ in parts) and any(new_part for _, new_part in parts):
            is_narrower = False
        if not is_narrower:
            message = "only additions are allowed (no mutations or deletions)"
            found.append(field.invalid(f"{path}[{position}]", now, message))
    return found
