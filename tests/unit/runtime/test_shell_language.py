"""The shell's language: what scripts print and how they end."""

import pytest
from runtime_rig import Machine

from k8s_magic.sim.time import SECOND

DASH = [
    ("echo hi   there; echo 'a  b'\"  c\"", "hi there\na  b  c\n"),
    ("x=5; y=$((x * 2 + 1)); echo $y ${y}z ${#y} ${nope:-def} ${x:+set}", "11 11z 2 def set\n"),
    ("for i in 1 2 3; do printf '%s,' $i; done; echo", "1,2,3,\n"),
    ("i=0; while [ $i -lt 3 ]; do i=$((i+1)); [ $i = 2 ] && continue; echo $i; done", "1\n3\n"),
    ("i=0; until [ $i -ge 2 ]; do i=$((i+1)); done; echo $i", "2\n"),
    ("if false; then echo a; elif true; then echo b; else echo c; fi", "b\n"),
    ("case foo.txt in *.md) echo md;; *.txt|*.text) echo txt;; *) echo other;; esac", "txt\n"),
    ("f() { echo \"$# $1\"; return 3; }; f 'a b' c; echo $?", "2 a b\n3\n"),
    ("false && echo a || echo b; ! false; echo $?", "b\n0\n"),
    ("echo $(echo $(echo deep)) `echo back`", "deep back\n"),
    ('set -- a \'b c\' d; for x in "$@"; do echo "<$x>"; done; shift; echo $# $*', "<a>\n<b c>\n<d>\n2 b c d\n"),
    (
        "p=/usr/share/doc.txt; echo ${p##*/} ${p%/*} ${p%.txt} ${p#/usr}",
        "doc.txt /usr/share /usr/share/doc /share/doc.txt\n",
    ),
    ("(cd /etc; x=2; pwd); pwd; echo [$x]", "/etc\n/\n[]\n"),
    ("printf 'a b\\nc d\\n' | while read first rest; do echo $rest-$first; done", "b-a\nd-c\n"),
    ("cat <<EOF\nx=$((1+1)) $(echo sub)\nEOF\ncat <<'EOF'\n$raw\nEOF", "x=2 sub\n$raw\n"),
    ("echo one > /tmp/a; echo two >> /tmp/a; cat < /tmp/a; echo err >&2", "one\ntwo\n"),
    ("{ echo out; echo err >&2; } 2>&1 | sort", "err\nout\n"),
    ("x=$(false); echo $?; true | false; echo $?", "1\n1\n"),
    ("trap 'echo bye' EXIT; echo hi", "hi\nbye\n"),
    ("set -e; echo a; false; echo b", "a\n"),
    ("set -e; if false; then :; fi; false || true; echo still", "still\n"),
    ("eval 'a=1; b=$a'; echo $b; unset b; echo ${b-unset}", "1\nunset\n"),
    ("IFS=:; for d in $(echo a:b:c); do echo $d; done", "a\nb\nc\n"),
    ("for f in /etc/host*; do echo $f; done; echo /none*", "/etc/hostname\n/etc/hosts\n/none*\n"),
    ("export A='x y'; env | grep ^A=; sh -c 'echo $A'", "A=x y\nx y\n"),
    ("f() { local v=in; echo $v; }; v=out; f; echo $v", "in\nout\n"),
    ("echo {1..3} a; echo \"quoted $(echo 'in')\"", "{1..3} a\nquoted in\n"),
    ("test -d /etc -a ! -e /nope && echo yes; [ 5 -gt 3 ] && [ abc != abd ] && echo both", "yes\nboth\n"),
    ("command -v cat; type cd; command -v nonesuch || echo none", "/usr/bin/cat\ncd is a shell builtin\nnone\n"),
    ("# a comment\necho a # another\necho 'b # c'", "a\nb # c\n"),
    ("yes | head -n 2; seq 3 -1 1 | tr '\\n' ' '", "y\ny\n3 2 1 "),
    ('x=\'a  b\'; echo $x; echo "$x"; y=$x; echo "$y"', "a b\na  b\na  b\n"),
    ("echo $(( (1 + 2) * 3 % 4 )) $((2 > 1 ? 10 : 20)) $((0x1F | 1 << 8))", "1 10 287\n"),
    ("n=0; echo $((n += 5)) $n; [ $((++n)) -eq 6 ] && echo six", "5 5\nsix\n"),
    ("echo a; exit 7; echo b", "a\n"),
]
BASH = [
    ("echo {1..3} x{a,b}y {01..03}", "1 2 3 xay xby 01 02 03\n"),
    ("[[ foo == f* && 2 -gt 1 ]] && echo yes; [[ a1 =~ ^a[0-9]$ ]] || echo no", "yes\n"),
    ("for ((i=0; i<3; i++)); do echo -n $i; done; echo; ((x = 3 * 4)); echo $x", "012\n12\n"),
    ("s=hello; echo ${s/l/L} ${s//l/L} ${s:1:3} ${s^^} ${s: -2}", "heLlo heLLo ell HELLO lo\n"),
    ("cat <<< \"here $((1+1))\"; echo $'a\\tb'", "here 2\na\tb\n"),
    ("set -o pipefail; false | true; echo $?; echo a &> /dev/null; echo b |& cat", "1\nb\n"),
    ("function f { echo in $1; }; f x; source /dev/null; declare z=1; echo $z", "in x\n1\n"),
]


@pytest.mark.parametrize(("script", "output"), DASH)
def test_dash(script: str, output: str) -> None:
    machine = Machine()
    assert machine.sh(machine.debian(), script)[0] == output


