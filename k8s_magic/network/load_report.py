"""A load's figures as plain JSON data: all that a view or a listing needs.

Shape of a report:

    key, namespace, service, source, sourceName, sourceNode, rate (a second), pattern, timeout, keepAlive, path
    running, note, started, stopped, now                                  simulated microseconds
    sent, answered, inFlight, failed, errors {cause: count}, ready        whole numbers
    nowSent, nowFailed                                                    within the last second
    versions    [{hash, image, isOld, sent, failed, nowSent, p50, p95, p99}]   as they were first seen
    endpoints   [{pod, node, version (index), state, sent, failed, errors, expected, nowSent, nowFailed, nowExpected,
                  pods}]    state is ready, leaving, gone, earlier (several Pods that are long gone) or nobody
    latency     {p50, p95, p99, buckets [[from, to, count]]}              microseconds
    series      [[second, sent, failed]]
    losses      [{from, to, pod, cause, why, count}]                      the latest first
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from k8s_magic.network.load_latency import Histogram, lower_edge
from k8s_magic.network.load_tally import CAUSES, NOBODY, Tally, Version
from k8s_magic.sim.time import SECOND

if TYPE_CHECKING:
    from k8s_magic.network.load import Load

PERCENTS = (50, 95, 99)
LOSSES = 8


def _endpoint(tally: Tally, version: int, state: str, even: int | None, pods: int = 1) -> dict[str, Any]:
    """`even`: an even share of what is sent now; None where nothing is."""
    sent, failed = tally.recent() if even is not None else (0, 0)
    return {
        "pod": tally.pod,
        "node": tally.node,
        "version": version,
        "state": state,
        "sent": tally.sent,
        "failed": tally.failed,
        "inFlight": tally.in_flight + tally.waiting,
        "errors": {cause: tally.errors[cause] for cause in CAUSES if tally.errors.get(cause)},
        "expected": tally.expected // 1000,
        "nowSent": sent,
        "nowFailed": failed,
        "nowExpected": (even or 0) if state == "ready" else 0,
        "pods": pods,
    }


def of(load: Load) -> dict[str, Any]:
    """The figures as of the load's last tick: looking draws no lot, so that it changes no history."""
    spec = load.spec
    versions = {version: place for place, version in enumerate(load.versions)}
    tallies = [*((1, tally) for tally in load.tallies.values()), *load.earlier.values()]
    now_sent = sum(tally.recent()[0] for tally in load.tallies.values()) if load.is_running else 0
    even = (round(now_sent / load.ready) if load.ready else 0) if load.is_running else None
    even_ones = {target.tally: None for target in load.aim.targets if target.share}
    endpoints = []
    for tally in load.tallies.values():
        if tally.version is NOBODY:
            state = "nobody"
        elif tally.gone_at is not None:
            state = "gone"
        else:
            state = "ready" if tally in even_ones else "leaving"
        if state != "nobody" or tally.sent:
            endpoints.append(_endpoint(tally, versions.get(tally.version, -1), state, even))
    endpoints += [_endpoint(t, versions.get(t.version, -1), "earlier", None, pods) for pods, t in load.earlier.values()]
    errors: dict[str, int] = {}
    for _, tally in tallies:
        for cause, count in tally.errors.items():
            errors[cause] = errors.get(cause, 0) + count
    failed, in_flight = sum(errors.values()), sum(tally.in_flight + tally.waiting for _, tally in tallies)
    whole = Histogram()
    for histogram in load.ledger.latencies.values():
        for bucket, count in histogram.counts.items():
            whole.add(bucket, count)
    return {
        "key": spec.key,
        "namespace": spec.namespace,
        "service": spec.service,
        "source": spec.source,
        "sourceName": spec.source_name,
        "sourceNode": load.source_node or load.via,
        "rate": spec.rate / SECOND,
        "pattern": spec.pattern,
        "timeout": spec.timeout,
        "keepAlive": spec.keep_alive,
        "path": spec.path,
        "running": load.is_running,
        "note": load.note,
        "started": load.started_at,
        "stopped": load.stopped_at,
        "now": load.counted_to,
        "sent": load.sent,
        "answered": load.sent - failed - in_flight,
        "inFlight": in_flight,
        "failed": failed,
        "errors": {cause: errors[cause] for cause in CAUSES if errors.get(cause)},
        "ready": load.ready,
        "nowSent": now_sent,
        "nowFailed": sum(tally.recent()[1] for tally in load.tallies.values()) if load.is_running else 0,
        "versions": [_version(load, version, tallies) for version in versions],
        "endpoints": endpoints,
        "latency": {
            **_percentiles(whole),
            "buckets": [[lower_edge(b), lower_edge(b + 1), whole.counts[b]] for b in sorted(whole.counts)],
        },
        "series": [list(second) for second in load.series.seconds],
        "losses": [
            {"from": one.first, "to": one.last, "pod": one.pod, "cause": one.cause, "why": one.why, "count": one.count}
            for one in list(load.ledger.losses.entries)[: -LOSSES - 1 : -1]
        ],
    }


def _percentiles(histogram: Histogram) -> dict[str, int | None]:
    return {f"p{percent}": histogram.percentile(percent) for percent in PERCENTS}


def _version(load: Load, version: Version, tallies: list[tuple[int, Tally]]) -> dict[str, Any]:
    own = [tally for _, tally in tallies if tally.version == version]
    return {
        "hash": version.hash,
        "image": version.image,
        "isOld": version != load.newest,
        "sent": sum(tally.sent for tally in own),
        "failed": sum(tally.failed for tally in own),
        "nowSent": sum(tally.recent()[0] for tally in own if tally.pod) if load.is_running else 0,
        **_percentiles(load.ledger.latencies.get(version) or Histogram()),
    }
