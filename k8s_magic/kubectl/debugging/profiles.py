"""The profiles of `kubectl debug`: how much a debugging container may do, and what of the Pod stays.

Source: kubectl/pkg/cmd/debug/profiles.go
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from k8s_magic.machinery.meta import Object

Style = Literal["ephemeral", "copy", "node"]
GENERAL, BASELINE, RESTRICTED, NETADMIN, SYSADMIN, LEGACY = (
    "general", "baseline", "restricted", "netadmin", "sysadmin", "legacy",
)  # fmt: skip
NAMES = (GENERAL, BASELINE, RESTRICTED, NETADMIN, SYSADMIN, LEGACY)
GROUPS = ("initContainers", "containers", "ephemeralContainers")


@dataclass(frozen=True, slots=True)
class Keep:
    """What a copy keeps of the Pod."""

    labels: bool = False
    annotations: bool = False
    liveness: bool = False
    readiness: bool = False
    startup: bool = False
    init_containers: bool = True


DEFAULT = Keep()


def apply(profile: str, style: Style, pod: Object, name: str, keep: Keep) -> None:
    """Set the Pod (the caller's own, changed in place) and its debugging container up."""
    container = named(pod, name)
    if profile in (BASELINE, RESTRICTED) or (profile == GENERAL and style == "node"):
        container.pop("securityContext", None)
    if profile == GENERAL and style != "node":
        _add_capabilities(container, "SYS_PTRACE")
    elif profile == RESTRICTED:
        context = _context(container)
        context["runAsNonRoot"] = True
        context["capabilities"] = {"drop": ["ALL"]}
        context["allowPrivilegeEscalation"] = False
        context["seccompProfile"] = {"type": "RuntimeDefault"}
    elif profile == NETADMIN:
        _add_capabilities(container, "NET_ADMIN", "NET_RAW")
    elif profile == SYSADMIN:
        _context(container)["privileged"] = True
    if style == "node" and profile not in (BASELINE, RESTRICTED):
        if profile != NETADMIN:
            _mount_root(pod, container)
        pod["spec"] |= {"hostNetwork": True, "hostPID": True, "hostIPC": True}
    elif style == "copy":
        _forget(pod, Keep(False, True, True, True, True) if profile == LEGACY else keep)
        if profile != LEGACY:
            pod["spec"].setdefault("shareProcessNamespace", True)


def named(pod: Object, name: str) -> dict[str, Any]:
    """The container of a name, whatever its sort."""
    every = (one for group in GROUPS for one in pod["spec"].get(group) or ())
    return next(one for one in every if one["name"] == name)


def _context(container: dict[str, Any]) -> dict[str, Any]:
    context: dict[str, Any] = container.setdefault("securityContext", {})
    return context


def _add_capabilities(container: dict[str, Any], *more: str) -> None:
    capabilities = _context(container).setdefault("capabilities", {})
    capabilities["add"] = [*(capabilities.get("add") or ()), *more]


def _mount_root(pod: Object, container: dict[str, Any]) -> None:
    volume = {"name": "host-root", "hostPath": {"path": "/"}}
    pod["spec"]["volumes"] = [*(pod["spec"].get("volumes") or ()), volume]
    mount = {"name": "host-root", "mountPath": "/host"}
    container["volumeMounts"] = [*(container.get("volumeMounts") or ()), mount]


def _forget(pod: Object, keep: Keep) -> None:
    metadata, spec = pod["metadata"], pod["spec"]
    for kept, part in ((keep.labels, "labels"), (keep.annotations, "annotations")):
        if not kept:
            metadata.pop(part, None)
    probes = (keep.liveness, "livenessProbe"), (keep.readiness, "readinessProbe"), (keep.startup, "startupProbe")
    for container in spec["containers"]:
        for kept, part in probes:
            if not kept:
                container.pop(part, None)
    if not keep.init_containers:
        spec.pop("initContainers", None)
