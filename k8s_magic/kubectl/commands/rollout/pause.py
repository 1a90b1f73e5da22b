"""`kubectl rollout pause`. Source: kubectl/pkg/cmd/rollout/rollout_pause.go, polymorphichelpers/objectpauser.go"""

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
        raise KubectlError("pausing is not supported")
    if spec.get("paused"):
        raise KubectlError("is already paused")
    return {**info.found, "spec": {**spec, "paused": True}}


def run(call: Call, client: Transport, streams: Streams) -> int:
    return rollouts.patch_each(
        call, change, "paused", lambda info: KubectlError(f"{info.name} is already paused"), client, streams
    )


COMMAND = Command(
    "pause",
    "Let changes wait",
    "pause RESOURCE",
    complete=no_options,
    validate=rollouts.require_resource,
    run=run,
    flags=(*rollouts.FLAGS, rollouts.MANAGER),
    arguments="kind/name",
)
