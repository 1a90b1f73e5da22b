"""`kubectl set selector`. Source: kubectl/pkg/cmd/set/set_selector.go"""

from __future__ import annotations

from dataclasses import dataclass

from k8s_magic.kubectl.command import Call, Command
from k8s_magic.kubectl.errors import KubectlError
from k8s_magic.kubectl.flags import Flag
from k8s_magic.kubectl.resources import Info, select
from k8s_magic.kubectl.streams import Streams
from k8s_magic.kubectl.writing import pod_specs, recording, typed
from k8s_magic.kubectl.writing.pod_specs import Setting
from k8s_magic.machinery import meta, selectors
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.patch import strategic
from k8s_magic.machinery.protocols import Transport, WriteOptions
from k8s_magic.text.go_values import plain


@dataclass(frozen=True, slots=True)
class Options:
    how: Setting
    selector: Object | None


def complete(call: Call, client: Transport, streams: Streams) -> Options:
    selector: Object | None = None
    if call.args:
        try:
            selector = selectors.to_label_selector(call.args[-1])
        except selectors.SelectorError as error:
            raise KubectlError(str(error)) from None
    return Options(pod_specs.setting(call, call.args[:-1], "selector updated", streams), selector)


def validate(options: Options) -> None:
    if options.selector is None:
        raise KubectlError("one selector is required")


def run(options: Options, client: Transport, streams: Streams) -> int:
    how = options.how
    assert options.selector is not None
    selector = options.selector
    version = how.call.text("resource-version")

    def change(info: Info) -> None:
        if info.found["kind"] != "Service":
            raise KubectlError("setting a selector is only supported for Services")
        if selector.get("matchExpressions"):
            raise KubectlError(f"match expression {plain(selector['matchExpressions'])} not supported on this object")
        before = info.found
        after = {**before, "spec": {**before["spec"], "selector": selector.get("matchLabels") or {}}}
        if version:
            before = meta.with_metadata(before, resourceVersion=None)
            after = meta.with_metadata(after, resourceVersion=version)
        after = recording.recorded(after, how.cause)
        if how.local or how.dry_run == "client":
            how.printer.print(typed.in_order(after), streams.out)
            return
        patch = strategic.create_two_way(before, after, typed.schema_for(after))
        write = WriteOptions(dry_run=how.dry_run == "server", field_manager=how.call.text("field-manager"))
        obj = client.patch(info.resource.gvr, info.namespace, info.name, patch, "strategic", options=write)
        how.printer.print(typed.in_order(obj), streams.out)

    result = select(how.query(), client, streams)
    result.check()
    result.visit(change)
    return 0


COMMAND = Command(
    "selector",
    "Set the selector of a Service",
    "selector (-f FILENAME | TYPE NAME) EXPRESSIONS [--resource-version=version]",
    complete=complete,
    validate=validate,
    run=run,
    flags=(
        *pod_specs.SET_FLAGS,
        recording.RECORD,
        Flag("resource-version", help="Only if the object has this resourceVersion."),
    ),
    arguments="kind/name",
)
