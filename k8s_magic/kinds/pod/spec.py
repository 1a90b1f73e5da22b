"""The spec of a Pod or pod template. Source: core/validation ValidatePodSpec"""

from __future__ import annotations

from k8s_magic.kinds.pod import containers, placement, pod_level, security, volumes, windows
from k8s_magic.kinds.pod.containers import Around
from k8s_magic.kinds.validation import field, metadata, quantities, words
from k8s_magic.kinds.validation.field import Errors
from k8s_magic.machinery import label_syntax
from k8s_magic.machinery.meta import Object

RESTART_POLICIES = ("Always", "OnFailure", "Never")
DNS_POLICIES = ("ClusterFirstWithHostNet", "ClusterFirst", "Default", "None")
MAX_NAMESERVERS, MAX_SEARCHES, MAX_SEARCH_CHARS = 3, 32, 2048
MAX_INT32 = 2**31 - 1
NO_HOST_USERS = "when `hostUsers` is false"


def validate(spec: Object, path: str, *, is_pod: bool = False, pod_name: str = "") -> Errors:
    """`is_pod`: with what only Pods are held to; `pod_name` where it is known, for claims named after it."""
    found: Errors = []
    grace = spec.get("terminationGracePeriodSeconds")
    if grace is None:
        found.append(field.required(f"{path}.terminationGracePeriodSeconds"))
    known, wrong = volumes.volumes(spec.get("volumes"), f"{path}.volumes", pod_name)
    found += wrong
    claims = spec.get("resourceClaims") or ()
    found += pod_level.claims(claims, f"{path}.resourceClaims")
    around = Around(
        known,
        tuple(claim.get("name", "") for claim in claims),
        grace,
        spec.get("restartPolicy", ""),
        spec.get("hostUsers") is not False,
    )
    found += containers.regular(spec.get("containers"), around, f"{path}.containers")
    found += containers.init(spec.get("initContainers"), spec.get("containers"), around, f"{path}.initContainers")
    if spec.get("ephemeralContainers"):
        found += containers.ephemeral(spec, around, f"{path}.ephemeralContainers")
    found += pod_level.resources(spec, around, f"{path}.resources")
    found += _host_network(spec, f"{path}.containers", is_pod)
    found += _choice(spec.get("restartPolicy", ""), RESTART_POLICIES, f"{path}.restartPolicy")
    found += _choice(spec.get("dnsPolicy", ""), DNS_POLICIES, f"{path}.dnsPolicy")
    if spec.get("nodeSelector"):
        found += metadata.labels(spec["nodeSelector"], f"{path}.nodeSelector")
    if spec.get("securityContext"):
        found += security.pod(spec["securityContext"], spec, f"{path}.securityContext")
    found += placement.affinity(spec.get("affinity"), f"{path}.affinity")
    found += _dns(spec, f"{path}.dnsConfig")
    for position, gate in enumerate(spec.get("readinessGates") or ()):
        name = gate.get("conditionType", "")
        found += field.each(f"{path}.readinessGates[{position}].conditionType", name, label_syntax.key_errors(name))
    found += placement.gates(spec.get("schedulingGates"), f"{path}.schedulingGates")
    found += placement.spread(spec.get("topologySpreadConstraints"), f"{path}.topologySpreadConstraints")
    every = list(containers.visit(spec, path))
    found += windows.host_process(spec, every, path)
    found += _host_users(spec, every, path)
    found += _names(spec, path)
    found += windows.by_system(spec, every, path)
    return found + _file_keys(spec, every)


def only_pods(spec: Object, path: str) -> Errors:
    """What Pods are held to beyond their templates. Source: validatePodMetadataAndSpec"""
    found: Errors = []
    if not spec.get("serviceAccountName"):
        for position, volume in enumerate(spec.get("volumes") or ()):
            for index, source in enumerate((volume.get("projected") or {}).get("sources") or ()):
                if source.get("serviceAccountToken") is not None:
                    at = f"{path}.volumes[{position}].projected.sources[{index}].serviceAccountToken"
                    message = "must not be specified when serviceAccountName is not set"
                    found.append(field.forbidden(at, message))
    for part in ("containers", "initContainers"):
        for position, container in enumerate(spec.get(part) or ()):
            found += containers.image_spaces(container, f"{path}.{part}[{position}]")
    return found


def _choice(value: str, valid: tuple[str, ...], path: str) -> Errors:
    """The valid ones named in upstream's order, not sorted."""
    if value in valid:
        return []
    return [field.unsupported(path, value, valid) if value else field.required(path)]


def _host_network(spec: Object, path: str, is_pod: bool) -> Errors:
    if not spec.get("hostNetwork"):
        return []
    found: Errors = []
    for position, container in enumerate(spec.get("containers") or ()):
        for index, port in enumerate(container.get("ports") or ()):
            host = port.get("hostPort", 0)
            if (is_pod or host) and host != port.get("containerPort", 0):
                at = f"{path}[{position}].ports[{index}].hostPort"
                message = "must match `containerPort` when `hostNetwork` is true"
                found.append(field.invalid(at, host, message))
    return found


