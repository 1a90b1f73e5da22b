"""env, date, hostname, id, uname and the rest that tells where one is."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from k8s_magic.runtime.call import Call
from k8s_magic.runtime.process import Program, Steps
from k8s_magic.runtime.shell import lookup, times
from k8s_magic.runtime.shell.commands.text import tool
from k8s_magic.runtime.shell.options import Options, seconds
from k8s_magic.sim.time import SECOND

# The kernel and machine that every simulated node reports.
KERNEL = "6.12.0"
MACHINE = "x86_64"


def env(call: Call) -> Steps:
    words = call.argv[1:]
    values = dict(call.env)
    while words and (words[0] in ("-i", "-", "-u") or "=" in words[0]):
        word = words.pop(0)
        if word == "-u":
            values.pop(words.pop(0) if words else "", None)
        elif "=" in word:
            name, _, value = word.partition("=")
            values[name] = value
        else:
            values.clear()
    if not words:
        call.out("".join(f"{name}={value}\n" for name, value in values.items()))
        return 0
    return (yield from run(call, words, values))


def run(call: Call, words: list[str], values: dict[str, str] | None = None) -> Steps:
    """Another program in this one's place."""
    program = lookup.find(call.container, words[0], unknown=False, cwd=call.cwd)
    if program is None:
        call.err(
            f"{call.name}: {words[0]}: No such file or directory\n"
            if call.name != "env"
            else f"env: ‘{words[0]}’: No such file or directory\n"
        )
        return 127
    env_ = call.env if values is None else values
    inner = Call(call.container, call.process, words, call.stdin, call.stdout, call.stderr, cwd=call.cwd, env=env_)
    outcome = program(inner)
    return outcome if isinstance(outcome, int) else (yield from outcome)


def printenv(call: Call) -> int:
    if len(call.argv) == 1:
        call.out("".join(f"{name}={value}\n" for name, value in call.env.items()))
        return 0
    status = 0
    for name in call.argv[1:]:
        if name in call.env:
            call.out(call.env[name] + "\n")
        else:
            status = 1
    return status


def hostname(call: Call, options: Options) -> int:
    sandbox = call.container.sandbox
    name = sandbox.hostname or sandbox.name
    if "i" in options or "I" in options:
        name = sandbox.ip
    elif ("f" in options or "d" in options) and sandbox.subdomain:
        domain = f"{sandbox.subdomain}.{sandbox.namespace}.svc.cluster.local"
        name = domain if "d" in options else f"{name}.{domain}"
    call.out(name + "\n")
    return 0


def date(call: Call) -> int:
    words = call.argv[1:]
    moment = times.at(call.container, call.now)
    template = "%a %b %e %H:%M:%S UTC %Y"
    while words:
        word = words.pop(0)
        if word.startswith("+"):
            template = word[1:]
        elif word in ("-R", "--rfc-email"):
            template = "%a, %d %b %Y %H:%M:%S +0000"
        elif word.startswith(("-I", "--iso-8601")):
            unit = word.removeprefix("-I").removeprefix("--iso-8601").removeprefix("=")
            template = "%Y-%m-%d" if unit in ("", "date") else "%Y-%m-%dT%H:%M:%S+00:00"
        elif word in ("-d", "--date") and words:
            found = _moment(words.pop(0), moment)
            if found is None:
                call.err(f"date: invalid date '{call.argv[-1]}'\n")
                return 1
            moment = found
        elif word not in ("-u", "--utc", "--universal"):
            call.err(f"date: invalid date '{word}'\n")
            return 1
    nanoseconds = moment.microsecond * 1000
    call.out(times.strftime(moment, template, nanoseconds) + "\n")
    return 0


