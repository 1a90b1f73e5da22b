"""A served cluster of one node."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from by_hand import Api

from k8s_magic import Cluster


@pytest.fixture
def api() -> Iterator[Api]:
    cluster = Cluster(nodes=1, live=True, speed=20)
    yield Api(cluster)
    cluster.close()
