"""What the server warns of in Pods and pod templates. Source: pkg/api/pod/warnings.go"""

from __future__ import annotations

from collections.abc import Iterator

from k8s_magic.kinds.validation import words
from k8s_magic.machinery import quantity
from k8s_magic.machinery.label_syntax import quoted
from k8s_magic.machinery.meta import Object

DEPRECATED_ANNOTATIONS = {
    "scheduler.alpha.kubernetes.io/critical-pod": 'non-functional in v1.16+; use the "priorityClassName" field instead',
    "security.alpha.kubernetes.io/sysctls": 'non-functional in v1.11+; use the "sysctls" field instead',
    "security.alpha.kubernetes.io/unsafe-sysctls": 'non-functional in v1.11+; use the "sysctls" field instead',
}
DEPRECATED_VOLUMES = {
    "photonPersistentDisk": "deprecated in v1.11, non-functional in v1.16+",
    "gitRepo": "deprecated in v1.11, and disabled by default in v1.33+",
    "scaleIO": "deprecated in v1.16, non-functional in v1.22+",
    "flocker": "deprecated in v1.22, non-functional in v1.25+",
    "storageos": "deprecated in v1.22, non-functional in v1.25+",
    "quobyte": "deprecated in v1.22, non-functional in v1.25+",
    "glusterfs": "deprecated in v1.25, non-functional in v1.26+",
    "cephfs": "deprecated in v1.28, non-functional in v1.31+",
    "rbd": "deprecated in v1.28, non-functional in v1.31+",
}
# Source: pkg/api/node/util.go
DEPRECATED_LABELS = {
    "beta.kubernetes.io/arch": 'deprecated since v1.14; use "kubernetes.io/arch" instead',
    "beta.kubernetes.io/os": 'deprecated since v1.14; use "kubernetes.io/os" instead',
    "failure-domain.beta.kubernetes.io/region": 'deprecated since v1.17; use "topology.kubernetes.io/region" instead',
    "failure-domain.beta.kubernetes.io/zone": 'deprecated since v1.17; use "topology.kubernetes.io/zone" instead',
    "beta.kubernetes.io/instance-type": 'deprecated since v1.17; use "node.kubernetes.io/instance-type" instead',
}
NULL_SELECTOR = "a null labelSelector results in matching no pod"


def warnings(obj: Object, old: Object | None) -> list[str]:
    """For a Pod: only when it is created."""
    if old is not None:
        return []
    found = []
    name = obj["metadata"].get("name", "")
    messages = words.dns_label(name) if name else []
    if messages:
        found.append(
            "metadata.name: this is used in the Pod's hostname, which can result in surprising behavior; "
            f"a DNS label is recommended: [{' '.join(messages)}]"
        )
    return found + of_template(obj, "")


def of_template(template: Object, path: str) -> list[str]:
    """For a pod template at a path (`spec.template`), or a Pod at ""."""
    spec = template["spec"]
    annotations = template["metadata"].get("annotations") or {}
    at = f"{path}.spec" if path else "spec"
    meta = f"{path}.metadata" if path else "metadata"
    found = [*_labels(spec, at)]
    for key, message in DEPRECATED_ANNOTATIONS.items():
        if key in annotations:
            found.append(f"{meta}.annotations[{key}]: {message}")
    for position, volume in enumerate(spec.get("volumes") or ()):
        for name, message in DEPRECATED_VOLUMES.items():
            if name in volume:
                shown = "storageOS" if name == "storageos" else name
                found.append(f"{at}.volumes[{position}].{shown}: {message}")
    for volume in spec.get("volumes") or ():
        for source in (volume.get("projected") or {}).get("sources") or ():
            if not source:
                found.append(f"volume {quoted(volume['name'])} (Projected) has no sources provided")
    found += _repeated(spec.get("hostAliases") or (), "ip", f"{at}.hostAliases")
    found += _repeated(spec.get("imagePullSecrets") or (), "name", f"{at}.imagePullSecrets")
    for position, item in enumerate(spec.get("imagePullSecrets") or ()):
        if not item.get("name"):
            found.append(f'{at}.imagePullSecrets[{position}].name: invalid empty name ""')
    for where, container in containers(spec, at):
        found += _container(container, where)
    found += _ports(spec, at)
    if (spec.get("terminationGracePeriodSeconds") or 0) < 0:
        found.append(
            f"{at}.terminationGracePeriodSeconds: must be >= 0; negative values are invalid and will be treated as 1"
        )
    return found + list(_affinity(spec.get("affinity") or {}, f"{at}.affinity"))


def containers(spec: Object, path: str) -> Iterator[tuple[str, Object]]:
    """Init containers first, as upstream visits them."""
    for name in ("initContainers", "containers", "ephemeralContainers"):
        for position, container in enumerate(spec.get(name) or ()):
            yield f"{path}.{name}[{position}]", container