def _moment(text: str, now: datetime) -> datetime | None:
    """`@1700000000`, `-1 day`, `2 hours ago`, an ISO instant."""
    found = re.fullmatch(r"([-+]?\d{1,6}) (second|sec|minute|min|hour|day|week)s?( ago)?", text)
    if found:
        unit = {"second": 1, "sec": 1, "minute": 60, "min": 60, "hour": 3600, "day": 86400, "week": 604800}[found[2]]
        return now + timedelta(seconds=int(found[1]) * unit * (-1 if found[3] else 1))
    if re.fullmatch(r"@\d{1,11}", text):
        return datetime.fromtimestamp(int(text[1:]), now.tzinfo)
    if text == "now":
        return now
    try:
        moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=now.tzinfo)


def id_(call: Call, options: Options) -> int:
    user = call.container.version.image.user
    name, number = (user, 0) if user == "root" else (user, 1000)
    if "u" in options or "g" in options:
        call.out(f"{name if 'n' in options else number}\n")
    elif number == 0 and call.container.version.image.base == "debian":
        call.out("uid=0(root) gid=0(root) groups=0(root)\n")
    else:
        call.out(
            f"uid={number}({name}) gid={number}({name})" + (" groups=0(root),10(wheel)\n" if number == 0 else "\n")
        )
    return 0


def whoami(call: Call) -> int:
    call.out(call.container.version.image.user + "\n")
    return 0


def pwd(call: Call) -> int:
    call.out(call.cwd + "\n")
    return 0


def uname(call: Call, options: Options) -> int:
    name = call.container.sandbox.hostname or call.container.sandbox.name
    system = "#1 SMP PREEMPT_DYNAMIC"
    values = {
        "s": "Linux",
        "n": name,
        "r": KERNEL,
        "v": system,
        "m": MACHINE,
        "p": MACHINE,
        "i": MACHINE,
        "o": "GNU/Linux",
    }
    if "a" in options:
        call.out(f"Linux {name} {KERNEL} {system} {MACHINE} GNU/Linux\n")
    else:
        call.out(
            " ".join(
                values[letter] for letter in "snrvmpio" if letter in options or (letter == "s" and not options.flags)
            )
            + "\n"
        )
    return 0


def arch(call: Call) -> int:
    call.out(MACHINE + "\n")
    return 0


def nproc(call: Call) -> int:
    call.out("4\n")
    return 0


def tty(call: Call) -> int:
    if call.stdin.is_terminal:
        call.out("/dev/pts/0\n")
        return 0
    call.out("not a tty\n")
    return 1


