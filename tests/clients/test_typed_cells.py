"""Typing into a container from a cell, in a real Jupyter kernel: what is asked, shown and interrupted."""

from __future__ import annotations

import json
import queue
import time
from collections.abc import Iterator

import nbformat
import pytest
from nbclient import NotebookClient
from typed_kernel import TypedKernel

pytestmark = pytest.mark.clients

WEB = "root@web:/# "
NOBODY = "error: nothing can be typed here: give the whole command, as in 'kubectl exec web -- ls /'"


@pytest.fixture(scope="module")
def kernel() -> Iterator[TypedKernel]:
    kernel = TypedKernel()
    kernel.run("%cluster speed 10")
    kernel.run("%kubectl run web --image=nginx")
    kernel.run("%kubectl wait --for=condition=Ready pod/web --timeout=600s")
    kernel.run("POD_NAME = 'web'")
    yield kernel
    kernel.close()


def test_a_shell_is_typed_to_line_by_line(kernel: TypedKernel) -> None:
    look = ["cat /etc/os-release", "curl -s http://localhost | head -1"]
    lines = [*look, "cd /tmp && pwd", "sleep 3; echo slept", "exit"]
    cell = kernel.run("%kubectl exec -ti $POD_NAME -- bash", lines)
    assert cell.prompts == [WEB] * 3 + ["root@web:/tmp# "] * 2
    assert cell.out.startswith('PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\n')
    assert cell.out.endswith("\n<!DOCTYPE html>\n/tmp\nslept\nexit\n")
    assert (cell.err, cell.status) == ("", "ok")


def test_a_dialogue_in_a_cell_of_commands(kernel: TypedKernel) -> None:
    code = "%%kubectl\nexec -it web -- sh\nexec web -- cat /tmp/x\nprintf 'tty\\n' | kubectl exec -i web -- sh"
    cell = kernel.run(code, ["cat > /tmp/x", "typed", "\x04", "exit"])
    assert cell.prompts == ["# ", "", "", "# "]
    assert cell.out == "typed\nnot a tty\n"


def test_a_pod_is_run_typed_to_and_removed(kernel: TypedKernel) -> None:
    cell = kernel.run("%kubectl run -it --rm t --image=busybox --restart=Never -- sh", ["hostname", "exit 3"])
    assert cell.prompts == ["/ # ", "/ # "]
    assert cell.out == (
        "t\nSession ended, resume using 'kubectl attach t -c t -n default -i -t' command\n"
        'pod "t" deleted from default namespace\n'
    )
    assert "recorded in container logs" in cell.err
    assert cell.err.endswith("pod default/t terminated (Error)\n\n")


def test_the_stop_button_ends_what_runs_and_then_the_dialogue(kernel: TypedKernel) -> None:
    running = kernel.run(
        "result = %kubectl exec -it web -- bash",
        ["echo begun; sleep 100000", "echo $?"],
        interrupt=lambda told: told.endswith("begun\n"),
    )
    assert running.prompts == [WEB] * 3
    assert (running.out, running.err, running.status) == ("begun\n^C\n130\n", "^C\n", "ok")
    assert kernel.run("print(result.exit_code)").out == "130\n"
    assert "sleep" not in kernel.run("%kubectl exec web -- sh -c 'cat /proc/*/cmdline'").out
    assert kernel.run("%kubectl exec web -- echo fine").out == "fine\n"


def test_an_exit_code_is_no_interrupt(kernel: TypedKernel) -> None:
    cell = kernel.run("%%kubectl\nexec -it web -- bash\necho after", ["(exit 130)", "exit"])
    assert (cell.out, cell.err) == ("exit\nafter\n", "command terminated with exit code 130\n")


def test_where_nothing_can_be_typed_a_sentence_says_what_to_do(kernel: TypedKernel) -> None:
    for line in ("exec -it web -- bash", "exec -i web -- cat", "run -it --rm u --image=busybox -- sh"):
        cell = kernel.run(f"%kubectl {line}", allow_stdin=False)
        assert cell.err.splitlines()[-1].startswith(NOBODY)
        assert (cell.prompts, cell.status) == ([], "ok")
    quiet = kernel.run("%kubectl exec -it web -- ls /etc/hostname", allow_stdin=False)
    assert (quiet.out, quiet.err) == ("/etc/hostname\n", "")


def test_a_notebook_run_without_a_person_does_not_hang() -> None:
    notebook = nbformat.v4.new_notebook()
    for code in ("%load_ext k8s_magic", "%kubectl run -it --rm u --image=busybox -- sh", "%kubectl get nodes"):
        notebook.cells.append(nbformat.v4.new_code_cell(code))
    NotebookClient(notebook, timeout=60, kernel_name="python3").execute()
    told = json.dumps(notebook.cells[1].outputs)
    assert NOBODY in told
    assert "node-1" in json.dumps(notebook.cells[2].outputs)


def test_the_simulation_and_its_views_go_on_while_a_line_is_typed(kernel: TypedKernel) -> None:
    shown = kernel.run("%cluster view").messages
    hub = next(each["content"]["comm_id"] for each in shown if "hub_id" in str(each["content"].get("data")))
    hello = {"comm_id": hub, "data": {"method": "custom", "content": {"type": "hello"}}}
    kernel.client.shell_channel.send(kernel.client.session.msg("comm_msg", hello))
    kernel.run("%kubectl create deployment restless --image=busybox --replicas=4 -- sleep 5")
    frames = 0

    def think() -> str:
        nonlocal frames
        end = time.monotonic() + 2
        while time.monotonic() < end:
            try:
                message = kernel.client.iopub_channel.get_msg(timeout=0.2)
            except queue.Empty:
                continue
            frames += message["msg_type"] == "comm_msg"
        return "exit"

    before = float(kernel.run("c = %cluster current\nprint(c.now)").out)
    kernel.run("%kubectl exec -it web -- bash", [think])
    after = float(kernel.run("print(c.now)").out)
    assert frames >= 4
    assert after - before >= 20
