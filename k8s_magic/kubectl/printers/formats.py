"""Printers of single formats. Each takes an object, a list, or a watch event, and writes text.

Source: cli-runtime/pkg/printers/{name,yaml,json,kyaml,template,jsonpath,managedfields}.go
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from k8s_magic.kubectl.errors import KubectlError
from k8s_magic.kubectl.mapper import split_api_version
from k8s_magic.kubectl.resources.info import is_list
from k8s_magic.kubectl.streams import Write
from k8s_magic.machinery import meta
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.protocols import WatchEvent
from k8s_magic.text import json_out
from k8s_magic.text.go_values import plain, sharp

Printed = Object | WatchEvent


class Printer(Protocol):
    def print(self, obj: Printed, write: Write) -> None:
        """Raises: KubectlError."""


def as_data(obj: Printed) -> Any:
    """A watch event as the object that metav1.WatchEvent is."""
    return {"type": obj.type, "object": obj.object} if isinstance(obj, WatchEvent) else obj


def name_of(obj: Object) -> str:
    """`deployment.apps/web`."""
    kind = (obj.get("kind") or "<unknown>").lower()
    group, _ = split_api_version(obj.get("apiVersion") or "")
    name = (obj.get("metadata") or {}).get("name") or "<unknown>"
    return f"{kind}.{group}/{name}" if group else f"{kind}/{name}"


class NamePrinter:
    """`pod/web`, with what was done to it unless -o name asked."""

    def __init__(self, operation: str = "", *, short: bool = False) -> None:
        self._suffix = "" if short or not operation else f" {operation}"

    def print(self, obj: Printed, write: Write) -> None:
        if isinstance(obj, WatchEvent):
            obj = obj.object
        if is_list(obj):
            for item in obj["items"]:
                self.print(item, write)
            return
        write(f"{name_of(obj)}{self._suffix}\n")


class YamlPrinter:
    """Documents apart by `---`."""

    def __init__(self) -> None:
        self._count = 0

    def print(self, obj: Printed, write: Write) -> None:
        from k8s_magic.text import yaml_out  # here and below: only the format that is asked for is imported

        self._count += 1
        if self._count > 1:
            write("---\n")
        write(yaml_out.dump(as_data(obj)))


class JsonPrinter:
    """Indented by four; a watch event on one line. `typed` objects keep their fields' own order."""

    def __init__(self, *, typed: bool = False) -> None:
        self._typed = typed

    def print(self, obj: Printed, write: Write) -> None:
        if isinstance(obj, WatchEvent):
            write(f'{{"type":{json_out.string(obj.type)},"object":{json_out.compact(obj.object)}}}\n')
            return
        write(json_out.dump(obj, sort=not self._typed) + "\n")


class KyamlPrinter:
    def __init__(self, *, typed: bool = False) -> None:
        self._typed = typed

    def print(self, obj: Printed, write: Write) -> None:
        from k8s_magic.kubectl.printers import kyaml

        write(kyaml.dump(as_data(obj), sort=not self._typed))


class GoTemplatePrinter:
    """Raises (when made): KubectlError where the template cannot be read."""

    def __init__(self, text: str, *, allow_missing: bool = True) -> None:
        from k8s_magic.text import gotemplate

        self._text = text
        self._error = gotemplate.GoTemplateError
        try:
            self._template = gotemplate.GoTemplate(text, allow_missing)
        except gotemplate.GoTemplateError as error:
            raise KubectlError(f"error parsing template {text}, {error}") from None

    def print(self, obj: Printed, write: Write) -> None:
        data = as_data(obj)
        try:
            write(self._template.execute(data))
        except self._error as error:
            write(
                f"Error executing template: {error}. Printing more information for debugging the template:\n"
                f"\ttemplate was:\n\t\t{self._text}\n"
                f"\traw data was:\n\t\t{json_out.compact(data)}\n"
                f"\tobject given to template engine was:\n\t\t{plain(data)}\n\n"
            )
            raise KubectlError(f'error executing template "{self._text}": {error}') from None


class JsonPathPrinter:
    """Raises (when made): KubectlError where the template cannot be read."""

    def __init__(self, text: str, *, allow_missing: bool = True, as_json: bool = False) -> None:
        from k8s_magic.text import jsonpath

        self._text = text
        self._as_json = as_json
        self._error = jsonpath.JsonPathError
        try:
            self._path = jsonpath.JsonPath(text, allow_missing)
        except jsonpath.JsonPathError as error:
            raise KubectlError(f"error parsing jsonpath {text}, {error}") from None

    def print(self, obj: Printed, write: Write) -> None:
        data = as_data(obj)
        try:
            if self._as_json:
                for values in self._path.find(data):
                    write(json_out.dump(values) + "\n")
                return
            write(self._path.execute(data))
        except self._error as error:
            raise KubectlError(
                f'error executing jsonpath "{self._text}": Error executing template: {error}. '
                "Printing more information for debugging the template:\n"
                f"\ttemplate was:\n\t\t{self._text}\n"
                f"\tobject given to jsonpath engine was:\n\t\t{sharp(data)}\n\n\n"
            ) from None


class WithoutManagedFields:
    """Leaves metadata.managedFields out before another printer prints. A watch event is left as it is."""

    def __init__(self, delegate: Printer) -> None:
        self._delegate = delegate

    def print(self, obj: Printed, write: Write) -> None:
        if isinstance(obj, dict):
            obj = {**obj, "items": [_without(item) for item in obj["items"]]} if is_list(obj) else _without(obj)
        self._delegate.print(obj, write)


def _without(obj: Object) -> Object:
    if "managedFields" in (obj.get("metadata") or ()):
        return meta.with_metadata(obj, managedFields=None)
    return obj


Reader = Callable[[str], bytes]


def read_template(read: Reader, name: str) -> str:
    try:
        return read(name).decode("utf-8", "replace")
    except OSError as error:
        raise KubectlError(f"error reading --template {name}, {error}") from None
