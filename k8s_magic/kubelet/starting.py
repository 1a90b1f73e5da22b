"""Starting one container: its image, its configuration, the start itself, its postStart hook.

Source: pkg/kubelet/kuberuntime/kuberuntime_container.go (startContainer), images/image_manager.go (1.36)
"""

from __future__ import annotations

from collections.abc import Generator, Mapping
from functools import partial
from typing import TYPE_CHECKING, cast

from k8s_magic.kubelet import environment, hook, probe, stopping
from k8s_magic.kubelet.backoff import Backoff, precise_text
from k8s_magic.kubelet.environment import ConfigError, Sources
from k8s_magic.kubelet.expansion import expand
from k8s_magic.kubelet.record import ContainerRecord, FailedStart
from k8s_magic.machinery import quantity
from k8s_magic.runtime import reference
from k8s_magic.runtime.contract import Container, ContainerConfig, PullOutcome, StartError
from k8s_magic.sim.streams import uid as draw_uid
from k8s_magic.sim.time import MILLISECOND, SimTime

if TYPE_CHECKING:
    from k8s_magic.kubelet.worker import PodWorker

# Our figures: creating and starting a Pod's first container, and each further one.
FIRST_START = (400 * MILLISECOND, 1000 * MILLISECOND)
NEXT_START = (200 * MILLISECOND, 400 * MILLISECOND)
RETRY: SimTime = 10_000 * MILLISECOND  # backOffPeriod
SOON: SimTime = 1000 * MILLISECOND  # our simplification: a failed pull is looked at again after one relist


