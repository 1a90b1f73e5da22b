"""Seed and log to history: the same requests at the same instants."""

from __future__ import annotations

import json
from typing import Any

from k8s_magic.client.inprocess import InProcessTransport
from k8s_magic.client.node_calls import Exec
from k8s_magic.cluster import door, outside
from k8s_magic.cluster.dialogue import ACTIONS
from k8s_magic.cluster.door import Entry
from k8s_magic.cluster.options import Options
from k8s_magic.cluster.outside import Transfer
from k8s_magic.cluster.wiring import Parts
from k8s_magic.machinery.errors import ApiError, Unsupported
from k8s_magic.machinery.names import GroupVersionResource
from k8s_magic.machinery.protocols import Conversation, DeleteOptions, ListOptions, WriteOptions
from k8s_magic.network import LoadError, LoadSpec
from k8s_magic.sim.time import SimTime

FORMAT = 1


def dump(options: Options, now: SimTime, entries: list[Entry]) -> str:
    header = {"k8s-magic": FORMAT, "options": options.as_json(), "time": now}
    return json.dumps(header, sort_keys=True) + "\n" + door.dump(entries)


def load(text: str) -> tuple[Options, SimTime, list[Entry]]:
    """Raises: ValueError when the text is no saved cluster."""
    first, _, rest = text.partition("\n")
    try:
        header = json.loads(first)
        if header["k8s-magic"] != FORMAT:
            raise ValueError(f"saved by another version ({header['k8s-magic']})")
        return Options(**header["options"]), header["time"], door.load(rest)
    except (KeyError, TypeError, json.JSONDecodeError):
        raise ValueError("this is no saved cluster") from None


def run(parts: Parts, entries: list[Entry], end: SimTime) -> None:
    """Do again what the log says, on a cluster that has just been made with the same options."""
    replay = Replay(parts)
    for entry in entries:
        parts.kernel.run_until(entry.time)
        parts.door.log.append(entry)
        replay.act(entry)
    parts.kernel.run_until(end)


class Replay:
    """Acts one entry after the other; commands in containers run on until they end or an entry interrupts them."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._transport = InProcessTransport(parts.server, "kubectl")
        self._running: dict[int, Exec | Transfer] = {}  # by their place in the log
        self._connections: dict[int, Conversation] = {}  # likewise

    def act(self, entry: Entry) -> None:
        """What was refused then is refused now, and is no error of the replay."""
        arguments = entry.arguments
        try:
            if entry.action in ("fail", "heal"):
                getattr(self._parts.kubelets, entry.action)(arguments["node"])
            elif entry.action == "curl":
                place = len(self._parts.door.log)
                self._running[place] = outside.begin(
                    self._parts, arguments["words"], arguments["forwards"], arguments.get("files")
                )
            elif entry.action == "traffic":
                self._parts.loads.start(LoadSpec(**arguments["spec"]))
            elif entry.action == "traffic-stop":
                self._parts.loads.stop(arguments["key"])
            elif entry.action == "exec":
                place = len(self._parts.door.log)
                self._running[place] = self._transport.begin(*arguments["positional"], **arguments["named"])
            elif entry.action == "attach":
                place = len(self._parts.door.log)
                self._running[place] = self._transport.attach(*arguments["positional"])
            elif entry.action == "forward":
                place = len(self._parts.door.log)
                self._connections[place] = self._transport.forward(*arguments["positional"])
            elif entry.action == "forwarded":
                connection = self._connections.get(arguments["number"])
                if connection is not None:
                    connection.receive(arguments["data"].encode("latin-1"))
            elif entry.action in ACTIONS:
                running = self._running.get(arguments["number"])
                if running is not None:
                    getattr(running, ACTIONS[entry.action])(*arguments.get("words", ()))
            else:
                self._request(entry.action, arguments)
        except (ApiError, Unsupported, LoadError):
            return

    def _request(self, verb: str, arguments: dict[str, Any]) -> None:
        resource = GroupVersionResource(*arguments["resource"])
        named = dict(arguments["named"])
        if isinstance(named.get("options"), dict):
            record = DeleteOptions if verb in ("delete", "delete_collection") else WriteOptions
            named["options"] = record(**named["options"])
        if isinstance(named.get("selection"), dict):
            named["selection"] = ListOptions(**named["selection"])
        getattr(self._transport, verb)(resource, *arguments["positional"], **named)
