"""Source: pkg/apis/core/validation/validation.go ValidateServiceCreate, ValidateServiceUpdate"""

from __future__ import annotations

from k8s_magic.kinds.pod import handlers
from k8s_magic.kinds.service import addresses
from k8s_magic.kinds.validation import endpoint, field, metadata, words
from k8s_magic.kinds.validation.field import Errors
from k8s_magic.machinery import label_syntax
from k8s_magic.machinery.meta import Object

HINTS, MODE = "service.kubernetes.io/topology-aware-hints", "service.kubernetes.io/topology-mode"
RANGES = "service.beta.kubernetes.io/load-balancer-source-ranges"
TYPES = ("ClusterIP", "ExternalName", "LoadBalancer", "NodePort")
DISTRIBUTIONS = ("PreferClose", "PreferSameZone", "PreferSameNode")
MAX_AFFINITY_SECONDS = 86400
ONLY_LOAD_BALANCER = "may only be used when `type` is 'LoadBalancer'"


def validate(obj: Object) -> Errors:
    return metadata.validate(obj, name=words.dns_label) + _service(obj, None)


def validate_update(new: Object, old: Object) -> Errors:
    found = metadata.validate_update(new, old)
    found += addresses.changes(new["spec"], old["spec"])
    name = "healthCheckNodePort"
    both_need_it = _needs_health_port(new["spec"]) and _needs_health_port(old["spec"])
    if both_need_it and new["spec"].get(name) != old["spec"].get(name):
        found.append(field.forbidden(f"spec.{name}", "field is immutable"))
    return found + _service(new, old)


def _service(obj: Object, old: Object | None) -> Errors:
    spec, annotations = obj["spec"], obj["metadata"].get("annotations") or {}
    found: Errors = []
    if HINTS in annotations and MODE in annotations and annotations[HINTS] != annotations[MODE]:
        message = f"must match annotations[{HINTS}] when both are specified"
        found.append(field.invalid(f"metadata.annotations[{MODE}]", annotations[MODE], message))
    type_, headless = spec.get("type", ""), addresses.is_headless(spec)
    ports = spec.get("ports") or []
    if not ports and not headless and type_ != "ExternalName":
        found.append(field.required("spec.ports"))
    found += _by_type(spec, type_, headless)
    found += _ports(ports)
    if spec.get("selector"):
        found += metadata.labels(spec["selector"], "spec.selector")
    found += field.one_of(spec.get("sessionAffinity", ""), ("ClientIP", "None"), "spec.sessionAffinity")
    found += _affinity(spec)
    found += addresses.related(spec, old["spec"] if old else {})
    for position, ip in enumerate(spec.get("externalIPs") or ()):
        at = f"spec.externalIPs[{position}]"
        wrong = words.ip(at, ip)
        found += wrong or endpoint.usable_ip(ip, at)
    found += field.one_of(type_, TYPES, "spec.type")
    found += _numbers(ports, type_)
    found += _source_ranges(spec, annotations, type_)
    allocate = spec.get("allocateLoadBalancerNodePorts")
    if allocate is not None and type_ != "LoadBalancer":
        found.append(field.forbidden("spec.allocateLoadBalancerNodePorts", ONLY_LOAD_BALANCER))
    if allocate is None and type_ == "LoadBalancer":
        found.append(field.required("allocateLoadBalancerNodePorts"))
    found += _class(spec, type_)
    return found + _traffic(spec, type_)


def _by_type(spec: Object, type_: str, headless: bool) -> Errors:
    if type_ in ("LoadBalancer", "NodePort") and headless:
        message = f"may not be set to 'None' for {type_} services"
        return [field.invalid("spec.clusterIPs[0]", "None", message)]
    if type_ != "ExternalName":
        return []
    found: Errors = []
    for name in ("clusterIPs", "ipFamilies", "ipFamilyPolicy"):
        if spec.get(name):
            found.append(field.forbidden(f"spec.{name}", "may not be set for ExternalName services"))
    name = spec.get("externalName", "").removesuffix(".")
    if not name:
        return [*found, field.required("spec.externalName")]
    return found + field.each("spec.externalName", name, words.dns_subdomain(name))


def _ports(ports: list[Object]) -> Errors:
    found: Errors = []
    names: set[str] = set()
    for position, port in enumerate(ports):
        at, name = f"spec.ports[{position}]", port.get("name", "")
        if name:
            found += field.each(f"{at}.name", name, words.dns_label(name))
            if name in names:
                found.append(field.duplicate(f"{at}.name", name))
            names.add(name)
        elif len(ports) > 1:
            found.append(field.required(f"{at}.name"))
        number = port.get("port", 0)
        found += field.each(f"{at}.port", number, words.port_number(number))
        found += field.one_of(port.get("protocol", ""), endpoint.PROTOCOLS, f"{at}.protocol")
        found += handlers.port(port.get("targetPort", 0), f"{at}.targetPort")
        protocol = port.get("appProtocol")
        if protocol is not None:
            found += field.each(f"{at}.appProtocol", protocol, label_syntax.key_errors(protocol))
    return found


