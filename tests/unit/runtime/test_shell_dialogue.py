"""A shell that is typed to. What bash and dash show was read off Debian 12's own on a pseudo-terminal."""

from __future__ import annotations

import pytest
from runtime_rig import Machine, texts

from k8s_magic.runtime.contract import ContainerConfig
from k8s_magic.runtime.session import Execution


class Talk:
    """A command on a terminal, or (tty False) with an open input."""

    def __init__(self, image: str, *command: str, tty: bool = True, machine: Machine | None = None) -> None:
        self.machine = machine or Machine()
        self.container = self.machine.start(image, "sleep", "3600", sandbox=self.machine.sandbox("web"))
        self.screen = ""
        self.session: Execution = self.machine.node.exec(self.container, list(command), None, self._hear, tty)

    def _hear(self, stream: str, text: str) -> None:
        self.screen += text

    def type(self, *keys: str | float) -> str:
        """Press keys or (a number) let so many seconds pass; what has come onto the screen since."""
        before = len(self.screen)
        for key in keys:
            if isinstance(key, str):
                self.session.write(key)
                self.machine.kernel.run_until(self.machine.kernel.now)
            else:
                self.machine.run(key)
        return self.screen[before:]


BASH, DASH, ASH = ("debian", "bash", "root@web:/# "), ("debian", "sh", "# "), ("busybox", "sh", "/ # ")
SHELLS = [pytest.param(*shell, id=name) for name, shell in (("bash", BASH), ("dash", DASH), ("ash", ASH))]


@pytest.mark.parametrize(("image", "shell", "prompt"), SHELLS)
def test_a_shell_asks_runs_and_remembers(image: str, shell: str, prompt: str) -> None:
    talk = Talk(image, shell)
    assert talk.screen == prompt
    assert talk.type("echo hi\r") == f"echo hi\r\nhi\r\n{prompt}"
    assert talk.type("x=1; f() { echo F$1; }\r", "f $x\r").endswith(f"F1\r\n{prompt}")
    assert talk.type("if true\r") == "if true\r\n> "
    assert talk.type("then echo x; fi\r") == f"then echo x; fi\r\nx\r\n{prompt}"
    assert talk.type("cat <<E\r", "hello $x\r", "E\r").endswith(f"> E\r\nhello 1\r\n{prompt}")
    assert talk.type("echo 'a\r", "b'\r").endswith(f"> b'\r\na\r\nb\r\n{prompt}")
    assert talk.type("echo \\\r", "c\r").endswith(f"> c\r\nc\r\n{prompt}")
    assert talk.type("(exit 4)\r", "echo $?\r").endswith(f"4\r\n{prompt}")
    assert talk.session.exit_code is None
    talk.type("exit 3\r")
    assert talk.session.exit_code == 3


@pytest.mark.parametrize(
    ("image", "shell", "screen"),
    [
        ("debian", "bash", "root@web:/# cd /tmp\r\nroot@web:/tmp# cd\r\nroot@web:~# "),
        ("busybox", "sh", "/ # cd /tmp\r\n/tmp # cd\r\n~ # "),
        ("debian", "sh", "# cd /tmp\r\n# cd\r\n# "),
        ("bash", "bash", "bash-5.2# cd /tmp\r\nbash-5.2# cd\r\nbash-5.2# "),
    ],
)
def test_the_prompt_is_the_images_own(image: str, shell: str, screen: str) -> None:
    talk = Talk(image, shell)
    talk.type("cd /tmp\r", "cd\r")
    assert talk.screen == screen
    assert talk.type("PS1='$PWD> '\r").endswith("/root> ")


@pytest.mark.parametrize(("image", "shell", "prompt"), SHELLS)
def test_the_input_ends_where_it_is_ended(image: str, shell: str, prompt: str) -> None:
    talk = Talk(image, shell)
    talk.type("false\r")
    assert talk.type("\x04") == {"bash": "exit\r\n", "sh": "" if image == "busybox" else "\r\n"}[shell]
    assert talk.session.exit_code == 1
    half = Talk(image, shell)
    half.type("if true\r")
    assert "unexpected end of file" in half.type("\x04") or "end of file unexpected" in half.screen
    assert half.screen.endswith(prompt)
    assert half.session.wants_input


