"""How `kubectl describe service` tells of a Service and its endpoints.

Source: kubectl/pkg/describe/describe.go (v1.36)
"""

from __future__ import annotations

from k8s_magic.kinds.describe import DescribeContext, Writer, event_lines, metadata_lines, name_lines
from k8s_magic.machinery import meta, names, selectors
from k8s_magic.machinery.errors import ApiError
from k8s_magic.machinery.meta import Object

# Source: describe.go (formatEndpointSlices)
_MOST_ENDPOINTS = 3
SERVICE_NAME = "kubernetes.io/service-name"


def describe(obj: Object, context: DescribeContext) -> str:
    slices = endpoint_slices(meta.namespace_of(obj), meta.name_of(obj), context)
    events = context.events(obj)
    spec, status = obj["spec"], obj.get("status") or {}
    w = Writer()
    name_lines(w, obj)
    metadata_lines(w, obj)
    w(0, f"Selector:\t{selectors.format_labels(spec.get('selector'))}")
    w(0, f"Type:\t{spec.get('type', '')}")
    if spec.get("ipFamilyPolicy") is not None:
        w(0, f"IP Family Policy:\t{spec['ipFamilyPolicy']}")
    w(0, f"IP Families:\t{','.join(spec.get('ipFamilies') or ()) or '<none>'}")
    w(0, f"IP:\t{spec.get('clusterIP', '')}")
    w(0, f"IPs:\t{','.join(spec.get('clusterIPs') or ()) or '<none>'}")
    if spec.get("externalIPs"):
        w(0, f"External IPs:\t{','.join(spec['externalIPs'])}")
    if spec.get("loadBalancerIP"):
        w(0, f"Desired LoadBalancer IP:\t{spec['loadBalancerIP']}")
    if spec.get("externalName"):
        w(0, f"External Name:\t{spec['externalName']}")
    balanced = (status.get("loadBalancer") or {}).get("ingress")
    if balanced:
        w(0, f"LoadBalancer Ingress:\t{', '.join([_ingress(each) for each in balanced])}")
    for port in spec.get("ports") or ():
        _port(w, port, slices)
    w(0, f"Session Affinity:\t{spec.get('sessionAffinity', '')}")
    for title, key in (
        ("External Traffic Policy", "externalTrafficPolicy"),
        ("Internal Traffic Policy", "internalTrafficPolicy"),
        ("HealthCheck NodePort", "healthCheckNodePort"),
    ):
        if spec.get(key):
            w(0, f"{title}:\t{spec[key]}")
    if spec.get("loadBalancerSourceRanges"):
        w(0, f"LoadBalancer Source Ranges:\t{','.join(spec['loadBalancerSourceRanges'])}")
    if spec.get("trafficDistribution") is not None:
        w(0, f"Traffic Distribution:\t{spec['trafficDistribution']}")
    event_lines(w, events, context)
    return w.text()


def _ingress(each: Object) -> str:
    if each.get("ip"):
        return f"{each['ip']} ({each['ipMode']})" if each.get("ipMode") is not None else str(each["ip"])
    return str(each.get("hostname", ""))


def _port(w: Writer, port: Object, slices: list[Object]) -> None:
    name, protocol = port.get("name") or "<unset>", port.get("protocol", "TCP")
    w(0, f"Port:\t{name}\t{port['port']}/{protocol}")
    w(0, f"TargetPort:\t{port.get('targetPort', 0)}/{protocol}")
    if port.get("appProtocol") is not None:
        w(0, f"AppProtocol:\t{port['appProtocol']}")
    if port.get("nodePort"):
        w(0, f"NodePort:\t{name}\t{port['nodePort']}/{protocol}")
    w(0, f"Endpoints:\t{endpoints(slices, port.get('name') or '')}")


def endpoint_slices(namespace: str, service: str, context: DescribeContext) -> list[Object]:
    try:
        return context.fetch(names.ENDPOINT_SLICES, namespace, labels=f"{SERVICE_NAME}={service}")
    except ApiError:
        return []


def endpoints(slices: list[Object], port_name: str) -> str:
    """The ready addresses that serve one port of a Service: `10.1.1.1:80,10.1.1.2:80,10.1.1.3:80 + 2 more...`."""
    if not slices:
        return "<none>"
    found: list[str] = []
    more = False
    count = 0
    for each in slices:
        ports = each.get("ports") or []
        numbers = [port.get("port") for port in ports if (port.get("name") or "") == port_name] if ports else [None]
        for number in numbers:
            for endpoint in each.get("endpoints") or ():
                # That there is more is seen at any further endpoint, counted are only the ready ones.
                more = more or len(found) == _MOST_ENDPOINTS
                if (endpoint.get("conditions") or {}).get("ready") is False:
                    continue
                if not more:
                    address = endpoint["addresses"][0]
                    shown = f"[{address}]" if ":" in address else address
                    found.append(address if number is None else f"{shown}:{number}")
                count += 1
    text = ",".join(found)
    return f"{text} + {count - _MOST_ENDPOINTS} more..." if more else text
