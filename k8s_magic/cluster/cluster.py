"""One simulated cluster, as a notebook and a Python program hold it."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from k8s_magic import kubectl
from k8s_magic.apiserver import metrics
from k8s_magic.cluster import outside, replay
from k8s_magic.cluster.boot import BOOT, boot
from k8s_magic.cluster.files import Files
from k8s_magic.cluster.options import Options
from k8s_magic.cluster.result import Result
from k8s_magic.cluster.transport import DoorTransport
from k8s_magic.cluster.wiring import Parts
from k8s_magic.kubectl.streams import Elsewhere, Forward, Keyboard, Streams, new_config
from k8s_magic.machinery import names
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.names import GroupVersionResource
from k8s_magic.network import load_spec
from k8s_magic.sim import streams as chance
from k8s_magic.sim.pace import epoch_before
from k8s_magic.sim.time import MILLISECOND, SECOND, SimTime

if TYPE_CHECKING:
    from k8s_magic.httpapi.listener import HttpApi

# What a person's kubectl takes to start and to reach the server, as it does on a laptop. Our figure.
COMMAND_TIME: SimTime = 100 * MILLISECOND

Write = Callable[[str, str], None]


class Cluster:
    """A Kubernetes cluster in this process.

        cluster = Cluster(nodes=3, seed=0)
        cluster.kubectl("create deployment web --image=nginx --replicas=3")
        cluster.run_until(lambda: len(cluster.kubectl("get pods").objects) == 3)

    Time stands still between calls and blocking commands run as fast as they can, unless `live`, when simulated time
    follows the clock at `speed`. The same arguments and the same calls at the same simulated instants give the same
    history to the byte.

    Units: cpu and memory are quantities of each node; `epoch` is the instant of simulated time 0 as RFC 3339 text (by
    default the same for all clusters; of a live one, so that its clock reads as the one on the wall).
    Raises: ValueError for sizes that no cluster has.
    """

    def __init__(
        self,
        nodes: int = 3,
        *,
        seed: int = 0,
        bare: bool = False,
        cpu: str = "4",
        memory: str = "8Gi",
        pods: int = 110,
        epoch: str = "",
        live: bool = False,
        speed: float = 1.0,
    ) -> None:
        if live and not epoch:
            epoch = epoch_before(BOOT)
        self.options = Options(
            nodes=nodes, seed=seed, bare=bare, cpu=str(cpu), memory=str(memory), pods=pods, epoch=epoch
        )
        self._parts = Parts(self.options)
        boot(self._parts, self.options)
        self.context = self._parts.context
        self.pace = self._parts.pace
        self.files: dict[str, str] = {}
        self.config = new_config()
        self.forwards: dict[int, Forward] = {}
        self._touched: dict[tuple[GroupVersionResource, str, str], Object] = {}
        self.transport = DoorTransport(self._parts.transport("kubectl"), self._parts.door, self._note)
        self._is_closed = False
        self._http: HttpApi | None = None
        # Who does a kubectl command that is not implemented here; the notebook's session sets it.
        self.elsewhere: Elsewhere | None = None
        if live:
            self.pace.go_live(speed)

    # -- what a person does

    def kubectl(
        self,
        command: str | Sequence[str],
        *,
        stdin: str = "",
        keyboard: Keyboard | None = None,
        env: Mapping[str, str] | None = None,
        on_output: Write | None = None,
    ) -> Result:
        """Run one kubectl command, given without or with its leading `kubectl`, as text or as words.

        `on_output(stream, text)` hears the output as it comes; `keyboard` is asked for what a command reads that
        nothing is piped into (`exec -it`, `run -it`, `attach -it`). Never raises for what a person typed: the answer's
        `exit_code` and `stderr` say what kubectl says.
        """
        result = Result()
        try:
            words = _words(command, "kubectl")
        except ValueError as error:
            return Result([("stderr", f"error: {error}\n")], 1)

        def writer(stream: str) -> Callable[[str], None]:
            def write(text: str) -> None:
                result.chunks.append((stream, text))
                if on_output is not None:
                    on_output(stream, text)

            return write

        streams = self._streams()
        streams.keyboard = keyboard
        streams.stdin, streams.out, streams.err, streams.env = stdin, writer("stdout"), writer("stderr"), env or {}
        self._touched.clear()
        self._parts.door.skip(COMMAND_TIME)
        result.exit_code = kubectl.main(words, self.transport, streams)
        result.was_interrupted = streams.was_interrupted
        result.objects = self._objects()
        return result

    def apply(self, manifest: str) -> Result:
        """`kubectl apply -f -` of a YAML or JSON text."""
        return self.kubectl(["apply", "-f", "-"], stdin=manifest)

    def curl(
        self,
        command: str | Sequence[str],
        *,
        files: Mapping[str, str] | None = None,
        save: Write | None = None,
        on_output: Write | None = None,
    ) -> Result:
        """One curl command from outside the cluster, given without or with its leading `curl`.

        `files` are those that it may read, by the name typed (`-`: standard input); `save(name, text)` takes what it
        writes to a file. Bytes that are no UTF-8 are lone surrogates there (PEP 383).
        """
        result = Result()
        try:
            words = _words(command, "curl")
        except ValueError as error:
            return Result([("stderr", f"curl: {error}\n")], 2)

        def write(stream: str, text: str) -> None:
            result.chunks.append((stream, text))
            if on_output is not None:
                on_output(stream, text)

        door, forwards = self._parts.door, [asdict(forward) for forward in self.forwards.values()]
        transfer = None
        try:
            with door.enter("curl", words=words, forwards=forwards, **({"files": dict(files)} if files else {})):
                number = len(door.log)
                transfer = outside.begin(self._parts, words, forwards, files, write, save)
            door.wait(lambda: transfer.has_ended)
        except KeyboardInterrupt:
            result.was_interrupted = True
            if transfer is not None:  # it may come as the door falls shut
                with door.enter("interrupt", number=number):
                    transfer.close()
        result.exit_code = transfer.exit_code if transfer is not None else outside.INTERRUPTED
        return result

    def traffic(
        self,
        service: str,
        rate: str | float = "10/s",
        *,
        namespace: str = "default",
        source: str = "pod",
        pattern: str = "steady",
        timeout: str | float = "2s",
        keep_alive: bool | int = False,
        duration: str | float = "",
        path: str = "/",
    ) -> str:
        """Send requests to a Service (svc/web, svc/web:8080) from now on, and answer the load's key.

        A load of the same Service and source that runs already takes the new rate. `source` is pod, node or outside,
        with a name or without. Raises: ValueError, in one sentence.
        """
        spec = load_spec.read(
            service,
            namespace=namespace,
            rate=rate,
            pattern=pattern,
            source=source,
            timeout=timeout,
            keep_alive=keep_alive,
            duration=duration,
            path=path,
        )
        with self._parts.door.enter("traffic", spec=spec.as_json()):
            self._parts.loads.start(spec)
        return spec.key

    def stop_traffic(self, service: str = "", *, namespace: str = "default", source: str = "") -> list[str]:
        """Stop the loads of a Service (of all Services) that run, and answer their keys. Raises: ValueError."""
        name = load_spec.read_target(service)[0] if service else ""
        with self.look():
            found = [
                report["key"]
                for report in self._parts.loads.reports(namespace if service else "", name)
                if report["running"] and source in ("", report["source"])
            ]
        for key in found:
            with self._parts.door.enter("traffic-stop", key=key):
                self._parts.loads.stop(key)
        return found

    def loads(self, service: str = "", namespace: str = "") -> list[dict[str, Any]]:
        """The figures of the loads, running and ended, as plain data: see network/load_report.py for its shape."""
        with self.look():
            return self._parts.loads.reports(namespace, service)

    def complete(self, words: Sequence[str]) -> list[str]:
        """What may stand in place of the last of a kubectl command's words."""
        return kubectl.complete(list(words), self.transport, self._streams())

    # -- time

    @property
    def now(self) -> float:
        """Simulated seconds since the cluster's epoch."""
        with self.look():
            return self.context.kernel.now / SECOND

    def run(self, seconds: float) -> None:
        """Let simulated time pass at once."""
        self._parts.door.skip(round(seconds * SECOND))

    def run_until(self, until: float | Callable[[], bool], timeout: float = 3600.0) -> bool:
        """Run to an instant (simulated seconds), or until a function answers True, looking after every step.

        Answers False when `timeout` simulated seconds have passed without.
        """
        if not callable(until):
            self.run(until - self.now)
            return True
        return self._parts.door.wait(until, round(timeout * SECOND))

    def wait(self, ready: Callable[[], bool], timeout: SimTime | None = None) -> bool:
        """Pump.wait."""
        return self._parts.door.wait(ready, timeout)

    def look(self) -> AbstractContextManager[None]:
        """Inside, the cluster has caught up with its pace and stands still."""
        return self._parts.door.look()

    # -- the HTTP API

    def serve(self, *, host: str = "127.0.0.1", port: int = 0) -> HttpApi:
        """Answer on a port until `unserve` or `close`; the answer tells address and kubeconfig. Raises: OSError."""
        if self._http is None:
            from k8s_magic.httpapi.listener import HttpApi

            self._http = HttpApi(self._parts.server, self._parts.door, host=host, port=port)
        return self._http

    @property
    def is_served(self) -> bool:
        return self._http is not None

    def unserve(self) -> None:
        http, self._http = self._http, None
        if http is not None:
            http.close()

    # -- faults

    def fail(self, node: str) -> None:
        """Cut a node off: its kubelet goes silent, its Pods cannot be reached. Raises: KeyError."""
        self._act("fail", node=node)

    def heal(self, node: str) -> None:
        """Bring a failed node back. Raises: KeyError."""
        self._act("heal", node=node)

    def _act(self, action: str, node: str) -> None:
        with self.look():
            if self.context.informer(names.NODES).get("", node) is None:
                raise KeyError(node)
        with self._parts.door.enter(action, node=node):
            getattr(self._parts.kubelets, action)(node)

    # -- saving

    def save(self) -> str:
        """Options and log as text: all of this cluster's history."""
        with self.look():
            return replay.dump(self.options, self.context.kernel.now, self._parts.door.log)

    @classmethod
    def load(cls, text: str, *, live: bool = False) -> Cluster:
        """A cluster with the same history as the saved one, standing at the same instant. Raises: ValueError."""
        options, end, entries = replay.load(text)
        cluster = cls(**options.as_json())
        replay.run(cluster._parts, entries, end)
        if live:
            cluster.pace.go_live(1.0)
        return cluster

    def close(self) -> None:
        """Stop every component; the cluster answers nothing more."""
        if not self._is_closed:
            self._is_closed = True
            self.unserve()
            with self._parts.door.look():
                self._parts.stop()

    def _streams(self) -> Streams:
        return Streams(
            files=Files(self.files),
            config=self.config,
            forwards=self.forwards,
            elsewhere=self.elsewhere,
            suffix=self._suffix,
        )

    def _suffix(self) -> str:
        """For a name that kubectl makes up: drawn for this instant, so that a cluster replayed draws others."""
        return chance.name_suffix(self.context.streams.stream(f"kubectl/{self.context.kernel.now}"))

    # -- what a command touched

    def _note(self, resource: GroupVersionResource, answer: Object) -> None:
        rows = answer.get("rows")
        objects = [row["object"] for row in rows] if rows is not None else answer.get("items", [answer])
        for obj in objects:
            metadata = obj.get("metadata") or {}
            if metadata.get("name"):
                self._touched[resource, metadata.get("namespace", ""), metadata["name"]] = obj

    def _objects(self) -> list[Object]:
        """The objects touched, in their present state; those that are gone as they were last seen."""
        with self.look():
            found = []
            for (resource, namespace, name), seen in self._touched.items():
                if resource.group == metrics.GROUP:
                    continue  # told, not stored
                live = self.context.informer(resource).get(namespace, name)
                if live is not None or "kind" in seen:
                    found.append(live if live is not None else seen)
            return found


def _words(command: str | Sequence[str], program: str) -> list[str]:
    """A command as words, without the program's own name. Raises: ValueError for a quote that nothing closes."""
    words = shlex.split(command) if isinstance(command, str) else list(command)
    return words[1:] if words[:1] == [program] else words
