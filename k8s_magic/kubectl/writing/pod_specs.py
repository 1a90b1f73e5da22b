"""Changing the Pod spec inside any object that has one, and sending what changed.

Source: kubectl/pkg/polymorphichelpers/updatepodspec.go, pkg/cmd/set/helper.go
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from k8s_magic.kubectl import shared_flags
from k8s_magic.kubectl.command import Call
from k8s_magic.kubectl.errors import Failure, KubectlError, message_for, raise_all
from k8s_magic.kubectl.flags import Flag
from k8s_magic.kubectl.mapper import gvk_of
from k8s_magic.kubectl.printers.formats import Printer
from k8s_magic.kubectl.printers.print_flags import PRINT_FLAGS, PrintOptions
from k8s_magic.kubectl.resources import Info, Query, select
from k8s_magic.kubectl.resources.query import KUBECTL_SCHEME
from k8s_magic.kubectl.streams import Streams
from k8s_magic.kubectl.writing import recording, typed
from k8s_magic.machinery.errors import ApiError
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.patch import PatchError, strategic
from k8s_magic.machinery.protocols import Transport, WriteOptions

_TEMPLATE = ("spec", "template", "spec")
PATHS: dict[tuple[str, str], tuple[str, ...]] = {
    ("", "Pod"): ("spec",),
    ("", "ReplicationController"): _TEMPLATE,
    ("apps", "Deployment"): _TEMPLATE,
    ("apps", "DaemonSet"): _TEMPLATE,
    ("apps", "ReplicaSet"): _TEMPLATE,
    ("apps", "StatefulSet"): _TEMPLATE,
    ("batch", "Job"): _TEMPLATE,
    ("batch", "CronJob"): ("spec", "jobTemplate", "spec", "template", "spec"),
}
LOCAL_RESOURCE = (
    "error: you must specify resources by --filename when --local is set.\n"
    "Example resource specifications include:\n"
    "   '-f rsrc.yaml'\n"
    "   '--filename=rsrc.json'"
)
Change = Callable[[Object], Object]


def at(obj: Object, path: tuple[str, ...]) -> Any:
    for key in path:
        obj = obj.get(key) or {}
    return obj


def changed_at(obj: Object, path: tuple[str, ...], change: Callable[[Any], Any]) -> Object:
    """The object with one place changed; the rest is shared."""
    if not path:
        result: Object = change(obj)
        return result
    inner = changed_at(obj.get(path[0]) or {}, path[1:], change)
    return {**obj, path[0]: inner} if inner or path[0] in obj else obj


def pod_spec_changed(info: Info, change: Change) -> Object:
    """Raises: KubectlError for an object without a Pod spec."""
    gvk = info.resource.gvk if info.mapping is not None else gvk_of(info.found)
    path = PATHS.get((gvk.group, gvk.kind))
    if path is None:
        raise KubectlError(f"the object is not a pod or does not have a pod template: *{gvk.version}.{gvk.kind}")
    return changed_at(info.found, path, change)


def containers_changed(spec: Object, change: Callable[[Object], Object]) -> Object:
    """The spec with every container changed, init containers too."""
    found = dict(spec)
    for key in ("containers", "initContainers"):
        if spec.get(key):
            found[key] = [change(container) for container in spec[key]]
    return found


def is_selected(name: str, pattern: str) -> bool:
    """selectString: `*` in the pattern matches any text."""
    if "*" not in pattern:
        return name == pattern
    position = 0
    parts = pattern.split("*")
    for index, part in enumerate(parts):
        if not part:
            continue
        found = name[position:].find(part)
        last = index == len(parts) - 1
        if found < position or (index == 0 and position) or (last and len(name) != len(part) + found):
            return False
        position = found
    return True


# --- The commands `set …` --------------------------------------------------------------------------------------

SET_FLAGS: tuple[Flag, ...] = (
    *PRINT_FLAGS,
    *shared_flags.FILENAME_FLAGS,
    Flag("all", "bool", help="All objects of the types, in the namespace."),
    Flag("local", "bool", help="Change the file's content, ask no server."),
    shared_flags.DRY_RUN,
    shared_flags.field_manager("kubectl-set"),
)


@dataclass(frozen=True, slots=True)
class Setting:
    """What every `set` command is called with."""

    call: Call
    resources: tuple[str, ...]
    dry_run: str
    printer: Printer
    cause: str

    @property
    def local(self) -> bool:
        return self.call.flag("local")

    @property
    def selector(self) -> str:
        return self.call.text("selector") if "selector" in self.call.values.flags else ""

    def query(self, *, ignore_resources: bool = False) -> Query:
        """With --local, resources beside files are an error, or are ignored. Raises: KubectlError."""
        if self.local and self.resources and not ignore_resources:
            raise KubectlError(LOCAL_RESOURCE)
        call = self.call
        return Query(
            scheme=KUBECTL_SCHEME,
            arguments=() if self.local else self.resources,
            filenames=call.texts("filename"),
            kustomize=call.text("kustomize"),
            recursive=call.flag("recursive"),
            namespace=call.namespace,
            enforce=call.namespace_given,
            empty_selector=call.flag("all") and not self.local,
            selector="" if self.local else self.selector,
            local=self.local,
            latest=not self.local,
            continue_on_error=True,
        )

    def infos(self, client: Transport, streams: Streams, *, ignore_resources: bool = False) -> list[Info]:
        return select(self.query(ignore_resources=ignore_resources), client, streams).all()


def setting(call: Call, resources: Iterable[str], operation: str, streams: Streams) -> Setting:
    dry_run = shared_flags.dry_run(call, streams)
    printer = PrintOptions.of(call).printer(operation, streams, dry_run, typed=True)
    cause = recording.change_cause(call) if "record" in call.values.flags else ""
    return Setting(call, tuple(resources), dry_run, printer, cause)


def send_each(
    how: Setting,
    infos: Iterable[Info],
    change: Callable[[Info], Object | None],
    client: Transport,
    streams: Streams,
    *,
    failure: str,
    errors: list[Exception] | None = None,
    always: bool = False,
) -> None:
    """Patches what `change` changed and prints it; gathers what fails. `failure` stands before a refused patch.

    `always` prints and sends even where nothing changed.
    """
    failed: list[Exception] = [] if errors is None else errors
    write = WriteOptions(dry_run=how.dry_run == "server", field_manager=how.call.text("field-manager"))
    planned: list[tuple[Info, Object, Object]] = []
    for info in infos:
        try:
            after = change(info)
            if after is None:
                continue
            after = recording.recorded(after, how.cause)
            patch = strategic.create_two_way(info.found, after, typed.schema_for(info.found))
        except (*Failure, PatchError) as error:
            failed.append(KubectlError(f"error: {_object_name(info)} {_words(error)}\n"))
            continue
        planned.append((info, after, patch))
    for info, after, patch in planned:
        if not patch and not always:
            continue
        if how.local or how.dry_run == "client":
            how.printer.print(typed.in_order(after), streams.out)
            continue
        try:
            obj = client.patch(info.resource.gvr, info.namespace, info.name, patch, "strategic", options=write)
        except ApiError as error:
            failed.append(KubectlError(f"{failure} {error.message}"))
            continue
        how.printer.print(typed.in_order(obj), streams.out)
    raise_all(failed)


def _object_name(info: Info) -> str:
    """A local object is named as -o name prints it, with the line's end (cli-runtime/pkg/printers/name.go)."""
    if info.mapping is not None:
        return info.object_name
    gvk = gvk_of(info.found)
    return f"{gvk.kind.lower()}.{gvk.group}/{info.name}\n" if gvk.group else f"{gvk.kind.lower()}/{info.name}"


def _words(error: Exception) -> str:
    return error.message if isinstance(error, ApiError) else message_for(error)
