"""The Pods of `kubectl debug`: one with an ephemeral container more, a changed copy, one on a node.

Source: kubectl/pkg/cmd/debug/debug.go (generateDebugContainer, generatePodCopyWithDebugContainer, generateNodeDebugPod)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from k8s_magic.kinds import schema_of
from k8s_magic.kubectl.debugging import profiles
from k8s_magic.kubectl.debugging.profiles import GROUPS, Keep, Style
from k8s_magic.kubectl.errors import KubectlError
from k8s_magic.machinery import meta
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.names import GroupVersionKind
from k8s_magic.machinery.patch import PatchError, strategic
from k8s_magic.machinery.schema import Schema

POD = GroupVersionKind("", "v1", "Pod")
NODE_CONTAINER = "debugger"
MANAGED_BY = {"app.kubernetes.io/managed-by": "kubectl-debug"}


@dataclass(frozen=True, slots=True)
class Wanted:
    """The command line. `custom` is a partial container of a file; `share_processes` None where it was not given.

    `suffix` draws the random end of a name; `say` tells on standard output.
    """

    suffix: Callable[[], str]
    say: Callable[[str], None]
    container: str = ""
    image: str = ""
    arguments: tuple[str, ...] = ()
    are_args: bool = False
    env: Mapping[str, str] | None = None
    pull_policy: str = ""
    stdin: bool = False
    tty: bool = False
    target: str = ""
    profile: str = profiles.GENERAL
    keep: Keep = profiles.DEFAULT
    custom: Object | None = None
    copy_to: str = ""
    same_node: bool = False
    share_processes: bool | None = None
    images: Mapping[str, str] | None = None

    def variables(self) -> list[dict[str, str]]:
        return [{"name": name, "value": value} if value else {"name": name} for name, value in (self.env or {}).items()]


def with_ephemeral(pod: Object, wanted: Wanted) -> tuple[Object, str]:
    """The Pod with an ephemeral container more, and its name."""
    name = _name(pod, wanted)
    container = _container(name, wanted)
    if wanted.target:
        container["targetContainerName"] = wanted.target
    made = deepcopy(pod)
    made["spec"]["ephemeralContainers"] = [*(made["spec"].get("ephemeralContainers") or ()), container]
    _finish(made, name, "ephemeral", wanted)
    return made, name


def on_node(node: Object, wanted: Wanted) -> Object:
    name = wanted.container or NODE_CONTAINER
    pod_name = f"node-debugger-{meta.name_of(node)}-{wanted.suffix()}"
    wanted.say(f"Creating debugging pod {pod_name} with container {name} on node {meta.name_of(node)}.\n")
    pod = {
        "kind": "Pod",
        "apiVersion": "v1",
        "metadata": {"name": pod_name, "labels": MANAGED_BY},
        "spec": {
            "containers": [_container(name, wanted)],
            "restartPolicy": "Never",
            "nodeName": meta.name_of(node),
            "tolerations": [{"operator": "Exists"}],
        },
        "status": {},
    }
    _finish(pod, name, "node", wanted)
    return pod


def copied(pod: Object, wanted: Wanted) -> tuple[Object, str]:
    """The copy and the name of its debugging container, "" where only images were changed. Raises: KubectlError."""
    made = _bare_copy(pod, wanted)
    spec = made["spec"]
    name = wanted.container
    container = next((one for one in _every(made) if one["name"] == name), None)
    if container is None:
        if not wanted.image:
            if wanted.images:
                return made, ""
            raise KubectlError("you must specify image when creating new container")
        name = name or _name(made, wanted)
        container = {"name": name, "resources": {}, "terminationMessagePolicy": "File"}
        spec["containers"].append(container)
    if wanted.arguments:
        container["args" if wanted.are_args else "command"] = list(wanted.arguments)
        if not wanted.are_args:
            container.pop("args", None)
    if wanted.env:
        container["env"] = wanted.variables()
    if wanted.image:
        container["image"] = wanted.image
    if wanted.pull_policy:
        container["imagePullPolicy"] = wanted.pull_policy
    for part, is_set in (("stdin", wanted.stdin), ("tty", wanted.tty)):
        container.pop(part, None)
        if is_set:
            container[part] = True
    _finish(made, name, "copy", wanted)
    return made, name


def _bare_copy(pod: Object, wanted: Wanted) -> dict[str, Any]:
    kept = {part: pod["metadata"][part] for part in ("annotations", "labels") if pod["metadata"].get(part)}
    metadata = {"name": wanted.copy_to, "namespace": meta.namespace_of(pod), **kept}
    spec = deepcopy({part: value for part, value in pod["spec"].items() if part != "ephemeralContainers"})
    if wanted.share_processes is not None:
        spec["shareProcessNamespace"] = wanted.share_processes
    if not wanted.same_node:
        spec.pop("nodeName", None)
    images = wanted.images or {}
    for container in spec["containers"]:
        image = images.get(container["name"], images.get("*", ""))
        if image:
            container["image"] = image
    return {"kind": "Pod", "apiVersion": "v1", "metadata": metadata, "spec": spec, "status": {}}


def _container(name: str, wanted: Wanted) -> dict[str, Any]:
    found: dict[str, Any] = {"name": name, "image": wanted.image}
    if wanted.arguments:
        found["args" if wanted.are_args else "command"] = list(wanted.arguments)
    if wanted.env:
        found["env"] = wanted.variables()
    found |= {"resources": {}, "terminationMessagePolicy": "File"}
    if wanted.pull_policy:
        found["imagePullPolicy"] = wanted.pull_policy
    if wanted.stdin:
        found["stdin"] = True
    if wanted.tty:
        found["tty"] = True
    return found


def _every(pod: Object) -> list[dict[str, Any]]:
    return [one for group in GROUPS for one in pod["spec"].get(group) or ()]


def _name(pod: Object, wanted: Wanted) -> str:
    """The container's name, given or drawn; who draws says so."""
    if wanted.container:
        return wanted.container
    taken = {one["name"] for one in _every(pod)}
    name = ""
    while not name or name in taken:
        name = f"debugger-{wanted.suffix()}"
    wanted.say(f"Defaulting debug container name to {name}.\n")
    return name


def _finish(pod: Object, name: str, style: Style, wanted: Wanted) -> None:
    """Apply the profile and what the person's own file says (in place)."""
    profiles.apply(wanted.profile, style, pod, name, wanted.keep)
    if wanted.custom is None:
        return
    group = "ephemeralContainers" if style == "ephemeral" else "containers"
    if all(one["name"] != name for one in pod["spec"][group]):
        raise KubectlError(f"unable to find the {name} container in the pod {meta.name_of(pod)}")
    schema: Schema | None = schema_of(POD)
    for part in ("spec", "containers"):
        found = schema.field(part) if schema is not None else None
        schema = found.item or found if found is not None else None
    patch = {**wanted.custom, "name": name}
    try:
        merged = [strategic.apply(one, patch, schema) if one["name"] == name else one for one in pod["spec"][group]]
    except PatchError as error:
        raise KubectlError(f"error creating three way patch to add debug container: {error}") from None
    pod["spec"][group] = merged
