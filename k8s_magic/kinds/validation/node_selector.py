"""Node selectors, as affinity and volumes have them. Source: core/validation ValidateNodeSelector"""

from __future__ import annotations

from k8s_magic.kinds.validation import field, words
from k8s_magic.kinds.validation.field import Errors
from k8s_magic.machinery import label_syntax
from k8s_magic.machinery.meta import Object

NOT_OPERATOR = "not a valid selector operator"


def selector(obj: Object, path: str) -> Errors:
    terms = obj.get("nodeSelectorTerms")
    at = f"{path}.nodeSelectorTerms"
    if not terms:
        return [field.required(at, "must have at least one node selector term")]
    found: Errors = []
    for position, one in enumerate(terms):
        found += term(one, f"{at}[{position}]", check_values=True)
    return found


def term(obj: Object, path: str, *, check_values: bool) -> Errors:
    found: Errors = []
    for position, requirement in enumerate(obj.get("matchExpressions") or ()):
        found += _expression(requirement, f"{path}.matchExpressions[{position}]", check_values)
    for position, requirement in enumerate(obj.get("matchFields") or ()):
        found += _field(requirement, f"{path}.matchFields[{position}]")
    return found


def _expression(requirement: Object, path: str, check_values: bool) -> Errors:
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
    elif operator in ("Gt", "Lt"):
        if len(values) != 1:
            message = "must be specified single value when `operator` is 'Lt' or 'Gt'"
            found.append(field.required(f"{path}.values", message))
    else:
        found.append(field.invalid(f"{path}.operator", operator, NOT_OPERATOR))
    key = requirement.get("key", "")
    found += field.each(f"{path}.key", key, label_syntax.key_errors(key))
    if check_values:
        for position, value in enumerate(values):
            found += field.each(f"{path}.values[{position}]", value, label_syntax.value_errors(value))
    return found


def _field(requirement: Object, path: str) -> Errors:
    found: Errors = []
    operator, values = requirement.get("operator", ""), requirement.get("values") or ()
    if operator not in ("In", "NotIn"):
        found.append(field.invalid(f"{path}.operator", operator, NOT_OPERATOR))
    elif len(values) != 1:
        message = "must be only one value when `operator` is 'In' or 'NotIn' for node field selector"
        found.append(field.required(f"{path}.values", message))
    key = requirement.get("key", "")
    if key != "metadata.name":
        found.append(field.invalid(f"{path}.key", key, "not a valid field selector key"))
        return found
    for position, value in enumerate(values):
        found += field.each(f"{path}.values[{position}]", value, words.dns_subdomain(value))
    return found
