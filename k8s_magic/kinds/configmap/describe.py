"""How `kubectl describe configmap` tells of a ConfigMap.

Source: kubectl/pkg/describe/describe.go (v1.36)
"""

from __future__ import annotations

import base64

from k8s_magic.kinds.describe import DescribeContext, Writer, event_lines, metadata_lines, name_lines
from k8s_magic.machinery.meta import Object


def describe(obj: Object, context: DescribeContext) -> str:
    w = Writer()
    name_lines(w, obj)
    metadata_lines(w, obj)
    w(0, "\nData\n====")
    data = obj.get("data") or {}
    for key in sorted(data):
        w(0, f"{key}:\n----\n{data[key]}\n")
    w(0, "\nBinaryData\n====")
    binary = obj.get("binaryData") or {}
    for key in sorted(binary):
        w(0, f"{key}: {len(base64.b64decode(binary[key] or ''))} bytes")
    w(0, "")
    event_lines(w, context.events(obj), context)
    return w.text()
