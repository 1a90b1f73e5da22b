"""The real kubectl and ours, each on a cluster of the same seed: a line typed to both is to do and say the same."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import kubectls

from k8s_magic import Cluster
from k8s_magic.httpapi import kubeconfig

SEED = 5
# client-go's own log, with its clock: whether it says something is a matter of who is faster.
_LOGGED = re.compile(r"^[EWI]\d{4} \S+ +\d+ \w+\.go:\d+\] .*\n", re.MULTILINE)
Files = Mapping[str, bytes]


class Answer(NamedTuple):
    code: int
    out: str
    err: str


class Real:
    """The program, over the HTTP API of a cluster that goes by the clock, in a folder of its own."""

    def __init__(self, folder: Path, files: Files) -> None:
        self.cluster = Cluster(nodes=2, seed=SEED, live=True, speed=50)
        self._folder = folder / "work"
        self._folder.mkdir()
        for name, content in files.items():
            (self._folder / name).parent.mkdir(parents=True, exist_ok=True)
            (self._folder / name).write_bytes(content)
        config = folder / "kubeconfig"
        kubeconfig.write(config, self.cluster.serve().config)
        self._environment = {**os.environ, "KUBECONFIG": str(config), "HOME": str(folder)}
        self._program = kubectls.program(kubectls.PINNED)

    def __call__(self, line: str, stdin: str = "") -> Answer:
        done = subprocess.run(
            ["sh", "-c", f'"{self._program}" {line}'],
            cwd=self._folder, env=self._environment, input=stdin,
            capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
        return Answer(done.returncode, done.stdout, _LOGGED.sub("", done.stderr))

    def files(self) -> dict[str, bytes]:
        found = (path for path in self._folder.rglob("*") if path.is_file())
        return {str(path.relative_to(self._folder)): path.read_bytes() for path in found}


class Ours:
    """In process, on simulated time, with a notebook's own files."""

    def __init__(self, files: Files) -> None:
        self.cluster = Cluster(nodes=2, seed=SEED)
        self.cluster.files.update({name: content.decode("utf-8", "surrogateescape") for name, content in files.items()})

    def __call__(self, line: str, stdin: str = "") -> Answer:
        done = self.cluster.kubectl(line, stdin=stdin)
        return Answer(done.exit_code, done.stdout, done.stderr)

    def files(self) -> dict[str, bytes]:
        texts = self.cluster.files.items()
        return {name: text.encode("utf-8", "surrogateescape") for name, text in texts if not name.endswith("/")}


Both = tuple[Real, Ours]


@contextmanager
def both(folder: Path, manifest: str, files: Files) -> Iterator[Both]:
    """With what a manifest says on both clusters."""
    kubectls.program(kubectls.PINNED)
    real, ours = Real(folder, files), Ours(files)
    try:
        for kubectl in (real, ours):
            assert kubectl("apply -f -", manifest).code == 0
        yield real, ours
    finally:
        real.cluster.close()
