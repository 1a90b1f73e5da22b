"""How `kubectl describe ingressclass` tells of an IngressClass.

Source: kubectl/pkg/describe/describe.go (v1.36)
"""

from __future__ import annotations

from k8s_magic.kinds.describe import DescribeContext, Writer, event_lines, metadata_lines
from k8s_magic.machinery.meta import Object


def describe(obj: Object, context: DescribeContext) -> str:
    events = context.events(obj)
    spec = obj.get("spec") or {}
    w = Writer()
    w(0, f"Name:\t{obj['metadata']['name']}")
    metadata_lines(w, obj)
    w(0, f"Controller:\t{spec.get('controller', '')}")
    parameters = spec.get("parameters")
    if parameters is not None:
        w(0, "Parameters:")
        if parameters.get("apiGroup") is not None:
            w(1, f"APIGroup:\t{parameters['apiGroup']}")
        w(1, f"Kind:\t{parameters.get('kind', '')}")
        w(1, f"Name:\t{parameters.get('name', '')}")
    event_lines(w, events, context)
    return w.text()
