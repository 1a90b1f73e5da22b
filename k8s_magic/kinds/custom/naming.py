"""Which of a definition's names it gets, and the conditions that say so.

Source: apiextensions-apiserver/pkg/controller/status/naming_controller.go, …/establish/establishing_controller.go,
apiextensions-apiserver/pkg/apihelpers/helpers.go
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from k8s_magic.machinery.meta import Object

Names = dict[str, Any]


def condition_of(definition: Object, type_: str) -> Object | None:
    conditions = (definition.get("status") or {}).get("conditions") or ()
    return next((each for each in conditions if each["type"] == type_), None)


def is_true(definition: Object, type_: str) -> bool:
    found = condition_of(definition, type_)
    return found is not None and found["status"] == "True"


def with_condition(definition: Object, now: str, type_: str, status: str, reason: str, message: str) -> Object:
    """The definition with a condition set; its transition time is kept where the status stays."""
    held = condition_of(definition, type_)
    since = held["lastTransitionTime"] if held is not None and held["status"] == status else now
    new = {"lastTransitionTime": since, "message": message, "reason": reason, "status": status, "type": type_}
    conditions = list((definition.get("status") or {}).get("conditions") or ())
    if held is None:
        conditions.append(new)
    else:
        conditions = [new if each["type"] == type_ else each for each in conditions]
    return {**definition, "status": {**(definition.get("status") or {}), "conditions": conditions}}


def named(definition: Object, others: Iterable[Object], now: str) -> Object:
    """The definition with the names that it gets beside the others of its group; itself where nothing changes."""
    wanted: Names = definition["spec"]["names"]
    held: Names = (definition.get("status") or {}).get("acceptedNames") or {}
    if _same(wanted, held):
        return definition
    resources, kinds = _taken(others)
    accepted, trouble = dict(held), ("", "")
    for name, used, reason in (
        ("plural", resources, "PluralConflict"),
        ("singular", resources, "SingularConflict"),
    ):
        trouble = _claim(accepted, wanted, held, name, used, reason) or trouble
    mine = held.get("shortNames") or ()
    taken = [each for each in wanted.get("shortNames") or () if each not in mine and each in resources]
    if taken:
        words = [f'"{each}" is already in use' for each in taken]
        trouble = ("ShortNamesConflict", words[0] if len(words) == 1 else f"[{', '.join(words)}]")
    else:
        _put(accepted, "shortNames", wanted.get("shortNames"))
    for name, used, reason in (("kind", kinds, "KindConflict"), ("listKind", kinds, "ListKindConflict")):
        trouble = _claim(accepted, wanted, held, name, used, reason) or trouble
    _put(accepted, "categories", wanted.get("categories"))
    new = {**definition, "status": {**(definition.get("status") or {}), "acceptedNames": accepted}}
    is_fine = not trouble[0]
    reason, message = trouble if trouble[0] else ("NoConflicts", "no conflicts found")
    before = condition_of(definition, "NamesAccepted")
    shown = (("True" if is_fine else "False"), reason, message)
    if accepted == held and before is not None and (before["status"], before["reason"], before["message"]) == shown:
        return definition
    new = with_condition(new, now, "NamesAccepted", *shown)
    if not is_true(definition, "Established"):
        if is_fine:
            why = ("Installing", "the initial names have been accepted")
        elif condition_of(definition, "Established") is not None:
            return new
        else:
            why = ("NotAccepted", "not all names are accepted")
        new = with_condition(new, now, "Established", "False", *why)
    return new


def established(definition: Object, now: str) -> Object:
    """The definition established where its names are accepted; itself where nothing changes."""
    if is_true(definition, "Established") or not is_true(definition, "NamesAccepted"):
        return definition
    why = ("InitialNamesAccepted", "the initial names have been accepted")
    return with_condition(definition, now, "Established", "True", *why)


def _same(wanted: Names, held: Names) -> bool:
    return {key: each for key, each in wanted.items() if each} == {key: each for key, each in held.items() if each}


def _taken(others: Iterable[Object]) -> tuple[set[str], set[str]]:
    resources, kinds = set[str](), set[str]()
    for other in others:
        names = (other.get("status") or {}).get("acceptedNames") or {}
        resources |= {names.get("plural", ""), names.get("singular", ""), *(names.get("shortNames") or ())}
        kinds |= {names.get("kind", ""), names.get("listKind", "")}
    return resources, kinds


def _claim(
    accepted: Names, wanted: Names, held: Names, name: str, used: set[str], reason: str
) -> tuple[str, str] | None:
    value = wanted.get(name, "")
    if value != held.get(name, "") and value in used:
        return reason, f'"{value}" is already in use'
    _put(accepted, name, value)
    return None


def _put(names: Names, name: str, value: Any) -> None:
    if value:
        names[name] = value
    else:
        names.pop(name, None)
