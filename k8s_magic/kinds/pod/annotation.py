"""Annotations of Pods that have rules of their own, and profiles said both in annotation and field.

Source: core/validation ValidatePodSpecificAnnotations, validateSeccompAnnotationsAndFields
"""

from __future__ import annotations

import re

from k8s_magic.kinds.pod import containers
from k8s_magic.kinds.pod.birth import APP_ARMOR_PREFIX
from k8s_magic.kinds.validation import field, paths
from k8s_magic.kinds.validation.field import Errors
from k8s_magic.machinery.label_syntax import quoted
from k8s_magic.machinery.meta import Object

MIRROR = "kubernetes.io/config.mirror"
DELETION_COST = "controller.kubernetes.io/pod-deletion-cost"
SECCOMP_POD = "seccomp.security.alpha.kubernetes.io/pod"
SECCOMP_CONTAINER = "container.seccomp.security.alpha.kubernetes.io/"
_COST = re.compile(r"0|-?[1-9][0-9]*")


def validate(annotations: dict[str, str], spec: Object, path: str) -> Errors:
    found: Errors = []
    if MIRROR in annotations and not spec.get("nodeName"):
        message = "must set spec.nodeName if mirror pod annotation is set"
        found.append(field.invalid(f"{path}[{MIRROR}]", annotations[MIRROR], message))
    cost = annotations.get(DELETION_COST)
    if cost is not None and not (_COST.fullmatch(cost) and -(2**31) <= int(cost) < 2**31):
        found.append(field.invalid(f"{path}[{DELETION_COST}]", cost, "must be a 32bit integer"))
    for key in sorted(annotations):
        if key == SECCOMP_POD or key.startswith(SECCOMP_CONTAINER):
            found += _seccomp(annotations[key], f"{path}.{key}")
    for key in sorted(annotations):
        if key.startswith(APP_ARMOR_PREFIX):
            found += _app_armor(key, annotations[key], spec, path)
    return found


def _seccomp(value: str, path: str) -> Errors:
    if value in ("runtime/default", "docker/default", "unconfined"):
        return []
    if value.startswith("localhost/"):
        return paths.descending(value.removeprefix("localhost/"), path)
    return [field.invalid(path, value, "must be a valid seccomp profile")]


def _app_armor(key: str, value: str, spec: Object, path: str) -> Errors:
    found: Errors = []
    name = key.removeprefix(APP_ARMOR_PREFIX)
    if all(container.get("name") != name for container, _ in containers.visit(spec, "")):
        found.append(field.invalid(f"{path}[{key}]", name, "container not found"))
    if value not in ("", "runtime/default", "unconfined") and not value.startswith("localhost/"):
        message = f"invalid AppArmor profile name: {quoted(value)}"
        found.append(field.invalid(f"{path}[{key}]", value, message))
    return found


def matches(annotations: dict[str, str], spec: Object, path: str) -> Errors:
    """A profile given twice must be the same."""
    if not annotations:
        return []
    found: Errors = []
    own = spec.get("securityContext") or {}
    if SECCOMP_POD in annotations and own.get("seccompProfile"):
        at = f"{path}.securityContext.seccompProfile"
        found += _match("seccomp", annotations[SECCOMP_POD], own["seccompProfile"], at)
    every = list(containers.visit(spec, path))
    for container, at in every:
        text = annotations.get(SECCOMP_CONTAINER + container.get("name", ""))
        profile = (container.get("securityContext") or {}).get("seccompProfile")
        if text is not None and profile:
            found += _match("seccomp", text, profile, f"{at}.securityContext.seccompProfile")
    if (spec.get("os") or {}).get("name") == "windows":
        return found
    for container, at in every:
        text = annotations.get(APP_ARMOR_PREFIX + container.get("name", ""))
        profile = (container.get("securityContext") or {}).get("appArmorProfile") or own.get("appArmorProfile")
        if text is not None and profile:
            found += _match("apparmor", text, profile, f"{at}.securityContext.appArmorProfile")
    return found


def _match(what: str, text: str, profile: Object, path: str) -> Errors:
    type_ = profile.get("type")
    defaults = ("runtime/default", "docker/default") if what == "seccomp" else ("runtime/default",)
    types_differ = (
        (type_ == "Unconfined" and text != "unconfined")
        or (type_ == "RuntimeDefault" and text not in defaults)
        or (type_ == "Localhost" and not text.startswith("localhost/"))
    )
    if types_differ:
        return [field.forbidden(f"{path}.type", f"{what} type in annotation and field must match")]
    if type_ == "Localhost" and text.removeprefix("localhost/") != profile.get("localhostProfile"):
        message = f"{what} profile in annotation and field must match"
        return [field.forbidden(f"{path}.localhostProfile", message)]
    return []


def validate_update(new: dict[str, str], old: dict[str, str], path: str) -> Errors:
    """Source: ValidatePodSpecificAnnotationUpdates"""
    found: Errors = []
    for key in sorted({*new, *old}):
        if new.get(key) == old.get(key):
            continue
        was_there = key in old
        if key.startswith(APP_ARMOR_PREFIX):
            what = "remove or update" if was_there else "add"
            found.append(field.forbidden(f"{path}[{key}]", f"may not {what} AppArmor annotations"))
        elif key == MIRROR:
            what = "remove or update" if was_there else "add"
            found.append(field.forbidden(f"{path}[{key}]", f"may not {what} mirror pod annotation"))
    return found
