"""What a load is: whom it asks, how often, from where. Read from what a person types, kept in the log as JSON data."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from typing import Any

from k8s_magic.network.load_pattern import PATTERNS
from k8s_magic.sim.time import SECOND, SimTime

TIMEOUT: SimTime = 2 * SECOND
# Connections that a keep-alive client holds open. Our choice.
CONNECTIONS = 10
MAX_RATE = 100_000_000
SOURCES = ("pod", "node", "outside")
_RATE = re.compile(r"(\d+(?:\.\d{1,6})?)(k|m)?(?:/(s|sec|second|m|min|minute|h|hour))?", re.IGNORECASE)
_PER = {"s": 1, "sec": 1, "second": 1, "m": 60, "min": 60, "minute": 60, "h": 3600, "hour": 3600}
_TIMES = {"k": 1_000, "m": 1_000_000}
_SPAN = re.compile(r"(\d+(?:\.\d{1,6})?)(us|ms|s|m|h|)")
_MICROS = {"us": 1, "ms": 1_000, "s": SECOND, "": SECOND, "m": 60 * SECOND, "h": 3600 * SECOND}
_NAME = re.compile(r"[a-z0-9]([-a-z0-9.]*[a-z0-9])?")


@dataclass(frozen=True, slots=True)
class LoadSpec:
    """Units: `rate` is requests in a million seconds; times are simulated microseconds, `duration` 0 for ever.

    `source` is pod, node or outside; `source_name` the Pod or node it comes from, and from outside the node whose
    port is asked ("": the cluster's first worker). `port` 0 is the Service's first. `keep_alive` counts connections.
    """

    namespace: str
    service: str
    port: int = 0
    rate: int = 10 * SECOND
    pattern: str = "steady"
    source: str = "pod"
    source_name: str = ""
    timeout: SimTime = TIMEOUT
    keep_alive: int = 0
    duration: SimTime = 0
    path: str = "/"

    @property
    def key(self) -> str:
        """What tells one load from another: a second one with the same key takes the first one's place."""
        return load_key(self.namespace, self.service, self.source)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def load_key(namespace: str, service: str, source: str) -> str:
    return f"{namespace}/{service}/{source}"


def read_target(text: str) -> tuple[str, int]:
    """Name and port (0: the first) of svc/web, service/web:80 or services/web. Raises: ValueError."""
    kind, slash, rest = text.partition("/")
    if not slash:
        kind, rest = "svc", text
    if kind.lower() not in ("svc", "service", "services"):
        raise ValueError(f"traffic goes to a Service, such as svc/web, not to {text}")
    name, colon, port = rest.partition(":")
    if not _NAME.fullmatch(name):
        raise ValueError(f"{rest!r} is no name of a Service")
    if colon and not (port.isdigit() and 0 < int(port) < 65_536):
        raise ValueError(f"{port!r} is no port number")
    return name, int(port) if colon else 0


def read_rate(text: str | float) -> int:
    """50/s, 300/min, 0.5/s, 10k/s, or a number (a second). Raises: ValueError."""
    found = _RATE.fullmatch(str(text).strip())
    if found is None:
        raise ValueError(f"{text!r} is no rate; write 50/s, 300/min or 10k/s")
    number, thousands, per = found.groups()
    whole, _, fraction = number.partition(".")
    millionths = int(whole) * SECOND + int(fraction.ljust(6, "0") or 0) if fraction else int(whole) * SECOND
    rate = millionths * _TIMES.get((thousands or "").lower(), 1) // _PER[(per or "s").lower()]
    if not 0 < rate <= MAX_RATE * SECOND:
        raise ValueError(f"the rate must be above 0 and at most {MAX_RATE:,} a second")
    return rate


def read_time(text: str | float, what: str) -> SimTime:
    """500ms, 2s, 5m, or a number of seconds. Raises: ValueError."""
    found = _SPAN.fullmatch(str(text).strip())
    span = 0
    if found is not None:
        whole, _, fraction = found[1].partition(".")
        unit = _MICROS[found[2]]
        span = int(whole) * unit + (int(fraction) * unit // 10 ** len(fraction) if fraction else 0)
    if span <= 0:
        raise ValueError(f"{text!r} is no time for {what}; write 500ms, 30s, 5m or 1h")
    return span


def read_source(text: str) -> tuple[str, str]:
    """pod, node, outside, or with a name: pod/web-1, node/node-2, outside/node-2. Raises: ValueError."""
    kind, _, name = text.partition("/")
    if kind not in SOURCES or (name and not _NAME.fullmatch(name)):
        raise ValueError(f"--from must be pod, node or outside, with a name or without (pod/web-1), not {text!r}")
    return kind, name


def read(
    target: str,
    *,
    namespace: str = "default",
    rate: str | float = "10/s",
    pattern: str = "steady",
    source: str = "pod",
    timeout: str | float = "2s",
    keep_alive: bool | int = False,
    duration: str | float = "",
    path: str = "/",
) -> LoadSpec:
    """A load from words as a person writes them. Raises: ValueError, in one sentence."""
    name, port = read_target(target)
    if pattern not in PATTERNS:
        raise ValueError(f"--pattern must be one of {', '.join(PATTERNS)}, not {pattern!r}")
    kind, source_name = read_source(source)
    if not path.startswith("/"):
        raise ValueError(f"--path must begin with /, not {path!r}")
    connections = CONNECTIONS if keep_alive is True else int(keep_alive)
    if not 0 <= connections <= 10_000:
        raise ValueError("--keep-alive holds between 1 and 10000 connections")
    return LoadSpec(
        namespace=namespace,
        service=name,
        port=port,
        rate=read_rate(rate),
        pattern=pattern,
        source=kind,
        source_name=source_name,
        timeout=read_time(timeout, "--timeout"),
        keep_alive=connections,
        duration=read_time(duration, "--for") if duration else 0,
        path=path,
    )
