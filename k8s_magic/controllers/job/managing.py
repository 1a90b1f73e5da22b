"""Makes and deletes a Job's Pods so that as many run as should.

Source: pkg/controller/job/job_controller.go manageJob, deleteJobPods, deleteActivePods (v1.36)
"""

from __future__ import annotations

from collections.abc import Iterable

from k8s_magic.controllers import _pods
from k8s_magic.controllers._replicas.pod_control import REMOVED_FINALIZERS, PodControl, from_template
from k8s_magic.controllers.job import failures, indexes, state
from k8s_magic.controllers.job.failures import Record
from k8s_magic.controllers.job.state import FINALIZER, JobState
from k8s_magic.machinery import meta
from k8s_magic.machinery.errors import ApiError
from k8s_magic.machinery.meta import Object
from k8s_magic.sim.time import SimTime, TimeFormatter

# Source: pkg/controller/job/job_controller.go MaxPodCreateDeletePerSync
BURST = 500
# Source: apiserver/pkg/storage/names/generate.go MaxGeneratedNameLength
LONGEST_PREFIX = 58
INDEX_VARIABLE = "JOB_COMPLETION_INDEX"
UNTRACK = {"metadata": {REMOVED_FINALIZERS: [FINALIZER]}}


class Managing:
    """`manage` answers how long to wait where a failure keeps Pods from being made now."""

    def __init__(self, control: PodControl, times: TimeFormatter) -> None:
        self._control = control
        self._times = times

    def delete_active(self, job: JobState) -> ApiError | None:
        """Delete what runs; the Pods keep the finalizer until they are counted. Changes the counts."""
        return self._delete(job, job.active_pods)

    def _delete(self, job: JobState, pods: Iterable[Object]) -> ApiError | None:
        failure = None
        for pod in pods:
            error = self._control.delete([pod], job.job)
            if error is None:
                job.active -= 1
                job.terminating += 1
            failure = failure or error
            job.ready -= _pods.is_ready(pod)
        return failure

    def manage(self, job: JobState, now: SimTime) -> tuple[SimTime, ApiError | None]:
        spec, wanted = job.job["spec"], 0
        is_suspended = state.is_suspended(job.job)
        if not is_suspended:
            wanted = self._wanted(job)
        surplus = job.active if is_suspended else max(0, job.active - wanted)
        doomed = self._for_removal(job, surplus)
        if doomed:
            doomed = doomed if is_suspended else doomed[:BURST]
            for pod in doomed:
                self._control.patch(pod, UNTRACK)
            return 0, self._delete(job, doomed)
        waited_for = job.terminating if failures.replaces_only_failed(job.job) else 0
        missing = min(wanted - waited_for - job.active, BURST)
        if is_suspended or missing <= 0:
            return 0, None
        if not indexes.has_own_limits(job.job):
            wait = failures.wait(job.record, now)
            if wait > 0:
                # As the real one: while the next Pod is waited for, none counts as active.
                job.active = 0
                return wait, None
        places: list[int | None] = [None] * missing
        if indexes.is_indexed(job.job):
            places, wait = self._places(job, missing, spec["completions"], now)
            if wait > 0:
                job.active = 0
                return wait, None
        made, failure = self._control.create_each(self._pods(job, places), job.job)
        job.active += made
        return 0, failure

    def _wanted(self, job: JobState) -> int:
        spec = job.job["spec"]
        parallelism: int = spec["parallelism"]
        if spec.get("completions") is None:
            return job.active if job.succeeded > 0 else parallelism
        completions: int = spec["completions"]
        return max(0, min(completions - job.succeeded, parallelism))

    def _for_removal(self, job: JobState, at_least: int) -> list[Object]:
        doomed: list[Object] = []
        left = job.active_pods
        if indexes.is_indexed(job.job):
            doomed, left = self._misplaced(job)
        if len(doomed) < at_least:
            doomed += sorted(left, key=self._first_to_go)[: at_least - len(doomed)]
        return doomed

    def _misplaced(self, job: JobState) -> tuple[list[Object], list[Object]]:
        """Pods without an index or with one too many, of Pods with the same index all but one; and the others."""
        doomed, at = [], dict[int, list[Object]]()
        for pod in job.active_pods:
            index = indexes.valid_index_of(pod, job.job)
            if index is None:
                doomed.append(pod)
            else:
                at.setdefault(index, []).append(pod)
        left = []
        for _, pods in sorted(at.items()):
            pods.sort(key=self._first_to_go)
            doomed += pods[:-1]
            left.append(pods[-1])
        return doomed, left

    def _first_to_go(self, pod: Object) -> tuple[bool, int, bool, SimTime, tuple[int, int], SimTime]:
        """Source: pkg/controller/controller_utils.go ActivePods.Less"""
        ready = _pods.condition(pod, "Ready")
        is_up = ready is not None and ready["status"] == "True"
        since = ready.get("lastTransitionTime") if ready is not None and is_up else None
        restarts = _pods.most_restarts(pod)
        return (
            bool(pod["spec"].get("nodeName")),
            _pods.PHASE_ORDER.get(_pods.phase(pod), 0),
            is_up,
            -self._times.parse(since) if since else 0,
            (-restarts[0], -restarts[1]),
            -self._times.parse(pod["metadata"]["creationTimestamp"]),
        )

    def _places(self, job: JobState, missing: int, completions: int, now: SimTime) -> tuple[list[int | None], SimTime]:
        """The indexes that get a Pod now, or how long the first of them has to wait."""
        taken = job.succeeded_indexes | indexes.indexes_of(job.active_pods) | (job.failed_indexes or set())
        if failures.replaces_only_failed(job.job):
            taken |= indexes.indexes_of(filter(_pods.is_terminating, job.pods))
        waits = []
        places: list[int | None] = []
        for index in indexes.first_free(taken, missing, completions):
            wait = self._wait_of(job.held_back.get(index), now)
            if wait == 0:
                places.append(index)
            else:
                waits.append(wait)
        return places, 0 if places or not waits else min(waits)

    def _wait_of(self, failed: Object | None, now: SimTime) -> SimTime:
        if failed is None:
            return 0
        times = indexes.failures(failed) + indexes.ignored_failures(failed) + 1
        return failures.wait(Record(times, failures.finished_at(failed, self._times)), now)

    def _pods(self, job: JobState, places: list[int | None]) -> Iterable[Object]:
        pod = from_template(job.job["spec"]["template"], job.job)
        held = pod["metadata"].get("finalizers") or []
        pod = meta.with_metadata(pod, finalizers=held if FINALIZER in held else [*held, FINALIZER])
        if indexes.is_indexed(job.job):
            pod["spec"] = _with_index_variable(pod["spec"])
        return (pod if index is None else _at(pod, job, index) for index in places)