@pytest.mark.parametrize(("image", "shell", "prompt"), SHELLS)
def test_ctrl_c_gives_up_the_line_or_the_command(image: str, shell: str, prompt: str) -> None:
    talk = Talk(image, shell)
    assert talk.type("rm -r /ty", "\x03") == f"rm -r /ty^C\r\n{prompt}"
    for command in ("sleep 100", "sleep 100 | cat", "while true; do sleep 1; done", "cat"):
        assert talk.type(f"{command}\r", 2.5) == f"{command}\r\n"
        assert talk.type("\x03") == f"^C\r\n{prompt}"
        assert talk.type("echo $?\r") == f"echo $?\r\n130\r\n{prompt}"
    assert list(talk.container.others) == [2]
    assert talk.type("trap 'echo caught' INT\r", "sleep 9\r", 1, "\x03").endswith(f"^C\r\ncaught\r\n{prompt}")
    assert talk.type("trap '' INT\r", "sleep 9\r", 1, "\x03", 9).endswith(f"sleep 9\r\n^C{prompt}")
    assert talk.session.exit_code is None


@pytest.mark.parametrize(
    ("line", "bash", "dash", "ash"),
    [
        ("nosuch", "bash: nosuch: command not found", "sh: 1: nosuch: not found", "sh: nosuch: not found"),
        (
            "echo )",
            "bash: syntax error near unexpected token `)'",
            'sh: 1: Syntax error: ")" unexpected',
            'sh: syntax error: unexpected ")"',
        ),
        ("echo ${x?bad}", "bash: x: bad", "sh: 1: x: bad", "sh: x: bad"),
    ],
)
def test_a_mistake_does_not_end_a_shell_that_is_typed_to(line: str, bash: str, dash: str, ash: str) -> None:
    for (image, shell, prompt), words in ((BASH, bash), (DASH, dash), (ASH, ash)):
        talk = Talk(image, shell)
        assert talk.type(f"{line}\r") == f"{line}\r\n{words}\r\n{prompt}"


def test_a_shell_by_its_path_calls_itself_by_its_name() -> None:
    talk = Talk("debian", "/bin/bash")
    assert talk.type("nosuch\r") == "nosuch\r\nbash: nosuch: command not found\r\nroot@web:/# "
    assert talk.type(")\r").endswith("\r\nbash: syntax error near unexpected token `)'\r\nroot@web:/# ")


def test_what_commands_read_is_what_is_typed_next() -> None:
    talk = Talk("debian", "bash")
    assert talk.type("cat\r", "one\r", "two\r") == "cat\r\none\r\none\r\ntwo\r\ntwo\r\n"
    assert talk.type("\x04") == "root@web:/# "
    assert talk.type("read -p 'name? ' name\r", "you\r", "echo $name\r").endswith("echo $name\r\nyou\r\nroot@web:/# ")
    assert talk.type("grep b | wc -l\r", "ab\r", "c\r", "b\r", "\x04").endswith("b\r\n2\r\nroot@web:/# ")
    assert talk.type("read -s x\r", "secret\r", "echo $x\r") == (
        "read -s x\r\nroot@web:/# echo $x\r\nsecret\r\nroot@web:/# "
    )
    assert talk.type("history | tail -2\r").endswith("    6  echo $x\r\n    7  history | tail -2\r\nroot@web:/# ")
    assert talk.type("tty; echo $TERM\r").endswith("/dev/pts/0\r\nxterm\r\nroot@web:/# ")


def test_lines_that_come_at_once_are_run_one_after_the_other() -> None:
    talk = Talk("debian", "bash")
    talk.type("cd /tmp\rpwd\rsh\recho in dash\rexit\rexit 2\r")
    assert talk.screen == (
        "root@web:/# cd /tmp\r\nroot@web:/tmp# pwd\r\n/tmp\r\nroot@web:/tmp# sh\r\n# in dash\r\n# root@web:/tmp# "
        "exit 2\r\nexit\r\n"
    )
    assert talk.session.exit_code == 2


