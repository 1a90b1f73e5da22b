"""`kubectl create secret docker-registry`. Source: kubectl/pkg/cmd/create/create_secret_docker.go"""

from __future__ import annotations

from typing import Any

from k8s_magic.kubectl.command import Call
from k8s_magic.kubectl.errors import KubectlError
from k8s_magic.kubectl.flags import Flag
from k8s_magic.kubectl.streams import Streams
from k8s_magic.kubectl.writing import secrets, sources
from k8s_magic.kubectl.writing.generated import generator
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.names import SECRETS
from k8s_magic.machinery.protocols import Transport
from k8s_magic.text import json_out

KEY = ".dockerconfigjson"


def check(call: Call, client: Transport, streams: Streams) -> None:
    named = all(call.text(f"docker-{part}") for part in ("username", "password", "server"))
    if not call.texts("from-file") and not named:
        raise KubectlError(
            "either --from-file or the combination of --docker-username, --docker-password and --docker-server "
            "is required"
        )


def build(call: Call, client: Transport, streams: Streams) -> Object:
    data: dict[str, str] = {}
    given = call.texts("from-file")
    if given:
        named = tuple(source if "=" in source else f"{KEY}={source}" for source in given)
        sources.secret_data(sources.files(named, streams), data)
    else:
        username, password = call.text("docker-username"), call.text("docker-password")
        entry: dict[str, Any] = {"username": username, "password": password}
        if call.text("docker-email"):
            entry["email"] = call.text("docker-email")
        entry["auth"] = sources.encoded(f"{username}:{password}".encode())
        config = {"auths": {call.text("docker-server"): entry}}
        data[KEY] = sources.encoded(json_out.compact(config, sort=False).encode())
    return secrets.secret(call, data, "kubernetes.io/dockerconfigjson")


COMMAND = generator(
    "docker-registry",
    build,
    SECRETS,
    usage=(
        "docker-registry NAME --docker-username=user --docker-password=password --docker-email=email "
        "[--docker-server=string] [--from-file=[key=]source] [--dry-run=server|client|none]"
    ),
    short="Make a Secret for pulling from a registry",
    flags=(
        Flag("docker-username", help="The registry's user."),
        Flag("docker-password", help="The user's password."),
        Flag("docker-email", help="The user's mail address."),
        Flag("docker-server", default="https://index.docker.io/v1/", help="The registry's address."),
        sources.APPEND_HASH,
        sources.FROM_FILE,
    ),
    failure="secret",
    check=check,
)
