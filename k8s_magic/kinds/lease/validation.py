"""Source: pkg/apis/coordination/validation/validation.go ValidateLease"""

from __future__ import annotations

from k8s_magic.kinds.validation import field, metadata
from k8s_magic.kinds.validation.field import Errors
from k8s_magic.machinery import label_syntax
from k8s_magic.machinery.meta import Object

STRATEGIES = ("OldestEmulationVersion",)


def validate(obj: Object) -> Errors:
    return metadata.validate(obj, is_core=False) + _spec(obj["spec"])


def validate_update(new: Object, old: Object) -> Errors:
    return metadata.validate_update(new, old, is_core=False) + _spec(new["spec"])


def _spec(spec: Object) -> Errors:
    found: Errors = []
    seconds, transitions = spec.get("leaseDurationSeconds"), spec.get("leaseTransitions")
    if seconds is not None and seconds <= 0:
        found.append(field.invalid("spec.leaseDurationSeconds", seconds, "must be greater than 0"))
    if transitions is not None and transitions < 0:
        found.append(field.invalid("spec.leaseTransitions", transitions, field.NOT_NEGATIVE))
    strategy = spec.get("strategy")
    if strategy is not None:
        at = "spec.strategy.strategy"
        if "/" not in strategy and strategy not in STRATEGIES:
            found.append(field.unsupported(at, strategy, STRATEGIES))
        elif "/" in strategy:
            found += field.each(at, strategy, label_syntax.key_errors(strategy))
    if spec.get("preferredHolder") and not strategy:
        message = "may only be specified if `strategy` is defined"
        found.append(field.forbidden("spec.preferredHolder", message))
    return found
