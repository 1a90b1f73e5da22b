"""Completion indexes: of Pods, and as the text of a status (`0-2,5`).

Source: pkg/controller/job/indexed_job_utils.go (v1.36)
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import count, islice

from k8s_magic.machinery import meta
from k8s_magic.machinery.meta import Object

INDEX = "batch.kubernetes.io/job-completion-index"
FAILURES = "batch.kubernetes.io/job-index-failure-count"
IGNORED_FAILURES = "batch.kubernetes.io/job-index-ignored-failure-count"


def is_indexed(job: Object) -> bool:
    return bool(job["spec"].get("completionMode") == "Indexed")


def has_own_limits(job: Object) -> bool:
    return job["spec"].get("backoffLimitPerIndex") is not None


def index_of(pod: Object) -> int | None:
    return _number(meta.annotations_of(pod).get(INDEX))


def valid_index_of(pod: Object, job: Object) -> int | None:
    index = index_of(pod)
    return index if index is not None and index < job["spec"]["completions"] else None


def indexes_of(pods: Iterable[Object]) -> set[int]:
    return {index for pod in pods if (index := index_of(pod)) is not None}


def failures(pod: Object) -> int:
    return _number(meta.annotations_of(pod).get(FAILURES)) or 0


def ignored_failures(pod: Object) -> int:
    return _number(meta.annotations_of(pod).get(IGNORED_FAILURES)) or 0


def _number(text: str | None) -> int | None:
    return int(text) if text is not None and text.isascii() and text.isdigit() else None


def parse(text: str, completions: int) -> set[int]:
    """The indexes below `completions`; what is no interval is passed over."""
    found: set[int] = set()
    for part in text.split(","):
        first, dash, last = part.partition("-")
        start, end = _number(first), _number(last if dash else first)
        if start is not None and end is not None:
            found.update(range(start, min(end, completions - 1) + 1))
    return found


def spell(indexes: Iterable[int]) -> str:
    intervals: list[list[int]] = []
    for index in sorted(indexes):
        if intervals and intervals[-1][1] == index - 1:
            intervals[-1][1] = index
        else:
            intervals.append([index, index])
    return ",".join(_interval(first, last) for first, last in intervals)


def _interval(first: int, last: int) -> str:
    if first == last:
        return str(first)
    return f"{first},{last}" if last == first + 1 else f"{first}-{last}"


def first_free(taken: set[int], wanted: int, completions: int) -> list[int]:
    """The lowest indexes that nothing holds."""
    free = (index for index in range(completions) if index not in taken)
    return list(islice(free, wanted))


def matched_policy(policy: Object | None, completions: int, succeeded: set[int]) -> int | None:
    """The first rule of a success policy that is met. Source: success_policy.go"""
    if policy is None or not succeeded:
        return None
    for position, rule in zip(count(), policy.get("rules") or ()):
        enough = rule.get("succeededCount")
        if rule.get("succeededIndexes") is None:
            if enough is not None and len(succeeded) >= enough:
                return position
            continue
        required = parse(rule["succeededIndexes"], completions)
        met = len(required & succeeded)
        if required and (met == len(required) or (enough is not None and met >= enough)):
            return position
    return None
