"""%traffic: seeded load on a Service, started, changed, shown and stopped in words."""

from __future__ import annotations

import shlex
from typing import Any

from k8s_magic.magics.session import Session, show
from k8s_magic.text import tabwriter
from k8s_magic.widgets import traffic_text

USAGE = """usage: %traffic [SERVICE] [OPTIONS]

  %traffic                          list what runs, with its counts
  %traffic svc/web                  the figures of a Service's load
  %traffic svc/web --rate 50/s      send requests from now on (300/min, 10k/s; again: change the rate)
  %traffic svc/web --view           show them, alive; with --rate: start, and show
  %traffic svc/web --stop           stop; %traffic --stop stops all

  --from pod|node|outside           where the requests come from (default pod); a certain one: pod/NAME, node/NAME;
                                    outside/NODE asks that node's port
  --pattern steady|ramp|spike|wave  how the rate goes over time
  --for 30s                         stop by itself
  --timeout 2s                      how long a request waits for its answer
  --keep-alive[=N]                  N connections (default 10) that stay open, instead of one a request
  --path /                          what is asked for
  -n, --namespace NAMESPACE         where the Service is

The counts are exact at any rate. A server's log gets one line a second of it at most.
"""
_VALUES = {
    "--rate": "rate",
    "--from": "source",
    "--timeout": "timeout",
    "--pattern": "pattern",
    "--for": "duration",
    "--path": "path",
    "--namespace": "namespace",
    "-n": "namespace",
}
_SWITCHES = ("--stop", "--view", "--keep-alive", "--help")
OPTIONS = tuple(option for option in (*_VALUES, *_SWITCHES) if option.startswith("--"))


class LineError(Exception):
    """What is wrong, in one sentence."""


def run(session: Session, line: str) -> Any:
    """Raises: LineError."""
    try:
        words = shlex.split(line)
    except ValueError as error:
        raise LineError(f"cannot read the line: {error}".lower()) from None
    target, values, switches = _read(words)
    if "--help" in switches:
        show("stdout", USAGE)
        return None
    cluster = session.cluster
    namespace = values.pop("namespace", "") or _namespace(cluster.config)
    try:
        if "--stop" in switches:
            _stop(session, target, namespace, values)
            return None
        if not target and (values or switches - {"--view"}):
            raise LineError("expects a Service, such as svc/web")
        starts = "rate" in values or "--keep-alive" in switches or values
        if starts:
            if "rate" not in values:
                values["rate"] = _present_rate(session, target, namespace)
            cluster.traffic(target, namespace=namespace, keep_alive=_connections(switches), **values)
    except ValueError as error:
        raise LineError(str(error)) from None
    service = _service(target)
    if "--view" in switches:
        return session.views.traffic(namespace if target else "", service)
    reports = cluster.loads(service, namespace if target else "")
    if starts:
        newest = reports[-1]
        show("stdout", f"{traffic_text.sentence(newest, session.language)}\n")
    elif target:
        if not reports:
            raise LineError(f"no load was sent to {target}; start one with %traffic {target} --rate 10/s")
        show("stdout", traffic_text.render(reports, session.language))
    else:
        _list(reports)
    return None


def _read(words: list[str]) -> tuple[str, dict[str, str], set[str]]:
    target, values = "", dict[str, str]()
    switches: set[str] = set()
    waiting = list(words)
    while waiting:
        word = waiting.pop(0)
        option, equals, value = word.partition("=")
        if option in _VALUES:
            if not equals:
                if not waiting:
                    raise LineError(f"{option} needs a value")
                value = waiting.pop(0)
            values[_VALUES[option]] = value
        elif option in _SWITCHES and (not equals or option == "--keep-alive"):
            switches.add(word)
        elif word == "-h":
            switches.add("--help")
        elif word.startswith("-"):
            raise LineError(f"unknown option {word!r}; %traffic --help lists them")
        elif target in ("svc", "service", "services"):
            target = f"{target}/{word}"
        elif target:
            raise LineError(f"expects one Service, not {target} and {word}")
        else:
            target = word
    return target, values, switches


def _connections(switches: set[str]) -> bool | int:
    for switch in switches:
        name, equals, value = switch.partition("=")
        if name == "--keep-alive":
            if not equals:
                return True
            if not value.isdigit() or int(value) == 0:
                raise LineError(f"--keep-alive takes a number of connections, not {value!r}")
            return int(value)
    return False


def _namespace(config: dict[str, Any]) -> str:
    """The one that kubectl's current context names."""
    for entry in config.get("contexts") or ():
        if entry.get("name") == config.get("current-context"):
            return entry.get("context", {}).get("namespace") or "default"
    return "default"


def _service(target: str) -> str:
    return target.rpartition("/")[2].partition(":")[0]


def _present_rate(session: Session, target: str, namespace: str) -> str:
    running = [one for one in session.cluster.loads(_service(target), namespace) if one["running"]]
    return f"{running[-1]['rate']:g}" if running else "10/s"


def _stop(session: Session, target: str, namespace: str, values: dict[str, str]) -> None:
    source = values.pop("source", "").partition("/")[0]
    if values:
        raise LineError("--stop takes no other option than -n and --from")
    stopped = session.cluster.stop_traffic(target, namespace=namespace, source=source)
    if not stopped:
        raise LineError(f"no load runs on {target}" if target else "no load runs")
    for report in session.cluster.loads():
        if report["key"] in stopped:
            show("stdout", f"{traffic_text.sentence(report, session.language)}\n")


def _list(reports: list[dict[str, Any]]) -> None:
    if not reports:
        show("stdout", "No load runs. Start one with %traffic svc/NAME --rate 50/s\n")
        return
    rows = [("NAMESPACE", "SERVICE", "FROM", "RATE", "STATE", "SENT", "ANSWERED", "LOST", "P50", "P95", "P99")]
    for one in reports:
        latency = one["latency"]
        rows.append(
            (
                one["namespace"],
                one["service"],
                one["source"],
                traffic_text.rate(one),
                "running" if one["running"] else "ended",
                str(one["sent"]),
                str(one["answered"]),
                traffic_text.losses(one),
                *(traffic_text.span(latency[name]) for name in ("p50", "p95", "p99")),
            )
        )
    show("stdout", tabwriter.table(rows))
