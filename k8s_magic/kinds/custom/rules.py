"""Rules in CEL (x-kubernetes-validations) are not simulated: where one would be evaluated, that is said.

Source: apiextensions-apiserver/pkg/apiserver/schema/cel/validation.go (when a rule is evaluated)
"""

from __future__ import annotations

import re
from typing import Any

from k8s_magic.kinds.custom.pruning import Schema, values_schema
from k8s_magic.machinery.errors import Unsupported

OLD = re.compile(r"\boldSelf\b")
ABSENT: Any = object()


def refuse(value: Any, schema: Schema | None, kind: str, old: Any = ABSENT) -> None:
    """Raises: Unsupported for a value that a rule speaks of. Rules about unchanged values and about `oldSelf` without
    an old value are not evaluated by the real server either."""
    if schema is None or value is None or (old is not ABSENT and value == old):
        return
    for rule in schema.get("x-kubernetes-validations") or ():
        text = rule.get("rule", "")
        if old is ABSENT and OLD.search(text) and not rule.get("optionalOldSelf"):
            continue
        raise Unsupported(f"The validation rule {text!r} of {kind} is in CEL, which is not simulated.")
    if isinstance(value, dict):
        properties, rest = schema.get("properties") or {}, values_schema(schema)
        before = old if isinstance(old, dict) else {}
        for key, each in value.items():
            refuse(each, properties.get(key, rest), kind, before.get(key, ABSENT))
    elif isinstance(value, list):
        for each in value:
            refuse(each, schema.get("items"), kind)


def has_rules(schema: Any) -> bool:
    if isinstance(schema, dict):
        return bool(schema.get("x-kubernetes-validations")) or any(has_rules(each) for each in schema.values())
    return isinstance(schema, list) and any(has_rules(each) for each in schema)
