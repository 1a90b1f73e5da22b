"""The Service that `expose` and `run --expose` make.

Source: kubectl/pkg/cmd/expose/expose.go, pkg/polymorphichelpers/{portsforobject,multiprotocolsforobject,
mapbasedselectorforobject,canbeexposed}.go
"""

from __future__ import annotations

from collections.abc import Mapping

from k8s_magic.kubectl.errors import KubectlError
from k8s_magic.kubectl.writing import parsing
from k8s_magic.machinery import meta
from k8s_magic.machinery.meta import Object
from k8s_magic.text.go_values import plain

EXPOSABLE = ("ReplicationController", "Service", "Pod", "Deployment", "ReplicaSet")


def _pod_spec(obj: Object) -> Object:
    found: Object = obj["spec"] if obj["kind"] == "Pod" else obj["spec"]["template"]["spec"]
    return found


def ports_of(obj: Object) -> dict[str, list[str]]:
    """Port -> protocols, in order."""
    found: dict[str, list[str]] = {}
    if obj["kind"] == "Service":
        pairs = [(port["port"], port.get("protocol")) for port in obj["spec"].get("ports") or ()]
    else:
        pairs = [
            (port["containerPort"], port.get("protocol"))
            for container in _pod_spec(obj).get("containers") or ()
            for port in container.get("ports") or ()
        ]
    for port, protocol in pairs:
        held = found.setdefault(str(port), [])
        if (protocol or "TCP") not in held:
            held.append(protocol or "TCP")
    return found


def selector_of(obj: Object) -> dict[str, str]:
    """Labels that select the object's Pods. Raises: KubectlError in the helper's words."""
    kind = obj["kind"]
    if kind == "Pod":
        if not meta.labels_of(obj):
            raise KubectlError("the pod has no labels and cannot be exposed")
        return meta.labels_of(obj)
    if kind == "Service":
        if obj["spec"].get("selector") is None:
            raise KubectlError("the service has no pod selector set")
        labels: dict[str, str] = obj["spec"]["selector"]
        return labels
    selector = obj["spec"].get("selector") or {}
    if kind == "ReplicationController":
        return dict(selector)
    if not selector.get("matchLabels"):
        raise KubectlError(f"invalid {kind.lower()}: no selectors, therefore cannot be exposed")
    if selector.get("matchExpressions"):
        shown = plain(selector["matchExpressions"])
        raise KubectlError(f'couldn\'t convert expressions - "{shown}" to map-based selector format')
    return dict(selector["matchLabels"])


def service(
    name: str,
    selector: Mapping[str, str],
    labels: Mapping[str, str],
    ports: list[str],
    *,
    protocol: str = "",
    protocols: Mapping[str, list[str]] | None = None,
    target_port: str = "",
    **spec: str,
) -> Object:
    """`protocols` are those of the exposed object's ports; `spec` may give externalIP, type, loadBalancerIP,
    sessionAffinity, clusterIP.
    """
    entries: list[Object] = []
    for position, text in enumerate(ports, 1):
        number = parsing.integer(text)
        port_name = f"port-{position}" if len(ports) > 1 else ""
        known = (protocols or {}).get(text, []) if not protocol else []
        if len(known) > 1:
            entries += [_port(f"port-{position}-{each.lower()}", each, number, target_port) for each in known]
            continue
        entries.append(_port(port_name, protocol or (known[0] if known else "TCP"), number, target_port))
    body: Object = {}
    if entries:
        body["ports"] = entries
    body["selector"] = dict(sorted(selector.items()))
    if spec.get("clusterIP"):
        body["clusterIP"] = spec["clusterIP"]
    if spec.get("type"):
        body["type"] = spec["type"]
    if spec.get("externalIP"):
        body["externalIPs"] = [spec["externalIP"]]
    affinity = spec.get("sessionAffinity", "")
    if affinity:
        if affinity not in ("None", "ClientIP"):
            raise KubectlError(f"unknown session affinity: {affinity}")
        body["sessionAffinity"] = affinity
    if spec.get("type") == "LoadBalancer" and spec.get("loadBalancerIP"):
        body["loadBalancerIP"] = spec["loadBalancerIP"]
    metadata: Object = {"name": name}
    if labels:
        metadata["labels"] = dict(sorted(labels.items()))
    return {
        "kind": "Service",
        "apiVersion": "v1",
        "metadata": metadata,
        "spec": body,
        "status": {"loadBalancer": {}},
    }


def _port(name: str, protocol: str, number: int, target: str) -> Object:
    entry: Object = {"name": name} if name else {}
    return entry | {
        "protocol": protocol,
        "port": number,
        "targetPort": parsing.int_or_string(target) if target else number,
    }
