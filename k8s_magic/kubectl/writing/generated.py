"""`kubectl create KIND NAME …`: what all generators do with the object that one of them makes.

Source: kubectl/pkg/cmd/create/create.go, create_*.go
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from k8s_magic.kubectl import shared_flags
from k8s_magic.kubectl.command import Call, Command
from k8s_magic.kubectl.errors import KubectlError
from k8s_magic.kubectl.flags import Flag
from k8s_magic.kubectl.printers.formats import Printer
from k8s_magic.kubectl.printers.print_flags import PRINT_FLAGS, PrintOptions
from k8s_magic.kubectl.streams import Streams
from k8s_magic.kubectl.writing import last_applied, typed
from k8s_magic.machinery.errors import ApiError
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.names import GroupVersionResource
from k8s_magic.machinery.protocols import Transport, WriteOptions

MANAGER = "kubectl-create"

Build = Callable[[Call, Transport, Streams], Object]
Check = Callable[[Call, Transport, Streams], None]

FLAGS: tuple[Flag, ...] = (
    *PRINT_FLAGS,
    last_applied.SAVE_CONFIG,
    shared_flags.VALIDATE,
    shared_flags.DRY_RUN,
    shared_flags.field_manager(MANAGER),
)


@dataclass(frozen=True, slots=True)
class Options:
    call: Call
    name: str
    dry_run: str
    printer: Printer
    validation: str


def name_of(call: Call) -> str:
    """The one NAME, which stands before `--`. Raises: UsageError."""
    count = len(call.args) if call.dash < 0 else call.dash
    if count != 1:
        call.usage_error(f"exactly one NAME is required, got {count}")
    return call.args[0]


def metadata(call: Call, *, name: str = "", namespaced: bool = True, **more: Any) -> Object:
    """ObjectMeta in its type's order; the namespace only where -n gave it."""
    found: Object = {"name": name or call.args[0]}
    if namespaced and call.namespace_given:
        found["namespace"] = call.namespace
    return found | {key: value for key, value in more.items() if value}


def bare(call: Call, api_version: str, kind: str, **more: Any) -> Object:
    """The head of a new object: kind, apiVersion, metadata."""
    return {"kind": kind, "apiVersion": api_version, "metadata": metadata(call, **more)}


def generator(
    name: str,
    build: Build,
    resource: GroupVersionResource,
    *,
    usage: str,
    short: str,
    flags: tuple[Flag, ...] = (),
    namespaced: bool = True,
    failure: str = "",
    check: Check | None = None,
    aliases: tuple[str, ...] = (),
    required: tuple[str, ...] = (),
    save_config: bool = True,
) -> Command[Any]:
    """The record of one generator. `failure` stands before the server's message where kubectl puts words there."""

    def complete(call: Call, client: Transport, streams: Streams) -> Options:
        named = name_of(call)
        dry_run = shared_flags.dry_run(call, streams)
        printer = PrintOptions.of(call).printer("created", streams, dry_run, typed=True)
        return Options(call, named, dry_run, printer, shared_flags.field_validation(call))

    def run(options: Options, client: Transport, streams: Streams) -> int:
        call = options.call
        if check is not None:
            check(call, client, streams)
        obj = build(call, client, streams)
        if save_config:
            obj = last_applied.create_or_update(call.flag("save-config"), obj, typed=True)
        if options.dry_run != "client":
            write = WriteOptions(
                dry_run=options.dry_run == "server",
                field_manager=call.text("field-manager"),
                field_validation=options.validation,
            )
            try:
                obj = client.create(resource, call.namespace if namespaced else "", obj, options=write)
            except ApiError as error:
                if not failure:
                    raise
                raise KubectlError(f"failed to create {failure} {error.message}") from None
            obj = typed.in_order(obj)
        options.printer.print(obj, streams.out)
        return 0

    return Command(
        name,
        short,
        usage,
        complete=complete,
        run=run,
        flags=(*FLAGS, *flags),
        aliases=aliases,
        required=required,
    )
