"""`kubectl create configmap`. Source: kubectl/pkg/cmd/create/create_configmap.go"""

from __future__ import annotations

from collections.abc import Iterator

from k8s_magic.kubectl.command import Call
from k8s_magic.kubectl.errors import KubectlError
from k8s_magic.kubectl.streams import Streams
from k8s_magic.kubectl.writing import parsing, sources
from k8s_magic.kubectl.writing.generated import bare, generator
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.names import CONFIG_MAPS
from k8s_magic.machinery.protocols import Transport
from k8s_magic.text.go_values import quoted


def check(call: Call, client: Transport, streams: Streams) -> None:
    sources.check_sources(call.texts("from-file"), call.texts("from-literal"), call.texts("from-env-file"))


def build(call: Call, client: Transport, streams: Streams) -> Object:
    name = call.args[0]
    data: dict[str, str] = {}
    binary: dict[str, str] = {}

    def add(pairs: Iterator[tuple[str, bytes]]) -> None:
        for key, value in pairs:
            errors = parsing.key_errors(key)
            if errors:
                raise KubectlError(f"{quoted(key)} is not a valid key name for a ConfigMap: {','.join(errors)}")
            for held, field in ((data, "Data"), (binary, "BinaryData")):
                if key in held:
                    raise KubectlError(
                        f"cannot add key {quoted(key)}, another key by that name already exists in {field} for "
                        f"ConfigMap {quoted(name)}"
                    )
            try:
                data[key] = value.decode()
            except UnicodeDecodeError:
                binary[key] = sources.encoded(value)

    add(sources.files(call.texts("from-file"), streams))
    add(sources.literals(call.texts("from-literal")))
    add(sources.env_files(call.texts("from-env-file"), streams, "config"))
    data, binary = dict(sorted(data.items())), dict(sorted(binary.items()))
    if call.flag("append-hash"):
        content = {"kind": "ConfigMap", "name": name, "data": data} | ({"binaryData": binary} if binary else {})
        name = f"{name}-{sources.content_hash(content)}"
    found = bare(call, "v1", "ConfigMap", name=name)
    if data:
        found["data"] = data
    if binary:
        found["binaryData"] = binary
    return found


COMMAND = generator(
    "configmap",
    build,
    CONFIG_MAPS,
    usage="configmap NAME [--from-file=[key=]source] [--from-literal=key1=value1] [--dry-run=server|client|none]",
    short="Make a ConfigMap from files or values",
    flags=sources.FLAGS,
    failure="configmap:",
    check=check,
    aliases=("cm",),
)
