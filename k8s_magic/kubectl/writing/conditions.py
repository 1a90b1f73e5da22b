"""What `kubectl wait --for` can name. Source: kubectl/pkg/cmd/wait/{wait,condition,json}.go"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from k8s_magic.kubectl.errors import KubectlError
from k8s_magic.machinery.meta import Object
from k8s_magic.text import go_values
from k8s_magic.text.jsonpath import JsonPath, JsonPathError, relaxed

FORMAT = (
    "jsonpath wait format must be --for=jsonpath='{.status.readyReplicas}'=3 "
    "or --for=jsonpath='{.status.readyReplicas}'"
)
NO_VALUE = "jsonpath wait has to have a value after equal sign, like --for=jsonpath='{.status.readyReplicas}'=3"


@dataclass(frozen=True, slots=True)
class Condition:
    """`kind`: create, delete or check; `met` is for the last."""

    kind: str
    met: Callable[[Object], bool] = bool


def parse(texts: tuple[str, ...]) -> tuple[Condition, ...]:
    """Raises: KubectlError."""
    if not texts:
        raise KubectlError("unrecognized condition: []")
    return tuple(map(_parse, texts))


def _parse(text: str) -> Condition:
    if text.lower() in ("create", "delete"):
        return Condition(text.lower())
    form, separator, rest = text.partition("=")
    if separator and form == "condition":
        name, given, value = rest.partition("=")
        return Condition("check", _status_condition(name, value if given else "true"))
    if separator and form == "jsonpath":
        return Condition("check", _json_path(rest))
    raise KubectlError(f"unrecognized condition: {go_values.quoted(text)}")


def _status_condition(name: str, value: str) -> Callable[[Object], bool]:
    def met(obj: Object) -> bool:
        status = obj.get("status") or {}
        for condition in status.get("conditions") or ():
            if condition.get("type", "").casefold() != name.casefold() or "status" not in condition:
                continue
            generation = obj["metadata"].get("generation")
            observed = condition.get("observedGeneration", status.get("observedGeneration"))
            if generation is not None and observed is not None and observed < generation:
                return False
            held: str = condition["status"]
            return held.casefold() == value.casefold()
        return False

    return met


def _json_path(text: str) -> Callable[[Object], bool]:
    parts = _split(text)
    if len(parts) > 2:
        raise KubectlError(FORMAT)
    wanted = parts[1].strip("'\"") if len(parts) == 2 else None
    try:
        expression = relaxed(parts[0])
        if wanted == "":
            raise KubectlError(NO_VALUE)
        if not expression:
            raise KubectlError("jsonpath expression cannot be empty")
        path = JsonPath(expression, True)
    except JsonPathError as error:
        raise KubectlError(str(error)) from None

    def met(obj: Object) -> bool:
        try:
            found = path.find(obj)
        except JsonPathError as error:
            raise KubectlError(str(error)) from None
        if not found or not found[0]:
            return False
        if len(found) > 1:
            raise KubectlError("given jsonpath expression matches more than one list")
        if len(found[0]) > 1:
            raise KubectlError("given jsonpath expression matches more than one value")
        if wanted is None:
            return True
        value = found[0][0]
        if isinstance(value, dict | list):
            raise KubectlError("jsonpath leads to a nested object or list which is not supported")
        return go_values.plain(value).strip() == wanted.strip()

    return met


def _split(text: str) -> list[str]:
    """Apart at each `=`; `==` belongs to the expression."""
    parts, at = [""], 0
    while at < len(text):
        if text.startswith("==", at):
            parts[-1] += "=="
            at += 2
            continue
        if text[at] == "=":
            parts.append("")
        else:
            parts[-1] += text[at]
        at += 1
    return parts
