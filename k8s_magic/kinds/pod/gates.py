"""Fields of Pods whose feature gates are off in 1.36: the server drops them without a word.

Source: pkg/api/pod/util.go DropDisabledPodFields, pkg/features/kube_features.go
"""

from __future__ import annotations

from typing import Any

from k8s_magic.machinery.meta import Object

# ClusterTrustBundleProjection, PodCertificateRequest
PROJECTIONS = ("clusterTrustBundle", "podCertificate")
CONTAINERS = ("initContainers", "containers", "ephemeralContainers")


def drop(spec: Object) -> Object:
    """The spec without them; the same object where it has none (copy on write)."""
    changed: dict[str, Any] = {}
    volumes = spec.get("volumes")
    if volumes and any("projected" in volume for volume in volumes):
        kept = [_volume(volume) for volume in volumes]
        if kept != volumes:
            changed["volumes"] = kept
    for part in CONTAINERS:  # ContainerStopSignals
        containers = spec.get(part)
        if containers and any("stopSignal" in (one.get("lifecycle") or {}) for one in containers):
            changed[part] = [_container(one) for one in containers]
    kept_spec = {**spec, **changed} if changed else spec
    if "schedulingGroup" in kept_spec:  # GenericWorkload
        kept_spec = {name: value for name, value in kept_spec.items() if name != "schedulingGroup"}
    return kept_spec


def _volume(volume: Object) -> Object:
    sources = (volume.get("projected") or {}).get("sources")
    if not sources or not any(name in source for source in sources for name in PROJECTIONS):
        return volume
    kept = [{name: value for name, value in source.items() if name not in PROJECTIONS} for source in sources]
    return {**volume, "projected": {**volume["projected"], "sources": kept}}


def _container(container: Object) -> Object:
    lifecycle = container.get("lifecycle")
    if not lifecycle or "stopSignal" not in lifecycle:
        return container
    kept = {name: value for name, value in lifecycle.items() if name != "stopSignal"}
    return {**container, "lifecycle": kept}


def drop_in_template(template: Object) -> None:
    """In place on the caller's copy."""
    template["spec"] = drop(template["spec"])
