"""Every notebook runs from its first cell to its last, and says what the tutorial says."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"

pytestmark = pytest.mark.notebook


def text_of(cell) -> str:
    return "".join(output.get("text", "") for output in cell.get("outputs", []) if output.output_type == "stream")


@pytest.fixture(scope="module")
def basics():
    notebook = nbformat.read(NOTEBOOKS / "kubernetes-basics.ipynb", as_version=4)
    NotebookClient(notebook, timeout=300, kernel_name="python3").execute()
    return notebook


def said(notebook, start: str) -> str:
    """What the first cell that starts so has printed."""
    return next(text_of(cell) for cell in notebook.cells if cell.source.startswith(start))


def test_no_cell_prints_a_traceback_or_an_unknown_command(basics) -> None:
    printed = "".join(text_of(cell) for cell in basics.cells)
    for word in ("Traceback", "command not found", "not part of this simulation", "unknown flag"):
        assert word not in printed


def test_the_six_modules(basics) -> None:
    assert said(basics, "%kubectl get nodes").count(" Ready ") == 4
    assert said(basics, "%kubectl create deployment") == "deployment.apps/kubernetes-bootcamp created\n"
    assert 'deployment "kubernetes-bootcamp" successfully rolled out' in said(basics, "%kubectl rollout status")
    assert "Hello Kubernetes bootcamp! | Running on: kubernetes-bootcamp-" in said(basics, "%%kubectl\nsleep 1")
    assert "KUBERNETES_SERVICE_HOST=10.96.0.1" in said(basics, '%kubectl exec "$POD_NAME" -- env')
    assert "NodePort" in said(basics, "%kubectl describe services")
    gone = said(basics, "%%kubectl\nkubectl delete service")
    assert "curl: (7)" in gone
    assert "Hello Kubernetes bootcamp!" in gone
    answers = said(basics, "%%kubectl\nkubectl expose").splitlines()
    assert len({line for line in answers if line.startswith("Hello")}) > 1
    assert "| v=2" in said(basics, "%kubectl exec deployments/kubernetes-bootcamp")
    stuck = said(basics, "%%kubectl\nsleep 5")
    assert "ImagePullBackOff" in stuck or "ErrImagePull" in stuck
    assert "rolled back" in said(basics, "%kubectl rollout undo")


def test_a_dead_node_is_noticed_and_its_pods_replaced(basics) -> None:
    assert "NotReady" in said(basics, "%cluster step 60s")
    moved = said(basics, "%cluster step 6m")
    running = [line for line in moved.splitlines() if " Running " in line]
    assert len(running) == 6
    assert not any("node-1" in line for line in running)
    assert "NotReady" not in said(basics, "%cluster step 30s")
