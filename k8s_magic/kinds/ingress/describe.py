"""How `kubectl describe ingress` tells of an Ingress and its backends.

Source: kubectl/pkg/describe/describe.go (v1.36)
"""

from __future__ import annotations

from k8s_magic.kinds import printing
from k8s_magic.kinds.describe import DescribeContext, Writer, annotation_lines, event_lines, label_lines
from k8s_magic.kinds.service import describe as services
from k8s_magic.machinery import meta, names
from k8s_magic.machinery.errors import ApiError
from k8s_magic.machinery.meta import Object


def describe(obj: Object, context: DescribeContext) -> str:
    events = context.events(obj)
    metadata, spec = obj["metadata"], obj.get("spec") or {}
    namespace = meta.namespace_of(obj)
    w = Writer()
    w(0, f"Name:\t{metadata['name']}")
    label_lines(w, "Labels", metadata.get("labels"))
    w(0, f"Namespace:\t{namespace}")
    w(0, f"Address:\t{printing.load_balancer(obj)}")
    name = spec.get("ingressClassName")
    w(0, f"Ingress Class:\t{'<none>' if name is None else name}")
    default = spec.get("defaultBackend")
    shown = "<default>" if default is None else _backend(namespace, default, context)
    w(0, f"Default backend:\t{shown}")
    if spec.get("tls"):
        w(0, "TLS:")
        for each in spec["tls"]:
            hosts = ",".join(each.get("hosts") or ())
            secret = each.get("secretName")
            w(1, f"{secret} terminates {hosts}" if secret else f"SNI routes {hosts}")
    w(0, "Rules:\n  Host\tPath\tBackends")
    w(1, "----\t----\t--------")
    rules = [rule for rule in spec.get("rules") or () if rule.get("http") is not None]
    for rule in rules:
        w(1, f"{rule.get('host') or '*'}\t")
        for path in rule["http"].get("paths") or ():
            w(2, f"\t{path.get('path', '')} \t{_backend(namespace, path['backend'], context)}")
    if not rules:
        w(1, f"*\t*\t{shown}")
    annotation_lines(w, metadata.get("annotations"))
    event_lines(w, events, context)
    return w.text()


def _backend(namespace: str, backend: Object, context: DescribeContext) -> str:
    service = backend.get("service")
    if service is None:
        resource = backend.get("resource")
        if resource is None:
            return ""
        group = resource.get("apiGroup")
        kind, name = resource.get("kind", ""), resource.get("name", "")
        return f"APIGroup: {'<none>' if group is None else group}, Kind: {kind}, Name: {name}"
    port = service.get("port") or {}
    number, name = port.get("number", 0), port.get("name", "")
    text = f"{service['name']}:{number or name}"
    slices = services.endpoint_slices(namespace, service["name"], context)
    try:
        found = context.transport.get(names.SERVICES, namespace, service["name"])
    except ApiError as error:
        return f"{text} (<error: {error.message}>)"
    port_name = ""
    for each in found["spec"].get("ports") or ():
        if (number and number == each["port"]) or (name and name == each.get("name")):
            port_name = each.get("name") or ""
    return f"{text} ({services.endpoints(slices, port_name)})"
