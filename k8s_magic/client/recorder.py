"""Writes Event objects as client-go's recorders do: equal events raise a count, many similar ones are combined.

Kubelets and controllers write core/v1 events with a source and a count; the scheduler writes through
events.k8s.io/v1, whose events carry eventTime, action and, when they repeat, a series.

Source: client-go/tools/record/event.go, client-go/tools/events/{event_recorder,event_broadcaster}.go
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Protocol

from k8s_magic.client.correlator import COMBINED, Correlator, Key, Recent
from k8s_magic.machinery.errors import ApiError
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.names import EVENTS
from k8s_magic.sim.time import MINUTE, SimTime

if TYPE_CHECKING:
    from k8s_magic.client.context import Context

SCHEDULER = "default-scheduler"
# Who writes a component's events. Controllers live in one process.
WRITERS = {SCHEDULER: "kube-scheduler", "kubelet": "kubelet"}
CONTROLLERS = "kube-controller-manager"
# What the scheduler was doing. Source: pkg/scheduler (calls of EventRecorder.Eventf)
ACTIONS = {"Scheduled": "Binding", "FailedScheduling": "Scheduling", "Preempted": "Preempting"}
# Our choice: the host on which the scheduler runs, for reportingInstance.
SCHEDULER_HOST = "control-plane"
# How long a series is kept, and how often its count is written. Source: event_broadcaster.go
SERIES_FOR: SimTime = 6 * MINUTE
SERIES_REFRESH: SimTime = 30 * MINUTE


class EventRecorder(Protocol):
    """`event(obj, "Normal", "Scheduled", "Successfully assigned …")`: never raises for what it cannot write.

    `field_path` is involvedObject.fieldPath, e.g. `spec.containers{web}`.
    """

    def event(self, obj: Object, type: str, reason: str, message: str, *, field_path: str = "") -> None: ...


class EventClock:
    """Nanoseconds for the names of events: those of simulated time, and never the same twice in a cluster."""

    __slots__ = ("_last", "_zero")

    def __init__(self, epoch: datetime) -> None:
        self._zero = (epoch - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
        self._last = 0

    def next(self, now: SimTime) -> int:
        moment = (self._zero + now) * 1_000
        self._last = moment if moment > self._last else self._last + 1
        return self._last


@dataclass(slots=True)
class _Series:
    name: str
    namespace: str
    count: int
    last: SimTime
    written: int


class Recorder:
    """One component's recorder, on one host."""

    def __init__(self, context: Context, component: str, host: str = "") -> None:
        self._kernel = context.kernel
        self._times = context.times
        self._transport = context.transport(WRITERS.get(component, CONTROLLERS))
        self._component = component
        self._host = host
        self._source = {"component": component, "host": host} if host else {"component": component}
        self._events = context.informer(EVENTS)
        clock = context.services.get("event-clock")
        if not isinstance(clock, EventClock):
            clock = context.services["event-clock"] = EventClock(context.times.epoch)
        self._clock = clock
        self._correlator = Correlator()
        self._series: Recent[_Series] = Recent()
        self._refreshing = False
        self._last_seen: tuple[Object, str] | None = None
        self._last_reference: Object = {}

    def event(self, obj: Object, type: str, reason: str, message: str, *, field_path: str = "") -> None:
        try:
            if self._component == SCHEDULER:
                self._observe_series(obj, type, reason, message)
            else:
                self._observe(obj, type, reason, message, field_path)
        except ApiError:
            # A namespace that is going takes no more events: theirs is lost, as the real recorder drops it.
            return

    def _observe(self, obj: Object, type: str, reason: str, message: str, field_path: str) -> None:
        now = self._kernel.now
        correlator = self._correlator
        metadata = obj["metadata"]
        subject: Key = (obj["kind"], metadata.get("namespace", ""), metadata["name"], metadata.get("uid", ""))
        is_combined = correlator.similar(subject, type, reason, message, now)
        key: Key = (subject, type, reason) if is_combined else (subject, type, reason, field_path, message)
        text = self._times.seconds(now)
        observed = correlator.observe(key, self._name(metadata["name"]), text)
        if correlator.is_spam(subject, type, now):
            return
        if is_combined:
            message = COMBINED + message
        namespace = metadata.get("namespace") or "default"
        if observed.count > 1:
            stored = self._events.get(namespace, observed.name)
            if stored is not None:
                raised = {**stored, "count": observed.count, "lastTimestamp": text, "message": message}
                self._transport.update(EVENTS, namespace, observed.name, raised)
                return
        self._transport.create(
            EVENTS,
            namespace,
            {
                "apiVersion": "v1",
                "kind": "Event",
                "metadata": {"name": observed.name, "namespace": namespace},
                "involvedObject": self._reference(obj, field_path),
                "reason": reason,
                "message": message,
                "source": self._source,
                "firstTimestamp": observed.first,
                "lastTimestamp": text,
                "count": observed.count,
                "type": type,
                "eventTime": None,
                # The combined event is made anew, without these.
                "reportingComponent": "" if is_combined else self._component,
                "reportingInstance": "" if is_combined else self._host,
            },
        )

    def _observe_series(self, obj: Object, type: str, reason: str, message: str) -> None:
        now = self._kernel.now
        metadata = obj["metadata"]
        # The object's revision is part of the reference: what changes meanwhile starts a new event.
        key: Key = (type, reason, obj["kind"], metadata.get("uid", ""), metadata.get("resourceVersion", ""))
        series = self._series.get(key)
        if series is not None and now - series.last <= SERIES_FOR:
            series.count += 1
            series.last = now
            if series.count == 2:
                self._write_series(series)
            elif not self._refreshing:
                self._refreshing = True
                due = (now // SERIES_REFRESH + 1) * SERIES_REFRESH
                self._kernel.call_at(due, self._refresh)
            return
        namespace = metadata.get("namespace") or "default"
        name = self._name(metadata["name"])
        self._series.put(key, _Series(name, namespace, 1, now, 1))
        self._transport.create(
            EVENTS,
            namespace,
            {
                "apiVersion": "v1",
                "kind": "Event",
                "metadata": {"name": name, "namespace": namespace},
                "involvedObject": self._reference(obj, ""),
                "reason": reason,
                "message": message,
                "source": {},
                "firstTimestamp": None,
                "lastTimestamp": None,
                "type": type,
                "eventTime": self._times.micros(now),
                "action": ACTIONS.get(reason, reason),
                "reportingComponent": self._component,
                "reportingInstance": f"{self._component}-{self._host or SCHEDULER_HOST}",
            },
        )

    def _write_series(self, series: _Series) -> None:
        stored = self._events.get(series.namespace, series.name)
        series.written = series.count
        if stored is not None:
            shown = {"count": series.count, "lastObservedTime": self._times.micros(series.last)}
            self._transport.update(EVENTS, series.namespace, series.name, {**stored, "series": shown})

    def _refresh(self) -> None:
        """The counts that have risen since they were written."""
        self._refreshing = False
        for series in self._series.values():
            if series.count > series.written:
                self._write_series(series)

    def _name(self, name: str) -> str:
        return f"{name}.{self._clock.next(self._kernel.now):x}"

    def _reference(self, obj: Object, field_path: str) -> Object:
        """An ObjectReference; successive events about one version of an object share it."""
        seen = self._last_seen
        if seen is not None and seen[0] is obj and seen[1] == field_path:
            return self._last_reference
        metadata = obj["metadata"]
        reference: Object = {"kind": obj["kind"]}
        if "namespace" in metadata:
            reference["namespace"] = metadata["namespace"]
        reference["name"] = metadata["name"]
        if "uid" in metadata:
            reference["uid"] = metadata["uid"]
        reference["apiVersion"] = obj["apiVersion"]
        if "resourceVersion" in metadata:
            reference["resourceVersion"] = metadata["resourceVersion"]
        if field_path:
            reference["fieldPath"] = field_path
        self._last_seen = (obj, field_path)
        self._last_reference = reference
        return reference