def _dns(spec: Object, path: str) -> Errors:
    config = spec.get("dnsConfig")
    if spec.get("dnsPolicy") == "None":
        if config is None:
            return [field.required(path, "must provide `dnsConfig` when `dnsPolicy` is None")]
        if not config.get("nameservers"):
            message = "must provide at least one DNS nameserver when `dnsPolicy` is None"
            return [field.required(f"{path}.nameservers", message)]
    if config is None:
        return []
    found: Errors = []
    servers, searches = config.get("nameservers") or [], config.get("searches") or []
    if len(servers) > MAX_NAMESERVERS:
        message = f"must not have more than {MAX_NAMESERVERS} nameservers"
        found.append(field.invalid(f"{path}.nameservers", servers, message))
    for position, server in enumerate(servers):
        found += words.ip(f"{path}.nameservers[{position}]", server)
    if len(searches) > MAX_SEARCHES:
        message = f"must not have more than {MAX_SEARCHES} search paths"
        found.append(field.invalid(f"{path}.searches", searches, message))
    if len(" ".join(searches)) > MAX_SEARCH_CHARS:
        message = f"must not have more than {MAX_SEARCH_CHARS} characters (including spaces) in the search list"
        found.append(field.invalid(f"{path}.searches", searches, message))
    for position, search in enumerate(searches):
        if search != ".":
            name = search.removesuffix(".")
            messages = words.dns_subdomain_with_underscore(name)
            found += field.each(f"{path}.searches[{position}]", name, messages)
    for position, option in enumerate(config.get("options") or ()):
        if not option.get("name"):
            found.append(field.required(f"{path}.options[{position}]", "must not be empty"))
    return found


def _host_users(spec: Object, every: list[tuple[Object, str]], path: str) -> Errors:
    if spec.get("hostUsers") is not False:
        return []
    named = (("hostNetwork", "hostNetwork"), ("hostPID", "HostPID"), ("hostIPC", "HostIPC"))
    found = [field.forbidden(f"{path}.{shown}", NO_HOST_USERS) for name, shown in named if spec.get(name)]
    for container, at in every:
        if container.get("volumeDevices"):
            found.append(field.forbidden(f"{at}.volumeDevices", NO_HOST_USERS))
    return found


def _names(spec: Object, path: str) -> Errors:
    """Names, deadlines and the like, in upstream's order."""
    found: Errors = []
    override = spec.get("hostnameOverride")
    if override is not None:
        at = f"{path}.hostnameOverride"
        if spec.get("setHostnameAsFQDN"):
            found.append(field.forbidden(at, "may not be specified when setHostnameAsFQDN is true"))
        if spec.get("hostNetwork"):
            found.append(field.forbidden(at, "may not be specified when hostNetwork is true"))
        if len(override) > 64:
            found.append(field.too_long(at, 64))
        found += field.each(at, override, words.dns_subdomain(override))
    found += _name(spec, "serviceAccountName", path) + _name(spec, "nodeName", path)
    deadline = spec.get("activeDeadlineSeconds")
    if deadline is not None and not 1 <= deadline <= MAX_INT32:
        message = words.in_range(1, MAX_INT32)
        found.append(field.invalid(f"{path}.activeDeadlineSeconds", deadline, message))
    for name in ("hostname", "subdomain"):
        if spec.get(name):
            found += field.each(f"{path}.{name}", spec[name], words.dns_label(spec[name]))
    found += placement.tolerations(spec.get("tolerations"), f"{path}.tolerations")
    for position, alias in enumerate(spec.get("hostAliases") or ()):
        at = f"{path}.hostAliases[{position}]"
        found += words.ip(f"{at}.ip", alias.get("ip", ""))
        for index, hostname in enumerate(alias.get("hostnames") or ()):
            found += field.each(f"{at}.hostnames[{index}]", hostname, words.dns_subdomain(hostname))
    found += _name(spec, "priorityClassName", path) + _name(spec, "runtimeClassName", path)
    policy = spec.get("preemptionPolicy")
    if policy is not None:
        found += _choice(policy, ("PreemptLowerPriority", "Never"), f"{path}.preemptionPolicy")
    if spec.get("overhead"):
        found += quantities.requirements({"limits": spec["overhead"]}, (), f"{path}.overhead")
    return found


def _name(spec: Object, name: str, path: str) -> Errors:
    value = spec.get(name)
    return field.each(f"{path}.{name}", value, words.dns_subdomain(value)) if value else []


def _file_keys(spec: Object, every: list[tuple[Object, str]]) -> Errors:
    """Environment files come from emptyDir volumes. Source: validateFileKeyRefVolumes"""
    found: Errors = []
    sources = {volume.get("name"): volume for volume in spec.get("volumes") or ()}
    for container, at in every:
        for position, variable in enumerate(container.get("env") or ()):
            reference = (variable.get("valueFrom") or {}).get("fileKeyRef")
            if reference is None:
                continue
            where, name = f"{at}.env[{position}].valueFrom.fileKeyRef.volumeName", reference.get("volumeName", "")
            if name not in sources:
                found.append(field.not_found(where, name))
            elif "emptyDir" not in sources[name]:
                found.append(field.invalid(where, name, "referenced volume must be of type emptyDir"))
    return found
