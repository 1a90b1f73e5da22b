"""`kubectl rollout resume`. Source: kubectl/pkg/cmd/rollout/rollout_resume.go, polymorphichelpers/objectresumer.go"""

from __future__ import annotations

from k8s_magic.kubectl.command import Call, Command, no_options
from k8s_magic.kubectl.errors import KubectlError
from k8s_magic.kubectl.resources import Info
from k8s_magic.kubectl.streams import Streams
from k8s_magic.kubectl.writing import rollouts
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.protocols import Transport


def change(info: Info) -> Object:
    gvk, spec = info.resource.gvk, info.found.get("spec") or {}
    if (gvk.group, gvk.kind) != ("apps", "Deployment"):
        raise KubectlError("resuming is not supported")
    if not spec.get("paused"):
        raise KubectlError("is not paused")
    return {**info.found, "spec": {key: value for key, value in spec.items() if key != "paused"}}


def run(call: Call, client: Transport, streams: Streams) -> int:
    return rollouts.patch_each(
        call, change, "resumed", lambda info: KubectlError(f"{info.name} is not paused"), client, streams
    )


COMMAND = Command(
    "resume",
    "Roll out the changes that waited",
    "resume RESOURCE",
    complete=no_options,
    validate=rollouts.require_resource,
    run=run,
    flags=(*rollouts.FLAGS, rollouts.MANAGER),
    arguments="kind/name",
)
