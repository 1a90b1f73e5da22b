"""`kubectl explain`: the fields of a kind, their types, which must be given, and what they may be.

The documentation's texts are not carried, and that is said where they would stand.
Source: kubectl/pkg/cmd/explain/explain.go, kubectl/pkg/explain/v2 (plaintext.tmpl)
"""

from __future__ import annotations

from dataclasses import dataclass

from k8s_magic.kinds import schema_of
from k8s_magic.kinds.custom import CustomSchema
from k8s_magic.kubectl import custom_fields
from k8s_magic.kubectl.command import Call, Command
from k8s_magic.kubectl.errors import KubectlError, Raw
from k8s_magic.kubectl.flags import Flag
from k8s_magic.kubectl.mapper import Mapper, ResourceMapping, mapping_of, split_api_version
from k8s_magic.kubectl.streams import Streams
from k8s_magic.kubectl.wording import SUGGEST_API_RESOURCES
from k8s_magic.machinery.errors import Unsupported
from k8s_magic.machinery.names import GroupVersionResource
from k8s_magic.machinery.protocols import Transport
from k8s_magic.machinery.schema import Schema

NO_TEXTS = "(The texts of the Kubernetes documentation are not part of this simulation.)"
# Source: plaintext.tmpl (extractEnum's limit in lists of fields)
ENUM_LIMIT = 4

# What a plain type is called where the API has a type of its own for it.
_FORMATS = {"int-or-string": "IntOrString", "quantity": "Quantity", "date-time": "Time"}
_TYPE_META = ("apiVersion", "kind")  # described by Kubernetes itself
_MICRO_TIMES = ("eventTime", "lastObservedTime", "acquireTime", "renewTime")


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
    mapping, path = _target(options.args[0], client)
    if options.output != "plaintext":
        if options.output == "plaintext-openapiv2":
            raise Unsupported("explain has only its plaintext output in this simulation")
        raise KubectlError(f'unrecognized format: {options.output}, available: ["plaintext" "plaintext-openapiv2"]')
    if options.api_version:
        mapping = _versioned(mapping, options.api_version, client)
    found = _schema(mapping, client)
    if found is None:
        raise Unsupported(f"the fields of {mapping.gvk.kind} are not known to this simulation")
    schema = found
    gvk = mapping.gvk
    text = f"GROUP:      {gvk.group}\n" if gvk.group else ""
    text += f"KIND:       {gvk.kind}\nVERSION:    {gvk.version}\n\n"
    if path:
        name, schema = _walk(schema, path)
        text += f"FIELD: {name} <{type_name(schema, name)}>\n"
        enum = _element(schema).enum
        if enum:
            text += "ENUM:" + "".join(f"\n    {_enum_text(value)}" for value in enum)
        text += "\n\n"
    is_described = isinstance(schema, CustomSchema)
    told = custom_fields.description(schema, "", 4) if is_described else f"    {NO_TEXTS}\n"
    text += "DESCRIPTION:\n" + (f"{told}    \n" if told else "    <empty>\n")
    fields = _fields(schema, 1, options.recursive, ())
    if fields:
        text += "FIELDS:\n" + fields
    streams.out(text + "\n")
    return 0


def _schema(mapping: ResourceMapping, client: Transport) -> Schema | None:
    try:
        return schema_of(mapping.gvk)
    except KeyError:
        return custom_fields.schema_of(mapping, client)


def _target(argument: str, client: Transport) -> tuple[ResourceMapping, list[str]]:
    """`deployments.apps.spec.replicas` -> Deployment, [spec, replicas]."""
    words = [word for word in argument.replace("{", "").replace("}", "").split(".") if word]
    mapper = Mapper(client)
    first = mapper.find(words[0]) if words else None
    if first is None:
        raise Raw(f'the server doesn\'t have a resource type "{words[0] if words else argument}"')
    candidates = [mapping_of(entry) for entry in mapper.resources if entry["name"] == first.gvr.resource]
    for mapping in candidates:
        qualified = mapping.gvr.qualified
        if mapping.gvr.group and (argument == qualified or argument.startswith(qualified + ".")):
            return mapping, [word for word in argument[len(qualified) :].split(".") if word]
    return first, [word.partition("[")[0] for word in words[1:]]


def _versioned(mapping: ResourceMapping, api_version: str, client: Transport) -> ResourceMapping:
    wanted = GroupVersionResource(*split_api_version(api_version), mapping.gvr.resource)
    for entry in client.resources():
        found = mapping_of(entry)
        if found.gvr == wanted:
            return found
    raise KubectlError(f'couldn\'t find resource for "{wanted.group}/{wanted.version}, Resource={wanted.resource}"')


def _element(schema: Schema) -> Schema:
    """What an array or map holds in the end; else the schema itself."""
    while True:
        inner = schema.item if schema.type == "array" else schema.field("") if schema.is_map else None
        if inner is None:
            return schema
        schema = inner


def _walk(schema: Schema, path: list[str]) -> tuple[str, Schema]:
    for name in path:
        found = _element(schema).properties.get(name)
        if found is None:
            raise KubectlError(f'field "{path[-1]}" does not exist')
        schema = found
    return path[-1], schema


def type_name(schema: Schema, name: str = "") -> str:
    """`[]Container`, `map[string]string`, `IntOrString`."""
    if schema.type == "array":
        return "[]" + (type_name(schema.item) if schema.item is not None else "Object")
    if schema.is_map:
        inner = schema.field("")
        return "map[string]" + (type_name(inner) if inner is not None else "Object")
    if schema.ref and not isinstance(schema, CustomSchema):
        return schema.ref
    if schema.format == "date-time" and name in _MICRO_TIMES:
        return "MicroTime"
    if name == "fieldsV1":
        return "FieldsV1"
    if isinstance(schema, CustomSchema):
        return {"object": "Object", "": "Object"}.get(schema.type, schema.type)
    return _FORMATS.get(schema.format) or schema.type or "Object"


def _fields(schema: Schema, level: int, recursive: bool, above: tuple[str, ...]) -> str:
    """One line a field; with `recursive` the fields of fields below it."""
    element = _element(schema)
    if element.ref and element.ref in above:
        return ""
    indent = "  " * level
    text = ""
    for name, field in sorted(element.properties.items()):
        text += f"{indent}{name}\t<{type_name(field, name)}>"
        text += " -required-" if name in element.required else ""
        enum = _element(field).enum
        if enum:
            shown = ", ".join(_enum_text(value) for value in enum[:ENUM_LIMIT])
            text += f"\n{indent}enum: {shown}" + (", ...." if len(enum) > ENUM_LIMIT else "")
        text += "\n"
        if isinstance(field, CustomSchema) and not recursive and not (level == 1 and name in _TYPE_META):
            text += custom_fields.description(field, "<no description>", 2 * level + 2) + "\n"
        if recursive:
            text += _fields(field, level + 1, True, (*above, element.ref))
    return text


def _enum_text(value: str) -> str:
    return value or '""'


COMMAND: Command[Options] = Command(
    name="explain",
    short="Show a kind's fields and their types",
    usage="explain TYPE [--recursive=FALSE|TRUE] [--api-version=api-version-group] [-o|--output=plaintext]",
    complete=complete,
    validate=validate,
    run=run,
    flags=(
        Flag("api-version", help="Another version, GROUP/VERSION."),
        Flag("output", default="plaintext", short="o", help="Form of the output.", candidates="plaintext"),
        Flag("recursive", "bool", short="R", help="The fields of fields too."),
    ),
    arguments="kind",
)
