"""Every scenario through the magic, compared with what the real kubectl said on a real control plane."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import transcript
from IPython.core.interactiveshell import InteractiveShell

HERE = Path(__file__).parent
# What differs and stays so, each with its reason: (scenario, command) -> why.
KNOWN: dict[tuple[str, str], str] = {}


def settled(cluster) -> Iterator[None]:
    """Three looks a second apart that show the same Pods, Deployments, ReplicaSets and Endpoints."""
    columns = "K:.kind,N:.metadata.name,V:.metadata.resourceVersion"
    look = f"get pods,deployments,replicasets,endpoints -A --no-headers -o custom-columns={columns}"
    seen, same = None, 0
    for _ in range(90):
        now = cluster.kubectl(look).stdout
        same, seen = (same + 1, seen) if now == seen else (0, now)
        if same == 3:
            return
        cluster.run(1)


def play(shell: InteractiveShell, path: Path) -> list[dict]:
    """The scenario's answers, as `transcript.py record` writes them."""
    shell.run_line_magic("cluster", "new --bare --nodes 3 --cpu 4 --memory 8Gi --manual")
    cluster = shell.run_line_magic("cluster", "current")
    answers = []
    for mark, text in transcript.read_scenario(path):
        if mark.startswith("file "):
            cluster.files[mark[5:]] = text
        elif mark == "settle":
            settled(cluster)
        else:
            result = shell.run_cell_magic("kubectl", "", text)
            if mark == "$":
                answers.append(
                    {"command": text, "stdout": result.stdout, "stderr": result.stderr, "exit": result.exit_code}
                )
    return answers


SCENARIOS = sorted((HERE / "scenarios").glob("*.scn"))


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_a_scenario_reads_as_on_the_real_thing(shell, path: Path, capsys) -> None:
    recorded = json.loads((HERE / "recordings" / f"{path.stem}.json").read_text())["scenarios"][path.stem]
    answers = play(shell, path)
    capsys.readouterr()
    assert [answer["command"] for answer in answers] == [answer["command"] for answer in recorded]
    differing, report = set(), []
    for want, got in zip(recorded, answers, strict=True):
        a, b = transcript.as_text(want).splitlines(), transcript.as_text(got).splitlines()
        if a != b:
            differing.add((path.stem, want["command"]))
            report += [f"--- {want['command']}", *difflib.unified_diff(a, b, "real", "ours", lineterm="", n=2)]
    assert differing == {key for key in KNOWN if key[0] == path.stem}, "\n".join(report)
