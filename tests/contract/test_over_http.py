"""Every scenario over the HTTP API: by the real kubectls, and by ours. Nothing may differ from what was recorded."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import kubectls
import pytest
import transcript

from k8s_magic import Cluster, kubectl
from k8s_magic.client.http import HttpTransport, Server
from k8s_magic.cluster.files import Files
from k8s_magic.cluster.result import Result
from k8s_magic.httpapi import kubeconfig
from k8s_magic.kubectl.streams import Streams
from k8s_magic.magics.laptop import Laptop

HERE = Path(__file__).parent
SCENARIOS = sorted((HERE / "scenarios").glob("*.scn"))
# Simulated seconds a second: the scenarios wait, and CI should not.
SPEED = 20.0
LOOK = (
    "kubectl get pods,deployments,replicasets,endpoints -A --no-headers"
    " -o custom-columns=K:.kind,N:.metadata.name,V:.metadata.resourceVersion"
)
Run = Callable[[str], dict]

pytestmark = pytest.mark.realkubectl


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    options = {"nodes": 3, "bare": True, "cpu": "4", "memory": "8Gi"}
    cluster = Cluster(**options, live=True, speed=SPEED)
    cluster.serve()
    yield cluster
    cluster.close()


class Remote:
    """What the notebook's shell needs of a cluster, for our kubectl over HTTP."""

    def __init__(self, config: dict, files: dict[str, str]) -> None:
        self.config = config
        self.files = files
        self.transport = HttpTransport(Server.of(config))

    def kubectl(self, words, *, stdin="", keyboard=None, env=None, on_output=lambda stream, text: None) -> Result:
        streams = Streams(files=Files(self.files), config=self.config, stdin=stdin, env=env or {})
        streams.keyboard = keyboard
        streams.out = lambda text: on_output("stdout", text)
        streams.err = lambda text: on_output("stderr", text)
        return Result(exit_code=kubectl.main(list(words), self.transport, streams))

    def wait(self, ready, timeout=None) -> bool:
        time.sleep((timeout or 0) / 1e6 / SPEED)
        return ready()


def by_real_kubectl(version: str, cluster: Cluster, folder: Path) -> tuple[Run, Callable[[str, str], None]]:
    config = folder / "kubeconfig"
    kubeconfig.write(config, cluster.serve().config)
    shell = transcript.Shell(str(kubectls.program(version)), str(config), timeout=60)
    shell.env["HOME"] = str(folder)  # where kubectl keeps what it discovered

    def write(name: str, text: str) -> None:
        (shell.dir / name).parent.mkdir(parents=True, exist_ok=True)
        (shell.dir / name).write_text(text)

    return shell.run, write


def by_our_kubectl(cluster: Cluster, folder: Path) -> tuple[Run, Callable[[str, str], None]]:
    files: dict[str, str] = {}
    remote, laptop = Remote(cluster.serve().config, files), Laptop(files)

    def run(line: str) -> dict:
        heard: dict[str, str] = {"stdout": "", "stderr": ""}

        def write(stream: str, text: str) -> None:
            heard[stream] += text

        return {"command": line, "exit": laptop.run(line, remote, write), **heard}

    return run, files.__setitem__


WAYS = {version: partial(by_real_kubectl, version) for version in kubectls.VERSIONS} | {"ours": by_our_kubectl}


def settle(run: Run) -> None:
    """As transcript.py, three looks that are the same, at the speed of the simulation."""
    seen, same = None, 0
    for _ in range(90):
        now = run(LOOK)["stdout"]
        same, seen = (same + 1, seen) if now == seen else (0, now)
        if same == 3:
            return
        time.sleep(1.5 / SPEED)


def play(run: Run, write: Callable[[str, str], None], path: Path) -> list[dict]:
    answers = []
    for mark, text in transcript.read_scenario(path):
        if mark.startswith("file "):
            write(mark[5:], text)
        elif mark == "settle":
            settle(run)
        else:
            answer = run(text)
            if mark == "$":
                answers.append(answer)
    return answers


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
@pytest.mark.parametrize("way", WAYS, ids=WAYS)
def test_a_scenario_reads_as_recorded(cluster: Cluster, tmp_path: Path, path: Path, way: str, capsys) -> None:
    recorded = json.loads((HERE / "recordings" / f"{path.stem}.json").read_text())["scenarios"][path.stem]
    answers = play(*WAYS[way](cluster, tmp_path), path)
    assert [answer["command"] for answer in answers] == [answer["command"] for answer in recorded]
    differing = []
    for want, got in zip(recorded, answers, strict=True):
        texts = transcript.as_text(want), transcript.as_text(got)
        if texts[0] != texts[1]:
            differing.append((want["command"], *texts))
    with capsys.disabled():
        print(f"\n{path.stem:24}{way:8}{len(recorded) - len(differing)}/{len(recorded)}", end=" ")
    table = "\n".join(f"--- {command}\nreal:\n{want}\nhere:\n{got}" for command, want, got in differing)
    assert not differing, table


def test_serve_answers_until_it_is_told_to_end(real_kubectl: Path, tmp_path: Path) -> None:
    config = tmp_path / "kubeconfig"
    command = [sys.executable, "-m", "k8s_magic", "serve", "--bare", "--nodes", "2", "--kubeconfig", str(config)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as server:
        assert server.stdout is not None
        assert server.stdout.readline() == "ready\n"
        assert config.stat().st_mode & 0o077 == 0
        env = {**os.environ, "KUBECONFIG": str(config)}
        words = [real_kubectl, "get", "nodes", "-o", "name"]
        done = subprocess.run(words, env=env, capture_output=True, text=True, timeout=60)
        server.send_signal(signal.SIGTERM)
        assert done.stdout == "node/node-0\nnode/node-1\n"
        assert server.wait(20) == 0
        assert server.stdout.read() == ""
