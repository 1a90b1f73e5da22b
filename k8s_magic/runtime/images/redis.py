"""redis: a small but real key-value server, its configuration, and redis-cli."""

from __future__ import annotations

import shlex
from itertools import pairwise

from k8s_magic.runtime.call import Call
from k8s_magic.runtime.contract import HttpRequest, NetworkError, decoded
from k8s_magic.runtime.filesystem import FileError
from k8s_magic.runtime.image import Image, matching
from k8s_magic.runtime.pipes import Reading
from k8s_magic.runtime.process import Steps
from k8s_magic.runtime.redis import replies
from k8s_magic.runtime.redis.server import PROTOCOL, RedisServer
from k8s_magic.runtime.redis.store import Store
from k8s_magic.runtime.server import GRACEFUL, serve
from k8s_magic.runtime.shell import times, toolsets
from k8s_magic.runtime.terminal import Terminal
from k8s_magic.sim.time import MILLISECOND, SimTime

PORT = 6379
VERSION = "8.2.1"
# A guess.
BOOT = 60 * MILLISECOND
BUILD = "bits=64, commit=00000000, modified=0, pid=1"
NO_CONFIG = (
    "# Warning: no config file specified, using the default config. "
    "In order to specify a config file use redis-server /path/to/redis.conf"
)


_LATEST = {"5": "5.0.14", "6": "6.2.20", "7": "7.4.6", "7.2": "7.2.11", "7.4": "7.4.6", "8": VERSION, "8.2": VERSION}


def version_of(tag: str) -> str:
    number = tag.partition("-")[0]
    if number in _LATEST:
        return _LATEST[number]
    return (
        number
        if number.count(".") == 2
        else f"{number}.0"
        if number.count(".") == 1
        else f"{number}.0.0"
        if number.isdigit()
        else VERSION
    )


def _stamp(call: Call, now: SimTime) -> str:
    moment = times.at(call.container, now)
    return f"{times.strftime(moment, '%d %b %Y %H:%M:%S')}.{moment.microsecond // 1000:03d}"


def server(call: Call) -> Steps:
    config: dict[str, str] = {}
    words = call.argv[1:]
    if words and not words[0].startswith("--"):
        try:
            text = call.read(words[0])
        except FileError:
            call.err(
                f"{_stamp(call, call.now)} # Fatal error, can't open config file '{call.path(words[0])}': No "
                f"such file or directory\n"
            )
            return 1
        config.update(_config(text.splitlines()))
    for name, value in pairwise(words):
        if name.startswith("--"):
            config[name[2:].lower()] = value
    port = int(config.get("port", "6379")) if config.get("port", "6379").isdigit() else PORT
    store = Store(config, version_of(call.container.tag), lambda: call.now)

    def lines() -> list[tuple[int, str, str]]:
        start = call.container.started_at
        first, second = (
            f"1:{role} {_stamp(call, start + after)} " for role, after in (("C", 10 * MILLISECOND), ("M", BOOT))
        )
        found = [
            (10 * MILLISECOND, first + "* oO0OoO0OoO0Oo Redis is starting oO0OoO0OoO0Oo"),
            (10 * MILLISECOND, first + f"* Redis version={store.version}, {BUILD}, just started"),
            (10 * MILLISECOND, first + ("* Configuration loaded" if words else NO_CONFIG)),
            (BOOT, second + "* monotonic clock: POSIX clock_gettime"),
            (BOOT, second + f"* Running mode=standalone, port={port}."),
            (BOOT, second + "* Server initialized"),
            (BOOT, second + "* Ready to accept connections tcp"),
        ]  # fmt: skip
        return [(after, "stdout", line) for after, line in found]

    def in_use(port: int) -> str:
        start = f"1:M {_stamp(call, call.now)} # "
        return (
            f"{start}Warning: Could not create server TCP listening socket *:{port}: bind: Address already in use\n"
            f"{start}Failed listening on port {port} (tcp), aborting.\n"
        )

    return (yield from serve(call, {port: RedisServer(store)}, boot=BOOT, lines=lines, signals=GRACEFUL, in_use=in_use))


def _config(lines: list[str]) -> dict[str, str]:
    found = {}
    for line in lines:
        name, _, value = line.strip().partition(" ")
        if name and not name.startswith("#"):
            found[name.lower()] = value.strip()
    return found