def _labels(spec: Object, path: str) -> Iterator[str]:
    for key in sorted(spec.get("nodeSelector") or {}):
        if key in DEPRECATED_LABELS:
            yield f"{path}.nodeSelector[{key}]: {DEPRECATED_LABELS[key]}"
    node = (spec.get("affinity") or {}).get("nodeAffinity") or {}
    required = "requiredDuringSchedulingIgnoredDuringExecution"
    terms = (node.get(required) or {}).get("nodeSelectorTerms") or ()
    for position, term in enumerate(terms):
        yield from _term(term, f"{path}.affinity.nodeAffinity.{required}.nodeSelectorTerms[{position}]")
    preferred = "preferredDuringSchedulingIgnoredDuringExecution"
    for position, weighted in enumerate(node.get(preferred) or ()):
        yield from _term(weighted["preference"], f"{path}.affinity.nodeAffinity.{preferred}[{position}].preference")
    for position, constraint in enumerate(spec.get("topologySpreadConstraints") or ()):
        at = f"{path}.topologySpreadConstraints[{position}]"
        key = constraint["topologyKey"]
        if key in DEPRECATED_LABELS:
            yield f"{at}.topologyKey: {key} is {DEPRECATED_LABELS[key]}"
        if constraint.get("labelSelector") is None:
            yield f"{at}.labelSelector: {NULL_SELECTOR}"


def _term(term: Object, path: str) -> Iterator[str]:
    for position, expression in enumerate(term.get("matchExpressions") or ()):
        key = expression["key"]
        if key in DEPRECATED_LABELS:
            yield f"{path}.matchExpressions[{position}].key: {key} is {DEPRECATED_LABELS[key]}"


def _repeated(items: list[Object] | tuple[()], key: str, path: str) -> list[str]:
    seen: set[str] = set()
    found = []
    for position, item in enumerate(items):
        value = item.get(key, "")
        if value in seen:
            found.append(f"{path}[{position}].{key}: duplicate {key} {quoted(value)}")
        seen.add(value)
    return found


def _container(container: Object, path: str) -> Iterator[str]:
    for resource in ("memory", "ephemeral-storage"):
        for side in ("limits", "requests"):
            text = (container.get("resources") or {}).get(side, {}).get(resource)
            if text is not None and quantity.parse(text).milli % 1000:
                at = f"{path}.resources.{side}[{resource}]"
                yield f"{at}: fractional byte value {quoted(text)} is invalid, must be an integer"
    seen: set[str] = set()
    for position, variable in enumerate(container.get("env") or ()):
        name = variable["name"]
        if name in seen:
            reference = f"$({name})"
            value = variable.get("value", "")
            if "valueFrom" in variable or value == reference or reference not in value:
                yield (
                    f"{path}.env[{position}]: hides previous definition of {quoted(name)}, "
                    "which may be dropped when using apply"
                )
        seen.add(name)


def _ports(spec: Object, path: str) -> list[str]:
    found = []
    known: dict[str, list[tuple[str, Object]]] = {}
    names: dict[str, str] = {}
    every = [
        (f"{where}.ports[{position}]", port)
        for where, container in containers(spec, path)
        for position, port in enumerate(container.get("ports") or ())
    ]
    for at, port in every:
        others = known.setdefault(f"{port['containerPort']}/{port.get('protocol')}", [])
        for other_at, other in others:
            ip, host = port.get("hostIP", ""), port.get("hostPort", 0)
            other_ip, other_host = other.get("hostIP", ""), other.get("hostPort", 0)
            if ip == other_ip and host == other_host:
                found.append(f"{at}: duplicate port definition with {other_at}")
            elif host == 0 or other_host == 0:
                found.append(f"{at}: overlapping port definition with {other_at}")
            elif host == other_host and (ip == "") != (other_ip == ""):
                found.append(f"{at}: dangerously ambiguous port definition with {other_at}")
        others.append((at, port))
    for at, port in every:
        name = port.get("name")
        if not name:
            continue
        if name in names:
            first = names[name]
            found.append(
                f"{at}: duplicate port name {quoted(name)} with {first}, "
                f"services and probes that select ports by name will use {first}"
            )
        else:
            names[name] = at
    return found


def _affinity(affinity: Object, path: str) -> Iterator[str]:
    for side in ("podAffinity", "podAntiAffinity"):
        terms = affinity.get(side) or {}
        required = "requiredDuringSchedulingIgnoredDuringExecution"
        for position, term in enumerate(terms.get(required) or ()):
            if term.get("labelSelector") is None:
                yield f"{path}.{side}.{required}[{position}].labelSelector: {NULL_SELECTOR}"
        preferred = "preferredDuringSchedulingIgnoredDuringExecution"
        for position, weighted in enumerate(terms.get(preferred) or ()):
            if weighted["podAffinityTerm"].get("labelSelector") is None:
                yield f"{path}.{side}.{preferred}[{position}].podAffinityTerm.labelSelector: {NULL_SELECTOR}"
