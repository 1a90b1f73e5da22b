"""--from-file, --from-literal and --from-env-file: what becomes the data of a ConfigMap or Secret.

Source: kubectl/pkg/util/util.go, pkg/cmd/util/env_file.go, pkg/cmd/create/create_{configmap,secret}.go
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from k8s_magic.kubectl.errors import KubectlError
from k8s_magic.kubectl.flags import Flag
from k8s_magic.kubectl.streams import Streams
from k8s_magic.kubectl.writing import parsing
from k8s_magic.text import json_out
from k8s_magic.text.go_values import quoted

FROM_FILE = Flag("from-file", "slice", help="A file, or key=file, or a folder, whose content becomes data.")
FROM_LITERAL = Flag("from-literal", "array", help="key=value to put into the data.")
FROM_ENV_FILE = Flag("from-env-file", "slice", help="A file of key=value lines to put into the data.")
APPEND_HASH = Flag("append-hash", "bool", help="Append a hash of the content to the name.")
FLAGS: tuple[Flag, ...] = (FROM_FILE, FROM_LITERAL, FROM_ENV_FILE, APPEND_HASH)

Add = Callable[[str, bytes], None]
_HASH_LETTERS = str.maketrans("013ae", "ghkmt")


def literals(sources: tuple[str, ...]) -> Iterator[tuple[str, bytes]]:
    for source in sources:
        key, equals, value = source.partition("=")
        if not key or not equals:
            raise KubectlError(f"invalid literal source {source}, expected key=value")
        yield key, value.encode()


def files(sources: tuple[str, ...], streams: Streams) -> Iterator[tuple[str, bytes]]:
    for source in sources:
        key, path = _file_source(source)
        kind = streams.files.kind(path)
        if not kind:
            raise KubectlError(f"error reading {path}: no such file or directory")
        if kind == "file":
            yield key, _read(path, streams)
            continue
        if "=" in source:
            raise KubectlError("cannot give a key name for a directory path")
        for entry in streams.files.entries(path):
            inner = f"{path.rstrip('/')}/{entry}"
            if streams.files.kind(inner) == "file":
                yield entry, _read(inner, streams)


def _file_source(source: str) -> tuple[str, str]:
    count = source.count("=")
    if count == 0:
        return source.rstrip("/").rpartition("/")[2] or "/", source
    if count > 1:
        raise KubectlError("key names or file paths cannot contain '='")
    if source.startswith("="):
        raise KubectlError(f"key name for file path {source[1:]} missing")
    if source.endswith("="):
        raise KubectlError(f"file path for key name {source[:-1]} missing")
    key, _, path = source.partition("=")
    return key, path


def _read(path: str, streams: Streams) -> bytes:
    try:
        return streams.files.read(path)
    except OSError as error:
        raise KubectlError(str(error)) from None


def env_files(sources: tuple[str, ...], streams: Streams, kind: str) -> Iterator[tuple[str, bytes]]:
    """`kind` is `config` or `secret`, for the message about a folder."""
    for source in sources:
        found = streams.files.kind(source)
        if not found:
            raise KubectlError(f"error reading {source}: no such file or directory")
        if found == "directory":
            raise KubectlError(f"env {kind} file cannot be a directory")
        yield from env_lines(_read(source, streams), streams.env)


def env_lines(data: bytes, environment: Mapping[str, str]) -> Iterator[tuple[str, bytes]]:
    """`key=value` lines; a key alone takes the environment's value."""
    for line in data.decode("utf-8-sig", "replace").split("\n"):
        text = line.removesuffix("\r").lstrip()
        if not text or text[0] == "#":
            continue
        key, equals, value = text.partition("=")
        errors = parsing.env_name_errors(key)
        if errors:
            raise KubectlError(f"{quoted(key)} is not a valid key name: {';'.join(errors)}")
        yield key, (value if equals else environment.get(key, "")).encode()


def check_sources(from_file: tuple[str, ...], from_literal: tuple[str, ...], from_env: tuple[str, ...]) -> None:
    if from_env and (from_file or from_literal):
        raise KubectlError("from-env-file cannot be combined with from-file or from-literal")


def encoded(data: bytes) -> str:
    return base64.b64encode(data).decode()


def content_hash(content: dict[str, Any]) -> str:
    """The suffix of --append-hash. Source: kubectl/pkg/util/hash/hash.go."""
    digest = hashlib.sha256(json_out.compact(content).encode()).hexdigest()
    return digest[:10].translate(_HASH_LETTERS)


def secret_data(pairs: Iterator[tuple[str, bytes]], into: dict[str, str]) -> None:
    for key, value in pairs:
        errors = parsing.key_errors(key)
        if errors:
            raise KubectlError(f"{quoted(key)} is not valid key name for a Secret {';'.join(errors)}")
        if key in into:
            raise KubectlError(f"cannot add key {key}, another key by that name already exists")
        into[key] = encoded(value)
