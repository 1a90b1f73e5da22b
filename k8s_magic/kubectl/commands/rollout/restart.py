"""`kubectl rollout restart`.

Source: kubectl/pkg/cmd/rollout/rollout_restart.go, pkg/polymorphichelpers/objectrestarter.go
"""

from __future__ import annotations

from k8s_magic.kubectl.command import Call, Command, no_options
from k8s_magic.kubectl.errors import KubectlError
from k8s_magic.kubectl.resources import Info
from k8s_magic.kubectl.streams import Streams
from k8s_magic.kubectl.writing import pod_specs, rollouts
from k8s_magic.machinery import meta
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.protocols import Transport

RESTARTED_AT = "kubectl.kubernetes.io/restartedAt"


def run(call: Call, client: Transport, streams: Streams) -> int:
    def stamp(template: Object) -> Object:
        template = {**template, "metadata": template.get("metadata") or {}}
        annotations = {**meta.annotations_of(template), RESTARTED_AT: f"{client.now():%Y-%m-%dT%H:%M:%SZ}"}
        return meta.with_metadata(template, annotations=annotations)

    def change(info: Info) -> Object:
        gvk = info.resource.gvk
        if gvk.group != "apps" or gvk.kind not in ("Deployment", "DaemonSet", "StatefulSet"):
            raise KubectlError("restarting is not supported")
        if gvk.kind == "Deployment" and info.found["spec"].get("paused"):
            raise KubectlError("can't restart paused deployment (run rollout resume first)")
        return pod_specs.changed_at(info.found, ("spec", "template"), stamp)

    def unchanged(info: Info) -> KubectlError:
        return KubectlError(
            f"failed to create patch for {info.name}: if restart has already been triggered within the past second, "
            "please wait before attempting to trigger another"
        )

    return rollouts.patch_each(call, change, "restarted", unchanged, client, streams)


COMMAND = Command(
    "restart",
    "Replace all Pods, as after a change",
    "restart RESOURCE",
    complete=no_options,
    validate=rollouts.require_resource,
    run=run,
    flags=(*rollouts.FLAGS, rollouts.MANAGER),
    arguments="kind/name",
)
