"""`kubectl auth can-i`: nothing is forbidden here, so the answer is yes.

Source: kubectl/pkg/cmd/auth/cani.go
"""

from __future__ import annotations

from dataclasses import dataclass

from k8s_magic.kubectl import shared_flags
from k8s_magic.kubectl.command import Call, Command
from k8s_magic.kubectl.errors import KubectlError
from k8s_magic.kubectl.flags import Flag
from k8s_magic.kubectl.mapper import Mapper
from k8s_magic.kubectl.streams import Streams
from k8s_magic.machinery.errors import Unsupported
from k8s_magic.machinery.protocols import Transport


@dataclass(frozen=True, slots=True)
class Options:
    quiet: bool


def complete(call: Call, client: Transport, streams: Streams) -> Options:
    if call.flag("list"):
        raise Unsupported("the rules of a user cannot be listed: there is no authorization in this simulation")
    if call.text("as") or call.texts("as-group"):
        raise Unsupported("there is no authorization in this simulation, so nobody else can be asked for")
    if len(call.args) not in (2, 3):
        raise KubectlError(
            "you must specify two arguments: verb resource or verb resource/resourceName.\n"
            "See 'kubectl auth can-i -h' for help and examples."
        )
    word = call.args[1].partition("/")[0]
    if not call.args[1].startswith("/") and word != "*" and not call.flag("quiet"):
        mapping = Mapper(client).find(word)
        if mapping is None:
            streams.err(f"Warning: the server doesn't have a resource type '{word}'\n\n")
        elif not mapping.namespaced and not call.flag("all-namespaces"):
            group = f" in group '{mapping.gvr.group}'" if mapping.gvr.group else ""
            streams.err(f"Warning: resource '{mapping.gvr.resource}' is not namespace scoped{group}\n\n")
    return Options(call.flag("quiet"))


def run(options: Options, client: Transport, streams: Streams) -> int:
    if not options.quiet:
        streams.out("yes\n")
    return 0


COMMAND: Command[Options] = Command(
    name="can-i",
    short="Ask whether something is allowed",
    usage="can-i VERB [TYPE | TYPE/NAME | NONRESOURCEURL]",
    complete=complete,
    run=run,
    flags=(
        shared_flags.ALL_NAMESPACES,
        Flag("list", "bool", help="List everything that is allowed (not part of this simulation)."),
        Flag("no-headers", "bool", help="Leave the headers out."),
        Flag("quiet", "bool", short="q", help="Only the exit code."),
        Flag("subresource", help="A subresource, e.g. log or scale."),
    ),
    arguments="kind",
)