def test_a_job_in_the_background_is_told_of() -> None:
    talk = Talk("debian", "bash")
    assert talk.type("sleep 5 &\r") == "sleep 5 &\r\n[1] 3\r\nroot@web:/# "
    assert talk.type(6, "\r") == "\r\n[1]+  Done                    sleep 5\r\nroot@web:/# "


def test_a_line_can_be_edited() -> None:
    talk = Talk("busybox", "sh")
    line = "ecoh\x7f\x7fho b\x01#\x06\x1b[D\x1b[3~\x05\x17a\x1b[D\x1b[D \x1b[4~"
    assert talk.type(line, "\r").endswith("a\r\n/ # ")
    assert talk.type("echo 1\r", "echo 2\r", "\x1b[A\x1b[A\r").endswith("1\r\n/ # ")
    assert talk.type("junk\x1b[A\x1b[B\x15\r").endswith("\r\n/ # ")
    assert talk.type("\tnothing here\x15pwd\x0b\x0c\r").endswith("/\r\n/ # ")
    assert talk.type("x" * 5000).count("x") == 4095
    assert talk.type("\x15echo $X\r").endswith("echo $X\r\n\r\n/ # ")
    assert talk.type("日本\x7f\x15echo 日本\r").endswith("日本\r\n/ # ")


@pytest.mark.parametrize(("image", "shell"), [("debian", "bash"), ("debian", "sh"), ("busybox", "sh")])
def test_without_a_terminal_a_shell_reads_a_script_and_says_nothing(image: str, shell: str) -> None:
    talk = Talk(image, shell, tty=False)
    assert talk.type("cd /tmp\n", "pwd\n") == "/tmp\n"
    assert talk.type("if true; then\n", "echo yes") == ""
    assert talk.type("\n", "fi\n") == "yes\n"
    assert talk.type("cat\n", "typed\n") == "typed\n"
    assert talk.session.wants_input
    talk.session.end()
    talk.machine.run(1)
    assert talk.session.exit_code == 0


def test_only_bash_leaves_its_commands_what_follows_them() -> None:
    machine = Machine()
    script = "read x\nhello\necho got $x\ncat\nrest\n"
    assert machine.exec(machine.debian(), "bash", stdin=script) == ("got hello\nrest\n", "", 0)
    output = machine.exec(machine.debian(), "sh", stdin=script)
    assert output == ("got\n", "sh: 2: hello: not found\nsh: 5: rest: not found\n", 127)
    piped = "echo a | cat\necho b | { read x; echo $x; }\nwhile read y; do echo $y | cat; done\nc\nd\n"
    assert machine.exec(machine.debian(), "bash", stdin=piped)[0] == "a\nb\nc\nd\n"
    assert machine.exec(machine.debian(), "bash", stdin="echo a\necho )\necho b\n") == (
        "a\n", "bash: line 2: syntax error near unexpected token `)'\n", 2,
    )  # fmt: skip


def test_other_programs_on_a_terminal() -> None:
    asleep = Talk("debian", "sleep", "100")
    asleep.type(1, "\x03")
    assert asleep.session.exit_code == 130
    cat = Talk("debian", "cat")
    assert cat.type("ab\x7fc\r", "x y\x17\x15z\x04", "\r", "\x04").endswith("\r\n")
    assert cat.session.exit_code == 0
    piped = Talk("debian", "tee", "/tmp/copy", tty=False)
    assert piped.type("half a line", 1, " and its end\n") == "half a line and its end\n"
    assert piped.container.fs.read("/tmp/copy") == "half a line and its end\n"
    assert Talk("debian", "ls", "/etc/hostname").screen == "/etc/hostname\r\n"


