"""ObjectMeta on create and update. Source: apimachinery/pkg/api/validation/objectmeta.go"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from k8s_magic.kinds.validation import field, words
from k8s_magic.kinds.validation.field import Errors
from k8s_magic.machinery import label_syntax
from k8s_magic.machinery.meta import Object

NameCheck = Callable[[str], list[str]]
ANNOTATIONS_LIMIT = 256 * 1024
ORPHAN, FOREGROUND = "orphan", "foregroundDeletion"
STANDARD_FINALIZERS = ("kubernetes", ORPHAN, FOREGROUND)


def validate(
    obj: Object,
    *,
    namespaced: bool = True,
    name: NameCheck = words.dns_subdomain,
    path: str = "metadata",
    is_core: bool = True,
    with_generate_name: bool = True,
) -> Errors:
    """`is_core`: with the stricter rule for finalizers that Kubernetes' own kinds have.

    `with_generate_name` is off for kinds that look at the name alone (ValidateObjectMetaWithOpts).
    """
    given = obj["metadata"] if with_generate_name else {**obj["metadata"], "generateName": ""}
    found = validate_meta(given, namespaced=namespaced, name=name, path=path)
    return found + kube_finalizers(obj["metadata"], path) if is_core else found


def kube_finalizers(metadata: Object, path: str) -> Errors:
    """Source: core/validation validateKubeFinalizerName"""
    message = "name is neither a standard finalizer name nor is it fully qualified"
    return [
        field.invalid(f"{path}.finalizers[{position}]", finalizer, message)
        for position, finalizer in enumerate(metadata.get("finalizers") or ())
        if "/" not in finalizer and finalizer not in STANDARD_FINALIZERS
    ]


def validate_meta(
    metadata: Object, *, namespaced: bool = True, name: NameCheck = words.dns_subdomain, path: str = "metadata"
) -> Errors:
    found: Errors = []
    generate_name = metadata.get("generateName")
    if generate_name:
        found += field.each(f"{path}.generateName", generate_name, name(words.masked(generate_name)))
    own_name = metadata.get("name")
    if not own_name:
        found.append(field.required(f"{path}.name", "name or generateName is required"))
    else:
        found += field.each(f"{path}.name", own_name, name(own_name))
    namespace = metadata.get("namespace", "")
    if not namespaced:
        if namespace:
            found.append(field.forbidden(f"{path}.namespace", "not allowed on this type"))
    elif not namespace:
        found.append(field.required(f"{path}.namespace"))
    else:
        found += field.each(f"{path}.namespace", namespace, words.dns_label(namespace))
    found += field.not_negative(metadata.get("generation") or 0, f"{path}.generation")
    found += common(metadata, path, with_finalizers=True)
    return found


def common(metadata: Object, path: str, *, with_finalizers: bool) -> Errors:
    found: Errors = []
    if metadata.get("labels"):
        found += labels(metadata["labels"], f"{path}.labels")
    if metadata.get("annotations"):
        found += check_annotations(metadata["annotations"], f"{path}.annotations")
    if metadata.get("ownerReferences"):
        found += owner_references(metadata["ownerReferences"], f"{path}.ownerReferences")
    if with_finalizers and metadata.get("finalizers"):
        found += finalizers(metadata["finalizers"], f"{path}.finalizers")
    return found


def labels(values: dict[str, str], path: str) -> Errors:
    found: Errors = []
    for key in sorted(values):
        found += field.each(path, key, label_syntax.key_errors(key))
        found += field.each(path, values[key], label_syntax.value_errors(values[key]))
    return found


def check_annotations(values: dict[str, str], path: str) -> Errors:
    found: Errors = []
    size = 0
    for key in sorted(values):
        found += field.each(path, key, label_syntax.key_errors(key.lower()))
        size += len(key.encode()) + len(values[key].encode())
    if size > ANNOTATIONS_LIMIT:
        found.append(field.too_long(path, ANNOTATIONS_LIMIT))
    return found


def owner_references(references: list[Object], path: str) -> Errors:
    found: Errors = []
    first = ""
    for reference in references:
        group, _, version = (reference.get("apiVersion") or "").rpartition("/")
        if not version:
            found.append(
                field.invalid(f"{path}.apiVersion", reference.get("apiVersion", ""), "version must not be empty")
            )
        for name in ("kind", "name", "uid"):
            if not reference.get(name):
                found.append(field.invalid(f"{path}.{name}", "", "must not be empty"))
        if (group, version, reference.get("kind")) == ("", "v1", "Event"):
            found.append(field.invalid(path, reference, "/v1, Kind=Event is disallowed from being an owner"))
        if reference.get("controller"):
            current = f"{reference.get('kind')}/{reference.get('name')}"
            if first:
                message = (
                    "Only one reference can have Controller set to true. "
                    f'Found "true" in references for {first} and {current}'
                )
                found.append(field.invalid(path, references, message))
            else:
                first = current
    return found


def finalizers(names: list[str], path: str) -> Errors:
    found: Errors = []
    for name in names:
        found += field.each(path, name, label_syntax.key_errors(name))
    if ORPHAN in names and FOREGROUND in names:
        message = f"finalizer {ORPHAN} and {FOREGROUND} cannot be both set"
        found.append(field.invalid(path, names, message))
    return found


def validate_update(new: Object, old: Object, path: str = "metadata", *, is_core: bool = True) -> Errors:
    after, before = new["metadata"], old["metadata"]
    if after is before:
        return []
    found: Errors = []
    if before.get("deletionTimestamp") is not None:
        kept = before.get("finalizers") or ()
        extra = sorted({name for name in after.get("finalizers") or () if name not in kept})
        if extra:
            listed = ", ".join(label_syntax.quoted(name) for name in extra)
            message = (
                "no new finalizers can be added if the object is being deleted, "
                f"found new finalizers []string{{{listed}}}"
            )
            found.append(field.forbidden(f"{path}.finalizers", message))
    if not after.get("resourceVersion"):
        found.append(field.invalid(f"{path}.resourceVersion", "", "must be specified for an update"))
    if (after.get("generation") or 0) < (before.get("generation") or 0):
        found.append(field.invalid(f"{path}.generation", after.get("generation") or 0, "must not be decremented"))
    for name in _FIXED:
        if after.get(name) != before.get(name):
            found += field.immutable(after.get(name), before.get(name), f"{path}.{name}")
    found += common(after, path, with_finalizers=False)
    return found + kube_finalizers(after, path) if is_core else found


_FIXED: tuple[str, ...] = (
    "name",
    "namespace",
    "uid",
    "creationTimestamp",
    "deletionTimestamp",
    "deletionGracePeriodSeconds",
)


def label_selector(selector: dict[str, Any] | None, path: str) -> Errors:
    """ValidateLabelSelector. Source: apimachinery/pkg/apis/meta/v1/validation"""
    if not selector:
        return []
    found = labels(selector.get("matchLabels") or {}, f"{path}.matchLabels")
    for position, requirement in enumerate(selector.get("matchExpressions") or ()):
        found += requirement_of(requirement, f"{path}.matchExpressions[{position}]")
    return found


def requirement_of(requirement: Object, path: str, *, takes_unknown: bool = False) -> Errors:
    """One LabelSelectorRequirement; `takes_unknown` operators, of clients that are newer than the server."""
    found: Errors = []
    operator, values = requirement.get("operator", ""), requirement.get("values") or ()
    if operator in ("In", "NotIn"):
        if not values:
            message = "must be specified when `operator` is 'In' or 'NotIn'"
            found.append(field.required(f"{path}.values", message))
    elif operator in ("Exists", "DoesNotExist"):
        if values:
            message = "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"
            found.append(field.forbidden(f"{path}.values", message))
    elif not takes_unknown:
        found.append(field.invalid(f"{path}.operator", operator, "not a valid selector operator"))
    key = requirement.get("key", "")
    found += field.each(f"{path}.key", key, label_syntax.key_errors(key))
    for position, value in enumerate(values):
        found += field.each(f"{path}.values[{position}]", value, label_syntax.value_errors(value))
    return found
