"""`kubectl create job`. Source: kubectl/pkg/cmd/create/create_job.go"""

from __future__ import annotations

from k8s_magic.kubectl.command import Call
from k8s_magic.kubectl.errors import KubectlError
from k8s_magic.kubectl.flags import Flag
from k8s_magic.kubectl.resources import Query, select
from k8s_magic.kubectl.streams import Streams
from k8s_magic.kubectl.writing import pod_template, typed
from k8s_magic.kubectl.writing.generated import bare, generator
from k8s_magic.machinery import meta
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.names import GroupVersionResource
from k8s_magic.machinery.protocols import Transport

JOBS = GroupVersionResource("batch", "v1", "jobs")


def check(call: Call, client: Transport, streams: Streams) -> None:
    if bool(call.text("image")) == bool(call.text("from")):
        raise KubectlError("either --image or --from must be specified")
    if len(call.args) > 1 and call.text("from"):
        raise KubectlError("cannot specify --from and command")


def build(call: Call, client: Transport, streams: Streams) -> Object:
    if call.text("from"):
        return _from_cron_job(call, client, streams)
    containers = [pod_template.container(call.args[0], call.text("image"), command=call.args[1:])]
    template = pod_template.template(containers, restartPolicy="Never")
    return bare(call, "batch/v1", "Job") | {"spec": {"template": template}, "status": {}}


def _from_cron_job(call: Call, client: Transport, streams: Streams) -> Object:
    query = Query(arguments=(call.text("from"),), namespace=call.namespace, latest=True)
    found = select(query, client, streams).all()
    if len(found) != 1:
        raise KubectlError("from must be an existing cronjob")
    cron_job = found[0].found
    if found[0].resource.gvk.kind != "CronJob":
        gvk = found[0].resource.gvk
        raise KubectlError(f"unknown object type *{gvk.version}.{gvk.kind}")
    template = cron_job["spec"]["jobTemplate"]
    inner = template.get("metadata") or {}
    annotations = {"cronjob.kubernetes.io/instantiate": "manual", **(inner.get("annotations") or {})}
    owner = meta.owner_reference({"apiVersion": "batch/v1", "kind": "CronJob", "metadata": cron_job["metadata"]})
    del owner["blockOwnerDeletion"]
    head = bare(
        call,
        "batch/v1",
        "Job",
        labels=inner.get("labels"),
        annotations=dict(sorted(annotations.items())),
        ownerReferences=[owner],
    )
    return typed.in_order(head | {"spec": template["spec"], "status": {}})


COMMAND = generator(
    "job",
    build,
    JOBS,
    usage="job NAME --image=image [--from=cronjob/name] -- [COMMAND] [args...]",
    short="Make a Job",
    flags=(
        Flag("image", help="The image to run."),
        Flag("from", help="A CronJob to make the Job from, as cronjob/NAME."),
    ),
    failure="job:",
    check=check,
)
