"""`kubectl create cronjob`. Source: kubectl/pkg/cmd/create/create_cronjob.go"""

from __future__ import annotations

from k8s_magic.kubectl.command import Call
from k8s_magic.kubectl.flags import Flag
from k8s_magic.kubectl.streams import Streams
from k8s_magic.kubectl.writing import pod_template
from k8s_magic.kubectl.writing.generated import bare, generator
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.names import GroupVersionResource
from k8s_magic.machinery.protocols import Transport


def build(call: Call, client: Transport, streams: Streams) -> Object:
    name = call.args[0]
    containers = [pod_template.container(name, call.text("image"), command=call.args[1:])]
    template = pod_template.template(containers, restartPolicy=call.text("restart") or "OnFailure")
    return bare(call, "batch/v1", "CronJob") | {
        "spec": {
            "schedule": call.text("schedule"),
            "jobTemplate": {"metadata": {"name": name}, "spec": {"template": template}},
        },
        "status": {},
    }


COMMAND = generator(
    "cronjob",
    build,
    GroupVersionResource("batch", "v1", "cronjobs"),
    usage="cronjob NAME --image=image --schedule='0/5 * * * ?' -- [COMMAND] [args...] [flags] [options]",
    short="Make a CronJob",
    flags=(
        Flag("image", help="The image to run."),
        Flag("schedule", help="When to run, in cron's form."),
        Flag("restart", help="The Pods' restart policy: OnFailure or Never.", candidates="OnFailure,Never"),
    ),
    failure="cronjob:",
    aliases=("cj",),
    required=("image", "schedule"),
)
