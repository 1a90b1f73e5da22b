"""`kubectl taint`. Source: kubectl/pkg/cmd/taint/{taint,utils}.go"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from k8s_magic.kubectl import shared_flags
from k8s_magic.kubectl.command import Call, Command
from k8s_magic.kubectl.errors import KubectlError, raise_all
from k8s_magic.kubectl.flags import Flag
from k8s_magic.kubectl.mapper import Mapper
from k8s_magic.kubectl.printers.formats import Printer
from k8s_magic.kubectl.printers.print_flags import PRINT_FLAGS, PrintOptions
from k8s_magic.kubectl.resources import Info, Query, select
from k8s_magic.kubectl.streams import Streams
from k8s_magic.kubectl.writing import typed
from k8s_magic.machinery import label_syntax
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.patch import strategic
from k8s_magic.machinery.protocols import Transport, WriteOptions
from k8s_magic.text.go_values import quoted

_EFFECTS = ("NoSchedule", "PreferNoSchedule", "NoExecute")


class Taint(NamedTuple):
    key: str
    value: str = ""
    effect: str = ""

    def __str__(self) -> str:
        if not self.effect:
            return f"{self.key}={self.value}:" if self.value else self.key
        return f"{self.key}={self.value}:{self.effect}" if self.value else f"{self.key}:{self.effect}"

    def is_like(self, held: Object) -> bool:
        return (held["key"], held["effect"]) == (self.key, self.effect)


@dataclass(frozen=True, slots=True)
class Options:
    call: Call
    resources: list[str]
    added: list[Taint]
    removed: list[Taint]
    dry_run: str
    write: WriteOptions
    printer: Callable[[str], Printer]
    client: Transport


def complete(call: Call, client: Transport, streams: Streams) -> Options:
    dry_run = shared_flags.dry_run(call, streams)
    validation = shared_flags.field_validation(call)
    resources: list[str] = []
    words: list[str] = []
    for word in call.args:
        if "=" in word or ":" in word or word.endswith("-"):
            words.append(word)
        elif words:
            raise KubectlError(f"all resources must be specified before taint changes: {word}")
        else:
            resources.append(word)
    if not resources:
        raise KubectlError("one or more resources must be specified as <resource> <name>")
    if not words:
        raise KubectlError("at least one taint update is required")
    try:
        added, removed = _parse(words)
    except KubectlError as error:
        call.usage_error(str(error))
    printing = PrintOptions.of(call)
    write = WriteOptions(
        dry_run=dry_run == "server", field_manager=call.text("field-manager"), field_validation=validation
    )
    return Options(
        call,
        resources,
        added,
        removed,
        dry_run,
        write,
        lambda operation: printing.printer(operation, streams, dry_run, typed=True),
        client,
    )


def _parse(words: list[str]) -> tuple[list[Taint], list[Taint]]:
    added: list[Taint] = []
    removed: list[Taint] = []
    for word in words:
        if word.endswith("-"):
            taint = _taint(word[:-1])
            removed.append(Taint(taint.key, effect=taint.effect))
            continue
        taint = _taint(word)
        if not taint.effect:
            raise KubectlError(f"invalid taint spec: {word}")
        if any((other.key, other.effect) == (taint.key, taint.effect) for other in added):
            shown = f"{{{taint.key} {taint.value} {taint.effect} <nil>}}"
            raise KubectlError(f"duplicated taints with the same key and effect: {shown}")
        added.append(taint)
    return added, removed


def _taint(spec: str) -> Taint:
    parts = spec.split(":")
    if len(parts) > 2:
        raise KubectlError(f"invalid taint spec: {spec}")
    key, value, effect = parts[0], "", ""
    if len(parts) == 2:
        effect = parts[1]
        if effect not in _EFFECTS:
            raise KubectlError(f"invalid taint effect: {effect}, unsupported taint effect")
        pair = parts[0].split("=")
        if len(pair) > 2:
            raise KubectlError(f"invalid taint spec: {spec}")
        key, value = pair[0], pair[1] if len(pair) == 2 else ""
        errors = label_syntax.value_errors(value)
        if errors:
            raise KubectlError(f"invalid taint spec: {spec}, {'; '.join(errors)}")
    errors = label_syntax.key_errors(key)
    if errors:
        raise KubectlError(f"invalid taint spec: {spec}, {'; '.join(errors)}")
    return Taint(key, value, effect)


def validate(options: Options) -> None:
    call = options.call
    kind = options.resources[0].lower()
    if Mapper(options.client).resolve(kind).gvk.kind != "Node":
        raise KubectlError(f"invalid resource type {kind}, only node types are supported")
    both = [
        f"{gone.key}={gone.effect}"
        for taint in options.added
        for gone in options.removed
        if taint.key == gone.key and gone.effect in ("", taint.effect)
    ]
    if both:
        raise KubectlError(
            f"can not both modify and remove the following taint(s) in the same command: {', '.join(both)}"
        )
    if call.flag("all") and call.text("selector"):
        raise KubectlError("setting 'all' parameter with a non empty selector is prohibited")
    if not call.flag("all") and not call.text("selector") and len(options.resources) < 2:
        raise KubectlError("at least one resource name must be specified since 'all' parameter is not set")


def run(options: Options, client: Transport, streams: Streams) -> int:
    call = options.call
    many = call.flag("all") or bool(call.text("selector"))
    query = Query(
        types=("node",) if many else (),
        names=() if many else tuple(options.resources[1:]),
        default_type="node",
        namespace=call.namespace,
        selector=call.text("selector"),
        all=call.flag("all"),
        latest=True,
        continue_on_error=True,
    )

    def taint(info: Info) -> None:
        before = info.found
        after, operation = _changed(before, info.name, options)
        printer = options.printer(operation)
        if options.dry_run == "client":
            printer.print(typed.in_order(after), streams.out)
            return
        patch = strategic.create_two_way(before, after, typed.schema_for(before))
        obj = client.patch(info.resource.gvr, "", info.name, patch, "strategic", options=options.write)
        printer.print(typed.in_order(obj), streams.out)

    result = select(query, client, streams)
    result.check()
    result.visit(taint)
    return 0


def _changed(node: Object, name: str, options: Options) -> tuple[Object, str]:
    held: list[Object] = node["spec"].get("taints") or []
    overwrite = options.call.flag("overwrite")
    if not overwrite:
        exists = [taint.key for taint in options.added for old in held if taint.is_like(old)]
        if exists:
            raise KubectlError(
                f"node {name} already has {','.join(exists)} taint(s) with same effect(s) and --overwrite is false"
            )
    taints: list[Object] = []
    for taint in options.added:
        entry: Object = {"key": taint.key}
        if taint.value:
            entry["value"] = taint.value
        taints.append({**entry, "effect": taint.effect})
    taints += [old for old in held if not any(taint.is_like(old) for taint in options.added)]
    added = len(held) != len(taints)
    failed: list[Exception] = []
    deleted = False
    for gone in options.removed:
        kept = [old for old in taints if not (old["key"] == gone.key and gone.effect in ("", old["effect"]))]
        deleted = len(kept) != len(taints)
        taints = kept
        if not deleted:
            failed.append(KubectlError(f"taint {quoted(str(gone))} not found"))
    raise_all(failed)
    operation = "modified" if (added and deleted) or overwrite else "tainted" if added else "untainted"
    spec = {key: value for key, value in node["spec"].items() if key != "taints"}
    return {**node, "spec": {**spec, "taints": taints} if taints else spec}, operation


COMMAND = Command(
    "taint",
    "Set taints of nodes",
    "taint NODE NAME KEY_1=VAL_1:TAINT_EFFECT_1 ... KEY_N=VAL_N:TAINT_EFFECT_N",
    complete=complete,
    validate=validate,
    run=run,
    flags=(
        *PRINT_FLAGS,
        shared_flags.DRY_RUN,
        shared_flags.VALIDATE,
        shared_flags.SELECTOR,
        Flag("overwrite", "bool", help="Whether a taint may get another value."),
        Flag("all", "bool", help="All nodes."),
        shared_flags.field_manager("kubectl-taint"),
    ),
    arguments="node",
)
