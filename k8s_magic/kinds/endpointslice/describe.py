"""How `kubectl describe endpointslice` tells of an EndpointSlice.

Source: kubectl/pkg/describe/describe.go (v1.36)
"""

from __future__ import annotations

from typing import Any

from k8s_magic.kinds.describe import DescribeContext, Writer, event_lines, metadata_lines, name_lines, yes
from k8s_magic.machinery.meta import Object


def describe(obj: Object, context: DescribeContext) -> str:
    events = context.events(obj)
    w = Writer()
    name_lines(w, obj)
    metadata_lines(w, obj)
    w(0, f"AddressType:\t{obj.get('addressType', '')}")
    _ports(w, obj.get("ports") or [])
    endpoints = obj.get("endpoints") or []
    w(0, "Endpoints:" if endpoints else "Endpoints: <none>")
    for endpoint in endpoints:
        w(1, f"- Addresses:\t{', '.join(endpoint.get('addresses') or ()) or '<none>'}")
        w(2, "Conditions:")
        ready = (endpoint.get("conditions") or {}).get("ready")
        w(3, f"Ready:\t{'<unset>' if ready is None else yes(ready)}")
        w(2, f"Hostname:\t{_or_unset(endpoint.get('hostname'))}")
        target = endpoint.get("targetRef")
        if target is not None:
            w(2, f"TargetRef:\t{target.get('kind', '')}/{target.get('name', '')}")
        w(2, f"NodeName:\t{_or_unset(endpoint.get('nodeName'))}")
        w(2, f"Zone:\t{_or_unset(endpoint.get('zone'))}")
    event_lines(w, events, context)
    return w.text()


def _ports(w: Writer, ports: list[Object]) -> None:
    if not ports:
        w(0, "Ports: <unset>")
        return
    w(0, "Ports:")
    w(1, "Name\tPort\tProtocol")
    w(1, "----\t----\t--------")
    for port in ports:
        w(1, f"{port.get('name') or '<unset>'}\t{_or_unset(port.get('port'))}\t{port.get('protocol', 'TCP')}")


def _or_unset(value: Any) -> str:
    return "<unset>" if value is None else str(value)
