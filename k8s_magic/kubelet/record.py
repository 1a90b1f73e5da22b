"""One container of a Pod through all its starts: what runs, what ran before, what it waits for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from k8s_magic.kubelet.backoff import Backoff
from k8s_magic.runtime.contract import Container
from k8s_magic.sim.time import SimTime


class FailedStart:
    """A container that was created but never ran; it has the shape of contract.Container."""

    def __init__(self, id: str, image_id: str, now: SimTime, exit_code: int, reason: str, message: str) -> None:
        self.id = id
        self.image_id = image_id
        self.started_at: SimTime = -1
        self.finished_at: SimTime | None = now
        self.exit_code: int | None = exit_code
        self.reason = reason
        self.message = message

    def log_lines(self) -> list[tuple[SimTime, str, str]]:
        return []


class ContainerRecord:
    """`current` runs or was the last to run; `previous` ran before it. `waiting` is (reason, message)."""

    __slots__ = (
        "attempt",
        "backoff",
        "current",
        "image_backoff",
        "is_ephemeral",
        "is_init",
        "is_ready",
        "is_sidecar",
        "is_started",
        "killed_by",
        "name",
        "previous",
        "probes",
        "pull_error",
        "spec",
        "volume_mounts",
        "waiting",
    )

    def __init__(self, spec: Mapping[str, Any], is_init: bool, is_ephemeral: bool = False) -> None:
        self.spec = spec
        self.name: str = spec["name"]
        self.is_init = is_init
        self.is_ephemeral = is_ephemeral
        self.is_sidecar = is_init and spec.get("restartPolicy") == "Always"
        self.current: Container | None = None
        self.previous: Container | None = None
        self.attempt = 0
        self.waiting: tuple[str, str] | None = None
        self.backoff: Backoff | None = None
        self.image_backoff: Backoff | None = None
        self.pull_error = ""
        self.is_ready = False
        self.is_started = False
        self.killed_by = ""  # what ends it: a probe's kind, a hook
        self.probes: list[Any] = []
        self.volume_mounts = [_mount_status(mount) for mount in spec.get("volumeMounts") or ()]

    @property
    def path(self) -> str:
        """Where it stands in the Pod, as events say. Source: pkg/kubelet/container/ref.go"""
        part = "ephemeralContainers" if self.is_ephemeral else "initContainers" if self.is_init else "containers"
        return f"spec.{part}{{{self.name}}}"

    @property
    def is_running(self) -> bool:
        return self.current is not None and self.current.exit_code is None

    @property
    def has_ended(self) -> bool:
        return self.current is not None and self.current.exit_code is not None

    @property
    def has_succeeded(self) -> bool:
        return self.current is not None and self.current.exit_code == 0

    def may_restart(self, policy: str) -> bool:
        """Whether it is started again once it has ended."""
        if self.is_ephemeral:
            return False
        if self.is_sidecar or (policy == "Always" and not self.is_init):
            return True
        if self.current is None or self.current.exit_code == 0:
            return False
        return policy != "Never"


def _mount_status(mount: Mapping[str, Any]) -> dict[str, Any]:
    """Source: pkg/kubelet/kubelet_pods.go (convertToAPIContainerStatuses)."""
    status: dict[str, Any] = {"name": mount["name"], "mountPath": mount["mountPath"]}
    if mount.get("readOnly"):
        status["readOnly"] = True
        status["recursiveReadOnly"] = "Disabled"
    return status