def start(worker: PodWorker, record: ContainerRecord) -> Generator[SimTime | None, None, None]:
    """A job's part. At its end the container runs, or `record.waiting` says why not."""
    if not (yield from _ensure_image(worker, record)):
        return
    try:
        config = configure(worker, record)
    except ConfigError as error:
        worker.event("Warning", "Failed", f"Error: {error}", record)
        record.waiting = ("CreateContainerConfigError", str(error))
        worker.sync_after(worker.draw(RETRY, RETRY // 2))
        return
    is_first = record.current is None and not any(one.is_running for one in worker.records)
    yield worker.draw(*(FIRST_START if is_first else NEXT_START))
    _start_now(worker, record, config)
    if record.is_running:
        after = (record.spec.get("lifecycle") or {}).get("postStart")
        if after:
            yield from _post_start(worker, record, after)


def _post_start(
    worker: PodWorker, record: ContainerRecord, after: hook.Handler
) -> Generator[SimTime | None, None, None]:
    failure = yield from hook.run(worker, record, after)
    if failure and record.is_running:
        worker.event("Warning", "FailedPostStartHook", "PostStartHook failed", record)
        stopping.stop_one(worker, record, "FailedPostStartHook")
        record.killed_by = "PostStartHookError"


# --- Image


def _ensure_image(worker: PodWorker, record: ContainerRecord) -> Generator[SimTime | None, None, bool]:
    """Whether the image is there (the generator's value)."""
    image, runtime = record.spec["image"], worker.kubelet.runtime
    policy = record.spec.get("imagePullPolicy") or "IfNotPresent"
    try:
        reference.parse(image)
    except ValueError as error:
        words = f'couldn\'t parse image name "{image}": {error}'
        message = f'Failed to apply default image tag "{image}": {words}'
        worker.event("Warning", "InspectFailed", message, record)
        _image_failed(worker, record, "InvalidImageName", message)
        worker.sync_after(worker.draw(RETRY, RETRY // 2))
        return False
    if policy != "Always" and runtime.has_image(image):
        worker.event(
            "Normal",
            "Pulled",
            f'Container image "{image}" already present on machine and can be accessed by the pod',
            record,
        )
        record.waiting = None
        return True
    if policy == "Never":
        message = f'Container image "{image}" is not present with pull policy of Never'
        worker.event("Warning", "ErrImageNeverPull", message, record)
        _image_failed(worker, record, "ErrImageNeverPull", message)
        worker.sync_after(worker.draw(RETRY, RETRY // 2))
        return False
    worker.event("Normal", "Pulling", f'Pulling image "{image}"', record)
    began = worker.kubelet.kernel.now
    outcomes: list[PullOutcome] = []

    def done(outcome: PullOutcome) -> None:
        outcomes.append(outcome)
        worker.resume()

    runtime.pull(image, done)
    while not outcomes:
        yield None
    outcome = outcomes[0]
    now = worker.kubelet.kernel.now
    if outcome.error:
        worker.event("Warning", "Failed", f'Failed to pull image "{image}": {outcome.error}', record)
        if record.image_backoff is None:
            record.image_backoff = Backoff()
        record.image_backoff.next(now, now)
        record.pull_error = outcome.error
        _image_failed(worker, record, "ErrImagePull", outcome.error)
        worker.sync_after(SOON)
        return False
    worker.kubelet.images_changed = True
    took = precise_text(outcome.duration)
    waited = precise_text(now - began)
    worker.event(
        "Normal",
        "Pulled",
        f'Successfully pulled image "{image}" in {took} ({waited} including waiting). '
        f"Image size: {outcome.size} bytes.",
        record,
    )
    record.image_backoff, record.waiting = None, None
    return True


def _image_failed(worker: PodWorker, record: ContainerRecord, reason: str, message: str) -> None:
    worker.event("Warning", "Failed", f"Error: {reason}", record)
    record.waiting = (reason, message)


def image_backs_off(worker: PodWorker, record: ContainerRecord) -> None:
    """The image is not tried again yet."""
    backoff = record.image_backoff
    assert backoff is not None
    message = f'Back-off pulling image "{record.spec["image"]}"'
    worker.event("Normal", "BackOff", message, record)
    _image_failed(worker, record, "ImagePullBackOff", f"{message}: ErrImagePull: {record.pull_error}")
    worker.sync_after(backoff.updated + backoff.delay - worker.kubelet.kernel.now)


# --- Configuration


def configure(worker: PodWorker, record: ContainerRecord) -> ContainerConfig:
    """Raises: ConfigError."""
    spec, pod, kubelet = record.spec, worker.pod, worker.kubelet
    target = _target(worker, spec.get("targetContainerName") or "")
    links = pod["spec"].get("enableServiceLinks", True)
    services = kubelet.service_variables(worker.namespace, links)
    variables: Mapping[str, str] = services
    if spec.get("env") or spec.get("envFrom"):
        sources = Sources(kubelet.find, worker.namespace)
        variables = environment.variables(pod, spec, sources, services, worker.around())
    _check_user(worker, record)
    attempt = record.attempt + 1 if record.current is not None else record.attempt
    limit = ((spec.get("resources") or {}).get("limits") or {}).get("memory")
    return ContainerConfig(
        name=record.name,
        image=spec["image"],
        command=tuple(expand(word, variables) for word in spec.get("command") or ()),
        args=tuple(expand(word, variables) for word in spec.get("args") or ()),
        env=variables,
        working_dir=spec.get("workingDir") or "",
        mounts=worker.volumes.mounts(pod, spec, variables) if "volumeMounts" in spec else (),
        ports=tuple((port.get("protocol") or "TCP", port["containerPort"]) for port in spec.get("ports") or ()),
        memory_limit=quantity.as_bytes(limit) if limit is not None else None,
        attempt=attempt,
        stop_signal=(spec.get("lifecycle") or {}).get("stopSignal") or "",
        stdin=bool(spec.get("stdin")),
        stdin_once=bool(spec.get("stdinOnce")),
        tty=bool(spec.get("tty")),
        termination_message_path=spec.get("terminationMessagePath") or "/dev/termination-log",
        target=target,
    )


def _check_user(worker: PodWorker, record: ContainerRecord) -> None:
    """Raises: ConfigError for root where a Pod is not to run as root. Source: verifyRunAsNonRoot"""
    own = record.spec.get("securityContext") or {}
    context = {**(worker.pod["spec"].get("securityContext") or {}), **own}
    if not context.get("runAsNonRoot"):
        return
    where = f'(pod: "{worker.full_name}", container: {record.name})'
    if context.get("runAsUser") is not None:
        if context["runAsUser"] == 0:
            raise ConfigError(f"container's runAsUser breaks non-root policy {where}")
        return
    user = worker.kubelet.runtime.user_of(record.spec["image"])
    if user in ("root", "0"):
        raise ConfigError(f"container has runAsNonRoot and image will run as root {where}")
    if user and not user.isdigit():
        reason = f"image has non-numeric user ({user}), cannot verify user is non-root"
        raise ConfigError(f"container has runAsNonRoot and {reason} {where}")


def _target(worker: PodWorker, name: str) -> Container | None:
    """The container whose processes another is to be among. Raises: ConfigError. Source: startSpec.getTargetID"""
    if not name:
        return None
    record = worker.record_of(name)
    if record is None or record.current is None:
        raise ConfigError(f"unable to find target container {name}")
    return record.current


# --- Start


def _start_now(worker: PodWorker, record: ContainerRecord, config: ContainerConfig) -> None:
    kubelet, sandbox = worker.kubelet, worker.sandbox
    assert sandbox is not None
    old = record.current
    target = config.target
    try:
        if target is not None and target.exit_code is not None:
            # Source: containerd internal/cri/server (validateTargetContainer)
            why = f'container "{target.id}" is not running - in state CONTAINER_EXITED'
            raise StartError(f"invalid target container: {why}", "CreateContainerError")
        container = kubelet.runtime.start(sandbox, config, partial(worker.exited, record))
    except StartError as error:
        if error.reason == "CreateContainerError":
            worker.event("Warning", "Failed", f"Error: {error}", record)
            record.waiting = ("CreateContainerError", str(error))
            worker.sync_after(worker.draw(RETRY, RETRY // 2))
            return
        worker.event("Normal", "Created", "Container created", record)
        worker.event("Warning", "Failed", f"Error: {error}", record)
        _keep_previous(worker, record)
        made_up = draw_uid(kubelet.stream).replace("-", "") * 2
        now = kubelet.kernel.now
        record.current = cast(Container, FailedStart(made_up, "", now, error.exit_code, "StartError", str(error)))
        record.waiting = ("RunContainerError", str(error))
        worker.sync_after(SOON)
        return
    if old is not None:
        _keep_previous(worker, record)
    record.current = cast(Container, container)
    record.waiting = None
    record.killed_by = ""
    worker.event("Normal", "Created", "Container created", record)
    worker.event("Normal", "Started", "Container started", record)
    spec = record.spec
    record.is_started = not spec.get("startupProbe")
    record.is_ready = record.is_started and not spec.get("readinessProbe") and not record.is_ephemeral
    if record.is_init and not record.is_sidecar:
        record.is_ready = False
        record.is_started = True
    probe.begin(worker, record)


def _keep_previous(worker: PodWorker, record: ContainerRecord) -> None:
    if record.current is None:
        return
    if record.previous is not None and not isinstance(record.previous, FailedStart):
        worker.kubelet.runtime.remove(record.previous)
    record.previous = record.current
    record.attempt += 1


def replace(worker: PodWorker, record: ContainerRecord) -> None:
    """Its definition changed: end it, so that it starts anew. Source: computePodActions."""
    if record.is_running:
        message = f"Container {record.name} definition changed, will be restarted"
        stopping.stop_one(worker, record, message)
    else:
        record.image_backoff = None
        worker.sync()
