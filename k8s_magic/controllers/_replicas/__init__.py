"""Keeps as many Pods of a template as asked for: what ReplicaSets and ReplicationControllers have in common."""

from k8s_magic.controllers._replicas.kind import ReplicaKind
from k8s_magic.controllers._replicas.sync import build

__all__ = ["ReplicaKind", "build"]
