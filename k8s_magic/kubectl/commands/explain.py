"""`kubectl explain`: the fields of a kind, their types, which must be given, what they may be, and what they are for.

Source: kubectl/pkg/cmd/explain/explain.go, kubectl/pkg/explain/v2/explain.go
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from k8s_magic.kinds import custom, documentation, openapi
from k8s_magic.kubectl.command import Call, Command
from k8s_magic.kubectl.errors import KubectlError
from k8s_magic.kubectl.explaining import asked, openapiv2, plaintext
from k8s_magic.kubectl.flags import Flag
from k8s_magic.kubectl.mapper import ResourceMapping, mapping_of, split_api_version
from k8s_magic.kubectl.streams import Streams
from k8s_magic.kubectl.wording import SUGGEST_API_RESOURCES
from k8s_magic.machinery.errors import ApiError, Unsupported
from k8s_magic.machinery.names import CUSTOM_RESOURCE_DEFINITIONS, GroupVersionKind, GroupVersionResource
from k8s_magic.machinery.protocols import Transport

UNTOLD = "(What fields are for is told with the extra: pip install k8s-magic[docs])"
PLAINTEXT, OLDER = "plaintext", "plaintext-openapiv2"
# As the two versions of OpenAPI refer to a schema.
PREFIX, OLDER_PREFIX = "#/components/schemas/", "#/definitions/"


@dataclass(frozen=True, slots=True)
class Options:
    args: tuple[str, ...]
    api_version: str
    output: str
    recursive: bool


def complete(call: Call, client: Transport, streams: Streams) -> Options:
    return Options(tuple(call.args), call.text("api-version"), call.text("output"), call.flag("recursive"))


def validate(options: Options) -> None:
    if not options.args:
        raise KubectlError(f"You must specify the type of resource to explain. {SUGGEST_API_RESOURCES}\n")
    if len(options.args) > 1:
        raise KubectlError("We accept only this format: explain RESOURCE\n")


def run(options: Options, client: Transport, streams: Streams) -> int:
    find = asked.by_version if options.api_version else asked.by_name
    mapping, path = find(options.args[0], client)
    if options.output == OLDER:
        _older(options, mapping, path, client, streams)
    else:
        _plain(options, mapping, path, client, streams)
    return 0


def _plain(options: Options, asked_for: ResourceMapping, path: list[str], client: Transport, streams: Streams) -> None:
    mapping = _versioned(asked_for, options, client)
    if options.output != PLAINTEXT:
        raise KubectlError(f"unrecognized format: {options.output}")
    if mapping is None:
        group, version = split_api_version(options.api_version)
        raise KubectlError(f"GVR ({group}/{version}, Resource={asked_for.gvr.resource}) not found in OpenAPI schema")
    gvk = mapping.gvk
    texts = documentation.of(client.server_version())
    schemas = openapi.Schemas(PREFIX, texts)
    schema = schemas.found[_name(schemas, mapping, client, PREFIX)]
    page = plaintext.Page(PREFIX, schemas.found, recursive=options.recursive, untold=_untold(texts, gvk, path))
    streams.out(
        (f"GROUP:      {gvk.group}\n" if gvk.group else "") + f"KIND:       {gvk.kind}\nVERSION:    {gvk.version}\n\n"
    )
    text = page.of(schema, path)
    if not text:
        raise KubectlError(f'field "{path[-1]}" does not exist')
    streams.out(text + "\n")


def _older(options: Options, mapping: ResourceMapping, path: list[str], client: Transport, streams: Streams) -> None:
    gvk = mapping.gvk
    if options.api_version:
        gvk = GroupVersionKind(*_group_version(options.api_version), gvk.kind)
    known = {found.gvk: found for found in map(mapping_of, client.resources())}
    if gvk not in known:
        raise KubectlError(f'couldn\'t find resource for "{gvk.group}/{gvk.version}, Kind={gvk.kind}"')
    texts = documentation.of(client.server_version())
    schemas = openapi.Schemas(OLDER_PREFIX, texts)
    name = _name(schemas, known[gvk], client, OLDER_PREFIX)
    found = {each: openapi.older(schema) for each, schema in schemas.found.items()}
    untold = _untold(texts, gvk, path)
    page = openapiv2.Page(OLDER_PREFIX, found, gvk, recursive=options.recursive, untold=untold)
    streams.out(page.of(found[name], path))


def _untold(texts: documentation.Texts, gvk: GroupVersionKind, path: list[str]) -> str:
    """What stands for texts that cannot be had; "" where they can, and where the author of a definition gave them."""
    return "" if texts or not (openapi.is_builtin(*gvk) or path[:1] == ["metadata"]) else UNTOLD


def _name(schemas: openapi.Schemas, mapping: ResourceMapping, client: Transport, prefix: str) -> str:
    """Of the kind's schema among the schemas, where it is put. Raises: Unsupported where nobody knows its fields."""
    gvk = mapping.gvk
    record: dict[str, Any] = {"group": gvk.group, "version": gvk.version, "kind": gvk.kind}
    if not openapi.is_builtin(*gvk):
        record["schema"] = _custom(mapping, client)
    name: str = schemas.kind(record)["$ref"].removeprefix(prefix)
    return name


def _custom(mapping: ResourceMapping, client: Transport) -> openapi.Schema:
    """The schema in the definition that made the kind."""
    try:
        definition = client.get(CUSTOM_RESOURCE_DEFINITIONS, "", mapping.gvr.qualified)
    except ApiError as error:
        if not error.is_not_found:
            raise
    else:
        for version in definition["spec"]["versions"]:
            if version["name"] == mapping.gvk.version:
                return custom.schema_of(version)
    raise Unsupported(f"the fields of {mapping.gvk.kind} are not known to this simulation")


def _versioned(mapping: ResourceMapping, options: Options, client: Transport) -> ResourceMapping | None:
    """The resource in the version that is asked for; None where that version is served without it."""
    if not options.api_version:
        return mapping
    wanted = GroupVersionResource(*_group_version(options.api_version), mapping.gvr.resource)
    served = [mapping_of(entry) for entry in client.resources()]
    if not any((each.gvr.group, each.gvr.version) == (wanted.group, wanted.version) for each in served):
        raise KubectlError(f'couldn\'t find resource for "{wanted.group}/{wanted.version}, Resource={wanted.resource}"')
    return next((each for each in served if each.gvr == wanted), None)


def _group_version(text: str) -> tuple[str, str]:
    if text.count("/") > 1:
        raise KubectlError(f"unexpected GroupVersion string: {text}")
    return split_api_version(text)


COMMAND: Command[Options] = Command(
    name="explain",
    short="Show a kind's fields, their types and what they are for",
    usage=f"explain TYPE [--recursive=FALSE|TRUE] [--api-version=api-version-group] [-o|--output={PLAINTEXT}|{OLDER}]",
    complete=complete,
    validate=validate,
    run=run,
    flags=(
        Flag("api-version", help="Another version, GROUP/VERSION."),
        Flag("output", default=PLAINTEXT, short="o", help="Form of the output.", candidates=f"{PLAINTEXT},{OLDER}"),
        Flag("recursive", "bool", short="R", help="The fields of fields too."),
    ),
    arguments="kind",
)
