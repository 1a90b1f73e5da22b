"""Roles and their bindings. Source: pkg/apis/rbac/validation/validation.go"""

from __future__ import annotations

from k8s_magic.kinds.validation import field, metadata, words
from k8s_magic.kinds.validation.field import Errors
from k8s_magic.machinery.meta import Object

GROUP = "rbac.authorization.k8s.io"


def rules(obj: Object, *, namespaced: bool) -> Errors:
    found = metadata.validate(obj, namespaced=namespaced, name=words.path_segment)
    for position, rule in enumerate(obj.get("rules") or ()):
        found += _rule(rule, namespaced, f"rules[{position}]")
    return found


def _rule(rule: Object, namespaced: bool, path: str) -> Errors:
    found: Errors = []
    if not rule.get("verbs"):
        found.append(field.required(f"{path}.verbs", "verbs must contain at least one value"))
    urls = rule.get("nonResourceURLs")
    if urls:
        if namespaced:
            message = "namespaced rules cannot apply to non-resource URLs"
            found.append(field.invalid(f"{path}.nonResourceURLs", urls, message))
        if rule.get("apiGroups") or rule.get("resources") or rule.get("resourceNames"):
            message = "rules cannot apply to both regular resources and non-resource URLs"
            found.append(field.invalid(f"{path}.nonResourceURLs", urls, message))
        return found
    if not rule.get("apiGroups"):
        found.append(field.required(f"{path}.apiGroups", "resource rules must supply at least one api group"))
    if not rule.get("resources"):
        found.append(field.required(f"{path}.resources", "resource rules must supply at least one resource"))
    return found


def binding(obj: Object, *, namespaced: bool) -> Errors:
    found = metadata.validate(obj, namespaced=namespaced, name=words.path_segment)
    role = obj["roleRef"]
    if role.get("apiGroup") != GROUP:
        found.append(field.unsupported("roleRef.apiGroup", role.get("apiGroup", ""), (GROUP,)))
    kinds = ("Role", "ClusterRole") if namespaced else ("ClusterRole",)
    if role.get("kind") not in kinds:
        found.append(field.unsupported("roleRef.kind", role.get("kind", ""), kinds))
    name = role.get("name", "")
    if name:
        found += field.each("roleRef.name", name, words.path_segment(name))
    else:
        found.append(field.required("roleRef.name"))
    for position, subject in enumerate(obj.get("subjects") or ()):
        found += _subject(subject, namespaced, f"subjects[{position}]")
    return found


def _subject(subject: Object, namespaced: bool, path: str) -> Errors:
    name, kind, group = (subject.get(part, "") for part in ("name", "kind", "apiGroup"))
    found = [] if name else [field.required(f"{path}.name")]
    if kind == "ServiceAccount":
        if name:
            found += field.each(f"{path}.name", name, words.dns_subdomain(name))
        if group:
            found.append(field.unsupported(f"{path}.apiGroup", group, ("",)))
        if not namespaced and not subject.get("namespace"):
            found.append(field.required(f"{path}.namespace"))
    elif kind in ("User", "Group"):
        if group != GROUP:
            found.append(field.unsupported(f"{path}.apiGroup", group, (GROUP,)))
    else:
        found.append(field.unsupported(f"{path}.kind", kind, ("ServiceAccount", "User", "Group")))
    return found


def binding_update(new: Object, old: Object, *, namespaced: bool) -> Errors:
    found = binding(new, namespaced=namespaced) + metadata.validate_update(new, old)
    if new["roleRef"] != old["roleRef"]:
        role = new["roleRef"]
        shown = {"APIGroup": role.get("apiGroup", ""), "Kind": role.get("kind", ""), "Name": role.get("name", "")}
        found.append(field.invalid("roleRef", shown, "cannot change roleRef"))
    return found
