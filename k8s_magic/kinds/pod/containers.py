"""Containers of every sort.

Source: core/validation validateContainers, validateInitContainers, validateContainerCommon
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from k8s_magic.kinds.pod import environment, handlers, mounts, security
from k8s_magic.kinds.validation import field, quantities, words
from k8s_magic.kinds.validation.field import Errors
from k8s_magic.machinery.meta import Object

PULL_POLICIES = ("Always", "IfNotPresent", "Never")
MESSAGE_POLICIES = ("File", "FallbackToLogsOnError")
RESTART_POLICIES = ("Always", "Never", "OnFailure")
RESTART_ACTIONS = ("Restart", "RestartAllContainers")
PROTOCOLS = ("SCTP", "TCP", "UDP")
NOT_FOR_INIT = "may not be set for init containers without restartPolicy=Always"
# Fields that an ephemeral container may not have, in the order of the Go type. Source: validateFieldAllowList
NOT_EPHEMERAL = (
    "ports",
    "resources",
    "resizePolicy",
    "restartPolicy",
    "restartPolicyRules",
    "livenessProbe",
    "readinessProbe",
    "startupProbe",
    "lifecycle",
)


@dataclass(frozen=True, slots=True)
class Around:
    """What a container's rules need to know of its Pod."""

    volumes: dict[str, Object]
    claims: tuple[str, ...]
    grace: int | None
    restart_policy: str
    host_users: bool


def visit(spec: Object, path: str) -> Iterator[tuple[Object, str]]:
    """Every container with its path, init containers first."""
    for name in ("initContainers", "containers", "ephemeralContainers"):
        for position, container in enumerate(spec.get(name) or ()):
            yield container, f"{path}.{name}[{position}]"


def regular(containers: list[Object] | None, around: Around, path: str) -> Errors:
    if not containers:
        return [field.required(path)]
    found: Errors = []
    names: set[str] = set()
    for position, container in enumerate(containers):
        at = f"{path}[{position}]"
        found += common(container, around, at)
        name = container.get("name", "")
        if name in names:
            found.append(field.duplicate(f"{at}.name", name))
        names.add(name)
        found += handlers.lifecycle(container, around.grace, at)
        found += handlers.probes(container, around.grace, at)
        found += restart_policy(container, at)
    return found + host_ports(containers, path)


def init(containers: list[Object] | None, others: list[Object] | None, around: Around, path: str) -> Errors:
    found: Errors = []
    names = {container.get("name", "") for container in others or ()}
    for position, container in enumerate(containers or ()):
        at = f"{path}[{position}]"
        found += common(container, around, at)
        found += restart_policy(container, at)
        is_sidecar = container.get("restartPolicy") == "Always"
        name = container.get("name", "")
        if name in names:
            found.append(field.duplicate(f"{at}.name", name))
        elif name:
            names.add(name)
        found += host_ports([container], path)
        if is_sidecar:
            found += handlers.lifecycle(container, around.grace, at)
            found += handlers.probes(container, around.grace, at)
        else:
            for part in ("lifecycle", "livenessProbe", "readinessProbe", "startupProbe"):
                if container.get(part) is not None:
                    found.append(field.forbidden(f"{at}.{part}", NOT_FOR_INIT))
            for index, policy in enumerate(container.get("resizePolicy") or ()):
                if policy.get("restartPolicy") == "RestartContainer":
                    message = "must not be set to 'RestartContainer' for non-sidecar initContainers"
                    where = f"{at}.resizePolicy[{index}].restartPolicy"
                    found.append(field.invalid(where, "RestartContainer", message))
    return found


def ephemeral(spec: Object, around: Around, path: str) -> Errors:
    found: Errors = []
    others = {one.get("name", "") for part in ("containers", "initContainers") for one in spec.get(part) or ()}
    names = set(others)
    for position, container in enumerate(spec.get("ephemeralContainers") or ()):
        at = f"{path}[{position}]"
        found += common(container, around, at) + image_spaces(container, at)
        name, target = container.get("name", ""), container.get("targetContainerName", "")
        if name in names:
            found.append(field.duplicate(f"{at}.name", name))
        names.add(name)
        if target and target not in others:
            found.append(field.not_found(f"{at}.targetContainerName", target))
        for part in NOT_EPHEMERAL:
            if container.get(part):
                found.append(field.forbidden(f"{at}.{part}", "cannot be set for an Ephemeral Container"))
        for index, mount in enumerate(container.get("volumeMounts") or ()):
            for part in ("subPath", "subPathExpr"):
                if mount.get(part):
                    message = "cannot be set for an Ephemeral Container"
                    found.append(field.forbidden(f"{at}.volumeMounts[{index}].{part}", message))
    return found


