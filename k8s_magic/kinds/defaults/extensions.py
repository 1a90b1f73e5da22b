"""Defaults of custom resource definitions and API services.

Source: apiextensions-apiserver/pkg/apis/apiextensions/v1/defaults.go, kube-aggregator apiregistration/v1/defaults.go
"""

from __future__ import annotations

from k8s_magic.machinery.meta import Object


def definition(obj: Object) -> None:
    spec = obj["spec"]
    names = spec["names"]
    if not names.get("singular"):
        names["singular"] = names["kind"].lower()
    if not names.get("listKind") and names["kind"]:
        names["listKind"] = names["kind"] + "List"
    spec.setdefault("conversion", {"strategy": "None"})
    status = obj["status"]
    if not status.get("storedVersions"):
        stored = [version["name"] for version in spec["versions"] or () if version["storage"]]
        status["storedVersions"] = stored[:1] or None


def service_reference(obj: Object) -> None:
    obj.setdefault("port", 443)


TYPES = {
    "apiextensions.v1.CustomResourceDefinition": definition,
    "apiextensions.v1.ServiceReference": service_reference,
    "apiregistration.v1.ServiceReference": service_reference,
}
