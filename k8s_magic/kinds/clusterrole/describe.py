"""How `kubectl describe clusterrole` tells of a ClusterRole: as of a Role."""

from __future__ import annotations

from k8s_magic.kinds.role import describe as role

describe = role.describe
