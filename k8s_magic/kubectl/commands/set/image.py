"""`kubectl set image`. Source: kubectl/pkg/cmd/set/set_image.go"""

from __future__ import annotations

from dataclasses import dataclass

from k8s_magic.kubectl import shared_flags
from k8s_magic.kubectl.command import Call, Command
from k8s_magic.kubectl.errors import KubectlError, raise_all
from k8s_magic.kubectl.resources import Info
from k8s_magic.kubectl.streams import Streams
from k8s_magic.kubectl.writing import parsing, pod_specs, recording
from k8s_magic.kubectl.writing.pod_specs import Setting
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.protocols import Transport
from k8s_magic.text.go_values import quoted


@dataclass(frozen=True, slots=True)
class Options:
    how: Setting
    images: dict[str, str]
    infos: list[Info]


def complete(call: Call, client: Transport, streams: Streams) -> Options:
    resources, pairs = parsing.resources_and_pairs(call.args, "image")
    how = pod_specs.setting(call, resources, "image updated", streams)
    images, _ = parsing.pairs(pairs, "image")
    return Options(how, images, how.infos(client, streams))


def validate(options: Options) -> None:
    call = options.how.call
    found: list[Exception] = []
    if call.flag("all") and call.text("selector"):
        found.append(KubectlError("cannot set --all and --selector at the same time"))
    if not options.how.resources and not call.texts("filename") and not call.text("kustomize"):
        found.append(KubectlError("one or more resources must be specified as <resource> <name> or <resource>/<name>"))
    if not options.images:
        found.append(KubectlError("at least one image update is required"))
    elif len(options.images) > 1 and "*" in options.images:
        found.append(
            KubectlError(
                "all containers are already specified by *, but saw more than one container_name=container_image pairs"
            )
        )
    if options.how.local and options.how.dry_run == "server":
        found.append(KubectlError("cannot specify --local and --dry-run=server - did you mean --dry-run=client?"))
    raise_all(found)


def run(options: Options, client: Transport, streams: Streams) -> int:
    failed: list[Exception] = []

    def change(info: Info) -> Object:
        missing = dict(options.images)

        def set_image(container: Object) -> Object:
            for name, image in options.images.items():
                if name in ("*", container["name"]):
                    missing.pop(name, None)
                    container = {**container, "image": image}
            return container

        after = pod_specs.pod_spec_changed(info, lambda spec: pod_specs.containers_changed(spec, set_image))
        failed.extend(KubectlError(f"error: unable to find container named {quoted(name)}") for name in missing)
        return after

    pod_specs.send_each(
        options.how,
        options.infos,
        change,
        client,
        streams,
        failure="failed to patch image update to pod template:",
        errors=failed,
    )
    return 0


COMMAND = Command(
    "image",
    "Set the image of containers",
    ("image (-f FILENAME | TYPE NAME) CONTAINER_NAME_1=CONTAINER_IMAGE_1 ... CONTAINER_NAME_N=CONTAINER_IMAGE_N"),
    complete=complete,
    validate=validate,
    run=run,
    flags=(*pod_specs.SET_FLAGS, recording.RECORD, shared_flags.SELECTOR),
    arguments="kind/name",
)
