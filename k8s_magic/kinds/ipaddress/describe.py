"""How `kubectl describe ipaddress` tells of an IPAddress.

Source: kubectl/pkg/describe/describe.go (v1.36)
"""

from __future__ import annotations

from k8s_magic.kinds.describe import DescribeContext, Writer, event_lines, metadata_lines
from k8s_magic.machinery.meta import Object


def describe(obj: Object, context: DescribeContext) -> str:
    events = context.events(obj)
    w = Writer()
    w(0, f"Name:\t{obj['metadata']['name']}")
    metadata_lines(w, obj)
    parent = (obj.get("spec") or {}).get("parentRef")
    if parent is not None:
        w(0, "Parent Reference:")
        for title in ("Group", "Resource", "Namespace", "Name"):
            w(1, f"{title}:\t{parent.get(title.lower(), '')}")
    event_lines(w, events, context)
    return w.text()
