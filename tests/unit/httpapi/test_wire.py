"""What is read from bytes: protobuf bodies, SPDY's frames."""

from __future__ import annotations

import struct
import zlib
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from k8s_magic.httpapi import protobuf, spdy
from k8s_magic.httpapi.forwarding import Refused
from k8s_magic.machinery.errors import ApiError


def varint(value: int) -> bytes:
    found = bytearray()
    value &= (1 << 64) - 1
    while value > 0x7F:
        found.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*found, value])


def field(number: int, content: bytes | int | str) -> bytes:
    if isinstance(content, int):
        return varint(number << 3) + varint(content)
    data = content.encode() if isinstance(content, str) else content
    return varint(number << 3 | 2) + varint(len(data)) + data


def body(api_version: str, kind: str, message: bytes) -> bytes:
    return protobuf.MAGIC + field(1, field(1, api_version) + field(2, kind)) + field(2, message)


def test_a_pod_is_read_as_its_json_would_be() -> None:
    metadata = field(1, "web") + field(3, "") + field(8, b"") + field(11, field(1, "app") + field(2, "web"))
    port = field(1, "") + field(2, 0) + field(3, 80) + field(4, "TCP")
    limits = field(1, field(1, "cpu") + field(2, field(1, "100m")))
    action = field(2, field(1, "/") + field(2, field(1, 1) + field(2, 0) + field(3, "http")))
    probe = field(1, action) + field(2, 0) + field(4, 10)
    container = field(1, "c") + field(2, "nginx") + field(3, "sh") + field(3, "-c") + field(6, port) + field(8, limits)
    container += field(10, probe)
    spec = field(2, container) + field(4, 0) + field(8, "robot")
    found = protobuf.decode(body("v1", "Pod", field(1, metadata) + field(2, spec) + field(3, b"")))
    assert found == {
        "kind": "Pod",
        "apiVersion": "v1",
        "metadata": {"name": "web", "labels": {"app": "web"}},
        "spec": {
            "containers": [
                {
                    "name": "c",
                    "image": "nginx",
                    "command": ["sh", "-c"],
                    "ports": [{"containerPort": 80, "protocol": "TCP"}],
                    "resources": {"limits": {"cpu": "100m"}},
                    "livenessProbe": {"httpGet": {"path": "/", "port": "http"}, "periodSeconds": 10},
                }
            ],
            "terminationGracePeriodSeconds": 0,
            "serviceAccountName": "robot",
        },
        "status": {},
    }


def test_times_bytes_and_pointers() -> None:
    secret = field(2, field(1, "k") + field(2, b"\x00\xff")) + field(5, 0)
    assert protobuf.decode(body("v1", "Secret", secret)) == {
        "kind": "Secret",
        "apiVersion": "v1",
        "data": {"k": "AP8="},
        "immutable": False,
    }
    lease = field(2, field(1, "me") + field(3, field(1, 1_767_225_600) + field(2, 5_000)))
    found = protobuf.decode(body("coordination.k8s.io/v1", "Lease", lease))
    assert found["spec"] == {"holderIdentity": "me", "acquireTime": "2026-01-01T00:00:00.000005Z"}
    options = field(1, 0) + field(2, field(1, "u")) + field(5, "All")
    assert protobuf.decode(body("apps/v1", "DeleteOptions", options)) == {
        "kind": "DeleteOptions",
        "apiVersion": "apps/v1",
        "gracePeriodSeconds": 0,
        "preconditions": {"uid": "u"},
        "dryRun": ["All"],
    }


@pytest.mark.parametrize(
    "content",
    [
        b"{}",
        protobuf.MAGIC + b"\xff" * 20,
        body("v1", "Nosuch", b""),
        body("v1", "Pod", field(2, b"\x0a\xff\x01")),
        body("v1", "Pod", b"\x0a\x05ab"),
    ],
)
def test_what_is_no_message_is_a_bad_request(content: bytes) -> None:
    with pytest.raises(ApiError) as refused:
        protobuf.decode(content)
    assert refused.value.reason == "BadRequest"


def test_the_dictionary_is_the_one_of_the_draft() -> None:
    assert (len(spdy.DICTIONARY), zlib.adler32(spdy.DICTIONARY)) == (1423, 0xE3C6A7C2)


def test_a_tunnel_opens_two_streams_a_connection_and_answers_on_one() -> None:
    sent: list[bytes] = []
    asked: list[tuple[int, bytes]] = []

    class Echo:
        """Answers once and closes."""

        problem = ""

        def __init__(self, port: int) -> None:
            if port != 80:
                raise Refused(f"nobody listens on {port}")
            self.port = port
            self.has_ended = False

        def receive(self, data: bytes) -> bytes:
            asked.append((self.port, data))
            self.has_ended = data.endswith(b".")
            return b"said " * 10_000 if self.has_ended else b""

    deflate = zlib.compressobj(9, zdict=spdy.DICTIONARY)

    def syn(stream: int, **headers: str) -> bytes:
        pairs = [text for name, value in headers.items() for text in (name, value)]
        plain = struct.pack(">I", len(headers)) + b"".join(struct.pack(">I", len(t)) + t.encode() for t in pairs)
        block = deflate.compress(plain) + deflate.flush(zlib.Z_SYNC_FLUSH)
        content = struct.pack(">II", stream, 0) + b"\x00\x00" + block
        return struct.pack(">II", 0x80030001, len(content)) + content

    tunnel = spdy.Tunnel(Echo, sent.append)
    data = b"\xff\x00 and so on."
    stream = syn(1, streamtype="error", port="80", requestid="0") + syn(3, streamtype="data", port="80", requestid="0")
    stream += struct.pack(">II", 3, len(data)) + data
    for start in range(0, len(stream), 7):  # frames come in pieces
        tunnel.receive(stream[start : start + 7])
    assert asked == [(80, data)]
    answers = [frame for frame in sent if not frame[0] & 0x80]
    assert [struct.unpack(">II", frame[:8]) for frame in answers] == [
        (3, 32768), (3, 50_000 - 32768), (1, 1 << 24), (3, 1 << 24)
    ]  # fmt: skip
    assert b"".join(frame[8:] for frame in answers) == b"said " * 10_000
    sent.clear()
    tunnel.receive(syn(5, streamtype="error", port="81", requestid="1"))
    tunnel.receive(syn(7, streamtype="data", port="81", requestid="1"))
    assert [frame[8:] for frame in sent if not frame[0] & 0x80] == [b"nobody listens on 81", b""]


@given(st.lists(st.binary(max_size=40), max_size=6), st.booleans())
def test_what_is_no_frame_ends_a_tunnel_and_nothing_else(parts: list[bytes], is_framed: bool) -> None:
    tunnel = spdy.Tunnel(lambda port: pytest.fail("no port was asked for"), lambda data: None)
    with suppress(spdy.BadFrames):
        for part in parts:
            head = struct.pack(">II", 0x80030000 | len(part) % 10, len(part)) if is_framed else b""
            tunnel.receive(head + part)


def test_a_frame_that_is_too_large_is_refused() -> None:
    tunnel = spdy.Tunnel(lambda port: pytest.fail("no port was asked for"), lambda data: None)
    with pytest.raises(spdy.BadFrames, match=r"these are no frames of SPDY/3.1: a frame of 1048577 bytes"):
        tunnel.receive(struct.pack(">II", 1, spdy.MAX_FRAME + 1))
