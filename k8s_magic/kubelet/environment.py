"""A container's environment variables, in kubelet's order of who wins.

Source: pkg/kubelet/kubelet_pods.go (makeEnvironmentVariables, 1.36)
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping
from typing import Any

from k8s_magic.kubelet import downward
from k8s_magic.kubelet.downward import Surroundings
from k8s_magic.kubelet.expansion import expand
from k8s_magic.machinery.errors import Unsupported
from k8s_magic.machinery.meta import Object


class ConfigError(Exception):
    """A container that cannot be made from what there is (CreateContainerConfigError)."""


# (resource, namespace, name) -> object or None; the resources are "configmap" and "secret".
Find = Callable[[str, str, str], Object | None]


def secret_data(secret: Object) -> dict[str, str]:
    """A Secret's values as text; bytes that are no UTF-8 are lone surrogates, as in all files (PEP 383)."""
    found = {}
    for key, value in (secret.get("data") or {}).items():
        found[key] = decoded(value)
    return found


def decoded(value: str) -> str:
    try:
        raw = base64.b64decode(value)
    except (binascii.Error, ValueError):
        return value
    return raw.decode("utf-8", "surrogateescape")


def config_map_data(config_map: Object) -> dict[str, str]:
    found = dict(config_map.get("data") or {})
    for key, value in (config_map.get("binaryData") or {}).items():
        found[key] = decoded(value)
    return found


class Sources:
    """ConfigMaps and Secrets of one namespace, as one container's start sees them."""

    def __init__(self, find: Find, namespace: str) -> None:
        self._find = find
        self._namespace = namespace

    def data(self, kind: str, reference: Mapping[str, Any]) -> dict[str, str] | None:
        """None where the object is missing and optional. Raises: ConfigError."""
        name = reference.get("name") or ""
        found = self._find(kind, self._namespace, name)
        if found is None:
            if reference.get("optional"):
                return None
            raise ConfigError(f'{kind} "{name}" not found')
        return secret_data(found) if kind == "secret" else dict(found.get("data") or {})

    def value(self, kind: str, reference: Mapping[str, Any]) -> str | None:
        data = self.data(kind, reference)
        key = reference["key"]
        if data is None:
            return None
        if key not in data:
            if reference.get("optional"):
                return None
            title = "Secret" if kind == "secret" else "ConfigMap"
            raise ConfigError(f"couldn't find key {key} in {title} {self._namespace}/{reference.get('name', '')}")
        return data[key]


def variables(
    pod: Object, container: Mapping[str, Any], sources: Sources, services: Mapping[str, str], around: Surroundings
) -> dict[str, str]:
    """Raises: ConfigError."""
    own: dict[str, str] = {}
    for source in container.get("envFrom") or ():
        kind, reference = (
            ("configmap", source["configMapRef"]) if source.get("configMapRef") else ("secret", source["secretRef"])
        )
        prefix = source.get("prefix") or ""
        for key, value in (sources.data(kind, reference) or {}).items():
            own[prefix + key] = value
    for variable in container.get("env") or ():
        value_from = variable.get("valueFrom")
        text: str | None = variable.get("value") or ""
        if text:
            text = expand(text, own, services)
        elif value_from:
            text = _from(pod, container, value_from, sources, around)
        if text is not None:
            own[variable["name"]] = text
    return {**services, **own}


def _from(
    pod: Object, container: Mapping[str, Any], source: Mapping[str, Any], sources: Sources, around: Surroundings
) -> str | None:
    try:
        if source.get("fieldRef"):
            return downward.field(pod, source["fieldRef"]["fieldPath"], around)
        if source.get("resourceFieldRef"):
            return downward.resource(pod, container, source["resourceFieldRef"], around)
    except downward.FieldPathError as error:
        raise ConfigError(str(error)) from None
    if source.get("configMapKeyRef"):
        return sources.value("configmap", source["configMapKeyRef"])
    if source.get("secretKeyRef"):
        return sources.value("secret", source["secretKeyRef"])
    raise Unsupported("Variables from files (fileKeyRef) are not modelled.")
