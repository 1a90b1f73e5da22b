"""Failure and success policies of a Job. Source: pkg/apis/batch/validation/validation.go"""

from __future__ import annotations

from k8s_magic.kinds.validation import field
from k8s_magic.kinds.validation.field import Errors
from k8s_magic.machinery import label_syntax
from k8s_magic.machinery.errors import FieldError
from k8s_magic.machinery.meta import Object

ACTIONS = ("Count", "FailIndex", "FailJob", "Ignore")
OPERATORS = ("In", "NotIn")
STATUSES = ("False", "True", "Unknown")
MAX_RULES, MAX_PATTERNS, MAX_CODES, MAX_SUCCESS_RULES = 20, 20, 255, 20
INDEXES_LIMIT = 64 * 1024


def _listed(names: tuple[str, ...]) -> str:
    """Go's %q of a list."""
    return "valid values: [" + " ".join(label_syntax.quoted(name) for name in names) + "]"


def _without_value(path: str, detail: str) -> FieldError:
    return FieldError("FieldValueInvalid", path, f"Invalid value: {detail}")


def failure(spec: Object, path: str) -> Errors:
    found: Errors = []
    rules = spec["podFailurePolicy"].get("rules") or []
    if len(rules) > MAX_RULES:
        found.append(field.too_many(f"{path}.rules", len(rules), MAX_RULES))
    inner = spec["template"]["spec"]
    names = {one.get("name") for part in ("containers", "initContainers") for one in inner.get(part) or ()}
    for position, rule in enumerate(rules):
        found += _rule(spec, rule, names, f"{path}.rules[{position}]")
    return found


def _rule(spec: Object, rule: Object, names: set[str | None], path: str) -> Errors:
    found: Errors = []
    action, codes, conditions = rule.get("action", ""), rule.get("onExitCodes"), rule.get("onPodConditions") or []
    if not action:
        found.append(field.required(f"{path}.action", _listed(ACTIONS)))
    elif action == "FailIndex" and spec.get("backoffLimitPerIndex") is None:
        message = "requires the backoffLimitPerIndex to be set"
        found.append(field.invalid(f"{path}.action", action, message))
    elif action not in ACTIONS:
        found.append(field.unsupported(f"{path}.action", action, ACTIONS))
    if codes is not None:
        found += _codes(codes, names, f"{path}.onExitCodes")
    if len(conditions) > MAX_PATTERNS:
        found.append(field.too_many(f"{path}.onPodConditions", len(conditions), MAX_PATTERNS))
    for position, pattern in enumerate(conditions):
        at = f"{path}.onPodConditions[{position}]"
        type_, status = pattern.get("type", ""), pattern.get("status", "")
        found += field.each(f"{at}.type", type_, label_syntax.key_errors(type_))
        if not status:
            found.append(field.required(f"{at}.status", _listed(STATUSES)))
        elif status not in STATUSES:
            found.append(field.unsupported(f"{at}.status", status, STATUSES))
    if codes is not None and conditions:
        message = "specifying both OnExitCodes and OnPodConditions is not supported"
        found.append(_without_value(path, message))
    if codes is None and not conditions:
        message = "specifying one of OnExitCodes and OnPodConditions is required"
        found.append(_without_value(path, message))
    return found


def _codes(codes: Object, names: set[str | None], path: str) -> Errors:
    found: Errors = []
    operator, values = codes.get("operator", ""), codes.get("values") or []
    if not operator:
        found.append(field.required(f"{path}.operator", _listed(OPERATORS)))
    elif operator not in OPERATORS:
        found.append(field.unsupported(f"{path}.operator", operator, OPERATORS))
    name = codes.get("containerName")
    if name is not None and name not in names:
        message = "must be one of the container or initContainer names in the pod template"
        found.append(field.invalid(f"{path}.containerName", name, message))
    if not values:
        found.append(field.invalid(f"{path}.values", codes.get("values"), "at least one value is required"))
    elif len(values) > MAX_CODES:
        found.append(field.too_many(f"{path}.values", len(values), MAX_CODES))
    for position, value in enumerate(values):
        at = f"{path}.values[{position}]"
        if operator == "In" and value == 0:
            found.append(field.invalid(at, value, "must not be 0 for the In operator"))
        if value in values[:position]:
            found.append(field.duplicate(at, value))
    if values != sorted(values):
        found.append(field.invalid(f"{path}.values", values, "must be ordered"))
    return found


def success(spec: Object, path: str) -> Errors:
    rules = spec["successPolicy"].get("rules") or []
    if spec.get("completionMode") != "Indexed":
        shown = {
            "Rules": [
                {"SucceededIndexes": rule.get("succeededIndexes"), "SucceededCount": rule.get("succeededCount")}
                for rule in rules
            ]
        }
        return [field.invalid(path, shown, "requires indexed completion mode")]
    found: Errors = []
    if not rules:
        message = "at least one rules must be specified when the successPolicy is specified"
        found.append(field.required(f"{path}.rules", message))
    if len(rules) > MAX_SUCCESS_RULES:
        found.append(field.too_many(f"{path}.rules", len(rules), MAX_SUCCESS_RULES))
    for position, rule in enumerate(rules):
        found += _success_rule(rule, spec.get("completions") or 0, f"{path}.rules[{position}]")
    return found


def _success_rule(rule: Object, completions: int, path: str) -> Errors:
    found: Errors = []
    count, indexes = rule.get("succeededCount"), rule.get("succeededIndexes")
    if count is None and indexes is None:
        message = "at least one of succeededCount or succeededIndexes must be specified"
        found.append(field.required(path, message))
    total = 0
    if indexes is not None:
        at = f"{path}.succeededIndexes"
        if len(indexes) > INDEXES_LIMIT:
            found.append(field.too_long(at, INDEXES_LIMIT))
        try:
            total = count_indexes(indexes, completions)
        except ValueError as error:
            found.append(field.invalid(at, indexes, f"error parsing succeededIndexes: {error}"))
    if count is not None:
        at = f"{path}.succeededCount"
        found += field.not_negative(count, at)
        if count > completions:
            message = f"must be less than or equal to {completions} (the number of specified completions)"
            found.append(field.invalid(at, count, message))
        if indexes is not None and count > total:
            message = (
                f"must be less than or equal to {total} (the number of indexes in the specified succeededIndexes field)"
            )
            found.append(field.invalid(at, count, message))
    return found


def count_indexes(text: str, completions: int) -> int:
    """How many indexes `1,3-5` names. Raises: ValueError with Go's words."""
    total, last = 0, -1
    for part in text.split(",") if text else ():
        ends = part.split("-")
        if len(ends) > 2:
            raise ValueError(
                f"the fragment {label_syntax.quoted(part)} violates the requirement that an index interval can have "
                "at most two parts separated by '-'"
            )
        numbers = [_index(end, completions) for end in ends]
        first, final = numbers[0], numbers[-1]
        if len(numbers) == 2 and first >= final:
            raise ValueError(f"non-increasing order, previous: {first}, current: {final}")
        if last >= first:
            raise ValueError(f"non-increasing order, previous: {last}, current: {first}")
        total += final - first + 1
        last = final
    return total


def _index(text: str, completions: int) -> int:
    if not text.lstrip("+-").isdigit():
        raise ValueError(f"cannot convert string to integer for index: {label_syntax.quoted(text)}")
    number = int(text)
    if number >= completions:
        raise ValueError(f"too large index: {label_syntax.quoted(text)}")
    return number
