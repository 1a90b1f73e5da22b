"""`kubectl create secret generic`. Source: kubectl/pkg/cmd/create/create_secret.go"""

from __future__ import annotations

from k8s_magic.kubectl.command import Call
from k8s_magic.kubectl.flags import Flag
from k8s_magic.kubectl.streams import Streams
from k8s_magic.kubectl.writing import secrets, sources
from k8s_magic.kubectl.writing.generated import generator
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.names import SECRETS
from k8s_magic.machinery.protocols import Transport


def check(call: Call, client: Transport, streams: Streams) -> None:
    sources.check_sources(call.texts("from-file"), call.texts("from-literal"), call.texts("from-env-file"))


def build(call: Call, client: Transport, streams: Streams) -> Object:
    data: dict[str, str] = {}
    sources.secret_data(sources.literals(call.texts("from-literal")), data)
    sources.secret_data(sources.files(call.texts("from-file"), streams), data)
    sources.secret_data(sources.env_files(call.texts("from-env-file"), streams, "secret"), data)
    return secrets.secret(call, data, call.text("type"))


COMMAND = generator(
    "generic",
    build,
    SECRETS,
    usage=(
        "generic NAME [--type=string] [--from-file=[key=]source] [--from-literal=key1=value1] "
        "[--dry-run=server|client|none]"
    ),
    short="Make a Secret from files or values",
    flags=(*sources.FLAGS, Flag("type", help="The Secret's type.")),
    failure="secret",
    check=check,
)
