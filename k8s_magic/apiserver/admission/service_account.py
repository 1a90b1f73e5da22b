"""ServiceAccount: every Pod runs as one, which must exist, and mounts its token.

Source: plugin/pkg/admission/serviceaccount/admission.go
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from k8s_magic.apiserver.core import Core, NotYet
from k8s_magic.machinery import errors
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.names import PODS, SERVICE_ACCOUNTS
from k8s_magic.sim.time import MILLISECOND, SimTime

VOLUME_PREFIX = "kube-api-access"
TOKEN_PATH = "/var/run/secrets/kubernetes.io/serviceaccount"
MIRROR = "kubernetes.io/config.mirror"
# The server looks ten times for the default account, since a controller is about to make it.
PATIENCE: SimTime = 1_500 * MILLISECOND
# Source: pkg/serviceaccount (WarnOnlyBoundTokenExpirationSeconds)
TOKEN_SECONDS = 3607
DEFAULT_MODE = 0o644

# Shared by all Pods: stored objects are never changed.
TOKEN_VOLUME: Object = {
    "sources": [
        {"serviceAccountToken": {"expirationSeconds": TOKEN_SECONDS, "path": "token"}},
        {"configMap": {"name": "kube-root-ca.crt", "items": [{"key": "ca.crt", "path": "ca.crt"}]}},
        {
            "downwardAPI": {
                "items": [{"path": "namespace", "fieldRef": {"apiVersion": "v1", "fieldPath": "metadata.namespace"}}]
            }
        },
    ],
    "defaultMode": DEFAULT_MODE,
}


def admit(core: Core, pod: Object, volume_name: Callable[[], str]) -> None:
    """Raises: Forbidden when the account does not exist."""
    spec, metadata = pod["spec"], pod["metadata"]
    if MIRROR in (metadata.get("annotations") or {}):
        if spec.get("serviceAccountName"):
            raise errors.forbidden(PODS, metadata.get("name", ""), "a mirror pod may not reference service accounts")
        return
    account_name = spec.get("serviceAccountName") or "default"
    spec["serviceAccountName"] = account_name
    spec["serviceAccount"] = account_name
    account = core.table(SERVICE_ACCOUNTS).get(metadata["namespace"], account_name)
    if account is None:
        raise _missing(core, metadata, account_name)
    automount = spec.get("automountServiceAccountToken", account.get("automountServiceAccountToken", True))
    if automount:
        _mount(spec, volume_name)
    secrets = account.get("imagePullSecrets")
    if secrets and not spec.get("imagePullSecrets"):
        spec["imagePullSecrets"] = [{"name": secret["name"]} for secret in secrets if "name" in secret]


def _missing(core: Core, metadata: Object, account_name: str) -> errors.ApiError:
    namespace = metadata["namespace"]
    failure = errors.forbidden(
        PODS,
        metadata.get("name", ""),
        f'error looking up service account {namespace}/{account_name}: serviceaccount "{account_name}" not found',
    )
    if account_name != "default":
        return failure
    accounts = core.table(SERVICE_ACCOUNTS)
    return NotYet(failure, lambda: accounts.get(namespace, account_name) is not None, PATIENCE)


def _mount(spec: Object, volume_name: Callable[[], str]) -> None:
    existing = [volume["name"] for volume in spec.get("volumes") or () if "name" in volume]
    name = next((each for each in existing if each.startswith(f"{VOLUME_PREFIX}-")), "")
    has_volume = bool(name)
    if not name:
        name = volume_name()
    needed = False
    for group in ("initContainers", "containers"):
        for container in spec.get(group) or ():
            mounts = container.get("volumeMounts") or []
            if not any(mount.get("mountPath") == TOKEN_PATH for mount in mounts):
                mount = {"name": name, "readOnly": True, "mountPath": TOKEN_PATH}
                container["volumeMounts"] = [*mounts, mount]
                needed = True
    if needed and not has_volume:
        spec["volumes"] = [*(spec.get("volumes") or []), {"name": name, "projected": TOKEN_VOLUME}]


def token_volume(spec: Object) -> str:
    """The name of the volume that `admit` added; "" where it did not."""
    for volume in spec.get("volumes") or ():
        if volume.get("projected") is TOKEN_VOLUME:
            name: str = volume["name"]
            return name
    return ""


def renamed(spec: Object, old: str, new: str) -> Object:
    """The spec with another name for the token's volume; all that does not name it is shared."""
    changed = {**spec, "volumes": [_renamed_volume(each, old, new) for each in spec["volumes"]]}
    changed["containers"] = [_renamed_mounts(each, old, new) for each in spec["containers"]]
    if "initContainers" in spec:
        changed["initContainers"] = [_renamed_mounts(each, old, new) for each in spec["initContainers"]]
    return changed


def _renamed_volume(volume: Object, old: str, new: str) -> Object:
    return {**volume, "name": new} if volume["name"] == old else volume


def _renamed_mounts(container: Object, old: str, new: str) -> Object:
    mounts: list[dict[str, Any]] = container.get("volumeMounts") or []
    renamed_mounts = [{**mount, "name": new} if mount["name"] == old else mount for mount in mounts]
    return {**container, "volumeMounts": renamed_mounts} if mounts else container
