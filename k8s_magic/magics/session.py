"""What one IPython shell holds: its cluster, files, variables and views. Two notebooks never see each other."""

from __future__ import annotations

import re
import sys
from collections.abc import MutableMapping
from typing import Any

from k8s_magic.cluster import Cluster, Result
from k8s_magic.magics.keyboard import NotebookKeyboard
from k8s_magic.magics.laptop import Laptop
from k8s_magic.magics.real_kubectl import RealKubectl
from k8s_magic.magics.serving import Serving
from k8s_magic.runtime.contract import readable

_NAME = re.compile(r"\$\{?([A-Za-z_]\w*)")


def show(stream: str, text: str) -> None:
    """Print as a shell does, keeping the order of the two streams."""
    out, other = (sys.stdout, sys.stderr) if stream == "stdout" else (sys.stderr, sys.stdout)
    other.flush()
    out.write(readable(text))


class Session:
    """`namespace` is the notebook's own variables, which `$NAME` reads and assignments set."""

    def __init__(self, namespace: MutableMapping[str, Any]) -> None:
        self._namespace = namespace
        self._cluster: Cluster | None = None
        self._views: Any = None
        self.language = ""
        self.files: dict[str, str] = {}
        self.laptop = Laptop(self.files)
        self.laptop.keyboard = NotebookKeyboard()
        self.serving = Serving()

    @property
    def cluster(self) -> Cluster:
        """The current cluster, made at first use."""
        if self._cluster is None:
            self.use(Cluster(live=True))
        assert self._cluster is not None
        return self._cluster

    def use(self, cluster: Cluster) -> None:
        """Make another cluster the current one; the one before is closed, its views follow the new one."""
        if self._cluster is not None:
            self._cluster.close()
        self._cluster = cluster
        cluster.files = self.files
        cluster.elsewhere = RealKubectl(cluster)
        self.serving.follow(cluster)
        if self._views is not None:
            self._views.follow(cluster)

    @property
    def views(self) -> Any:
        """Loaded at first use: widgets take longer to import than all the rest."""
        if self._views is None:
            from k8s_magic.magics.views import Views

            self._views = Views(self.cluster, self.language)
        return self._views

    def speak(self, language: str) -> None:
        """The language of the views; "" is the browser's."""
        self.language = language
        if self._views is not None:
            self._views.speak(language)

    def run(self, script: str) -> Result:
        """Run a shell script, printing as it goes."""
        result = Result(was_shown=True)

        def write(stream: str, text: str) -> None:
            result.chunks.append((stream, text))
            show(stream, text)

        variables = self.laptop.variables
        for name in _NAME.findall(script):
            value = self._namespace.get(name)
            if isinstance(value, Result):
                variables[name] = value.stdout.rstrip("\n")
            elif isinstance(value, str | int | float) and not isinstance(value, bool):
                variables[name] = str(value)
        before = dict(variables)
        result.exit_code = self.laptop.run(script, self.cluster, write)
        result.objects = self.laptop.objects
        if self.laptop.was_interrupted:
            write("stderr", "^C\n")
        for name, value in self.laptop.variables.items():
            if before.get(name) != value and name.isidentifier() and name.upper() == name:
                self._namespace[name] = value
        return result

    def close(self) -> None:
        """Leave nothing behind."""
        self.serving.stop()
        if self._views is not None:
            self._views.close()
            self._views = None
        if self._cluster is not None:
            self._cluster.close()
            self._cluster = None
