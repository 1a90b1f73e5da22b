"""Source: pkg/apis/rbac/validation/validation.go"""

from __future__ import annotations

from k8s_magic.kinds.validation import field, metadata, rbac
from k8s_magic.kinds.validation.field import Errors
from k8s_magic.machinery.meta import Object


def validate(obj: Object) -> Errors:
    found = rbac.rules(obj, namespaced=False)
    aggregation = obj.get("aggregationRule")
    if aggregation is None:
        return found
    at = "aggregationRule.clusterRoleSelectors"
    selectors = aggregation.get("clusterRoleSelectors")
    if not selectors:
        message = "at least one clusterRoleSelector required if aggregationRule is non-nil"
        found.append(field.required(at, message))
    for position, selector in enumerate(selectors or ()):
        found += metadata.label_selector(selector, f"{at}[{position}]")
    return found


def validate_update(new: Object, old: Object) -> Errors:
    return validate(new) + metadata.validate_update(new, old)