def free(call: Call, options: Options) -> int:
    """Our simplification: an idle node of 8 GiB."""
    unit = 1 << 10 if "m" in options else 1 << 20 if "g" in options else 1
    total, used, buffers = (number // unit for number in (8_187_888, 2_027_320, 1_433_600))
    call.out("              total        used        free      shared  buff/cache   available\n")
    call.out(
        f"Mem:     {total:10d}  {used:10d}  {total - used - buffers:10d}  {1048 // unit:10d}  "
        f"{buffers:10d}  {total - used:10d}\n"
    )
    call.out(f"Swap:    {0:10d}  {0:10d}  {0:10d}\n")
    return 0


def df(call: Call, options: Options) -> int:
    rows = [("overlay", 98_831_908, 21_743_004, "/"), ("tmpfs", 65_536, 0, "/dev")]
    rows += [("/dev/sda1", 98_831_908, 21_743_004, mount.path) for mount in call.container.config.mounts]
    human = "h" in options
    call.out(f"{'Filesystem':<20} {'Size' if human else '1K-blocks':>9} {'Used':>9} {'Available':>9} Use% Mounted on\n")
    for name, total, used, path in rows:
        if human:
            numbers = [
                f"{number / 1024 / 1024:.1f}G" if number >= 1 << 20 else f"{number // 1024}M"
                for number in (total, used, total - used)
            ]
        else:
            numbers = [str(number) for number in (total, used, total - used)]
        call.out(f"{name:<20} {numbers[0]:>9} {numbers[1]:>9} {numbers[2]:>9} {used * 100 // total:>3}% {path}\n")
    return 0


def mount(call: Call) -> int:
    call.out("overlay on / type overlay (rw,relatime)\nproc on /proc type proc (rw,nosuid,nodev,noexec,relatime)\n")
    for volume in call.container.config.mounts:
        call.out(f"/dev/sda1 on {volume.path} type ext4 ({'ro' if volume.read_only else 'rw'},relatime)\n")
    return 0


def uptime(call: Call) -> int:
    minutes = call.now // (60 * SECOND)
    moment = times.strftime(times.at(call.container, call.now), "%H:%M:%S")
    call.out(f" {moment} up {minutes // 60:2d}:{minutes % 60:02d},  0 users,  load average: 0.00, 0.00, 0.00\n")
    return 0


def which(call: Call) -> int:
    status = 0
    for name in call.argv[1:]:
        path = lookup.path_of(call.container, name)
        if path:
            call.out(path + "\n")
        else:
            status = 1
    return status


def nothing(call: Call) -> int:
    return 0


def timeout(call: Call) -> Steps:
    """`timeout SECONDS COMMAND`: the command in a process of its own, ended with 124 when it takes too long."""
    words = call.argv[1:]
    while words and words[0].startswith("-"):
        option = words.pop(0)
        if option in ("-s", "-k", "-t") and words:
            if option == "-t":
                break
            words.pop(0)
    span = seconds(words[0]) if words else None
    if span is None or len(words) < 2:
        call.err(f"timeout: invalid time interval '{words[0] if words else ''}'\n")
        return 125
    program = lookup.find(call.container, words[1], unknown=False, cwd=call.cwd)
    if program is None:
        call.err(f"timeout: failed to run command '{words[1]}': No such file or directory\n")
        return 127
    child = call.container.spawn(words[1:], lambda process: call.process.wake(), call.process.kernel)
    inner = Call(call.container, child, words[1:], call.stdin, call.stdout, call.stderr, cwd=call.cwd, env=call.env)
    child.run(program, inner)
    timer = call.process.kernel.call_after(round(min(span, 1e9) * SECOND), call.process.wake)
    deadline = call.now + round(min(span, 1e9) * SECOND)
    try:
        while child.exit_code is None and call.now < deadline:
            yield None
    finally:
        timer.cancel()
        late = child.exit_code is None
        child.signal("SIGTERM")
        child.signal("SIGKILL")
    return 124 if late else child.exit_code or 0


def nohup(call: Call) -> Steps:
    if len(call.argv) < 2:
        call.err("nohup: missing operand\n")
        return 125
    return (yield from run(call, call.argv[1:]))


def watch(call: Call) -> Steps:
    words = call.argv[1:]
    span = 2.0
    while words and words[0].startswith("-"):
        option = words.pop(0)
        if option.startswith("-n"):
            span = seconds(option[2:] or (words.pop(0) if words else "2")) or 2.0
    while True:
        call.out(f"Every {span:.1f}s: {' '.join(words)}\n\n")
        yield from run(call, ["sh", "-c", " ".join(words)])
        yield round(span * SECOND)


def not_modelled(call: Call) -> int:
    """Package managers and editors: there is nothing to install, and nobody at the terminal."""
    call.err(f"{call.name}: k8s-magic does not model {call.name}\n")
    return 100 if call.name in ("apt-get", "apt") else 1


COMMANDS: dict[str, Program] = {
    "env": env, "printenv": printenv, "hostname": tool("fisdI", "", hostname), "date": date,
    "id": tool("ugnGr", "", id_), "whoami": whoami, "pwd": pwd, "uname": tool("asnrvmpio", "", uname), "arch": arch,
    "nproc": nproc, "tty": tty, "free": tool("mghkbt", "", free), "df": tool("hkTPai", "", df), "mount": mount,
    "uptime": uptime, "which": which, "sync": nothing, "clear": nothing, "timeout": timeout, "nohup": nohup,
    "watch": watch, "vi": not_modelled, "apt": not_modelled, "apt-get": not_modelled, "apk": not_modelled,
    "httpd": not_modelled,
}  # fmt: skip