def _affinity(spec: Object) -> Errors:
    affinity, config = spec.get("sessionAffinity"), spec.get("sessionAffinityConfig")
    at = "spec.sessionAffinityConfig"
    if affinity == "None" and config is not None:
        return [field.forbidden(at, "must not be set when session affinity is None")]
    if affinity != "ClientIP":
        return []
    needed = "when session affinity type is ClientIP"
    if config is None:
        return [field.required(at, needed)]
    if config.get("clientIP") is None:
        return [field.required(f"{at}.clientIP", needed)]
    seconds = config["clientIP"].get("timeoutSeconds")
    if seconds is None:
        return [field.required(f"{at}.clientIP.timeoutSeconds", needed)]
    if 0 < seconds <= MAX_AFFINITY_SECONDS:
        return []
    message = f"must be greater than 0 and less than {MAX_AFFINITY_SECONDS}"
    return [field.invalid(f"{at}.clientIP.timeoutSeconds", seconds, message)]


def _numbers(ports: list[Object], type_: str) -> Errors:
    """Node ports and ports: where they may be, and each only once."""
    found: Errors = []
    if type_ == "ClusterIP":
        for position, port in enumerate(ports):
            if port.get("nodePort"):
                message = "may not be used when `type` is 'ClusterIP'"
                found.append(field.forbidden(f"spec.ports[{position}].nodePort", message))
    seen: set[tuple[str, int]] = set()
    for position, port in enumerate(ports):
        number = port.get("nodePort", 0)
        key = (port.get("protocol", ""), number)
        if number and key in seen:
            found.append(field.duplicate(f"spec.ports[{position}].nodePort", number))
        seen.add(key)
    seen = set()
    for position, port in enumerate(ports):
        key = (port.get("protocol", ""), port.get("port", 0))
        if key in seen:
            shown = {
                "Name": "",
                "Protocol": key[0],
                "AppProtocol": None,
                "Port": key[1],
                "TargetPort": 0,
                "NodePort": 0,
            }
            found.append(field.duplicate(f"spec.ports[{position}]", shown))
        seen.add(key)
    return found


def _source_ranges(spec: Object, annotations: dict[str, str], type_: str) -> Errors:
    found: Errors = []
    ranges = spec.get("loadBalancerSourceRanges") or []
    if ranges:
        if type_ != "LoadBalancer":
            found.append(field.forbidden("spec.LoadBalancerSourceRanges", ONLY_LOAD_BALANCER))
        for position, value in enumerate(ranges):
            found += words.cidr(f"spec.LoadBalancerSourceRanges[{position}]", value.strip())
    elif RANGES in annotations:
        at = f"metadata.annotations[{RANGES}]"
        if type_ != "LoadBalancer":
            found.append(field.forbidden(at, ONLY_LOAD_BALANCER))
        text = annotations[RANGES].strip()
        for value in text.split(",") if text else ():
            found += words.cidr(at, value.strip())
    return found


def _class(spec: Object, type_: str) -> Errors:
    name = spec.get("loadBalancerClass")
    if name is None:
        return []
    if type_ != "LoadBalancer":
        return [field.forbidden("spec.loadBalancerClass", ONLY_LOAD_BALANCER)]
    return field.each("spec.loadBalancerClass", name, label_syntax.key_errors(name))


def _needs_health_port(spec: Object) -> bool:
    return spec.get("type") == "LoadBalancer" and spec.get("externalTrafficPolicy") == "Local"


def _traffic(spec: Object, type_: str) -> Errors:
    found: Errors = []
    external, at = spec.get("externalTrafficPolicy", ""), "spec.externalTrafficPolicy"
    exposed = type_ in ("LoadBalancer", "NodePort") or (type_ == "ClusterIP" and spec.get("externalIPs"))
    if exposed:
        found += field.one_of(external, ("Cluster", "Local"), at)
    elif external:
        found.append(field.invalid(at, external, "may only be set for externally-accessible services"))
    port, at = spec.get("healthCheckNodePort", 0), "spec.healthCheckNodePort"
    if _needs_health_port(spec):
        # Empty is the server's to fill in, which it does before it looks.
        found += field.each(at, port, words.port_number(port)) if port else []
    elif port:
        message = "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'"
        found.append(field.invalid(at, port, message))
    internal, at = spec.get("internalTrafficPolicy"), "spec.internalTrafficPolicy"
    if internal is None and type_ in ("NodePort", "LoadBalancer", "ClusterIP"):
        found.append(field.required(at))
    if internal is not None and internal not in ("Cluster", "Local"):
        found.append(field.unsupported(at, internal, ("Cluster", "Local")))
    distribution = spec.get("trafficDistribution")
    if distribution is not None and distribution not in DISTRIBUTIONS:
        found.append(field.unsupported("spec.trafficDistribution", distribution, DISTRIBUTIONS))
    return found
