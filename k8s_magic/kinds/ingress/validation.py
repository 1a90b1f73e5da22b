"""Source: pkg/apis/networking/validation/validation.go ValidateIngressCreate"""

from __future__ import annotations

import ipaddress

from k8s_magic.kinds.validation import field, metadata, words
from k8s_magic.kinds.validation.field import Errors
from k8s_magic.machinery.meta import Object

CLASS_ANNOTATION = "kubernetes.io/ingress.class"
PATH_TYPES = ("Exact", "ImplementationSpecific", "Prefix")
BAD_SEQUENCES = ("//", "/./", "/../", "%2f", "%2F")
BAD_SUFFIXES = ("/..", "/.")


def validate(obj: Object) -> Errors:
    found = metadata.validate(obj) + _spec(obj["spec"])
    annotations = obj["metadata"].get("annotations") or {}
    name = obj["spec"].get("ingressClassName")
    if CLASS_ANNOTATION in annotations and name is not None and annotations[CLASS_ANNOTATION] != name:
        message = "must match `ingressClassName` when both are specified"
        found.append(field.invalid(f"annotations.{CLASS_ANNOTATION}", annotations[CLASS_ANNOTATION], message))
    return found


def validate_update(new: Object, old: Object) -> Errors:
    return metadata.validate_update(new, old) + metadata.validate(new) + _spec(new["spec"])


def _spec(spec: Object) -> Errors:
    found: Errors = []
    rules, backend = spec.get("rules") or [], spec.get("defaultBackend")
    if not rules and backend is None:
        found.append(field.invalid("spec", None, "either `defaultBackend` or `rules` must be specified"))
    if backend is not None:
        found += _backend(backend, "spec.defaultBackend")
    for position, rule in enumerate(rules):
        found += _rule(rule, f"spec.rules[{position}]")
    for position, tls in enumerate(spec.get("tls") or ()):
        at = f"spec.tls[{position}]"
        for index, host in enumerate(tls.get("hosts") or ()):
            found += field.each(f"{at}.hosts[{index}]", host, _host(host))
        secret = tls.get("secretName", "")
        if secret:
            found += field.each(f"{at}.secretName", secret, words.dns_subdomain(secret))
    name = spec.get("ingressClassName")
    if name is not None:
        found += field.each("spec.ingressClassName", name, words.dns_subdomain(name))
    return found


def _host(host: str) -> list[str]:
    return words.wildcard_subdomain(host) if "*" in host else words.dns_subdomain(host)


def _rule(rule: Object, path: str) -> Errors:
    found: Errors = []
    host = rule.get("host", "")
    if host:
        try:
            ipaddress.ip_address(host)
            message = "must be a DNS name, not an IP address"
            found.append(field.invalid(f"{path}.host", host, message))
        except ValueError:
            pass
        found += field.each(f"{path}.host", host, _host(host))
    http = rule.get("http")
    if http is None:
        return found
    if not http.get("paths"):
        found.append(field.required(f"{path}.http.paths"))
    for position, one in enumerate(http.get("paths") or ()):
        found += _path(one, f"{path}.http.paths[{position}]")
    return found


def _path(obj: Object, path: str) -> Errors:
    type_, where = obj.get("pathType"), obj.get("path", "")
    if type_ is None:
        return [field.required(f"{path}.pathType", "pathType must be specified")]
    found: Errors = []
    at = f"{path}.path"
    if type_ in ("Exact", "Prefix"):
        if not where.startswith("/"):
            found.append(field.invalid(at, where, "must be an absolute path"))
        found += [
            field.invalid(at, where, f"must not contain '{bad}'") for bad in BAD_SEQUENCES if where and bad in where
        ]
        found += [field.invalid(at, where, f"cannot end with '{bad}'") for bad in BAD_SUFFIXES if where.endswith(bad)]
    elif type_ == "ImplementationSpecific":
        if where and not where.startswith("/"):
            found.append(field.invalid(at, where, "must be an absolute path"))
    else:
        found.append(field.unsupported(f"{path}.pathType", type_, PATH_TYPES))
    return found + _backend(obj["backend"], f"{path}.backend")


def _backend(backend: Object, path: str) -> Errors:
    service, resource = backend.get("service"), backend.get("resource")
    if service is not None and resource is not None:
        return [field.invalid(path, "", "cannot set both resource and service backends")]
    if resource is not None:
        return typed_reference(resource, f"{path}.resource")
    if service is None:
        return [field.invalid(path, "", "resource or service backend is required")]
    found: Errors = []
    name, port = service.get("name", ""), service.get("port") or {}
    if name:
        found += field.each(f"{path}.service.name", name, words.dns_label(name))
    else:
        found.append(field.required(f"{path}.service.name"))
    port_name, number = port.get("name", ""), port.get("number", 0)
    if port_name and number:
        found.append(field.invalid(path, "", "cannot set both port name & port number"))
    elif port_name:
        found += field.each(f"{path}.service.port.name", port_name, words.port_name(port_name))
    elif number:
        found += field.each(f"{path}.service.port.number", number, words.port_number(number))
    else:
        found.append(field.required(path, "port name or number is required"))
    return found


def typed_reference(ref: Object, path: str) -> Errors:
    """A reference to an object of any kind in the same namespace."""
    found: Errors = []
    group = ref.get("apiGroup")
    if group is not None:
        found += field.each(f"{path}.apiGroup", group, words.dns_subdomain(group))
    for name in ("kind", "name"):
        value = ref.get(name, "")
        if value:
            found += field.each(f"{path}.{name}", value, words.path_segment(value))
        else:
            found.append(field.required(f"{path}.{name}"))
    return found
