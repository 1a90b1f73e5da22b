"""One cluster a module, ten times as fast as the clock, answering on a port."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from served import Served

from k8s_magic import Cluster
from k8s_magic.httpapi import kubeconfig


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    cluster = Cluster(nodes=2, live=True, speed=10)
    http = cluster.serve()
    path: Path = tmp_path_factory.mktemp("kube") / "config"
    kubeconfig.write(path, http.config)
    yield Served(cluster, http, path)
    cluster.close()
