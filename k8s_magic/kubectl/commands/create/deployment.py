"""`kubectl create deployment`. Source: kubectl/pkg/cmd/create/create_deployment.go"""

from __future__ import annotations

from k8s_magic.kubectl.command import Call
from k8s_magic.kubectl.errors import KubectlError
from k8s_magic.kubectl.flags import Flag
from k8s_magic.kubectl.streams import Streams
from k8s_magic.kubectl.writing import pod_template
from k8s_magic.kubectl.writing.generated import bare, generator
from k8s_magic.machinery.errors import Unsupported
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.names import DEPLOYMENTS
from k8s_magic.machinery.protocols import Transport


def check(call: Call, client: Transport, streams: Streams) -> None:
    if len(call.texts("image")) > 1 and len(call.args) > 1:
        raise KubectlError("cannot specify multiple --image options and command")


def build(call: Call, client: Transport, streams: Streams) -> Object:
    labels = {"app": call.args[0]}
    containers = [
        pod_template.container(_container_name(image), image, command=call.args[1:]) for image in call.texts("image")
    ]
    port = call.number("port")
    if port >= 0 and containers:
        first = containers[0]
        ports = [{"containerPort": port}]
        containers[0] = pod_template.container(first["name"], first["image"], command=call.args[1:], ports=ports)
    return bare(call, "apps/v1", "Deployment", labels=labels) | {
        "spec": {
            "replicas": call.number("replicas"),
            "selector": {"matchLabels": labels},
            "template": pod_template.template(containers, labels=labels),
            "strategy": {},
        },
        "status": {},
    }


def _container_name(image: str) -> str:
    name = image.rpartition("/")[2].partition(":")[0].partition("@")[0]
    if "_" in name or "." in name:
        # kubectl draws five letters here; a client has no seeded stream to draw from.
        raise Unsupported(
            f"kubectl would add random letters to the container name of {image}: write the Deployment in a file instead"
        )
    return name


COMMAND = generator(
    "deployment",
    build,
    DEPLOYMENTS,
    usage="deployment NAME --image=image -- [COMMAND] [args...]",
    short="Make a Deployment",
    flags=(
        Flag("image", "slice", help="An image to run; several make several containers."),
        Flag("port", "int32", default=-1, help="The port that the first container listens on."),
        Flag("replicas", "int32", default=1, short="r", help="How many Pods to run."),
    ),
    failure="deployment:",
    check=check,
    aliases=("deploy",),
    required=("image",),
)
