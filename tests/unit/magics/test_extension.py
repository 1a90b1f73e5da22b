"""%load_ext, %reload_ext and %unload_ext leave nothing behind; two notebooks never see each other."""

from __future__ import annotations

import gc
import os
import signal
import subprocess
import sys
import threading
import time
import weakref

from notebook_shells import new_shell

from k8s_magic.cluster import Cluster

OURS = {"kubectl", "manifest", "cluster", "curl"}


def traces(shell) -> dict[str, object]:
    """All that an extension may leave in a shell and in its process."""
    magics = shell.magics_manager.magics
    return {
        "line": sorted(magics["line"]),
        "cell": sorted(magics["cell"]),
        "attributes": sorted(vars(shell)),
        "matchers": list(shell.Completer.custom_matchers),
        "hook": shell.display_trap.hook,
        "names": sorted(name for name in shell.user_ns if not name.startswith("_")),
        "threads": threading.active_count(),
        "signal": signal.getsignal(signal.SIGINT),
        "events": {name: list(calls) for name, calls in shell.events.callbacks.items()},
        "transformers": list(shell.input_transformers_post),
        "excepthook": sys.excepthook,
        "environment": dict(os.environ),
    }


def test_loading_adds_and_unloading_takes_all_away() -> None:
    shell = new_shell()
    before = traces(shell)
    shell.run_line_magic("load_ext", "k8s_magic")
    assert set(shell.magics_manager.magics["line"]) >= {"kubectl", "cluster", "curl"}
    assert set(shell.magics_manager.magics["cell"]) >= {"kubectl", "manifest"}
    shell.run_line_magic("cluster", "new --bare --nodes 1")
    shell.run_cell_magic("kubectl", "", "create deployment web --image=nginx\nget pods")
    cluster = weakref.ref(shell._k8s_magic[0].cluster)
    shell.run_line_magic("unload_ext", "k8s_magic")
    assert traces(shell) == before
    gc.collect()
    assert cluster() is None


def test_a_view_on_show_goes_too() -> None:
    shell = new_shell()
    before = traces(shell)
    shell.run_line_magic("load_ext", "k8s_magic")
    view = shell.run_line_magic("cluster", "view")
    view._repr_mimebundle_()
    shell.run_line_magic("kubectl", "create deployment web --image=nginx")
    shell.run_line_magic("unload_ext", "k8s_magic")
    for _ in range(100):  # a driver's last turn
        if threading.active_count() == before["threads"]:
            break
        time.sleep(0.05)
    assert traces(shell) == before


def test_reloading_gives_a_fresh_cluster_and_no_second_completer() -> None:
    shell = new_shell()
    shell.run_line_magic("load_ext", "k8s_magic")
    once = traces(shell)
    shell.run_line_magic("kubectl", "create namespace shop")
    for _ in range(2):
        shell.run_line_magic("reload_ext", "k8s_magic")
        after = traces(shell)
        assert {name for name in once if once[name] != after[name]} <= {"matchers", "hook"}
        assert len(after["matchers"]) == len(once["matchers"])
        assert type(after["hook"].shown) is type(once["hook"].shown)
    assert shell.run_line_magic("kubectl", "get namespace shop").exit_code == 1
    shell.run_line_magic("unload_ext", "k8s_magic")


def test_two_notebooks_never_see_each_other() -> None:
    one, two = new_shell(), new_shell()
    for shell in (one, two):
        shell.run_line_magic("load_ext", "k8s_magic")
        shell.run_line_magic("cluster", "new --manual")
    one.run_cell_magic("manifest", "mine.yaml", "{apiVersion: v1, kind: ConfigMap, metadata: {name: mine}}")
    one.run_cell_magic("kubectl", "", "X=1\nkubectl config set-context --current --namespace=kube-system")
    assert one.run_line_magic("kubectl", "get configmap mine -n default").exit_code == 0
    assert two.run_line_magic("kubectl", "get configmap mine").exit_code == 1
    assert "does not exist" in two.run_line_magic("kubectl", "apply -f mine.yaml").text
    assert two.run_line_magic("kubectl", "config view --minify -o jsonpath={..namespace}").text == ""
    assert "X" not in two.user_ns
    one.run_line_magic("unload_ext", "k8s_magic")
    assert two.run_line_magic("kubectl", "get nodes -o name").text.count("node/") == 4
    two.run_line_magic("unload_ext", "k8s_magic")


def test_the_module_opens_a_terminal(tmp_path) -> None:
    typed = "%kubectl create deployment web --image=nginx\n%kubectl get nodes -o name\n%kubectl get nope\nexit\n"
    environment = {**os.environ, "IPYTHONDIR": str(tmp_path), "TERM": "dumb"}
    run = subprocess.run(
        [sys.executable, "-m", "k8s_magic", "--simple-prompt", "--no-confirm-exit", "--colors=nocolor"],
        input=typed,
        capture_output=True,
        text=True,
        timeout=60,
        env=environment,
        cwd=tmp_path,
    )
    assert run.returncode == 0, run.stderr
    assert "A simulated Kubernetes cluster is ready: try %kubectl get nodes" in run.stdout
    assert "deployment.apps/web created" in run.stdout
    assert "node/control-plane\nnode/node-1\nnode/node-2\nnode/node-3\n" in run.stdout
    assert 'the server doesn\'t have a resource type "nope"' in run.stderr
    assert "Out[" not in run.stdout
    assert "Traceback" not in run.stdout + run.stderr


def test_one_line_from_the_command_line() -> None:
    run = subprocess.run(
        [sys.executable, "-m", "k8s_magic", "kubectl", "get", "namespace", "nope"],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (run.returncode, run.stdout) == (1, "")
    assert run.stderr == 'Error from server (NotFound): namespaces "nope" not found\n'


def test_from_python(capsys) -> None:
    cluster = Cluster(nodes=3, seed=0)
    assert cluster.kubectl("get nodes -o name").text.count("node/node-") == 3
    made = cluster.apply("apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n")
    assert (made.text, made.exit_code) == ("namespace/shop created\n", 0)
    cluster.kubectl("kubectl create deployment web --image=nginx --replicas=3")
    assert cluster.run_until(lambda: cluster.kubectl("get deploy web -o jsonpath={.status.readyReplicas}").text == "3")
    now = cluster.now
    assert cluster.now == now
    cluster.run_until(now + 5)
    assert cluster.now == now + 5
    assert not cluster.run_until(lambda: False, timeout=2)
    assert capsys.readouterr().out == ""
