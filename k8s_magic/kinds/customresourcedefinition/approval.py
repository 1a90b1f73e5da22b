"""Groups of Kubernetes' own (*.k8s.io, *.kubernetes.io) need a word of approval.

Source: apiextensions-apiserver/pkg/apihelpers/helpers.go (GetAPIApprovalState)
"""

from __future__ import annotations

from urllib.parse import urlparse

from k8s_magic.kinds.validation import field
from k8s_magic.kinds.validation.field import Errors
from k8s_magic.machinery.meta import Object

ANNOTATION = "api-approved.kubernetes.io"
PATH = f"metadata.annotations[{ANNOTATION}]"
PROTECTED = ("k8s.io", "kubernetes.io")
MISSING = (
    'protected groups must have approval annotation "api-approved.kubernetes.io", '
    "see https://github.com/kubernetes/enhancements/pull/1111"
)
INVALID = (
    'protected groups must have approval annotation "api-approved.kubernetes.io" with either a URL or a reason '
    'starting with "unapproved", see https://github.com/kubernetes/enhancements/pull/1111'
)


def check(new: Object, old: Object | None) -> Errors:
    group = new["spec"].get("group", "")
    if not any(group == each or group.endswith(f".{each}") for each in PROTECTED):
        return []
    state = _state(new)
    if state == "fine" or (old is not None and _state(old) == state):
        return []
    if state == "missing":
        return [field.required(PATH, MISSING)]
    return [field.invalid(PATH, (new["metadata"].get("annotations") or {})[ANNOTATION], INVALID)]


def _state(definition: Object) -> str:
    text = (definition["metadata"].get("annotations") or {}).get(ANNOTATION, "")
    if not text:
        return "missing"
    if text.startswith("unapproved"):
        return "fine"
    url = urlparse(text)
    return "fine" if url.scheme and url.netloc else "invalid"
