"""Where a Pod may run: affinity, spreading, tolerations, gates.

Source: core/validation validateAffinity, validateTopologySpreadConstraints, ValidateTolerations
"""

from __future__ import annotations

from k8s_magic.kinds.validation import field, metadata, node_selector, words
from k8s_magic.kinds.validation.field import Errors
from k8s_magic.machinery import label_syntax
from k8s_magic.machinery.meta import Object

REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution"
PREFERRED = "preferredDuringSchedulingIgnoredDuringExecution"
EFFECTS = ("NoSchedule", "PreferNoSchedule", "NoExecute")
GREATER_THAN_ZERO = "must be greater than zero"
NEEDS_SELECTOR = "must not be specified when labelSelector is not set"


def affinity(obj: Object | None, path: str) -> Errors:
    if not obj:
        return []
    found: Errors = []
    node = obj.get("nodeAffinity")
    if node:
        if node.get(REQUIRED) is not None:
            found += node_selector.selector(node[REQUIRED], f"{path}.nodeAffinity.{REQUIRED}")
        for position, weighted in enumerate(node.get(PREFERRED) or ()):
            at = f"{path}.nodeAffinity.{PREFERRED}[{position}]"
            found += _weight(weighted, at)
            found += node_selector.term(weighted["preference"], f"{at}.preference", check_values=False)
    for side in ("podAffinity", "podAntiAffinity"):
        terms = obj.get(side) or {}
        for position, term in enumerate(terms.get(REQUIRED) or ()):
            found += _pod_term(term, f"{path}.{side}.{REQUIRED}[{position}]")
        for position, weighted in enumerate(terms.get(PREFERRED) or ()):
            at = f"{path}.{side}.{PREFERRED}[{position}]"
            found += _weight(weighted, at) + _pod_term(weighted["podAffinityTerm"], f"{at}.podAffinityTerm")
    return found


def _weight(weighted: Object, path: str) -> Errors:
    weight = weighted.get("weight", 0)
    if 0 < weight <= 100:
        return []
    return [field.invalid(f"{path}.weight", weight, "must be in the range 1-100")]


def _pod_term(term: Object, path: str) -> Errors:
    found = metadata.label_selector(term.get("labelSelector"), f"{path}.labelSelector")
    found += metadata.label_selector(term.get("namespaceSelector"), f"{path}.namespaceSelector")
    for name in term.get("namespaces") or ():
        found += field.each(f"{path}.namespace", name, words.dns_label(name))
    found += label_keys(term, path)
    key = term.get("topologyKey", "")
    if not key:
        found.append(field.required(f"{path}.topologyKey", "can not be empty"))
    return found + field.each(f"{path}.topologyKey", key, label_syntax.key_errors(key))


def label_keys(term: Object, path: str) -> Errors:
    """matchLabelKeys and mismatchLabelKeys. Source: ValidateMatchLabelKeysAndMismatchLabelKeys"""
    match, mismatch = term.get("matchLabelKeys") or [], term.get("mismatchLabelKeys") or []
    selector = term.get("labelSelector")
    found: Errors = []
    for name, keys in (("matchLabelKeys", match), ("mismatchLabelKeys", mismatch)):
        if keys and selector is None:
            found.append(field.forbidden(f"{path}.{name}", NEEDS_SELECTOR))
            continue
        for position, key in enumerate(keys):
            found += field.each(f"{path}.{name}[{position}]", key, label_syntax.key_errors(key))
    if selector is not None:
        places = {key: position for position, key in enumerate(match)}
        seen = set(selector.get("matchLabels") or ())
        for expression in selector.get("matchExpressions") or ():
            key = expression.get("key", "")
            if key in places and key in seen:
                message = "exists in both matchLabelKeys and labelSelector"
                found.append(field.invalid(f"{path}[{places[key]}]", key, message))
            seen.add(key)
    for position, key in enumerate(match):
        if key in mismatch:
            message = "exists in both matchLabelKeys and mismatchLabelKeys"
            found.append(field.invalid(f"{path}.matchLabelKeys[{position}]", key, message))
    return found


