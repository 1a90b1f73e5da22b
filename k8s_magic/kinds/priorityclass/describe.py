"""How `kubectl describe priorityclass` tells of a PriorityClass.

Source: kubectl/pkg/describe/describe.go (v1.36)
"""

from __future__ import annotations

from k8s_magic.kinds.describe import DescribeContext, Writer, event_lines, yes
from k8s_magic.machinery import selectors
from k8s_magic.machinery.meta import Object


def describe(obj: Object, context: DescribeContext) -> str:
    events = context.events(obj)
    w = Writer()
    w(0, f"Name:\t{obj['metadata']['name']}")
    w(0, f"Value:\t{obj.get('value', 0)}")
    w(0, f"GlobalDefault:\t{yes(obj.get('globalDefault'))}")
    w(0, f"PreemptionPolicy:\t{obj.get('preemptionPolicy', '')}")
    w(0, f"Description:\t{obj.get('description', '')}")
    w(0, f"Annotations:\t{selectors.format_labels(obj['metadata'].get('annotations'))}")
    event_lines(w, events, context)
    return w.text()
