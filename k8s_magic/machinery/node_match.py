"""Whether a node suits a Pod by its own properties: name, labels, taints.

Source: component-helpers/scheduling/corev1/{helpers.go,nodeaffinity/nodeaffinity.go} (1.36)
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

Taint = Mapping[str, Any]
Toleration = Mapping[str, Any]

UNSCHEDULABLE_TAINT: Taint = {"key": "node.kubernetes.io/unschedulable", "effect": "NoSchedule"}


def tolerates(toleration: Toleration, taint: Taint) -> bool:
    effect = toleration.get("effect")
    if effect and effect != taint.get("effect"):
        return False
    key = toleration.get("key")
    if key and key != taint.get("key"):
        return False
    if toleration.get("operator") == "Exists":
        return True
    return bool(key) and (toleration.get("value") or "") == (taint.get("value") or "")


def is_tolerated(taint: Taint, tolerations: Iterable[Toleration]) -> bool:
    return any(tolerates(toleration, taint) for toleration in tolerations)


def has_untolerated(
    taints: Iterable[Taint], tolerations: Sequence[Toleration], effects: tuple[str, ...] = ("NoSchedule", "NoExecute")
) -> bool:
    return any(taint.get("effect") in effects and not is_tolerated(taint, tolerations) for taint in taints)


def _matches_expression(expression: Mapping[str, Any], found: str | None) -> bool:
    operator: str = expression["operator"]
    values: Sequence[str] = expression.get("values") or ()
    if operator == "In":
        return found is not None and found in values
    if operator == "NotIn":
        return found is None or found not in values
    if operator == "Exists":
        return found is not None
    if operator == "DoesNotExist":
        return found is None
    try:
        if found is None:
            return False
        return int(found) > int(values[0]) if operator == "Gt" else int(found) < int(values[0])
    except (ValueError, IndexError):
        return False


def matches_term(term: Mapping[str, Any], labels: Mapping[str, str], name: str) -> bool:
    """One nodeSelectorTerm: all of its requirements; an empty one matches nothing."""
    expressions, fields = term.get("matchExpressions") or (), term.get("matchFields") or ()
    if not expressions and not fields:
        return False
    if not all(_matches_expression(expression, labels.get(expression["key"])) for expression in expressions):
        return False
    return all(field["key"] == "metadata.name" and _matches_expression(field, name) for field in fields)


def required_matches(
    node_selector: Mapping[str, str], required: Mapping[str, Any] | None, labels: Mapping[str, str], name: str
) -> bool:
    """spec.nodeSelector and requiredDuringSchedulingIgnoredDuringExecution together."""
    for key, value in node_selector.items():
        if labels.get(key) != value:
            return False
    if required is None:
        return True
    return any(matches_term(term, labels, name) for term in required.get("nodeSelectorTerms") or ())


def named_nodes(required: Mapping[str, Any] | None) -> frozenset[str] | None:
    """The only nodes that a required affinity by metadata.name allows; None where it does not name them.

    Source: plugins/nodeaffinity/node_affinity.go (PreFilter)
    """
    terms = (required or {}).get("nodeSelectorTerms") or ()
    if not terms:
        return None
    found: set[str] = set()
    for term in terms:
        names: set[str] | None = None
        for field in term.get("matchFields") or ():
            if field["key"] == "metadata.name" and field["operator"] == "In":
                values = set(field.get("values") or ())
                names = values if names is None else names & values
        if names is None:
            return None
        found |= names
    return frozenset(found)


def preferred_score(preferred: Iterable[Mapping[str, Any]], labels: Mapping[str, str], name: str) -> int:
    return sum(
        term["weight"] for term in preferred if term.get("weight") and matches_term(term["preference"], labels, name)
    )
