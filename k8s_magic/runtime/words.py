"""The words of Go's programs for spans, addresses and errors, as kubelets put them into events."""

from __future__ import annotations

from k8s_magic.sim.time import SECOND, SimTime


def go_duration(span: SimTime) -> str:
    """time.Duration's text: `1s`, `1m30s`, `500ms`, `1.5s`."""
    if span == 0:
        return "0s"
    if span < 1000:
        return f"{span}µs"
    if span < SECOND:
        return _decimals(span, 1000) + "ms"
    hours, rest = divmod(span, 3600 * SECOND)
    minutes, rest = divmod(rest, 60 * SECOND)
    text = f"{hours}h" if hours else ""
    if hours or minutes:
        text += f"{minutes}m"
    return f"{text}{_decimals(rest, SECOND)}s"


def _decimals(value: int, unit: int) -> str:
    whole, rest = divmod(value, unit)
    if not rest:
        return str(whole)
    return f"{whole}.{str(rest + unit)[1:].rstrip('0')}"


def host_port(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
