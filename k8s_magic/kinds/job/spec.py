"""The spec of a Job, also inside a CronJob. Source: pkg/apis/batch/validation/validation.go validateJobSpec"""

from __future__ import annotations

import re

from k8s_magic.kinds.job import policy
from k8s_magic.kinds.pod import template
from k8s_magic.kinds.validation import field, words
from k8s_magic.kinds.validation.field import Errors
from k8s_magic.machinery.meta import Object

MAX_PARALLELISM = 100_000
MAX_FAILED_INDEXES = 100_000
MANY_COMPLETIONS = 100_000
MAX_PARALLELISM_OF_MANY = 10_000
MAX_FAILED_OF_MANY = 10_000
_PATH = re.compile(r"[A-Za-z0-9/\-._~%!$&'()*+,;=:]+")
COUNTS = (
    "parallelism",
    "completions",
    "activeDeadlineSeconds",
    "backoffLimit",
    "ttlSecondsAfterFinished",
    "backoffLimitPerIndex",
    "maxFailedIndexes",
)


def validate(spec: Object, path: str) -> Errors:
    found: Errors = []
    for name in COUNTS:
        if spec.get(name) is not None:
            found += field.not_negative(spec[name], f"{path}.{name}")
    if spec.get("maxFailedIndexes") is not None and spec.get("backoffLimitPerIndex") is None:
        found.append(field.required(f"{path}.backoffLimitPerIndex", "when maxFailedIndexes is specified"))
    manager = spec.get("managedBy")
    if manager is not None:
        found += domain_path(manager, f"{path}.managedBy")
        if len(manager) > 63:
            found.append(field.too_long(f"{path}.managedBy", 63))
    found += _mode(spec, path)
    if spec.get("podFailurePolicy") is not None:
        found += policy.failure(spec, f"{path}.podFailurePolicy")
    if spec.get("successPolicy") is not None:
        found += policy.success(spec, f"{path}.successPolicy")
    replacement = spec.get("podReplacementPolicy")
    if replacement is not None:
        valid = ("Failed",) if spec.get("podFailurePolicy") is not None else ("Failed", "TerminatingOrFailed")
        if replacement not in valid:
            found.append(field.unsupported(f"{path}.podReplacementPolicy", replacement, valid))
    found += template.validate(spec["template"], f"{path}.template")
    restart, at = spec["template"]["spec"].get("restartPolicy", ""), f"{path}.template.spec.restartPolicy"
    if restart in ("Always", ""):
        found.append(field.required(at, 'valid values: "OnFailure", "Never"'))
    elif restart not in ("OnFailure", "Never"):
        found.append(field.unsupported(at, restart, ("OnFailure", "Never")))
    elif spec.get("podFailurePolicy") is not None and restart != "Never":
        message = 'only "Never" is supported when podFailurePolicy is specified'
        found.append(field.invalid(at, restart, message))
    return found


def domain_path(value: str, path: str) -> Errors:
    """IsDomainPrefixedPath: `acme.io/foo`."""
    if not value:
        return [field.required(path)]
    host, _, rest = value.partition("/")
    if not host or not rest:
        return [field.invalid(path, value, 'must be a domain-prefixed path (such as "acme.io/foo")')]
    found = field.each(path, host, words.dns_subdomain(host))
    if not _PATH.fullmatch(rest):
        found.append(field.invalid(path, rest, words.regex_error("Invalid path", _PATH.pattern)))
    return found


def _mode(spec: Object, path: str) -> Errors:
    found: Errors = []
    mode = spec.get("completionMode")
    completions, parallelism = spec.get("completions"), spec.get("parallelism")
    limit, failed = spec.get("backoffLimitPerIndex"), spec.get("maxFailedIndexes")
    if mode is not None and mode not in ("NonIndexed", "Indexed"):
        found.append(field.unsupported(f"{path}.completionMode", mode, ("NonIndexed", "Indexed")))
    if mode == "Indexed":
        if completions is None:
            found.append(field.required(f"{path}.completions", "when completion mode is Indexed"))
        if parallelism is not None and parallelism > MAX_PARALLELISM:
            message = f"must be less than or equal to {MAX_PARALLELISM} when completion mode is Indexed"
            found.append(field.invalid(f"{path}.parallelism", parallelism, message))
        if completions is not None and failed is not None and failed > completions:
            message = "must be less than or equal to completions"
            found.append(field.invalid(f"{path}.maxFailedIndexes", failed, message))
        if failed is not None and failed > MAX_FAILED_INDEXES:
            message = f"must be less than or equal to {MAX_FAILED_INDEXES}"
            found.append(field.invalid(f"{path}.maxFailedIndexes", failed, message))
        if completions is not None and completions > MANY_COMPLETIONS and limit is not None:
            found += _many(parallelism, failed, path)
    elif mode in (None, "NonIndexed"):
        for name, value in (("backoffLimitPerIndex", limit), ("maxFailedIndexes", failed)):
            if value is not None:
                found.append(field.invalid(f"{path}.{name}", value, "requires indexed completion mode"))
    return found


def _many(parallelism: int | None, failed: int | None, path: str) -> Errors:
    found: Errors = []
    above = f"when completions are above {MANY_COMPLETIONS} and used with backoff limit per index"
    if failed is None:
        message = f"must be specified when completions is above {MANY_COMPLETIONS}"
        found.append(field.required(f"{path}.maxFailedIndexes", message))
    if parallelism is not None and parallelism > MAX_PARALLELISM_OF_MANY:
        message = f"must be less than or equal to {MAX_PARALLELISM_OF_MANY} {above}"
        found.append(field.invalid(f"{path}.parallelism", parallelism, message))
    if failed is not None and failed > MAX_FAILED_OF_MANY:
        message = f"must be less than or equal to {MAX_FAILED_OF_MANY} {above}"
        found.append(field.invalid(f"{path}.maxFailedIndexes", failed, message))
    return found
