"""What Deployments and ReplicaSets tell each other in annotations: revisions and sizes.

Source: pkg/controller/deployment/util/deployment_util.go (v1.36)
"""

from __future__ import annotations

from collections.abc import Iterable

from k8s_magic.machinery import meta
from k8s_magic.machinery.meta import Object

REVISION = "deployment.kubernetes.io/revision"
REVISION_HISTORY = "deployment.kubernetes.io/revision-history"
DESIRED_REPLICAS = "deployment.kubernetes.io/desired-replicas"
MAX_REPLICAS = "deployment.kubernetes.io/max-replicas"
NOT_COPIED = frozenset(
    {
        "kubectl.kubernetes.io/last-applied-configuration",
        REVISION,
        REVISION_HISTORY,
        DESIRED_REPLICAS,
        MAX_REPLICAS,
        "deprecated.deployment.rollback.to",
    }
)
# Source: sync.go maxRevHistoryLengthInChars
LONGEST_HISTORY = 2000


def revision(obj: Object) -> int | None:
    """0 where there is none, None where it is no number."""
    text = meta.annotations_of(obj).get(REVISION)
    if text is None:
        return 0
    try:
        return int(text)
    except ValueError:
        return None


def max_revision(replica_sets: Iterable[Object]) -> int:
    return max((revision(found) or 0 for found in replica_sets), default=0)


def count(replica_set: Object, name: str) -> int | None:
    """A size from an annotation; None where it is missing or no count."""
    text = meta.annotations_of(replica_set).get(name, "")
    return int(text) if text.isascii() and text.isdigit() and int(text) < 1 << 31 else None


def with_sizes(annotations: dict[str, str], desired: int, most: int) -> dict[str, str]:
    return {**annotations, DESIRED_REPLICAS: str(desired), MAX_REPLICAS: str(most)}


def for_new(deployment: Object, held: dict[str, str], new_revision: int) -> dict[str, str]:
    """The annotations of the newest ReplicaSet: the Deployment's own, the revision, and those it had before."""
    copied = {name: text for name, text in meta.annotations_of(deployment).items() if name not in NOT_COPIED}
    result = {**held, **copied}
    old_text = held.get(REVISION)
    try:
        old = int(old_text or "0")
    except ValueError:
        return result
    if old < new_revision:
        result[REVISION] = str(new_revision)
        if old_text is not None:
            _remember(result, old_text)
    return result


def _remember(annotations: dict[str, str], old_revision: str) -> None:
    history = annotations.get(REVISION_HISTORY, "")
    if not history:
        annotations[REVISION_HISTORY] = old_revision
        return
    held = history.split(",")
    length, start = len(history) + len(old_revision) + 1, 0
    while length > LONGEST_HISTORY and start < len(held):
        length -= len(held[start]) + 1
        start += 1
    if length <= LONGEST_HISTORY:
        annotations[REVISION_HISTORY] = ",".join([*held[start:], old_revision])
