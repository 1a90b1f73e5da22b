"""The real kubectl on a pseudo-terminal: exec, run and attach as dialogues, over the HTTP API."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from typing_terminal import TypingTerminal

from k8s_magic import Cluster
from k8s_magic.httpapi import kubeconfig

pytestmark = pytest.mark.realkubectl

Open = Callable[..., TypingTerminal]
Kubectl = Callable[..., "subprocess.CompletedProcess[str]"]
WEB = r"root@web:/\S*# "
# kubectl tells an attached terminal of two sizes, and a shell shows its line again for each.
SHOWN_AGAIN = r"# \r\x1b\[J/\S* # $"
RECORDED = "All commands and output from this session will be recorded in container logs"


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    cluster = Cluster(nodes=1, live=True, speed=20)
    cluster.kubectl("run web --image=nginx")
    cluster.kubectl("wait --for=condition=Ready pod/web --timeout=600s")
    yield cluster
    cluster.close()


@pytest.fixture
def env(cluster: Cluster, tmp_path: Path) -> dict[str, str]:
    path = tmp_path / "kubeconfig"
    kubeconfig.write(path, cluster.serve().config)
    return {**os.environ, "KUBECONFIG": str(path)}


@pytest.fixture
def typed(real_kubectl: Path, env: dict[str, str]) -> Open:
    return lambda *words: TypingTerminal([real_kubectl, *words], env)


@pytest.fixture
def real(real_kubectl: Path, env: dict[str, str]) -> Kubectl:
    def run(*words: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run([real_kubectl, *words], env=env, input=stdin, capture_output=True, text=True, timeout=60)

    return run


def test_a_shell_is_typed_to(typed: Open) -> None:
    shell = typed("exec", "-it", "web", "--", "bash")
    shell.until(WEB)
    assert shell.ask("hostname", WEB) == "hostname\r\nweb\r\nroot@web:/# "
    assert shell.ask("cd /tmp", WEB) == "cd /tmp\r\nroot@web:/tmp# "
    assert shell.ask("pwd", WEB) == "pwd\r\n/tmp\r\nroot@web:/tmp# "
    assert shell.ask("X=1; echo $X", WEB) == "X=1; echo $X\r\n1\r\nroot@web:/tmp# "
    assert shell.ask("ecoh\x7f\x7fho hi\x01\x0b\x15tty", WEB).endswith("/dev/pts/0\r\nroot@web:/tmp# ")
    shell.type("sleep 10000\r")
    shell.until("sleep 10000\r\n")
    shell.type("\x03")
    assert shell.until(WEB) == "^C\r\nroot@web:/tmp# "
    assert shell.ask("for i in 1 2; do", "> ") == "for i in 1 2; do\r\n> "
    assert shell.ask("echo $i; done", WEB) == "echo $i; done\r\n1\r\n2\r\nroot@web:/tmp# "
    assert shell.ask("curl -s localhost | head -1", WEB).endswith("<!DOCTYPE html>\r\nroot@web:/tmp# ")
    shell.type("exit 3\r")
    assert shell.end() == 3
    assert shell.screen.endswith("exit 3\r\nexit\r\ncommand terminated with exit code 3\r\n")


def test_the_end_of_the_input_ends_a_shell(typed: Open) -> None:
    shell = typed("exec", "-it", "web", "--", "sh")
    shell.until("# ")
    shell.type("\x04")
    assert shell.end() == 0


def test_input_is_piped_in(real: Kubectl, tmp_path: Path) -> None:
    assert real("exec", "-i", "web", "--", "cat", stdin="hello\n").stdout == "hello\n"
    script = 'cd /tmp\nfor n in 1 2; do\n  echo $n > n$n\ndone\ncat n1 n2\nread x\nunread\necho "<$x>"\nexit 5\n'
    done = real("exec", "-i", "web", "--", "bash", stdin=script)
    assert (done.stdout, done.returncode) == ("1\n2\n<unread>\n", 5)
    assert done.stderr == "command terminated with exit code 5\n"
    piped = real("exec", "-it", "web", "--", "sh", stdin="tty\n")
    assert (piped.stdout, piped.stderr) == (
        "not a tty\n",
        "Unable to use a TTY - input is not a terminal or the right kind of file\n"
        "command terminated with exit code 1\n",
    )
    large = "".join(f"line {number}\n" for number in range(200_000))
    assert real("exec", "-i", "web", "--", "wc", "-l", stdin=large).stdout == "200000\n"


def test_a_pod_is_run_typed_to_and_removed(typed: Open, cluster: Cluster) -> None:
    shell = typed("run", "-it", "--rm", "shell", "--image=busybox", "--", "sh")
    shell.until(SHOWN_AGAIN)
    assert RECORDED in shell.screen
    assert shell.ask("hostname", r"/ # $").endswith("hostname\r\nshell\r\n/ # ")
    shell.type("exit\r")
    assert shell.end() == 0
    assert "Session ended, resume using 'kubectl attach shell -c shell -n default -i -t' command" in shell.screen
    assert 'pod "shell" deleted from default namespace' in shell.screen
    assert cluster.run_until(lambda: not cluster.kubectl("get pod shell").stdout)


def test_a_pods_exit_code_is_kubectls(typed: Open) -> None:
    shell = typed("run", "-it", "--rm", "once", "--image=busybox", "--restart=Never", "--", "sh")
    shell.until(SHOWN_AGAIN)
    shell.type("exit 7\r")
    assert shell.end() == 7
    assert "pod default/once terminated (Error)" in shell.screen


def test_a_shell_outlives_who_attaches_to_it(typed: Open, real: Kubectl, cluster: Cluster) -> None:
    assert cluster.kubectl("run -it shell --image=busybox --attach=false -- sh").exit_code == 0
    assert cluster.kubectl("wait --for=condition=Ready pod/shell --timeout=600s").exit_code == 0
    first = typed("attach", "-it", "shell")
    first.until(SHOWN_AGAIN)
    assert first.ask("cd /tmp; X=kept", r"# $").endswith("/tmp # ")
    first.type("\x10\x11")  # Ctrl-P Ctrl-Q: kubectl's own keys to leave
    first.end()
    second = typed("attach", "-it", "shell")
    second.until(SHOWN_AGAIN)
    assert second.ask("echo $X", r"/tmp # $").endswith("kept\r\n/tmp # ")
    second.close()
    assert cluster.kubectl("get pod shell -o jsonpath={.status.containerStatuses[0].restartCount}").stdout == "0"
    assert "kept" in real("logs", "shell").stdout


def test_a_container_without_an_open_input_is_only_looked_at(typed: Open, cluster: Cluster) -> None:
    shell = typed("attach", "-it", "web")
    shell.until("try pressing enter")
    assert "error: Unable to use a TTY - container web did not allocate one\r\n" in shell.screen
    while not shell.sees('"GET / HTTP/1.1" 200'):  # kubectl connects after what it has said
        cluster.kubectl("exec web -- curl -s localhost")
    shell.close()
    assert not [entry for entry in cluster._parts.door.log if entry.action == "input"]


def test_what_was_typed_is_typed_again_in_a_replay(typed: Open, cluster: Cluster) -> None:
    shell = typed("exec", "-it", "web", "--", "bash")
    shell.until(WEB)
    for line in ("cd /tmp", "cat > notes", "one", "two"):
        shell.type(f"{line}\r")
    shell.type("\x04")
    shell.until(WEB + "$")
    shell.ask("sleep 100 & echo started > job", WEB)
    shell.close()
    again = Cluster.load(cluster.save())
    for name in ("notes", "job"):
        said = again.kubectl(f"exec web -- cat /tmp/{name}").stdout
        assert said
        assert said == cluster.kubectl(f"exec web -- cat /tmp/{name}").stdout
    again.close()


def test_our_own_kubectl_in_a_terminal(env: dict[str, str]) -> None:
    own = [sys.executable, "-m", "k8s_magic", "kubectl"]
    shell = TypingTerminal([*own, "run", "-it", "--rm", "shell", "--image=busybox", "--restart=Never"], env)
    shell.until("/ # ")
    assert shell.ask("cd /tmp; echo $?", "/tmp # ").endswith("\r\n0\r\n/tmp # ")
    shell.type("sleep 1000; echo slept\r")  # this cluster's time runs as fast as it can
    shell.until("slept\r\n/tmp # ")
    shell.type("\x04")
    assert shell.end() == 0
    assert 'pod "shell" deleted from default namespace' in shell.screen


def test_a_terminals_ipython(env: dict[str, str], tmp_path: Path) -> None:
    words = [sys.executable, "-m", "k8s_magic", "--simple-prompt", "--no-banner", "--no-confirm-exit"]
    terminal = TypingTerminal(words, {**env, "TERM": "dumb", "IPYTHONDIR": str(tmp_path)})
    terminal.until(r"In \[1\]: ")
    terminal.ask("%cluster speed 20", r"In \[2\]: ")
    terminal.ask("%kubectl run web --image=nginx", r"In \[3\]: ")
    terminal.ask("%kubectl wait --for=condition=Ready pod/web", r"In \[4\]: ")
    assert terminal.ask("%kubectl exec -it web -- bash", WEB).endswith("\r\nroot@web:/# ")
    assert terminal.ask("cd /tmp; hostname", WEB) == "cd /tmp; hostname\r\nweb\r\nroot@web:/tmp# "
    terminal.type("echo begun; sleep 100000\r")
    terminal.until("\r\nbegun\r\n")
    terminal.type("\x03")
    terminal.until(WEB)
    assert terminal.ask("echo $?", WEB) == "echo $?\r\n130\r\nroot@web:/tmp# "
    terminal.type("\x04")
    assert terminal.until(r"In \[5\]: ").startswith("exit\r\n")
    terminal.ask("%kubectl exec -it web -- bash", WEB)
    time.sleep(0.5)  # until Python's `input` reads: it sleeps through what comes between its prompt and that
    terminal.type("\x03")
    assert "Traceback" not in terminal.until(r"In \[6\]: ")
    terminal.type("exit\r")
    assert terminal.end() == 0
