"""The frames of the channel protocols: a binary message whose first byte is the channel.

    0 stdin, 1 stdout, 2 stderr, 3 how it ended (a Status), 4 the terminal's size, 255 a channel is closed (v5)

Source: apimachinery/pkg/util/remotecommand/constants.go, client-go/tools/remotecommand/websocket.go
"""

from __future__ import annotations

import json
from typing import Any

V5, V4 = "v5.channel.k8s.io", "v4.channel.k8s.io"
PROTOCOLS = (V5, V4)
STDIN, STDOUT, STDERR, ERROR, RESIZE, CLOSE = 0, 1, 2, 3, 4, 255
STREAMS = {"stdout": STDOUT, "stderr": STDERR}


def frame(channel: int, data: bytes) -> bytes:
    return bytes([channel]) + data


def ending(exit_code: int) -> dict[str, Any]:
    """How a command ended, as the last word on channel 3. Source: kubelet/pkg/cri/streaming/remotecommand"""
    if exit_code == 0:
        return {"metadata": {}, "status": "Success"}
    return {
        "metadata": {},
        "status": "Failure",
        "message": f"command terminated with non-zero exit code: exit status {exit_code}",
        "reason": "NonZeroExitCode",
        "details": {"causes": [{"reason": "ExitCode", "message": str(exit_code)}]},
    }


def size(content: bytes) -> tuple[int, int] | None:
    """The terminal's width and height out of a frame of RESIZE; None for one that tells none."""
    try:
        told = json.loads(content)
        width, height = told["Width"], told["Height"]
    except (ValueError, KeyError, TypeError):
        return None
    if isinstance(width, int) and isinstance(height, int) and 0 <= width < 1 << 16 and 0 <= height < 1 << 16:
        return width, height
    return None


def exit_code(status: dict[str, Any]) -> int | None:
    """The other way round; None where the Status tells of something else."""
    if status.get("status") == "Success":
        return 0
    for cause in (status.get("details") or {}).get("causes") or ():
        if cause.get("reason") == "ExitCode":
            return int(cause.get("message", "1"))
    return None
