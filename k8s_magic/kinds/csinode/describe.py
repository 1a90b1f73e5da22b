"""How `kubectl describe csinode` tells of a CSINode.

Source: kubectl/pkg/describe/describe.go (v1.36)
"""

from __future__ import annotations

from k8s_magic.kinds.describe import DescribeContext, Writer, event_lines, metadata_lines, moment, strings
from k8s_magic.machinery.meta import Object


def describe(obj: Object, context: DescribeContext) -> str:
    events = context.events(obj)
    w = Writer()
    w(0, f"Name:\t{obj['metadata']['name']}")
    metadata_lines(w, obj)
    w(0, f"CreationTimestamp:\t{moment(obj['metadata'].get('creationTimestamp'))}")
    w(0, "Spec:")
    drivers = (obj.get("spec") or {}).get("drivers")
    if drivers is not None:
        w(1, "Drivers:")
        for driver in drivers:
            w(2, f"{driver['name']}:")
            w(3, f"Node ID:\t{driver.get('nodeID', '')}")
            count = (driver.get("allocatable") or {}).get("count")
            if count is not None:
                w(3, "Allocatables:")
                w(4, f"Count:\t{count}")
            if driver.get("topologyKeys") is not None:
                w(3, f"Topology Keys:\t{strings(driver['topologyKeys'])}")
    event_lines(w, events, context)
    return w.text()
