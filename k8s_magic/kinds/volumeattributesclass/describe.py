"""How `kubectl describe volumeattributesclass` tells of a VolumeAttributesClass.

Source: kubectl/pkg/describe/describe.go (v1.36)
"""

from __future__ import annotations

from k8s_magic.kinds.describe import DescribeContext, Writer, event_lines
from k8s_magic.machinery import selectors
from k8s_magic.machinery.meta import Object


def describe(obj: Object, context: DescribeContext) -> str:
    events = context.events(obj)
    w = Writer()
    w(0, f"Name:\t{obj['metadata']['name']}")
    w(0, f"Annotations:\t{selectors.format_labels(obj['metadata'].get('annotations'))}")
    w(0, f"DriverName:\t{obj.get('driverName', '')}")
    w(0, f"Parameters:\t{selectors.format_labels(obj.get('parameters'))}")
    event_lines(w, events, context)
    return w.text()
