"""How `kubectl describe serviceaccount` tells of a ServiceAccount.

Source: kubectl/pkg/describe/describe.go (v1.36)
"""

from __future__ import annotations

from k8s_magic.kinds.describe import DescribeContext, Writer, event_lines, metadata_lines, name_lines
from k8s_magic.machinery.meta import Object

_TITLE = "Image pull secrets:"


def describe(obj: Object, context: DescribeContext) -> str:
    events = context.events(obj)
    w = Writer()
    name_lines(w, obj)
    metadata_lines(w, obj)
    lead = _TITLE
    for secret in obj.get("imagePullSecrets") or ({"name": "<none>"},):
        w(0, f"{lead}\t{secret.get('name', '')}")
        lead = " " * len(_TITLE)
    event_lines(w, events, context)
    return w.text()