def cli(call: Call) -> Steps:
    words = call.argv[1:]
    host, port = "127.0.0.1", PORT
    first: list[list[str]] = []  # what a connection begins with: its password and its database
    strict = False
    while words and words[0].startswith("-"):
        option = words.pop(0)
        strict = strict or option == "-e"
        if option in ("-h", "-p", "-a", "-n", "-u", "--user", "--pass") and words:
            value = words.pop(0)
            host = value if option == "-h" else host
            port = int(value) if option == "-p" and value.isdigit() else port
            if option in ("-a", "--pass"):
                first.append(["AUTH", value])
            elif option == "-n":
                first.append(["SELECT", value])
    if words:
        return (yield from _ask(call, host, port, first, words, strict))
    history: list[str] = []
    status = 0
    while True:
        line = yield from _line(call, f"{host}:{port}> ", history)
        if not line:
            return status
        try:
            command = shlex.split(line)
        except ValueError:
            call.out("Invalid argument(s)\n")
            continue
        if command and command[0].lower() in ("quit", "exit"):
            return status
        if command:
            status = yield from _ask(call, host, port, first, command)


def _line(call: Call, prompt: str, history: list[str]) -> Reading:
    if isinstance(call.stdin, Terminal) and call.stdout.is_terminal:
        line = yield from call.stdin.ask(prompt, history)
        history.append(line.rstrip("\n"))
        return line
    return (yield from call.stdin.line())


def _ask(call: Call, host: str, port: int, first: list[list[str]], words: list[str], strict: bool = False) -> Steps:
    """One command on a connection that begins as the ones before: 1 where there is none, or an error if `strict`."""
    asked = b"".join(replies.request(command) for command in (*first, words))
    request = HttpRequest(PROTOCOL, "/", f"{host}:{port}", {}, decoded(asked), call.container.sandbox.ip)
    net = call.container.world.net
    try:
        if host in ("127.0.0.1", "localhost"):
            handler = call.container.sandbox.listeners.get(("TCP", port))
            if handler is None:
                raise NetworkError("refused")
            response = handler(request)
        elif net is None:
            raise NetworkError("no_route")
        else:
            response = net.http(call.container.sandbox, f"http://{host}:{port}/", request)
    except NetworkError as error:
        yield error.elapsed
        reason = {
            "refused": "Connection refused",
            "timeout": "Connection timed out",
            "unknown_host": "Name or service not known",
        }
        call.err(f"Could not connect to Redis at {host}:{port}: {reason.get(error.kind, 'No route to host')}\n")
        return 1
    yield response.latency
    reply = replies.decode(response.content)[-1]
    if words[0].lower() in ("auth", "select") and reply == "OK":
        first.append(words)
    call.out((replies.shown(reply) if isinstance(call.stdout, Terminal) else replies.raw(reply)) + "\n")
    return int(strict and isinstance(reply, replies.Failure))


def entrypoint(call: Call) -> Steps | int:
    """`docker-entrypoint.sh`: words that are options or a configuration go to redis-server."""
    words = call.argv[1:] or ["redis-server"]
    if words[0].startswith("-") or words[0].endswith(".conf"):
        words = ["redis-server", *words]
    call.argv = call.process.argv = words
    if words[0] == "redis-server":
        return server(call)
    if words[0] in ("sh", "bash"):
        return toolsets.program(words[0])(call)
    call.err(f"docker-entrypoint.sh: exec: {words[0]}: not found\n")
    return 127


IMAGE = Image(
    repositories=("docker.io/library/redis", "registry.k8s.io/redis", "docker.io/kubernetes/redis",
                  "docker.io/bitnami/redis",
                  "registry.k8s.io/e2e-test-images/redis", "docker.io/valkey/valkey",
                  "gcr.io/google-samples/gb-redis-follower"),
    size=lambda tag: 17_800_000 if "alpine" in tag else 51_322_909,
    tags=matching(r"(?:latest|v\d|e2e|\d(?:\.\d{1,2}){0,2}(?:-\d)?)(?:-alpine.*|-bookworm|-trixie|-bullseye)?|alpine.*|bookworm|trixie"),
    entrypoint=("docker-entrypoint.sh",),
    command=("redis-server",),
    programs={"redis-server": server, "redis-cli": cli, "docker-entrypoint.sh": entrypoint},
    env_of=lambda tag: {"REDIS_VERSION": version_of(tag)},
    working_dir="/data",
)  # fmt: skip
