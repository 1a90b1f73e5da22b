"""`kubectl create secret tls`. Source: kubectl/pkg/cmd/create/create_secret_tls.go

Our simplification: that the key belongs to the certificate is not checked, only that both are PEM.
"""

from __future__ import annotations

from k8s_magic.kubectl.command import Call
from k8s_magic.kubectl.errors import KubectlError
from k8s_magic.kubectl.flags import Flag
from k8s_magic.kubectl.streams import Streams
from k8s_magic.kubectl.writing import secrets, sources
from k8s_magic.kubectl.writing.generated import generator
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.names import SECRETS
from k8s_magic.machinery.protocols import Transport


def check(call: Call, client: Transport, streams: Streams) -> None:
    if not call.text("key") or not call.text("cert"):
        raise KubectlError("key and cert must be specified")


def build(call: Call, client: Transport, streams: Streams) -> Object:
    certificate = _read(call.text("cert"), streams)
    key = _read(call.text("key"), streams)
    for data, what in ((certificate, "certificate"), (key, "key")):
        if b"-----BEGIN " not in data:
            raise KubectlError(f"tls: failed to find any PEM data in {what} input")
    return secrets.secret(
        call, {"tls.crt": sources.encoded(certificate), "tls.key": sources.encoded(key)}, "kubernetes.io/tls"
    )


def _read(path: str, streams: Streams) -> bytes:
    try:
        return streams.files.read(path)
    except OSError as error:
        raise KubectlError(f"Cannot read file {path}, {error}") from None


COMMAND = generator(
    "tls",
    build,
    SECRETS,
    usage="tls NAME --cert=path/to/cert/file --key=path/to/key/file [--dry-run=server|client|none]",
    short="Make a Secret of a certificate and its key",
    flags=(
        Flag("cert", help="The PEM file of the certificate."),
        Flag("key", help="The PEM file of the private key."),
        sources.APPEND_HASH,
    ),
    failure="secret",
    check=check,
)
