"""kill, pkill, killall, pgrep, ps, top: a container's processes."""

from __future__ import annotations

import re

from k8s_magic.runtime.call import Call
from k8s_magic.runtime.process import SIGNALS, Process
from k8s_magic.runtime.shell.times import clock


def signal_name(text: str) -> str | None:
    """`TERM`, `SIGTERM`, `15`, `EXIT`, `0`; None for no signal."""
    text = text.upper()
    if text in ("EXIT", "0", "ERR", "DEBUG"):
        return "EXIT" if text == "0" else text
    name = text if text.startswith("SIG") else f"SIG{text}"
    if name in SIGNALS:
        return name
    return next((name for name, number in SIGNALS.items() if str(number) == text), None)


def _wanted(words: list[str]) -> tuple[str | None, list[str]]:
    """The signal that the first words ask for, and what is left; None for a bad one."""
    if words and words[0] in ("-s", "--signal") and len(words) > 1:
        return ("0" if words[1] == "0" else signal_name(words[1])), words[2:]
    if words and re.fullmatch(r"-[A-Za-z0-9]+", words[0]) and words[0] not in ("-f", "-x", "-e"):
        return ("0" if words[0] == "-0" else signal_name(words[0][1:])), words[1:]
    return "SIGTERM", words


def kill(call: Call) -> int:
    words = call.argv[1:]
    if words and words[0] in ("-l", "-L"):
        call.out(" ".join(name.removeprefix("SIG") for name in SIGNALS) + "\n")
        return 0
    signal, targets = _wanted(words)
    if signal is None:
        call.err(f"{call.name}: {words[0]}: invalid signal specification\n")
        return 1
    if not targets:
        call.err(f"{call.name}: usage: kill [-s sigspec | -signum | -sigspec] [pid | job]... or kill -l [sigspec]\n")
        return 2
    status = 0
    for target in targets:
        if not re.fullmatch(r"-?\d{1,9}", target):
            call.err(f"{call.name}: Illegal number: {target}\n")
            status = 2
        elif not _send(call, signal, abs(int(target))):
            call.err(f"{call.name}: No such process\n")
            status = 1
    return status


def _send(call: Call, signal: str, pid: int) -> bool:
    if signal == "0":
        return any(process.pid == pid for process in _processes(call))
    return call.container.signal(signal, pid)


def _processes(call: Call) -> list[Process]:
    return call.container.processes()


def by_name(call: Call) -> int:
    """pkill, killall and pgrep: processes by their program's name (with -f: by their command line)."""
    signal, words = _wanted(call.argv[1:])
    full = any(word.startswith("-") and "f" in word for word in words)
    names = [word for word in words if not word.startswith("-")]
    if signal is None or not names:
        call.err(f"{call.name}: no matching criteria specified\n")
        return 2
    found = 0
    for process in _processes(call):
        if process is call.process:
            continue
        name = " ".join(process.argv) if full else process.argv[0].rpartition("/")[2]
        if any(name == wanted if call.name == "killall" else wanted in name for wanted in names):
            found += 1
            if call.name == "pgrep":
                call.out(f"{process.pid}\n")
            else:
                _send(call, signal, process.pid)
    if not found and call.name == "killall":
        call.err(f"killall: {names[0]}: no process killed\n")
    return int(not found)


def ps(call: Call) -> int:
    """busybox prints PID, USER, TIME, COMMAND; procps with aux or -ef prints its own columns."""
    user = call.container.version.image.user
    words = "".join(call.argv[1:]).replace("-", "")
    busybox = call.container.version.image.base in ("busybox", "alpine")
    rows = [(process.pid, process.started_at, " ".join(process.argv)) for process in _processes(call)]
    if busybox:
        call.out("PID   USER     TIME  COMMAND\n")
        for pid, _, line in rows:
            call.out(f"{pid:5d} {user:<8}  0:00 {line}\n")
    elif "u" in words and "a" in words:
        call.out("USER         PID %CPU %MEM    VSZ   RSS TTY      STAT START   TIME COMMAND\n")
        for pid, started, line in rows:
            call.out(f"{user:<8} {pid:7d}  0.0  0.0   4620  3584 ?        Ss   {clock(call, started)}   0:00 {line}\n")
    elif "f" in words:
        call.out("UID          PID    PPID  C STIME TTY          TIME CMD\n")
        for pid, started, line in rows:
            call.out(f"{user:<8} {pid:7d}       0  0 {clock(call, started)} ?        00:00:00 {line}\n")
    else:
        call.out("    PID TTY          TIME CMD\n")
        for pid, _, line in rows:
            call.out(f"{pid:7d} ?        00:00:00 {line.split(' ')[0].rpartition('/')[2]}\n")
    return 0


def top(call: Call) -> int:
    """One picture (top -b -n 1); our simplification: what is shown is idle."""
    rows = _processes(call)
    call.out("Mem: 2027320K used, 6160568K free, 1048K shrd, 204800K buff, 1228800K cached\n")
    call.out("CPU:   0% usr   0% sys   0% nic 100% idle   0% io   0% irq   0% sirq\n")
    call.out(f"Load average: 0.00 0.00 0.00 1/{len(rows) + 100} {rows[-1].pid if rows else 1}\n")
    call.out("  PID  PPID USER     STAT   VSZ %VSZ CPU %CPU COMMAND\n")
    user = call.container.version.image.user
    for process in rows:
        call.out(f"{process.pid:5d}     0 {user:<8} S     4424   0%   0   0% {' '.join(process.argv)}\n")
    return 0


COMMANDS = {"kill": kill, "pkill": by_name, "killall": by_name, "pgrep": by_name, "ps": ps, "top": top}
