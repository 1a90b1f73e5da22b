"""How `kubectl describe endpoints` tells of Endpoints.

Source: kubectl/pkg/describe/describe.go (v1.36)
"""

from __future__ import annotations

from k8s_magic.kinds.describe import DescribeContext, Writer, event_lines, metadata_lines, name_lines
from k8s_magic.machinery.meta import Object


def describe(obj: Object, context: DescribeContext) -> str:
    events = context.events(obj)
    w = Writer()
    name_lines(w, obj)
    metadata_lines(w, obj)
    w(0, "Subsets:")
    for subset in obj.get("subsets") or ():
        for title, key in (("Addresses", "addresses"), ("NotReadyAddresses", "notReadyAddresses")):
            ips = ",".join([address["ip"] for address in subset.get(key) or ()])
            w(1, f"{title}:\t{ips or '<none>'}")
        if subset.get("ports"):
            w(1, "Ports:")
            w(2, "Name\tPort\tProtocol")
            w(2, "----\t----\t--------")
            for port in subset["ports"]:
                w(2, f"{port.get('name') or '<unset>'}\t{port['port']}\t{port.get('protocol', 'TCP')}")
        w(0, "")
    event_lines(w, events, context)
    return w.text()
