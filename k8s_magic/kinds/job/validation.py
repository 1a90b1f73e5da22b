"""Source: pkg/apis/batch/validation/validation.go ValidateJob, ValidateJobUpdate"""

from __future__ import annotations

from typing import Any

from k8s_magic.kinds.job import spec as job_spec
from k8s_magic.kinds.job.selector import LEGACY_NAME, LEGACY_UID, NAME, UID
from k8s_magic.kinds.pod import update_diff
from k8s_magic.kinds.pod.template import NO_MATCH
from k8s_magic.kinds.validation import field, metadata, words
from k8s_magic.kinds.validation.field import Errors
from k8s_magic.machinery import selectors
from k8s_magic.machinery.meta import Object

# What the template of a Job that never ran may change while it is suspended.
SCHEDULING = ("nodeSelector", "tolerations", "schedulingGates")


def validate(obj: Object) -> Errors:
    found = metadata.validate(obj) + _generated(obj) + _spec(obj["spec"])
    spec, name = obj["spec"], obj["metadata"].get("name", "")
    completions = spec.get("completions")
    if spec.get("completionMode") == "Indexed" and completions:
        hostname = f"{name}-{completions - 1}"
        if words.dns_label(hostname):
            message = f"will not able to create pod with invalid DNS label: {hostname}"
            found.append(field.invalid("metadata.name", name, message))
    return found


def _spec(spec: Object) -> Errors:
    found = job_spec.validate(spec, "spec")
    selector = spec.get("selector")
    if selector is None:
        found.append(field.required("spec.selector"))
    else:
        found += metadata.label_selector(selector, "spec.selector")
    labels = spec["template"]["metadata"].get("labels")
    try:
        if not selectors.from_label_selector(selector).matches(labels or {}):
            found.append(field.invalid("spec.template.metadata.labels", labels, NO_MATCH))
    except selectors.SelectorError:
        pass
    return found


def _generated(obj: Object) -> Errors:
    """The labels and the selector that the server gave."""
    spec = obj["spec"]
    if spec.get("manualSelector") or spec.get("selector") is None:
        return []
    found: Errors = []
    uid, name = obj["metadata"].get("uid", ""), obj["metadata"].get("name", "")
    if not uid:
        found.append(field.required("metadata.uid"))
    labels = spec["template"]["metadata"].get("labels") or {}
    expected = {LEGACY_UID: uid, LEGACY_NAME: name, UID: uid, NAME: name}
    for key, value in expected.items():
        at = f"spec.template.metadata.labels[{key}]"
        if key not in labels:
            found.append(field.required(at, f"must be '{value}'"))
        elif labels[key] != value:
            found.append(field.invalid(at, labels, f"must be '{value}'"))
    try:
        if not selectors.from_label_selector(spec["selector"]).matches(expected):
            found.append(field.invalid("spec.selector", spec["selector"], "`selector` not auto-generated"))
    except selectors.SelectorError:
        pass
    return found


def validate_update(new: Object, old: Object) -> Errors:
    found = metadata.validate_update(new, old)
    after, before = new["spec"], old["spec"]
    if after is before:
        return found
    found += _spec(after)
    if after.get("completionMode") != "Indexed":
        found += field.immutable(after.get("completions"), before.get("completions"), "spec.completions")
    elif after.get("completions") not in (None, before.get("completions"), after.get("parallelism")):
        message = "can only be modified in tandem with spec.parallelism"
        found.append(field.invalid("spec.completions", after["completions"], message))
    found += field.immutable(after.get("selector"), before.get("selector"), "spec.selector")
    found += _template(after, before, is_unstarted=not (old.get("status") or {}).get("startTime"))
    for name in ("completionMode", "podFailurePolicy", "backoffLimitPerIndex", "managedBy", "successPolicy"):
        found += field.immutable(after.get(name), before.get(name), f"spec.{name}")
    return found


def _template(after: Object, before: Object, *, is_unstarted: bool) -> Errors:
    template, expected = after["template"], before["template"]
    if before.get("suspend") and is_unstarted:
        expected = _with_directives(template, expected)
    if template == expected:
        return []
    shown = update_diff.compact("PodTemplateSpec", template)
    return [field.invalid_as("spec.template", shown, field.IMMUTABLE)]


def _with_directives(new: Object, old: Object) -> Object:
    """The old template with the new one's scheduling directives and resources."""
    meta: dict[str, Any] = dict(old["metadata"])
    spec: dict[str, Any] = dict(old["spec"])
    for target, source, names in (
        (meta, new["metadata"], ("labels", "annotations")),
        (spec, new["spec"], SCHEDULING),
    ):
        for name in names:
            if name in source:
                target[name] = source[name]
            else:
                target.pop(name, None)
    affinity = {key: value for key, value in (spec.get("affinity") or {}).items() if key != "nodeAffinity"}
    node = (new["spec"].get("affinity") or {}).get("nodeAffinity")
    if node is not None:
        affinity["nodeAffinity"] = node
    if affinity:
        spec["affinity"] = affinity
    else:
        spec.pop("affinity", None)
    for part in ("containers", "initContainers"):
        pairs = list(zip(spec.get(part) or (), new["spec"].get(part) or (), strict=False))
        if pairs and len(pairs) == len(spec[part]) == len(new["spec"][part]):
            spec[part] = [
                {**was, "resources": now["resources"]} if was.get("name") == now.get("name") else was
                for was, now in pairs
            ]
    return {**old, "metadata": meta, "spec": spec}
