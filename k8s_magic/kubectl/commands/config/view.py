"""`kubectl config view`. Source: kubectl/pkg/cmd/config/view.go."""

from __future__ import annotations

from dataclasses import dataclass

from k8s_magic.kubectl import kubeconfig
from k8s_magic.kubectl.command import Call, Command
from k8s_magic.kubectl.flags import Flag
from k8s_magic.kubectl.printers import PRINT_FLAGS, Printer, PrintOptions
from k8s_magic.kubectl.streams import Streams
from k8s_magic.kubectl.wording import listed
from k8s_magic.machinery.errors import Unsupported
from k8s_magic.machinery.protocols import Transport


@dataclass(frozen=True, slots=True)
class Options:
    printer: Printer
    raw: bool
    context: str
    minify: bool


def complete(call: Call, client: Transport, streams: Streams) -> Options:
    if call.args:
        call.usage_error(f"unexpected arguments: {listed(call.args)}")
    if not call.flag("merge"):
        raise Unsupported("there is only one kubeconfig here, so --merge=false says nothing")
    printer = PrintOptions.of(call, default="yaml").printer("", streams, typed=True)
    context = call.text("context") or streams.config.get("current-context", "")
    raw = call.flag("raw") or call.flag("flatten")
    return Options(printer, raw, context, call.flag("minify"))


def run(options: Options, client: Transport, streams: Streams) -> int:
    only = options.context if options.minify else ""
    options.printer.print(kubeconfig.shown(streams.config, raw=options.raw, only=only), streams.out)
    return 0


COMMAND: Command[Options] = Command(
    name="view",
    short="Show the kubeconfig",
    usage="view",
    complete=complete,
    run=run,
    flags=(
        *PRINT_FLAGS,
        Flag("flatten", "bool", help="Put files' contents in (there are none here)."),
        Flag("merge", "bool", default=True, help="Merge all kubeconfig files."),
        Flag("minify", "bool", help="Only what the current context uses."),
        Flag("raw", "bool", help="Show secrets too."),
    ),
)
