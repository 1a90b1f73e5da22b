"""How `kubectl describe secret` tells of a Secret: sizes, not values.

Source: kubectl/pkg/describe/describe.go (v1.36)
"""

from __future__ import annotations

import base64

from k8s_magic.kinds.describe import DescribeContext, Writer, metadata_lines, name_lines
from k8s_magic.machinery.meta import Object

_TOKEN_TYPE = "kubernetes.io/service-account-token"


def describe(obj: Object, context: DescribeContext) -> str:
    w = Writer()
    name_lines(w, obj)
    metadata_lines(w, obj)
    w(0, f"\nType:\t{obj.get('type', '')}")
    w(0, "\nData\n====")
    data = obj.get("data") or {}
    for key in sorted(data):
        value = base64.b64decode(data[key] or "")
        if key == "token" and obj.get("type") == _TOKEN_TYPE:
            w(0, f"{key}:\t{value.decode(errors='replace')}")
        else:
            w(0, f"{key}:\t{len(value)} bytes")
    return w.text()
