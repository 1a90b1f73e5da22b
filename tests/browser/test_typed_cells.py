"""Typing into a container in JupyterLab's own input box, on every version of ipykernel that people have."""

from __future__ import annotations

import pytest
from jupyter_lab import Lab, Notebook

pytestmark = pytest.mark.browser

ASKED = """prompt => {
  const boxes = document.querySelectorAll(".jp-Stdin");
  return boxes.length === 1 && boxes[0].querySelector(".jp-Stdin-prompt").textContent === prompt
    && boxes[0].querySelector("input").value === "";
}"""
CELLS = [
    "%load_ext k8s_magic",
    "%cluster speed 20",
    "%kubectl run web --image=nginx",
    "%kubectl wait --for=condition=Ready pod/web",
    "%kubectl exec -it web -- bash",
    "print('and on')",
]


def test_a_shell_is_typed_to_in_the_input_box(lab: Lab, kernel: str, opened) -> None:
    with opened(lab, CELLS, kernel) as notebook:
        for index in range(4):
            notebook.run(index)
            notebook.wait_done(index)
        notebook.run(4)
        _type(notebook, "root@web:/# ", "cat /etc/os-release | head -1")
        _type(notebook, "root@web:/# ", "cd /tmp")
        _type(notebook, "root@web:/tmp# ", "echo begun; sleep 1000000")
        notebook.wait("() => document.body.innerText.includes('\\nbegun\\n')")
        notebook.interrupt()
        _type(notebook, "root@web:/tmp# ", "exit")
        notebook.wait_done(4)
        said = notebook.said(4)
        assert 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"' in said
        assert "^C\n" in said
        assert said.endswith("exit\ncommand terminated with exit code 130\n")
        notebook.run(5)
        notebook.wait_done(5)
        assert notebook.said(5) == "and on\n"


def _type(notebook: Notebook, prompt: str, line: str) -> None:
    """Answer the box that asks with a prompt, which is there when the one before has gone."""
    notebook.wait(ASKED, prompt)
    box = notebook.page.locator(".jp-Stdin-input")
    box.fill(line)
    box.press("Enter")
