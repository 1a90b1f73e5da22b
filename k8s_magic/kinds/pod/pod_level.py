"""Resources and device claims of a whole Pod.

Source: core/validation validatePodResources, validatePodResourceClaim
"""

from __future__ import annotations

from collections.abc import Iterable

from k8s_magic.kinds.defaults import pod_resources
from k8s_magic.kinds.pod.containers import Around
from k8s_magic.kinds.validation import field, quantities, words
from k8s_magic.kinds.validation.field import Errors
from k8s_magic.machinery import quantity
from k8s_magic.machinery.meta import Object


def resources(spec: Object, around: Around, path: str) -> Errors:
    own = spec.get("resources")
    if own is None:
        return []
    if (spec.get("os") or {}).get("name") == "windows":
        return [field.forbidden(path, "may not be set for a windows pod")]
    found: Errors = []
    if own.get("claims") is not None:
        found.append(field.forbidden(f"{path}.claims", "claims may not be set for Resources at pod-level"))
    found += quantities.requirements(own, around.claims, path, quantities.pod_resource_name)
    return found + _consistency(spec, own, path)


def _consistency(spec: Object, own: Object, path: str) -> Errors:
    found: Errors = []
    requests, limits = own.get("requests") or {}, own.get("limits") or {}
    for name, total in sorted(pod_resources.total(spec, "requests").items()):
        if name in requests and total > quantity.parse(requests[name]):
            message = f"must be greater than or equal to aggregate container requests of {total}"
            found.append(field.invalid(f"{path}.requests[{name}]", requests[name], message))
    for name, total in sorted(pod_resources.total(spec, "limits").items()):
        if quantities.is_huge_page(name) and name in limits and total > quantity.parse(limits[name]):
            message = f"must be greater than or equal to aggregate container limits of {total}"
            found.append(field.invalid(f"{path}.limits[{name}]", limits[name], message))
    for position, container in enumerate(spec.get("containers") or ()):
        for name, text in sorted(((container.get("resources") or {}).get("limits") or {}).items()):
            if name in limits and quantity.parse(text) > quantity.parse(limits[name]):
                message = f"must be less than or equal to pod limits of {limits[name]}"
                found.append(field.invalid(f"{path}.containers[{position}][{name}].limits", text, message))
    return found


def claims(items: Iterable[Object], path: str) -> Errors:
    found: Errors = []
    seen: set[str] = set()
    for position, claim in enumerate(items):
        at, name = f"{path}[{position}]", claim.get("name", "")
        if not name:
            found.append(field.required(f"{at}.name"))
        elif name in seen:
            found.append(field.duplicate(f"{at}.name", name))
        else:
            found += field.each(f"{at}.name", name, words.dns_label(name))
            seen.add(name)
        direct, template = claim.get("resourceClaimName"), claim.get("resourceClaimTemplateName")
        shown = {"Name": name, "ResourceClaimName": direct, "ResourceClaimTemplateName": template}
        if direct is not None and template is not None:
            message = "at most one of `resourceClaimName` or `resourceClaimTemplateName` may be specified"
            found.append(field.invalid(at, shown, message))
        if direct is None and template is None:
            message = "must specify one of: `resourceClaimName`, `resourceClaimTemplateName`"
            found.append(field.invalid(at, shown, message))
        for part, value in (("resourceClaimName", direct), ("resourceClaimTemplateName", template)):
            if value is not None:
                found += field.each(f"{at}.{part}", value, words.dns_subdomain(value))
    return found
