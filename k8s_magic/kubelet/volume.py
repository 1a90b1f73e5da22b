"""A Pod's volumes: what is in each, and what of it a container sees.

A volume is a mapping of paths to texts, shared by all that mount it. ConfigMap, Secret and downward API volumes are
read again when what they show changes. Source: pkg/volume/{configmap,secret,projected,downwardapi}/*.go (1.36)
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from k8s_magic.kubelet import downward, environment
from k8s_magic.kubelet.downward import FieldPathError, Surroundings
from k8s_magic.kubelet.environment import Find
from k8s_magic.kubelet.expansion import expand
from k8s_magic.machinery import meta
from k8s_magic.machinery.meta import Object
from k8s_magic.runtime.contract import Mount

Files = dict[str, str]

# Our text: the token is never checked by anything outside the simulation.
TOKEN = "simulated.{namespace}.{account}"


# The name that the service account admission gives its volume begins with this.
API_ACCESS = "kube-api-access-"


class MountError(Exception):
    """A volume that cannot be set up; the message is the rest of the FailedMount event."""


class Volumes:
    """The volumes of one Pod. `disk` makes the node's own, of which hostPath volumes are folders.

    Shape: `host_files` is what the node keeps for its Pods: the disk under "/", claims and accounts under their names.
    """

    __slots__ = ("_disk", "_files", "_find", "_host_files")

    def __init__(self, find: Find, host_files: dict[str, Files], disk: Callable[[], Files] = dict) -> None:
        self._find = find
        self._host_files = host_files
        self._disk = disk
        self._files: dict[str, Files] = {}

    def set_up(self, pod: Object, around: Surroundings) -> list[tuple[str, str]]:
        """Fill what is not there yet; answers (volume, message) of those that could not be set up."""
        failures = []
        for volume in pod["spec"].get("volumes") or ():
            name = volume["name"]
            if name in self._files:
                continue
            try:
                self._files[name] = self._fill(pod, volume, around)
            except MountError as error:
                failures.append((name, str(error)))
        return failures

    def refresh(self, pod: Object, around: Surroundings) -> None:
        """Bring volumes that show objects up to date, in place: running containers see it."""
        for volume in pod["spec"].get("volumes") or ():
            files = self._files.get(volume["name"])
            if files is None or volume["name"].startswith(API_ACCESS):
                continue
            if not ({"configMap", "secret", "downwardAPI", "projected"} & volume.keys()):
                continue
            try:
                fresh = self._fill(pod, volume, around)
            except MountError:
                continue
            if fresh != files:
                files.clear()
                files.update(fresh)

    def sources(self, pod: Object) -> Iterator[tuple[str, str, str]]:
        """The (kind, namespace, name) of every ConfigMap and Secret that a volume shows."""
        namespace = meta.namespace_of(pod)
        for volume in pod["spec"].get("volumes") or ():
            if volume["name"].startswith(API_ACCESS):
                continue
            for source in (volume, *((volume.get("projected") or {}).get("sources") or ())):
                for field, kind in (("configMap", "configmap"), ("secret", "secret")):
                    if source.get(field):
                        name = source[field].get("name") or source[field].get("secretName") or ""
                        yield kind, namespace, name

    def mounts(self, pod: Object, container: Mapping[str, Any], env: Mapping[str, str]) -> tuple[Mount, ...]:
        found = []
        folders = {
            volume["name"]: volume["hostPath"]["path"].strip("/")
            for volume in pod["spec"].get("volumes") or ()
            if "hostPath" in volume
        }
        for mount in container.get("volumeMounts") or ():
            files = self._files.get(mount["name"])
            if files is None:
                continue
            sub_path = mount.get("subPath") or expand(mount.get("subPathExpr") or "", env)
            inside = "/".join(part for part in (folders.get(mount["name"], ""), sub_path) if part)
            found.append(Mount(mount["mountPath"], files, bool(mount.get("readOnly")), inside))
        return tuple(found)

    # --- One volume

    def _fill(self, pod: Object, volume: Mapping[str, Any], around: Surroundings) -> Files:
        namespace = meta.namespace_of(pod)
        if "configMap" in volume:
            source = volume["configMap"]
            return self._keyed("configmap", namespace, source.get("name") or "", source)
        if "secret" in volume:
            source = volume["secret"]
            return self._keyed("secret", namespace, source.get("secretName") or "", source)
        if "downwardAPI" in volume:
            return _downward(pod, volume["downwardAPI"].get("items") or (), around)
        if "projected" in volume:
            if volume["name"].startswith(API_ACCESS):
                return self._api_access(pod, volume["projected"], around)
            return self._projected(pod, volume["projected"], around)
        if "hostPath" in volume:
            disk = self._host_files.get("/")
            if disk is None:
                disk = self._host_files["/"] = self._disk()
            return disk
        if "persistentVolumeClaim" in volume:
            claim = volume["persistentVolumeClaim"]["claimName"]
            return self._host_files.setdefault(f"claim:{namespace}/{claim}", {})
        return {}

    def _keyed(self, kind: str, namespace: str, name: str, source: Mapping[str, Any]) -> Files:
        found = self._find(kind, namespace, name)
        optional = bool(source.get("optional"))
        if found is None:
            if optional:
                return {}
            raise MountError(f'{kind} "{name}" not found')
        data = environment.secret_data(found) if kind == "secret" else environment.config_map_data(found)
        items = source.get("items")
        if not items:
            return data
        files = {}
        for item in items:
            if item["key"] not in data:
                if optional:
                    continue
                if kind == "secret":
                    raise MountError(f"references non-existent secret key: {item['key']}")
                raise MountError(f"configmap references non-existent config key: {item['key']}")
            files[item["path"]] = data[item["key"]]
        return files

    def _api_access(self, pod: Object, projected: Mapping[str, Any], around: Surroundings) -> Files:
        """The service account's volume: read-only and the same in all Pods of an account, so they share it.

        Our simplification: it does not wait for the kube-root-ca.crt ConfigMap.
        """
        namespace = meta.namespace_of(pod)
        key = f"account:{namespace}/{pod['spec'].get('serviceAccountName') or 'default'}"
        files = self._host_files.get(key)
        if files is None:
            try:
                files = self._projected(pod, projected, around)
            except MountError:
                return {}
            self._host_files[key] = files
        return files

    def _projected(self, pod: Object, projected: Mapping[str, Any], around: Surroundings) -> Files:
        files: Files = {}
        namespace = meta.namespace_of(pod)
        problems = []
        for source in projected.get("sources") or ():
            try:
                if "configMap" in source:
                    files |= self._keyed(
                        "configmap", namespace, source["configMap"].get("name") or "", source["configMap"]
                    )
                elif "secret" in source:
                    files |= self._keyed("secret", namespace, source["secret"].get("name") or "", source["secret"])
                elif "downwardAPI" in source:
                    files |= _downward(pod, source["downwardAPI"].get("items") or (), around)
                elif "serviceAccountToken" in source:
                    account = pod["spec"].get("serviceAccountName") or "default"
                    files[source["serviceAccountToken"]["path"]] = TOKEN.format(namespace=namespace, account=account)
            except MountError as error:
                problems.append(str(error))
        if problems:
            raise MountError(problems[0] if len(problems) == 1 else f"[{', '.join(problems)}]")
        return files


def _downward(pod: Object, items: Any, around: Surroundings) -> Files:
    files = {}
    for item in items:
        try:
            if item.get("fieldRef"):
                files[item["path"]] = downward.field(pod, item["fieldRef"]["fieldPath"], around)
            elif item.get("resourceFieldRef"):
                files[item["path"]] = downward.resource(pod, {}, item["resourceFieldRef"], around)
        except FieldPathError as error:
            raise MountError(str(error)) from None
    return files
