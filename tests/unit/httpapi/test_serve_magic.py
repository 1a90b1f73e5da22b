"""%cluster serve and unserve."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from IPython.core.interactiveshell import InteractiveShell
from notebook_shells import the_shell

from k8s_magic.client.http import HttpTransport, Server
from k8s_magic.machinery.names import NODES


@pytest.fixture
def shell(monkeypatch: pytest.MonkeyPatch) -> Iterator[InteractiveShell]:
    monkeypatch.setenv("KUBECONFIG", "/before")
    with the_shell() as shell:
        yield shell


def nodes() -> list[str]:
    config = yaml.safe_load(Path(os.environ["KUBECONFIG"]).read_text())
    found = HttpTransport(Server.of(config)).list(NODES)["items"]
    return [node["metadata"]["name"] for node in found]


def test_the_environment_leads_to_the_current_cluster(shell: InteractiveShell, capsys) -> None:
    shell.run_line_magic("cluster", "new --nodes 1 --bare")
    shell.run_line_magic("cluster", "serve")
    said = capsys.readouterr().out
    path = Path(os.environ["KUBECONFIG"])
    assert said.startswith("The cluster answers on https://127.0.0.1:")
    assert f"export KUBECONFIG={path}\n" in said
    assert path.stat().st_mode & 0o077 == 0
    assert nodes() == ["node-0"]
    shell.run_line_magic("cluster", "new --nodes 2 --bare")
    assert Path(os.environ["KUBECONFIG"]) == path
    assert nodes() == ["node-0", "node-1"]
    shell.run_line_magic("cluster", "unserve")
    assert os.environ["KUBECONFIG"] == "/before"
    assert not path.exists()
    shell.run_line_magic("cluster", "unserve")
    assert capsys.readouterr().err == "%cluster unserve: the cluster does not answer on a port\n"


def test_unloading_stops_it(shell: InteractiveShell) -> None:
    shell.run_line_magic("cluster", "serve")
    shell.run_line_magic("unload_ext", "k8s_magic")
    assert os.environ["KUBECONFIG"] == "/before"
    assert all(thread.name != "k8s-magic-http" for thread in threading.enumerate())


@pytest.mark.parametrize("words", ["--port x", "8080", "--port"])
def test_wrong_words_are_refused(shell: InteractiveShell, words: str, capsys) -> None:
    shell.run_line_magic("cluster", f"serve {words}")
    assert capsys.readouterr().err == "%cluster serve: expects --port NUMBER or nothing\n"
