"""postgres: a database server that wants a password; its SQL is not modelled."""

from __future__ import annotations

from k8s_magic.machinery.errors import Unsupported
from k8s_magic.runtime.call import Call
from k8s_magic.runtime.image import Image, matching
from k8s_magic.runtime.process import Steps
from k8s_magic.runtime.server import GRACEFUL, serve
from k8s_magic.runtime.shell import times
from k8s_magic.sim.time import MILLISECOND

PORT = 5432
# Setting up a new database and starting it. A guess.
BOOT = 1500 * MILLISECOND
NO_PASSWORD = """Error: Database is uninitialized and superuser password is not specified.
       You must specify POSTGRES_PASSWORD to a non-empty value for the
       superuser. For example, "-e POSTGRES_PASSWORD=password" on "docker run".

       You may also use "POSTGRES_HOST_AUTH_METHOD=trust" to allow all
       connections without a password. This is *not* recommended.

       See PostgreSQL documentation about "trust":
       https://www.postgresql.org/docs/current/auth-trust.html
"""


def version_of(tag: str) -> str:
    number = tag.partition("-")[0]
    if not number[:1].isdigit():
        return "18.0"
    return number if "." in number else f"{number}.0"


def server(call: Call) -> Steps:
    container = call.container
    env = call.env
    folder = env.get("PGDATA", "/var/lib/postgresql/data")
    marker = f"{folder}/PG_VERSION"
    fresh = not call.fs.is_file(marker)
    if fresh:
        wanted = env.get("POSTGRES_PASSWORD") or env.get("POSTGRES_PASSWORD_FILE")
        if not wanted and env.get("POSTGRES_HOST_AUTH_METHOD") != "trust":
            call.err(NO_PASSWORD)
            return 1
        call.fs.make_dir(call.path(folder), parents=True, now=call.now)
        call.write(marker, version_of(container.tag).partition(".")[0] + "\n")

    def lines() -> list[tuple[int, str, str]]:
        moment = times.strftime(times.at(container, container.started_at + BOOT), "%Y-%m-%d %H:%M:%S.000 UTC")
        found = (
            [(100 * MILLISECOND, "stdout", "PostgreSQL init process complete; ready for start up.")] if fresh else []
        )
        for text in (
            f"starting PostgreSQL {version_of(container.tag)} (Debian) on x86_64-pc-linux-gnu",
            f'listening on IPv4 address "0.0.0.0", port {PORT}',
            "database system is ready to accept connections",
        ):
            found.append((BOOT, "stderr", f"{moment} [1] LOG:  {text}"))
        return found

    def in_use(port: int) -> str:
        return (
            'LOG:  could not bind IPv4 address "0.0.0.0": Address already in use\n'
            "FATAL:  could not create any TCP/IP sockets\n"
        )

    return (yield from serve(call, {PORT: None}, boot=BOOT, lines=lines, signals=GRACEFUL, in_use=in_use))


def is_ready(call: Call) -> int:
    listener = call.container.sandbox.listeners.get(("TCP", PORT))
    up = listener is not None and getattr(listener, "is_open", True)
    call.out(f"/var/run/postgresql:{PORT} - {'accepting connections' if up else 'no response'}\n")
    return 0 if up else 2


def client(call: Call) -> int:
    raise Unsupported("k8s-magic does not model SQL")


IMAGE = Image(
    repositories=("docker.io/library/postgres", "docker.io/bitnami/postgresql"),
    size=lambda tag: 105_000_000 if "alpine" in tag else 152_000_000,
    tags=matching(
        r"(?:latest|\d{1,2}(?:\.\d{1,2}){0,2})(?:-alpine.*|-bookworm|-trixie|-bullseye)?|alpine.*|bookworm|trixie"
    ),
    entrypoint=("docker-entrypoint.sh",),
    command=("postgres",),
    programs={"docker-entrypoint.sh": server, "postgres": server, "pg_isready": is_ready, "psql": client},
    env_of=lambda tag: {"PG_VERSION": version_of(tag)},
    files=lambda container: {"/var/lib/postgresql/data/": ""},
)
