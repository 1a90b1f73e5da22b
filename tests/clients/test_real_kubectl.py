"""What our kubectl does not implement goes to the real one; what the notebook's own shell runs finds the cluster."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import kubectls
import nbformat
import pytest
from IPython.core.interactiveshell import InteractiveShell
from nbclient import NotebookClient
from notebook_shells import the_shell

from k8s_magic.cluster import Cluster
from k8s_magic.magics import real_kubectl

pytestmark = [pytest.mark.clients, pytest.mark.realkubectl]

Kubectl = Callable[[str], tuple[int, str, str]]
MAP = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {}\n  labels: {{set: ours}}\n"


@pytest.fixture
def shell() -> Iterator[InteractiveShell]:
    with the_shell() as shell:
        yield shell
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("k8s-magic")]


@pytest.fixture
def kubectl(shell: InteractiveShell, capsys) -> Kubectl:
    def run(line: str) -> tuple[int, str, str]:
        result = shell.run_line_magic("kubectl", line)
        capsys.readouterr()
        return result.exit_code, result.stdout, result.stderr

    return run


@pytest.fixture(params=kubectls.VERSIONS)
def each_version(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    path = str(kubectls.program(request.param))
    monkeypatch.setattr(real_kubectl, "program", lambda: path)


@pytest.mark.usefixtures("each_version")
def test_a_flag_goes_to_the_real_kubectl_with_the_notebooks_own_files(shell, kubectl: Kubectl, capsys) -> None:
    for path, name in (("app/one.yaml", "one"), ("two.yaml", "two")):
        shell.run_cell_magic("manifest", path, MAP.format(name))
    capsys.readouterr()
    code, out, _ = kubectl("apply -f app/ --prune -l set=ours --prune-allowlist=core/v1/ConfigMap")
    assert (code, out) == (0, "configmap/one unchanged\nconfigmap/two pruned\n")
    assert kubectl("get cm -l set=ours -o name")[1] == "configmap/one\n"


@pytest.mark.usefixtures("each_version")
def test_a_command_goes_there_in_the_notebooks_namespace(kubectl: Kubectl) -> None:
    kubectl("config set-context --current --namespace=kube-public")
    code, out, err = kubectl("cluster-info dump --output-directory=-")
    assert (code, err) == (0, "")
    assert '"kind": "NodeList"' in out
    assert "/namespaces/kube-public/pods" not in err


@pytest.mark.usefixtures("each_version")
def test_its_output_is_passed_on_as_any_other(kubectl: Kubectl) -> None:
    assert kubectl("cluster-info dump | head -1") == (0, "{\n", "")
    code, _, err = kubectl("kustomize nowhere")
    assert (code, err.startswith("error: must build at directory")) == (1, True)


def test_stopped_time_goes_on_while_it_waits(shell: InteractiveShell, kubectl: Kubectl) -> None:
    shell.run_line_magic("cluster", "pause")
    before = shell.run_line_magic("cluster", "current").now
    assert kubectl("cluster-info dump")[0] == 0
    assert 0 <= shell.run_line_magic("cluster", "current").now - before < 30


@pytest.mark.parametrize(
    "line",
    [
        "edit deploy web",
        "apply edit-last-applied cm/x",
        "create -f x.yaml --edit",
        "config view --merge=false",
        "cp a web:/b",
        "-n x edit deploy",
    ],
)
def test_what_a_notebook_cannot_give_is_refused(kubectl: Kubectl, line: str) -> None:
    code, out, err = kubectl(line)
    assert (code, out, err.count("\n")) == (1, "", 1)
    assert err.startswith("error: ")


def test_words_that_no_program_takes_are_refused(kubectl: Kubectl, shell: InteractiveShell) -> None:
    cluster = shell.run_line_magic("cluster", "current")
    assert cluster.kubectl(["get", "--nosuch", "\0"]).stderr.startswith("error: unknown flag: --nosuch\n")


def test_without_a_real_kubectl_the_refusal_stands(kubectl: Kubectl, monkeypatch) -> None:
    monkeypatch.setattr(real_kubectl, "program", lambda: None)
    sentence = "error: kubectl cluster-info dump is not part of this simulation: use kubectl get all -A -o yaml\n"
    assert kubectl("cluster-info dump") == (1, "", sentence)


def test_the_port_is_closed_again_unless_it_was_open(shell: InteractiveShell, kubectl: Kubectl) -> None:
    cluster = shell.run_line_magic("cluster", "current")
    kubectl("kustomize nowhere")
    assert not cluster.is_served
    shell.run_line_magic("cluster", "serve")
    kubectl("kustomize nowhere")
    assert cluster.is_served


def test_serve_tells_how_to_connect_and_leaves_nothing(shell: InteractiveShell, capsys, monkeypatch) -> None:
    monkeypatch.setenv("KUBECONFIG", "/nowhere/before")
    shell.run_line_magic("cluster", "serve")
    told = capsys.readouterr().out
    config = os.environ["KUBECONFIG"]
    cluster = shell.run_line_magic("cluster", "current")
    port = cluster.serve().port
    assert f"https://127.0.0.1:{port}" in told
    assert f"KUBECONFIG={config}" in told
    assert Path(config).stat().st_mode & 0o077 == 0
    shell.run_line_magic("unload_ext", "k8s_magic")
    assert os.environ["KUBECONFIG"] == "/nowhere/before"
    assert not Path(config).exists()
    with socket.socket() as other:
        assert other.connect_ex(("127.0.0.1", port)) != 0
    shell.run_line_magic("load_ext", "k8s_magic")


def test_a_shell_command_in_a_cell_does_not_deadlock(tmp_path: Path) -> None:
    cells = [
        "%load_ext k8s_magic\n%cluster serve",
        "%kubectl create deployment web --image=nginx --replicas=2",
        "!kubectl wait --for=condition=Available deployment/web --timeout=60s",
        "!kubectl get pods --no-headers | wc -l",
        "%%bash\nkubectl get deployments -o name\nkubectl scale deployment web --replicas=3",
        "%kubectl rollout status deployment/web",
        "%cluster unserve\nimport os\nprint('KUBECONFIG' in os.environ)",
    ]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(text) for text in cells])
    before = os.environ.pop("KUBECONFIG", None)
    try:
        NotebookClient(
            notebook, timeout=90, kernel_name="python3", resources={"metadata": {"path": tmp_path}}
        ).execute()
    finally:
        if before is not None:
            os.environ["KUBECONFIG"] = before
    said = [
        "".join(out.get("text", "") for out in cell.outputs if out.output_type == "stream") for cell in notebook.cells
    ]
    assert said[2].strip() == "deployment.apps/web condition met"
    assert said[3].strip() == "2"
    assert said[4] == "deployment.apps/web\ndeployment.apps/web scaled\n"
    assert said[5].endswith('deployment "web" successfully rolled out\n')
    assert said[6].strip() == "False"


def test_a_command_for_another_server_is_not_handed_over(tmp_path) -> None:
    cluster = Cluster(bare=True)
    cluster.elsewhere = real_kubectl.RealKubectl(cluster)
    for words in (
        ["--kubeconfig", str(tmp_path / "real")],
        ["--server=https://192.0.2.1"],
        ["-s", "https://192.0.2.1"],
    ):
        answer = cluster.kubectl(["cluster-info", "dump", *words])
        assert answer.exit_code == 1
        assert "not" in answer.stderr
        assert not cluster.is_served