def test_ls_puts_names_side_by_side_on_a_terminal() -> None:
    names = (
        "bin boot dev docker-entrypoint.d docker-entrypoint.sh etc home lib lib64 media mnt opt proc root run sbin srv "
        "sys tmp usr var"
    )
    talk = Talk("debian", "bash")
    talk.type(f"mkdir /d; cd /d; touch {names}\r")
    # recorded: coreutils 9.1 on a terminal of 80 columns
    shown = (
        "bin   docker-entrypoint.d   home   media  proc\tsbin  tmp\r\n"
        "boot  docker-entrypoint.sh  lib    mnt\t  root\tsrv   usr\r\n"
        "dev   etc\t\t    lib64  opt\t  run\tsys   var\r\n"
    )
    assert talk.type("ls\r") == f"ls\r\n{shown}root@web:/d# "
    assert (
        talk.type("ls -1 | head -2; ls -1 bin\r") == "ls -1 | head -2; ls -1 bin\r\nbin\r\nboot\r\nbin\r\nroot@web:/d# "
    )
    talk.session.resize(20, 24)
    assert talk.type("ls b* l* t*\r").endswith("bin   lib    tmp\r\nboot  lib64\r\nroot@web:/d# ")
    box = Talk("busybox", "sh")
    assert box.type("mkdir /d; cd /d; touch a bbb c d\r", "ls\r").endswith("a    bbb  c    d\r\n/d # ")


def test_redis_cli_asks_on_a_terminal() -> None:
    machine = Machine()
    container = machine.start("redis:7")
    machine.run(1)
    screen: list[str] = []
    session = machine.node.exec(container, ["redis-cli"], None, lambda stream, text: screen.append(text), True)
    for line in ("ping\r", "exit\r"):
        session.write(line)
        machine.run(1)
    assert "".join(screen) == "127.0.0.1:6379> ping\r\nPONG\r\n127.0.0.1:6379> exit\r\n"
    assert session.exit_code == 0


def test_a_container_keeps_its_shell_while_people_come_and_go() -> None:
    machine = Machine()
    machine.node.preload("busybox")
    config = ContainerConfig(name="c", image="busybox", command=("sh",), stdin=True, stdin_once=True, tty=True)
    shell = machine.node.start(machine.sandbox("web"), config, lambda container: None)
    machine.run(5)
    screens: list[str] = []
    for number, keys in enumerate(("cd /tmp\r", "pwd\r", "exit 3\r")):
        screens.append("")

        def hear(stream: str, text: str, number: int = number) -> None:
            screens[number] += text

        session = machine.node.attach(shell, hear, True)
        for size in ((81, 25), (80, 24)):
            session.resize(*size)
        session.write(keys)
        machine.run(1)
        has_ended = session.step()
        session.close()
        assert has_ended == (number == 2)
    assert screens == [
        "\r\x1b[J/ # \r\x1b[J/ # cd /tmp\r\n/tmp # ",
        "\r\x1b[J/tmp # \r\x1b[J/tmp # pwd\r\n/tmp\r\n/tmp # ",
        "\r\x1b[J/tmp # \r\x1b[J/tmp # exit 3\r\n",
    ]
    assert shell.exit_code == 3
    assert "/tmp\r" in texts(shell)


def test_without_a_terminal_who_leaves_first_ends_the_input_that_is_open_once() -> None:
    machine = Machine()
    heard: list[str] = []
    for is_once in (True, False):
        cat = machine.start("busybox", "cat", name=str(is_once), stdin=True, stdin_once=is_once)
        session = machine.node.attach(cat, lambda stream, text: heard.append(text), True)
        session.write("x\n")
        machine.run(1)
        session.step()
        session.end()
        machine.run(1)
        assert session.step()
        assert (cat.exit_code is None) == (not is_once)
    assert heard == ["x\n", "x\n"]
    deaf = machine.start("busybox", "sleep", "60", name="deaf")
    session = machine.node.attach(deaf, lambda stream, text: None, True)
    session.write("nobody reads this\n")
    assert (session.room, session.step()) == (0, False)


def test_a_terminal_alone_keeps_a_shell_waiting_without_a_timer() -> None:
    machine = Machine()
    shell = machine.start("ubuntu", tty=True)
    machine.run(60)
    assert shell.exit_code is None
    assert machine.kernel.next_time() is None
