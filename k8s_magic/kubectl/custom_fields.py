"""The fields of a kind that a CustomResourceDefinition made, as its author describes them.

Source: kubectl/pkg/explain/v2 (plaintext.tmpl); the real kubectl reads them from the server's OpenAPI document
"""

from __future__ import annotations

import textwrap

from k8s_magic.kinds import custom
from k8s_magic.kinds.custom import CustomSchema
from k8s_magic.kubectl.mapper import ResourceMapping
from k8s_magic.machinery.errors import ApiError
from k8s_magic.machinery.names import CUSTOM_RESOURCE_DEFINITIONS
from k8s_magic.machinery.protocols import Transport
from k8s_magic.machinery.schema import Schema

WIDTH = 76  # of a text before it is indented


def schema_of(mapping: ResourceMapping, client: Transport) -> CustomSchema | None:
    """None where no definition made the kind."""
    try:
        definition = client.get(CUSTOM_RESOURCE_DEFINITIONS, "", mapping.gvr.qualified)
    except ApiError as error:
        if not error.is_not_found:
            raise
        return None
    for version in definition["spec"]["versions"]:
        if version["name"] == mapping.gvk.version:
            return CustomSchema(custom.schema_of(version), root=mapping.gvk.kind)
    return None


def description(schema: Schema, otherwise: str, indent: int) -> str:
    """What the author says of a place, wrapped and indented."""
    text = (schema.description if isinstance(schema, CustomSchema) else "") or otherwise
    lines = [line for part in text.splitlines() for line in textwrap.wrap(part, WIDTH) or [""]]
    return "".join(f"{' ' * indent}{line}".rstrip() + "\n" for line in lines)
