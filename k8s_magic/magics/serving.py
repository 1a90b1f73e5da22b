"""%cluster serve: the cluster for real programs, by a kubeconfig that !kubectl and %%bash find by themselves."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from k8s_magic.cluster import Cluster
from k8s_magic.httpapi import kubeconfig

if TYPE_CHECKING:
    from k8s_magic.httpapi.listener import HttpApi

VARIABLE = "KUBECONFIG"


class Serving:
    """Shape: `http` is None while nothing is served."""

    def __init__(self) -> None:
        self.http: HttpApi | None = None
        self._cluster: Cluster | None = None
        self._folder: Path | None = None
        self._before: str | None = None

    @property
    def path(self) -> Path:
        assert self._folder is not None, "it serves"
        return self._folder / "config"

    def start(self, cluster: Cluster, port: int = 0) -> None:
        """Raises: OSError when the port cannot be had."""
        http = cluster.serve(port=port)
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix="k8s-magic-"))
            self._before = os.environ.get(VARIABLE)
        kubeconfig.write(self.path, http.config)
        os.environ[VARIABLE] = str(self.path)
        self.http, self._cluster = http, cluster

    def follow(self, cluster: Cluster) -> None:
        """Another cluster answers in place of the one before, on the same port."""
        http = self.http
        if http is not None and self._cluster is not cluster:
            self._leave()
            self.start(cluster, http.port)

    def stop(self) -> None:
        """Stop answering and leave the environment as it was."""
        self._leave()
        folder, self._folder = self._folder, None
        if folder is None:
            return
        if os.environ.get(VARIABLE) == str(folder / "config"):
            if self._before is None:
                del os.environ[VARIABLE]
            else:
                os.environ[VARIABLE] = self._before
        shutil.rmtree(folder, ignore_errors=True)

    def _leave(self) -> None:
        if self._cluster is not None:
            self._cluster.unserve()
        self.http = self._cluster = None
