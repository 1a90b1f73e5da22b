"""exec, attach and run as dialogues in this process: what is asked, printed, logged and done again."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from k8s_magic.cluster import Cluster, Result
from k8s_magic.kubectl.streams import NoKeyboard

NOBODY = (
    "error: nothing can be typed here: give the whole command, as in 'kubectl exec web -- ls /', or send the lines, as "
    "in printf 'cd /tmp\\npwd\\n' | kubectl exec -i web -- sh\n"
)
RECORDED = (
    "All commands and output from this session will be recorded in container logs, including credentials and "
    "sensitive information passed through the command prompt.\n"
    "If you don't see a command prompt, try pressing enter.\n"
)
ENDED = "Session ended, resume using 'kubectl attach {0} -c {0} -n default -i -t' command\n"
STOP = KeyboardInterrupt
Line = str | None | type[BaseException]


class Keys:
    """Lines to type, None for Ctrl-D and an exception to raise; `prompts` is what was asked with."""

    def __init__(self, *lines: Line) -> None:
        self._lines = list(lines)
        self.prompts: list[str] = []

    def ask(self, prompt: str) -> str | None:
        self.prompts.append(prompt)
        line = self._lines.pop(0)
        if line is None or isinstance(line, str):
            return line
        raise line


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    cluster = Cluster(nodes=1)
    assert cluster.kubectl("run web --image=nginx").exit_code == 0
    assert cluster.kubectl("wait --for=condition=Ready pod/web").exit_code == 0
    yield cluster
    cluster.close()


@pytest.fixture
def typed(cluster: Cluster) -> Callable[..., tuple[Result, list[str]]]:
    def run(line: str, *lines: Line) -> tuple[Result, list[str]]:
        keys = Keys(*lines)
        return cluster.kubectl(line, keyboard=keys), keys.prompts

    return run


def test_a_shell_is_typed_to(typed) -> None:
    result, prompts = typed(
        "exec -it web -- bash",
        "hostname",
        "cd /tmp",
        "X=1; echo $X",
        "sleep 60",
        "if true",
        "then echo y",
        "fi",
        "exit 3",
    )
    here, there = "root@web:/# ", "root@web:/tmp# "
    assert prompts == [here, here, there, there, there, "> ", "> ", there]
    assert (result.stdout, result.exit_code) == ("web\n1\ny\nexit\n", 3)
    assert result.stderr == "command terminated with exit code 3\n"


def test_the_end_of_the_input_goes_to_who_reads(typed) -> None:
    result, prompts = typed("exec -it web -- bash", "cat", "to cat", None, "false", None)
    assert prompts == ["root@web:/# ", "", "", "root@web:/# ", "root@web:/# "]
    assert (result.stdout, result.exit_code) == ("to cat\nexit\n", 1)
    assert typed("exec -i web -- cat", "a", "b", None)[0].stdout == "a\nb\n"
    assert typed("exec -it web -- bash", "\techo\ttabs", "exit")[0].stdout == "tabs\nexit\n"
    deaf, prompts = typed("exec -it web -- sh -c 'while true; do read x; done'", None, None, None)
    assert (deaf.exit_code, len(prompts)) == (1, 3)


def test_the_first_interrupt_is_for_the_command_and_at_a_prompt_for_kubectl(cluster: Cluster, monkeypatch) -> None:
    pressed = iter([True])
    wait = cluster._parts.door.wait

    def interrupted(ready, timeout=None):
        if any("sleep" in str(entry.arguments.get("words")) for entry in cluster._parts.door.log[-1:]) and next(
            pressed, False
        ):
            raise KeyboardInterrupt
        return wait(ready, timeout)

    monkeypatch.setattr(cluster._parts.door, "wait", interrupted)
    keys = Keys("sleep 100000", "echo $?", STOP)
    result = cluster.kubectl("exec -it web -- bash", keyboard=keys)
    assert (result.stdout, result.exit_code, len(keys.prompts)) == ("^C\n130\n", 130, 3)
    assert cluster.now < 1000
    assert "bash" not in cluster.kubectl("exec web -- sh -c 'ps; cat /proc/*/cmdline'").stdout


@pytest.mark.parametrize("line", ["exec -it web -- bash", "exec -it web -- cat", "exec -i web -- cat"])
def test_where_nothing_can_be_typed_a_sentence_says_so(cluster: Cluster, typed, line: str) -> None:
    result, _ = typed(line, NoKeyboard)
    assert (result.stdout, result.stderr, result.exit_code) == ("", NOBODY, 1)


def test_what_reads_nothing_needs_no_keyboard(cluster: Cluster) -> None:
    assert cluster.kubectl("exec -it web -- ls /etc/hostname").stdout == "/etc/hostname\n"
    assert cluster.kubectl("exec -it web -- bash").stderr == NOBODY
    assert cluster.kubectl("exec -i web -- cat", stdin="piped\n").stdout == "piped\n"
    assert cluster.kubectl("exec -i web -- cat").stdout == ""
    piped = cluster.kubectl("exec -it web -- sh", stdin="tty\n")
    assert (piped.stdout, piped.stderr.splitlines()[0]) == (
        "not a tty\n", "Unable to use a TTY - input is not a terminal or the right kind of file"
    )  # fmt: skip
    assert "Unable" not in cluster.kubectl("exec -it -q web -- true", stdin="x").stderr


def test_a_pod_is_run_and_typed_to(cluster: Cluster, typed) -> None:
    result, prompts = typed("run -it --rm t --image=busybox --restart=Never -- sh", "hostname", "exit 3")
    assert prompts == ["/ # ", "/ # "]
    assert result.stdout == f't\n{ENDED.format("t")}pod "t" deleted from default namespace\n'
    assert (result.stderr, result.exit_code) == (f"{RECORDED}pod default/t terminated (Error)\n\n", 3)
    cluster.run(60)
    nobody = cluster.kubectl("run -it --rm t --image=busybox --restart=Never")
    assert (nobody.stderr, nobody.exit_code) == (RECORDED + NOBODY, 1)
    assert nobody.stdout == 'pod "t" deleted from default namespace\n'


def test_what_is_run_prints_and_reads_what_is_piped_in(cluster: Cluster) -> None:
    run = "run t --image=busybox --rm --restart=Never"
    assert cluster.kubectl(f"{run} -it -- echo hello").stdout == 'hello\npod "t" deleted from default namespace\n'
    cluster.run(60)
    slow = cluster.kubectl(f"{run} -it -- sh -c 'echo a; sleep 3; echo b'")
    assert slow.stdout == f'a\nb\n{ENDED.format("t")}pod "t" deleted from default namespace\n'
    cluster.run(60)
    piped = cluster.kubectl(f"{run} -i -- wc -l", stdin="1\n2\n")
    assert (piped.stdout, piped.stderr) == ('2\npod "t" deleted from default namespace\n', RECORDED)


def test_who_detaches_finds_the_shell_again(cluster: Cluster, typed) -> None:
    assert cluster.kubectl("run shell -it --attach=false --image=busybox -- sh").exit_code == 0
    assert cluster.kubectl("wait --for=condition=Ready pod/shell").exit_code == 0
    left, _ = typed("attach -it shell", "cd /tmp; X=kept", STOP)
    assert (left.exit_code, left.stderr) == (130, RECORDED)
    again, prompts = typed("attach -it shell", "echo $X", "exit")
    assert prompts == ["/tmp # ", "/tmp # "]
    assert again.stdout == f"kept\n{ENDED.format('shell')}"
    cluster.run(30)
    assert cluster.kubectl("get pod shell -o jsonpath={.status.containerStatuses[0].restartCount}").stdout == "1"


def test_a_container_without_an_open_input_is_only_looked_at(cluster: Cluster) -> None:
    cluster.run(5)  # without a probe a Pod is ready before it listens
    entries = len(cluster._parts.door.log)
    dialogue = cluster.transport.converse("default", "web", "", None, stdin=False)
    assert len(cluster._parts.door.log) == entries
    cluster.kubectl("exec web -- curl -s localhost")
    dialogue.wait()
    assert '"GET / HTTP/1.1" 200' in str(dialogue.take())
    dialogue.write("nobody hears this\n")
    dialogue.close()
    assert [entry.action for entry in cluster._parts.door.log[entries:]] == ["exec"]


def test_a_dialogue_is_done_again_in_a_replay(cluster: Cluster, typed) -> None:
    typed("exec -it web -- bash", "cat > /tmp/notes", "one", None, "echo $$ > /tmp/pid", "sleep 7 &", STOP)
    typed("run -it shell --image=busybox -- sh", "echo said", STOP)
    cluster.run(10)
    saved = cluster.save()
    again = Cluster.load(saved)
    assert again.save() == saved
    for words in ("exec web -- cat /tmp/notes /tmp/pid", "logs shell", "get pods -A -o yaml"):
        assert again.kubectl(words).stdout == cluster.kubectl(words).stdout
    assert "said" in again.kubectl("logs shell").stdout
    again.close()


def test_a_paused_cluster_answers_what_is_typed() -> None:
    cluster = Cluster(nodes=1, live=True, speed=100)
    cluster.kubectl("run web --image=nginx")
    cluster.kubectl("wait --for=condition=Ready pod/web")
    cluster.pace.pause()
    dialogue = cluster.transport.converse("default", "web", "", ["sh"], tty=True)
    now = cluster.now
    dialogue.take()
    dialogue.write("echo $((6*7))\r")
    assert dialogue.take() == [("stdout", text) for text in [*"echo $((6*7))", "\r\n", "42\r\n", "# "]]
    assert cluster.now == now
    dialogue.close()
    cluster.close()