def _with_index_variable(spec: Object) -> Object:
    source = {"fieldRef": {"fieldPath": f"metadata.labels['{indexes.INDEX}']"}}
    variable = {"name": INDEX_VARIABLE, "valueFrom": source}

    def extended(container: Object) -> Object:
        held = container.get("env") or []
        if any(found["name"] == INDEX_VARIABLE for found in held):
            return container
        return {**container, "env": [*held, variable]}

    changed = {
        name: [extended(each) for each in spec[name]] for name in ("initContainers", "containers") if spec.get(name)
    }
    return {**spec, **changed}


def _at(pod: Object, job: JobState, index: int) -> Object:
    """The Pod of one index."""
    name, tail = meta.name_of(job.job), f"-{index}-"
    annotations = {**meta.annotations_of(pod), indexes.INDEX: str(index)}
    if indexes.has_own_limits(job.job):
        counted, ignored = _failures_before(job, job.held_back.get(index))
        annotations[indexes.FAILURES] = str(counted)
        if ignored:
            annotations[indexes.IGNORED_FAILURES] = str(ignored)
    made = meta.with_metadata(
        pod,
        generateName=(name if len(name + tail) <= LONGEST_PREFIX else name[: LONGEST_PREFIX - len(tail)]) + tail,
        annotations=annotations,
        labels={**meta.labels_of(pod), indexes.INDEX: str(index)},
    )
    return {**made, "spec": {**pod["spec"], "hostname": f"{name}-{index}"}}


def _failures_before(job: JobState, replaced: Object | None) -> tuple[int, int]:
    if replaced is None:
        return 0, 0
    counts = failures.judge(job.job, replaced).counts
    return indexes.failures(replaced) + counts, indexes.ignored_failures(replaced) + (not counts)
