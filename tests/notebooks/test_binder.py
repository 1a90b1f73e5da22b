"""Binder's files agree with the repository: it starts into a lesson that is there, with this package installed."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
BINDER = ROOT / "binder"


def test_every_way_in_leads_to_the_first_lesson() -> None:
    config = json.loads((BINDER / "jupyter_config.json").read_text(encoding="utf-8"))
    assert set(config) == {"ServerApp", "LabApp", "JupyterNotebookApp"}
    for app in config.values():
        path = app["default_url"].removeprefix("/lab/tree/")
        assert path == "notebooks/en/1-create-a-cluster.ipynb"
        assert (ROOT / path).is_file()


def test_the_package_and_its_python_are_installed() -> None:
    assert ".[docs]" in (BINDER / "requirements.txt").read_text(encoding="utf-8").split()
    assert (BINDER / "runtime.txt").read_text(encoding="utf-8").strip() == "python-3.11"
    # It would be taken in place of requirements.txt, without a word.
    assert not (BINDER / "environment.yml").exists()


def test_the_last_step_of_the_build_can_be_run() -> None:
    script = BINDER / "postBuild"
    assert os.access(script, os.X_OK)
    assert subprocess.run(["bash", "-n", str(script)], check=False).returncode == 0
    assert "cp binder/jupyter_config.json" in script.read_text(encoding="utf-8")
