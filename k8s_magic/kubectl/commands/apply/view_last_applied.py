"""`kubectl apply view-last-applied`. Source: kubectl/pkg/cmd/apply/apply_view_last_applied.go"""

from __future__ import annotations

from dataclasses import dataclass

from k8s_magic.kubectl import shared_flags
from k8s_magic.kubectl.command import Call, Command
from k8s_magic.kubectl.errors import KubectlError, with_source
from k8s_magic.kubectl.flags import Flag
from k8s_magic.kubectl.resources import Info, Query, select
from k8s_magic.kubectl.streams import Streams
from k8s_magic.kubectl.writing import last_applied
from k8s_magic.machinery.protocols import Transport
from k8s_magic.text import json_in, json_out, yaml_out


@dataclass(frozen=True, slots=True)
class Options:
    call: Call
    texts: tuple[str, ...]


def complete(call: Call, client: Transport, streams: Streams) -> Options:
    query = Query(
        arguments=tuple(call.args),
        filenames=call.texts("filename"),
        kustomize=call.text("kustomize"),
        recursive=call.flag("recursive"),
        namespace=call.namespace,
        enforce=call.namespace_given,
        empty_selector=call.namespace_given,
        all=call.flag("all"),
        selector=call.text("selector"),
        latest=True,
    )
    texts: list[str] = []

    def take(info: Info) -> None:
        text = last_applied.original(info.found)
        if text is None:
            why = f"no last-applied-configuration annotation found on resource: {info.name}\n"
            # kubectl's own: there is no error to add the source to.
            raise with_source(why, info.source, KubectlError("%!v(<nil>)")) if info.source else KubectlError(why)
        texts.append(text)

    result = select(query, client, streams)
    result.check()
    result.visit(take)
    return Options(call, tuple(texts))


def run(options: Options, client: Transport, streams: Streams) -> int:
    output = options.call.text("output")
    for text in options.texts:
        if output == "json":
            streams.out(json_out.dump(json_in.loads(text), indent=2, sort=False) + "\n")
        elif output == "yaml":
            streams.out(yaml_out.dump(json_in.loads(text)))
        else:
            options.call.usage_error(f"Unexpected -o output mode: {output}, the flag 'output' must be one of yaml|json")
    return 0


COMMAND = Command(
    "view-last-applied",
    "Show what was applied last",
    "view-last-applied (TYPE [NAME | -l label] | TYPE/NAME | -f FILENAME)",
    complete=complete,
    run=run,
    flags=(
        Flag("output", short="o", default="yaml", help="yaml or json.", candidates="yaml,json"),
        Flag("all", "bool", help="All objects of the types, in the namespace."),
        *shared_flags.FILENAME_FLAGS,
        shared_flags.SELECTOR,
    ),
    arguments="kind/name",
)
