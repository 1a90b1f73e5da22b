"""mysql and mariadb: a database server that wants a root password; its SQL is not modelled."""

from __future__ import annotations

from k8s_magic.machinery.errors import Unsupported
from k8s_magic.runtime.call import Call
from k8s_magic.runtime.image import Image, matching
from k8s_magic.runtime.process import Steps
from k8s_magic.runtime.server import GRACEFUL, serve
from k8s_magic.runtime.shell import times
from k8s_magic.sim.time import SECOND

PORT = 3306
# Setting up a new database and starting it. A guess.
BOOT = 3 * SECOND
_WAYS = ("MYSQL_ROOT_PASSWORD", "MYSQL_ALLOW_EMPTY_PASSWORD", "MYSQL_RANDOM_ROOT_PASSWORD")


def version_of(tag: str) -> str:
    number = tag.partition("-")[0]
    known = {
        "5.6": "5.6.51",
        "5.7": "5.7.44",
        "5": "5.7.44",
        "8": "8.4.6",
        "8.0": "8.0.43",
        "8.4": "8.4.6",
        "9": "9.4.0",
    }
    return number if number.count(".") == 2 else known.get(number, "9.4.0")


def server(call: Call) -> Steps:
    container = call.container
    env = call.env
    version = version_of(container.tag)

    def stamp(now: int) -> str:
        return times.strftime(times.at(container, now), "%Y-%m-%d %H:%M:%S+00:00")

    call.out(f"{stamp(call.now)} [Note] [Entrypoint]: Entrypoint script for MySQL Server {version}-1.el9 started.\n")
    data = "/var/lib/mysql/ibdata1"
    names = [*_WAYS, *(name.replace("MYSQL", "MARIADB") for name in _WAYS), "MYSQL_ROOT_PASSWORD_FILE"]
    if not call.fs.is_file(data):
        if not any(env.get(name) for name in names):
            call.err(
                f"{stamp(call.now)} [ERROR] [Entrypoint]: Database is uninitialized and password option is not "
                f"specified\n"
                "    You need to specify one of the following as an environment variable:\n"
                + "".join(f"    - {name}\n" for name in _WAYS)
            )
            return 1
        call.out(f"{stamp(call.now)} [Note] [Entrypoint]: Initializing database files\n")
        if call.fs.is_dir("/var/lib/mysql"):
            call.fs.write(data, "", now=call.now)

    def lines() -> list[tuple[int, str, str]]:
        moment = times.strftime(times.at(container, container.started_at + BOOT), "%Y-%m-%dT%H:%M:%S.000000Z")
        ready = (
            f"{moment} 0 [System] [MY-010931] [Server] /usr/sbin/mysqld: ready for connections. Version: '{version}'  "
            f"socket: '/var/run/mysqld/mysqld.sock'  port: {PORT}  MySQL Community Server - GPL."
        )
        return [(BOOT, "stderr", ready)]

    def in_use(port: int) -> str:
        return "[ERROR] [MY-010262] [Server] Can't start server: Bind on TCP/IP port: Address already in use\n"

    return (yield from serve(call, {PORT: None}, boot=BOOT, lines=lines, signals=GRACEFUL, in_use=in_use))


def admin(call: Call) -> int:
    if "ping" in call.argv:
        listener = call.container.sandbox.listeners.get(("TCP", PORT))
        if listener is not None and getattr(listener, "is_open", True):
            call.out("mysqld is alive\n")
            return 0
        call.err(
            "mysqladmin: connect to server at 'localhost' failed\n"
            "error: 'Can't connect to local MySQL server through socket "
            "'/var/run/mysqld/mysqld.sock' (2)'\nCheck that mysqld is running and that the socket: "
            "'/var/run/mysqld/mysqld.sock' exists!\n"
        )
        return 1
    raise Unsupported("k8s-magic's mysqladmin knows only ping")


def client(call: Call) -> Steps:
    """Only `SELECT 1`, which probes ask, has an answer."""
    words = [word for word in call.argv[1:] if word.upper().rstrip(";") == "SELECT 1"]
    host = next((word[2:] for word in call.argv[1:] if word.startswith("-h") and len(word) > 2), "127.0.0.1")
    if "-h" in call.argv:
        host = call.argv[call.argv.index("-h") + 1]
    if not words:
        raise Unsupported("k8s-magic does not model SQL: its mysql knows only SELECT 1")
    net = call.container.world.net
    if net is not None:
        yield net.connect(call.container.sandbox, host, PORT)
    call.out("1\n1\n")
    return 0


IMAGE = Image(
    repositories=("docker.io/library/mysql", "docker.io/library/mariadb", "docker.io/bitnami/mysql"),
    size=lambda tag: 172_000_000 if tag.startswith("5") else 250_000_000,
    tags=matching(
        r"(?:latest|lts|innovation|\d{1,2}(?:\.\d{1,2}){0,2})(?:-debian|-oracle|-oraclelinux\d|-jammy|-noble|-ubi)?"
    ),
    entrypoint=("docker-entrypoint.sh",),
    command=("mysqld",),
    programs={"docker-entrypoint.sh": server, "mysqld": server, "mysqladmin": admin, "mysql": client},
    env_of=lambda tag: {"MYSQL_VERSION": version_of(tag)},
    files=lambda container: {"/var/lib/mysql/": ""},
)
