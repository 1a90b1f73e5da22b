"""Defaults of Pods and their parts: containers, probes, volumes, resources.

Source: pkg/apis/core/v1/defaults.go; pkg/util/parsers (image names)
"""

from __future__ import annotations

import re

from k8s_magic.kinds.defaults import pod_resources
from k8s_magic.machinery.meta import Object

FILE_MODE = 420  # 0644, v1.SecretVolumeSourceDefaultMode and its like

_DOMAIN = (
    r"(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)*"
    r"|\[[a-fA-F0-9:]+\])(?::[0-9]+)?"
)
_PATH = r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*"
_DIGEST = r"[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}"
# Source: distribution/reference regexp.go
_IMAGE = re.compile(rf"(?:{_DOMAIN}/)?{_PATH}(?:/{_PATH})*(?::(?P<tag>\w[\w.-]{{0,127}}))?(?:@(?P<digest>{_DIGEST}))?")
_IDENTIFIER = re.compile(r"[a-f0-9]{64}")


def pull_policy(image: str) -> str:
    """Always for :latest or no tag and no digest; IfNotPresent else, also for what is no image name."""
    match = _IMAGE.fullmatch(image)
    if match is None or _IDENTIFIER.fullmatch(image):
        return "IfNotPresent"
    tag, digest = match["tag"], match["digest"]
    return "Always" if tag == "latest" or (not tag and not digest) else "IfNotPresent"


def pod(obj: Object) -> None:
    """What only Pods get, not pod templates."""
    spec = obj["spec"]
    for name in ("containers", "initContainers"):
        for one in spec.get(name) or ():
            limits = one["resources"].get("limits")
            if limits:
                requests = one["resources"].get("requests", {})
                one["resources"]["requests"] = {**limits, **requests}
    pod_resources.fill(spec)
    spec.setdefault("enableServiceLinks", True)
    if spec.get("hostNetwork"):
        for name in ("containers", "initContainers"):
            for one in spec.get(name) or ():
                for port in one.get("ports") or ():
                    port.setdefault("hostPort", port["containerPort"])


def pod_spec(obj: Object) -> None:
    """Also keeps the deprecated serviceAccount equal to serviceAccountName. Source: core/v1/conversion.go"""
    obj.setdefault("dnsPolicy", "ClusterFirst")
    obj.setdefault("restartPolicy", "Always")
    obj.setdefault("securityContext", {})
    obj.setdefault("terminationGracePeriodSeconds", 30)
    obj.setdefault("schedulerName", "default-scheduler")
    account = obj.get("serviceAccountName") or obj.get("serviceAccount")
    if account:
        obj["serviceAccountName"] = obj["serviceAccount"] = account


def container(obj: Object) -> None:
    if "imagePullPolicy" not in obj:
        obj["imagePullPolicy"] = pull_policy(obj.get("image", ""))
    obj.setdefault("terminationMessagePath", "/dev/termination-log")
    obj.setdefault("terminationMessagePolicy", "File")


def probe(obj: Object) -> None:
    obj.setdefault("timeoutSeconds", 1)
    obj.setdefault("periodSeconds", 10)
    obj.setdefault("successThreshold", 1)
    obj.setdefault("failureThreshold", 3)


def http_get(obj: Object) -> None:
    obj.setdefault("path", "/")
    obj.setdefault("scheme", "HTTP")


def volume(obj: Object) -> None:
    if len(obj) == 1:
        obj["emptyDir"] = {}
    image = obj.get("image")
    if image is not None and not image.get("pullPolicy"):
        image["pullPolicy"] = pull_policy(image.get("reference", ""))


def file_mode(obj: Object) -> None:
    obj.setdefault("defaultMode", FILE_MODE)


def host_path(obj: Object) -> None:
    obj.setdefault("type", "")


def token_projection(obj: Object) -> None:
    obj.setdefault("expirationSeconds", 3600)


def field_selector(obj: Object) -> None:
    obj.setdefault("apiVersion", "v1")


TYPES = {
    "core.v1.Pod": pod,
    "core.v1.PodSpec": pod_spec,
    "core.v1.Container": container,
    "core.v1.EphemeralContainer": container,
    "core.v1.Probe": probe,
    "core.v1.HTTPGetAction": http_get,
    "core.v1.Volume": volume,
    "core.v1.SecretVolumeSource": file_mode,
    "core.v1.ConfigMapVolumeSource": file_mode,
    "core.v1.DownwardAPIVolumeSource": file_mode,
    "core.v1.ProjectedVolumeSource": file_mode,
    "core.v1.HostPathVolumeSource": host_path,
    "core.v1.ServiceAccountTokenProjection": token_projection,
    "core.v1.ObjectFieldSelector": field_selector,
}