def common(container: Object, around: Around, path: str) -> Errors:
    found: Errors = []
    name = container.get("name", "")
    if name:
        found += field.each(f"{path}.name", name, words.dns_label(name))
    else:
        found.append(field.required(f"{path}.name"))
    if not container.get("image"):
        found.append(field.required(f"{path}.image"))
    policy = container.get("terminationMessagePolicy", "")
    if policy not in MESSAGE_POLICIES:
        at = f"{path}.terminationMessagePolicy"
        found.append(field.unsupported(at, policy, MESSAGE_POLICIES) if policy else field.required(at))
    found += ports(container.get("ports"), f"{path}.ports")
    found += environment.env(container.get("env"), f"{path}.env")
    found += environment.env_from(container.get("envFrom"), f"{path}.envFrom")
    found += mounts.mounts(container, around.volumes, f"{path}.volumeMounts")
    found += mounts.devices(container, around.volumes, f"{path}.volumeDevices")
    found += pull_policy(container.get("imagePullPolicy", ""), f"{path}.imagePullPolicy")
    found += quantities.requirements(container.get("resources") or {}, around.claims, f"{path}.resources")
    found += _resize(container.get("resizePolicy") or (), around.restart_policy, f"{path}.resizePolicy")
    context = container.get("securityContext")
    if context:
        found += security.container(context, f"{path}.securityContext", host_users=around.host_users)
    return found


def ports(declared: list[Object] | None, path: str) -> Errors:
    found: Errors = []
    names: set[str] = set()
    for position, port in enumerate(declared or ()):
        at = f"{path}[{position}]"
        name = port.get("name", "")
        if name:
            messages = words.port_name(name)
            found += field.each(f"{at}.name", name, messages)
            if not messages and name in names:
                found.append(field.duplicate(f"{at}.name", name))
            names.add(name)
        number = port.get("containerPort", 0)
        if number == 0:
            found.append(field.required(f"{at}.containerPort"))
        else:
            found += field.each(f"{at}.containerPort", number, words.port_number(number))
        host = port.get("hostPort", 0)
        if host:
            found += field.each(f"{at}.hostPort", host, words.port_number(host))
        found += field.one_of(port.get("protocol", ""), PROTOCOLS, f"{at}.protocol")
    return found


def pull_policy(value: str, path: str) -> Errors:
    return field.one_of(value, PULL_POLICIES, path)


def host_ports(containers: Iterable[Object], path: str) -> Errors:
    """Two containers of a Pod may not use one port of the host."""
    found: Errors = []
    seen: set[str] = set()
    for position, container in enumerate(containers):
        for index, port in enumerate(container.get("ports") or ()):
            if not port.get("hostPort"):
                continue
            key = f"{port.get('protocol', '')}/{port.get('hostIP', '')}/{port['hostPort']}"
            if key in seen:
                found.append(field.duplicate(f"{path}[{position}].ports[{index}].hostPort", key))
            seen.add(key)
    return found


def image_spaces(container: Object, path: str) -> Errors:
    """Only Pods are held to this, not templates."""
    image = container.get("image", "")
    if image != image.strip():
        return [field.invalid(f"{path}.image", image, "must not have leading or trailing whitespace")]
    return []


def _resize(policies: Iterable[Object], restart: str, path: str) -> Errors:
    found: Errors = []
    seen: set[str] = set()
    for position, policy in enumerate(policies):
        resource, action = policy.get("resourceName", ""), policy.get("restartPolicy", "")
        if resource in seen:
            found.append(field.duplicate(f"{path}[{position}]", resource))
        seen.add(resource)
        found += field.one_of(resource, ("cpu", "memory"), path)
        found += field.one_of(action, ("NotRequired", "RestartContainer"), path)
        if restart == "Never" and action != "NotRequired":
            found.append(field.invalid(path, action, "must be 'NotRequired' when pod `restartPolicy` is 'Never'"))
    return found


def restart_policy(container: Object, path: str) -> Errors:
    """A container's own restart policy and rules."""
    policy, rules = container.get("restartPolicy"), container.get("restartPolicyRules") or ()
    found: Errors = []
    if policy is None:
        if rules:
            message = "must specify restartPolicy when restart rules are used"
            found.append(field.required(f"{path}.restartPolicy", message))
    elif policy not in RESTART_POLICIES:
        found.append(field.unsupported(f"{path}.restartPolicy", policy, RESTART_POLICIES))
    if len(rules) > 20:
        found.append(field.too_many(f"{path}.restartPolicyRules", len(rules), 20))
    for position, rule in enumerate(rules):
        at = f"{path}.restartPolicyRules[{position}]"
        if rule.get("action") not in RESTART_ACTIONS:
            found.append(field.unsupported(f"{at}.action", rule.get("action", ""), RESTART_ACTIONS))
        codes = rule.get("exitCodes")
        if codes is None:
            found.append(field.required(f"{at}.exitCodes", "must be specified"))
            continue
        if codes.get("operator") not in ("In", "NotIn"):
            found.append(field.unsupported(f"{at}.exitCodes.operator", codes.get("operator", ""), ("In", "NotIn")))
        if len(codes.get("values") or ()) > 255:
            found.append(field.too_many(f"{at}.exitCodes.values", len(codes["values"]), 255))
    return found