def spread(constraints: list[Object] | None, path: str) -> Errors:
    found: Errors = []
    for position, constraint in enumerate(constraints or ()):
        at = f"{path}[{position}]"
        skew, action = constraint.get("maxSkew", 0), constraint.get("whenUnsatisfiable", "")
        key, domains = constraint.get("topologyKey", ""), constraint.get("minDomains")
        if skew <= 0:
            found.append(field.invalid(f"{at}.maxSkew", skew, GREATER_THAN_ZERO))
        if not key:
            found.append(field.required(f"{at}.topologyKey", "can not be empty"))
        if action not in ("DoNotSchedule", "ScheduleAnyway"):
            valid = ("DoNotSchedule", "ScheduleAnyway")
            found.append(field.unsupported(f"{at}.whenUnsatisfiable", action, valid))
        for other in (constraints or [])[position + 1 :]:
            if (other.get("topologyKey", ""), other.get("whenUnsatisfiable", "")) == (key, action):
                found.append(field.duplicate(f"{at}.{{topologyKey, whenUnsatisfiable}}", f"{{{key}, {action}}}"))
                break
        if domains is not None:
            if domains <= 0:
                found.append(field.invalid(f"{at}.minDomains", domains, GREATER_THAN_ZERO))
            if action != "DoNotSchedule":
                message = f"can only use minDomains if whenUnsatisfiable=DoNotSchedule, not {action}"
                found.append(field.invalid(f"{at}.minDomains", domains, message))
        for name in ("nodeAffinityPolicy", "nodeTaintsPolicy"):
            policy = constraint.get(name)
            if policy is not None and policy not in ("Honor", "Ignore"):
                found.append(field.unsupported(f"{at}.{name}", policy, ("Honor", "Ignore")))
        found += label_keys(constraint, at)
        found += metadata.label_selector(constraint.get("labelSelector"), f"{at}.labelSelector")
    return found


def tolerations(items: list[Object] | None, path: str) -> Errors:
    found: Errors = []
    for position, toleration in enumerate(items or ()):
        at = f"{path}[{position}]"
        key, operator = toleration.get("key", ""), toleration.get("operator", "")
        value, effect = toleration.get("value", ""), toleration.get("effect", "")
        if key:
            found += field.each(f"{at}.key", key, label_syntax.key_errors(key))
        elif operator != "Exists":
            message = 'operator must be Exists when `key` is empty, which means "match all values and all keys"'
            found.append(field.invalid(f"{at}.operator", operator, message))
        if toleration.get("tolerationSeconds") is not None and effect != "NoExecute":
            message = "effect must be 'NoExecute' when `tolerationSeconds` is set"
            found.append(field.invalid(f"{at}.effect", effect, message))
        if operator in ("Equal", ""):
            messages = label_syntax.value_errors(value)
            if messages:
                found.append(field.invalid(f"{at}.operator", value, ";".join(messages)))
        elif operator == "Exists":
            if value:
                message = "value must be empty when `operator` is 'Exists'"
                found.append(field.invalid(f"{at}.operator", value, message))
        else:
            valid = ("Equal", "Exists", "Lt", "Gt") if operator in ("Lt", "Gt") else ("Equal", "Exists")
            found.append(field.unsupported(f"{at}.operator", operator, valid))
        if effect and effect not in EFFECTS:
            found.append(field.unsupported(f"{at}.effect", effect, EFFECTS))
    return found


def gates(items: list[Object] | None, path: str) -> Errors:
    found: Errors = []
    seen: set[str] = set()
    for position, gate in enumerate(items or ()):
        name = gate.get("name", "")
        found += field.each(f"{path}[{position}]", name, label_syntax.key_errors(name))
        if name in seen:
            found.append(field.duplicate(f"{path}[{position}]", name))
        seen.add(name)
    return found
