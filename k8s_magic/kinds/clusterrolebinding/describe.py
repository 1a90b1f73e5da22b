"""How `kubectl describe clusterrolebinding` tells of a ClusterRoleBinding: as of a RoleBinding."""

from __future__ import annotations

from k8s_magic.kinds.rolebinding import describe as binding

describe = binding.describe
