"""`kubectl api-resources`. Source: kubectl/pkg/cmd/apiresources/{apiresources,print_flags}.go."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from k8s_magic.kubectl.command import Call, Command
from k8s_magic.kubectl.errors import KubectlError
from k8s_magic.kubectl.flags import Flag
from k8s_magic.kubectl.printers import formats
from k8s_magic.kubectl.printers.print_flags import no_printer
from k8s_magic.kubectl.streams import Streams
from k8s_magic.kubectl.wording import listed
from k8s_magic.machinery.protocols import Transport
from k8s_magic.text import tabwriter

FORMATS = ("wide", "name", "json", "yaml", "kyaml")
Resource = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Options:
    output: str
    no_headers: bool
    group: str | None
    namespaced: bool | None
    verbs: tuple[str, ...]
    categories: tuple[str, ...]
    sort_by: str

    def wanted(self, entry: Resource) -> bool:
        return (
            bool(entry.get("verbs"))
            and self.group in (None, entry["group"])
            and self.namespaced in (None, entry["namespaced"])
            and set(self.verbs) <= set(entry["verbs"])
            and set(self.categories) <= set(entry.get("categories") or ())
        )

    def order(self, entry: Resource) -> tuple[str, str]:
        first: str = entry[self.sort_by or "group"]
        return first, entry["name"]


def complete(call: Call, client: Transport, streams: Streams) -> Options:
    if call.args:
        call.usage_error(f"unexpected arguments: {listed(call.args)}")
    if call.text("output") not in ("", *FORMATS):
        raise no_printer(call.text("output"), FORMATS)
    return Options(
        output=call.text("output"),
        no_headers=call.flag("no-headers"),
        group=call.text("api-group") if call.changed("api-group") else None,
        namespaced=call.flag("namespaced") if call.changed("namespaced") else None,
        verbs=call.texts("verbs"),
        categories=call.texts("categories"),
        sort_by=call.text("sort-by"),
    )


def validate(options: Options) -> None:
    if options.sort_by not in ("", "name", "kind"):
        raise KubectlError("--sort-by accepts only name or kind")


def run(options: Options, client: Transport, streams: Streams) -> int:
    preferred: dict[tuple[str, str], Resource] = {}
    for entry in client.resources():
        preferred.setdefault((entry["group"], entry["name"]), entry)
    found = sorted((entry for entry in preferred.values() if options.wanted(entry)), key=options.order)
    if options.output in ("json", "yaml", "kyaml"):
        _print_objects(options, found, streams)
    elif options.output == "name":
        streams.out("".join(f"{_full_name(entry)}\n" for entry in found))
    else:
        streams.out(tabwriter.table(_rows(options, found)))
    return 0


def _full_name(entry: Resource) -> str:
    return f"{entry['name']}.{entry['group']}" if entry["group"] else str(entry["name"])


def _version(entry: Resource) -> str:
    return f"{entry['group']}/{entry['version']}" if entry["group"] else str(entry["version"])


def _rows(options: Options, found: list[Resource]) -> list[list[str]]:
    wide = options.output == "wide"
    rows = []
    if not options.no_headers:
        rows.append(["NAME", "SHORTNAMES", "APIVERSION", "NAMESPACED", "KIND"])
        rows[0] += ["VERBS", "CATEGORIES"] if wide else []
    for entry in found:
        row = [
            entry["name"],
            ",".join(entry.get("shortNames") or ()),
            _version(entry),
            "true" if entry["namespaced"] else "false",
            entry["kind"],
        ]
        if wide:
            row += [",".join(entry["verbs"]), ",".join(entry.get("categories") or ())]
        rows.append(row)
    return rows


_FIELDS = (
    "name",
    "singularName",
    "namespaced",
    "group",
    "version",
    "kind",
    "verbs",
    "shortNames",
    "categories",
    "storageVersionHash",
)


def _print_objects(options: Options, found: list[Resource], streams: Streams) -> None:
    resources = [
        {field: entry[field] for field in _FIELDS if entry.get(field) not in (None, "", (), [])} for entry in found
    ]
    obj = {
        "kind": "APIResourceList",
        "apiVersion": "v1",
        "groupVersion": "",
        "resources": [{**one, "verbs": list(one["verbs"])} for one in resources],
    }
    printers: dict[str, formats.Printer] = {
        "json": formats.JsonPrinter(typed=True),
        "yaml": formats.YamlPrinter(),
        "kyaml": formats.KyamlPrinter(typed=True),
    }
    printers[options.output].print(obj, streams.out)


COMMAND: Command[Options] = Command(
    name="api-resources",
    short="List the resources that the server has",
    usage="api-resources [flags]",
    complete=complete,
    validate=validate,
    run=run,
    flags=(
        Flag("api-group", help="Only resources of this API group."),
        Flag("cached", "bool", help="No effect here."),
        Flag("categories", "slice", help="Only resources of these categories."),
        Flag("namespaced", "bool", default=True, help="Only resources that have (or, if false, have no) namespace."),
        Flag("no-headers", "bool", help="Leave the headers out."),
        Flag("output", short="o", help="Form of the output: wide, name, json, yaml.", candidates=",".join(FORMATS)),
        Flag("show-managed-fields", "bool", help="No effect here."),
        Flag("sort-by", help="Sort by name or kind.", candidates="name,kind"),
        Flag("verbs", "slice", help="Only resources that can do these."),
    ),
)