@pytest.mark.parametrize(("script", "output"), BASH)
def test_bash(script: str, output: str) -> None:
    machine = Machine()
    assert machine.sh(machine.debian(), script, "bash")[0] == output


@pytest.mark.parametrize(
    ("script", "dash", "ash", "bash", "code"),
    [
        ("foo", "sh: 1: foo: not found\n", "sh: foo: not found\n", "bash: line 1: foo: command not found\n", 127),
        (
            "true\n/x/y",
            "sh: 2: /x/y: not found\n",
            "sh: /x/y: not found\n",
            "bash: line 2: /x/y: No such file or directory\n",
            127,
        ),
        (
            "while true; do",
            'sh: 1: Syntax error: end of file unexpected (expecting "done")\n',
            'sh: syntax error: unexpected end of file (expecting "done")\n',
            "bash: -c: line 1: syntax error: unexpected end of file\n",
            2,
        ),
        (
            "echo 'a",
            "sh: 1: Syntax error: Unterminated quoted string\n",
            "sh: syntax error: unterminated quoted string\n",
            "bash: -c: line 1: syntax error near unexpected token `''\n",
            2,
        ),
    ],
)
def test_each_shell_has_its_own_words(script: str, dash: str, ash: str, bash: str, code: int) -> None:
    machine = Machine()
    debian, box = machine.debian(), machine.box()
    assert machine.sh(debian, script) == ("", dash, code)
    assert machine.sh(box, script) == ("", ash, code)
    assert machine.sh(debian, script, "bash") == ("", bash, code)


def test_exit_codes() -> None:
    machine = Machine()
    box = machine.box()
    assert machine.sh(box, "exit 7")[2] == 7
    assert machine.sh(box, "(exit 3)")[2] == 3
    assert machine.sh(box, "kill -TERM $$; echo never") == ("", "", 143)
    assert machine.sh(box, "${x:?is not set}") == ("", "sh: x: is not set\n", 1)
    assert machine.exec(box, "false") == ("", "", 1)


def test_time_passes_as_scripts_want_it() -> None:
    machine = Machine()
    box = machine.box()
    assert machine.sh(box, "sleep 1.5; date +%s.%N; sleep 1m") == ("1767225601.500000000\n", "", 0)
    assert machine.kernel.now == 61_500_000
    assert machine.sh(box, "sleep 5 & sleep 2 & wait; date +%T") == ("00:01:06\n", "", 0)
    assert machine.kernel.now == 66_500_000
    assert machine.sh(box, "timeout 3 sleep 10; echo $?")[0] == "124\n"
    assert machine.kernel.now == 69_500_000
    assert machine.sh(box, "i=0; while [ $i -lt 3 ]; do echo $i | tee -a /tmp/log; i=$((i+1)); sleep 1; done")[2] == 0
    assert machine.kernel.now == 72_500_000


def test_background_jobs_and_signals() -> None:
    machine = Machine()
    box = machine.box()
    script = "tail -f /dev/null & sleep 1; kill $!; wait $!; echo $?; kill -0 1 && echo alive; kill 4711"
    assert machine.sh(box, script) == ("143\nalive\n", "kill: No such process\n", 1)
    assert machine.sh(box, "ps") == (
        "PID   USER     TIME  COMMAND\n    1 root      0:00 sleep 3600\n    4 root      0:00 sh -c ps\n",
        "",
        0,
    )
    assert machine.sh(box, "kill 1; sleep 1; echo still here")[0] == "still here\n"


def test_tail_follows_a_file() -> None:
    machine = Machine()
    container = machine.start(
        "busybox",
        "sh",
        "-c",
        "touch /log; tail -f /log & for i in 1 2; do echo line $i >> /log; sleep 2; done; sleep 60",
    )
    machine.run(5)
    assert container.log_lines() == [(1 * SECOND, "stdout", "line 1"), (2 * SECOND, "stdout", "line 2")]


def test_scripts_are_files_too() -> None:
    machine = Machine()
    box = machine.box()
    script = (
        "printf '#!/bin/sh\\necho ran with $1 as $0\\nexit 5\\n' > /tmp/run.sh; chmod +x /tmp/run.sh; /tmp/run.sh x"
    )
    assert machine.sh(box, script) == ("ran with x as /tmp/run.sh\n", "", 5)
    assert machine.exec(box, "sh", "/tmp/run.sh", "y")[0] == "ran with y as /tmp/run.sh\n"
    assert machine.exec(box, "sh", stdin="echo from stdin\nread x\nhello\n")[0] == "from stdin\n"


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ("f() { f; }; f", "sh: 1: f: maximum function nesting level exceeded\n"),
        ("a=xxxxxxxxxx; while true; do a=$a$a; done", "sh: variable too large to simulate\n"),
        ("x=$(yes)", "sh: output too large to simulate\n"),
        ("$(" * 60 + ")" * 60, 'sh: 1: Syntax error: "$" unexpected\n'),
        ("echo $((1/0))", "sh: 1: division by zero\n"),
    ],
)
def test_runaway_scripts_are_stopped(script: str, words: str) -> None:
    machine = Machine()
    _, errors, code = machine.sh(machine.debian(), script)
    assert code != 0
    assert errors.endswith(words) or "nested too deeply" in errors


def test_an_interrupted_command_is_killed() -> None:
    machine = Machine()
    box = machine.box()
    running = machine.node.exec(box, ["sh", "-c", "while true; do sleep 1; done | cat"], "", lambda *_: None)
    assert not running.step()
    assert len(box.others) == 3
    running.close()
    assert box.others == {}
