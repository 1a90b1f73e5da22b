"""The HTTP API under load, and the real kubectl's time beside %kubectl's own.

    python benchmarks/http_api.py [--seconds 60] [--watches 200] [--rate 50] [--pods 100 10000]
    python benchmarks/http_api.py --load KUBECONFIG …     the load alone, against a server that runs; prints JSON

The load runs in a process of its own. Every watch must hear every write once and in order.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import itertools
import json
import os
import ssl
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml

MAPS = "/api/v1/namespaces/default/configmaps"
# Requests in flight at once.
WORKERS = 8
# How long the last event may take to arrive everywhere.
PATIENCE = 30.0


class Connection:
    """One HTTP/1.1 connection, by hand: what an HTTP library costs would be measured with it."""

    def __init__(self, config: dict[str, Any]) -> None:
        cluster = config["clusters"][0]["cluster"]
        parts = urlsplit(cluster["server"])
        self._host, self._port = parts.hostname, parts.port
        self._token = config["users"][0]["user"]["token"]
        authority = base64.b64decode(cluster["certificate-authority-data"]).decode()
        self._context = ssl.create_default_context(cadata=authority)

    async def open(self) -> Connection:
        self.reader, self.writer = await asyncio.open_connection(
            self._host, self._port, ssl=self._context, limit=1 << 24
        )
        return self

    def close(self) -> None:
        self.writer.transport.abort()

    async def send(self, method: str, path: str, body: Any = None, kind: str = "application/json") -> int:
        """Send a request and read the answer's head: its status, with `length` set (None where it comes in chunks)."""
        content = b"" if body is None else json.dumps(body).encode()
        head = (
            f"{method} {path} HTTP/1.1\r\nHost: {self._host}:{self._port}\r\nAuthorization: Bearer {self._token}\r\n"
            f"Content-Type: {kind}\r\nContent-Length: {len(content)}\r\n\r\n"
        )
        self.writer.write(head.encode() + content)
        lines = (await self.reader.readuntil(b"\r\n\r\n")).decode().lower().split("\r\n")
        sizes = [line.partition(":")[2] for line in lines if line.startswith("content-length:")]
        self.length = int(sizes[0]) if sizes else None
        return int(lines[0].split()[1])

    async def ask(self, method: str, path: str, body: Any = None, kind: str = "application/json") -> tuple[int, bytes]:
        status = await self.send(method, path, body, kind)
        return status, await self.reader.readexactly(self.length or 0)

    async def chunk(self) -> bytes:
        size = int(await self.reader.readuntil(b"\r\n"), 16)
        data = await self.reader.readexactly(size + 2)
        return data[:-2]


class Load:
    def __init__(self, config: dict[str, Any], watches: int, rate: float, seconds: float) -> None:
        self._config = config
        self._watches = watches
        self._rate = rate
        self._seconds = seconds
        self.times: list[float] = []
        self.failed: list[str] = []
        self.written: list[tuple[str, str]] = []
        self.heard: list[list[tuple[str, str, int]]] = [[] for _ in range(watches)]

    async def run(self) -> dict[str, Any]:
        first = await Connection(self._config).open()
        _, content = await first.ask("GET", MAPS)
        version = json.loads(content)["metadata"]["resourceVersion"]
        begun = time.monotonic()
        watching = [asyncio.create_task(self._watch(number, version)) for number in range(self._watches)]
        while self._open < self._watches and time.monotonic() < begun + PATIENCE:
            await asyncio.sleep(0.01)
        opened = time.monotonic() - begun
        begun = time.monotonic()
        await asyncio.gather(*(self._work(number, begun) for number in range(WORKERS)))
        spent = time.monotonic() - begun
        await first.ask("POST", MAPS, {"metadata": {"name": "the-end"}})
        self.written.append(("ADDED", "the-end"))
        _, late = await asyncio.wait(watching, timeout=PATIENCE)
        arrived = time.monotonic() - begun - spent
        for task in late:
            task.cancel()
        await first.ask("DELETE", f"{MAPS}/the-end")
        first.close()
        return {**self._figures(spent), "watches_open_after_s": opened, "last_event_after_s": arrived}

    _open = 0

    async def _watch(self, number: int, version: str) -> None:
        connection = await Connection(self._config).open()
        status = await connection.send("GET", f"{MAPS}?watch=true&resourceVersion={version}")
        if status != 200:
            self.failed.append(f"watch: {status}")
            return
        self._open += 1
        rest, heard, name = b"", self.heard[number], ""
        while name != "the-end":
            *lines, rest = (rest + await connection.chunk()).split(b"\n")
            for line in lines:
                event = json.loads(line)
                metadata = event["object"]["metadata"]
                name = metadata["name"]
                heard.append((event["type"], name, int(metadata["resourceVersion"])))
        connection.close()

    async def _work(self, worker: int, begun: float) -> None:
        """Every tenth request each of create, patch and delete; the others read."""
        connection = await Connection(self._config).open()
        merge = "application/merge-patch+json"
        for turn in range(int(self._rate * self._seconds / WORKERS)):
            await asyncio.sleep(max(0.0, begun + (turn * WORKERS + worker) / self._rate - time.monotonic()))
            name = f"load-{worker}-{turn // 10}"
            step = turn % 10
            if step == 0:
                await self._one(connection, "POST", MAPS, {"metadata": {"name": name}, "data": {"k": "v" * 100}})
            elif step == 4:
                await self._one(connection, "PATCH", f"{MAPS}/{name}", {"data": {"k": "w"}}, merge)
            elif step == 8:
                await self._one(connection, "DELETE", f"{MAPS}/{name}")
            elif step % 2:
                await self._one(connection, "GET", "/api/v1/namespaces/kube-system/pods?limit=50")
            else:
                await self._one(connection, "GET", "/api/v1/namespaces/default/configmaps/kube-root-ca.crt")
        connection.close()

    _EVENTS = {"POST": "ADDED", "PATCH": "MODIFIED", "DELETE": "DELETED"}  # noqa: RUF012

    async def _one(self, connection: Connection, method: str, path: str, body: Any = None, kind: str = "") -> None:
        begun = time.monotonic()
        status, content = await connection.ask(method, path, body, kind or "application/json")
        self.times.append(time.monotonic() - begun)
        if status >= 300:
            self.failed.append(f"{method} {path}: {status} {content[:200]!r}")
        elif method in self._EVENTS:
            name = body["metadata"]["name"] if method == "POST" else path.rpartition("/")[2]
            self.written.append((self._EVENTS[method], name))

    def _figures(self, spent: float) -> dict[str, Any]:
        wanted = sorted(self.written)
        whole = 0
        for heard in self.heard:
            versions = [version for _, _, version in heard]
            in_order = all(before < after for before, after in itertools.pairwise(versions))
            whole += in_order and sorted((kind, name) for kind, name, _ in heard) == wanted
        times = sorted(self.times)
        return {
            "requests": len(times),
            "requests_a_second": round(len(times) / spent, 1),
            "failed": self.failed[:5],
            "median_ms": round(statistics.median(times) * 1000, 2),
            "p99_ms": round(times[int(len(times) * 0.99)] * 1000, 2),
            "worst_ms": round(times[-1] * 1000, 2),
            "writes": len(self.written),
            "events": sum(map(len, self.heard)),
            "watches": len(self.heard),
            "watches_that_heard_all": whole,
        }


async def flat_out(config: dict[str, Any], seconds: float) -> dict[str, float]:
    """Requests a second, as many as there can be, of one kind at a time."""
    found = {}

    async def worker(number: int, ask: Callable[[Connection, int, int], Any], end: float) -> int:
        connection, count = await Connection(config).open(), 0
        while time.monotonic() < end:
            await ask(connection, number, count)
            count += 1
        connection.close()
        return count

    async def get(connection: Connection, number: int, count: int) -> None:
        await connection.ask("GET", f"{MAPS}/kube-root-ca.crt")

    async def listing(connection: Connection, number: int, count: int) -> None:
        await connection.ask("GET", "/api/v1/pods?limit=100")

    async def create(connection: Connection, number: int, count: int) -> None:
        await connection.ask("POST", MAPS, {"metadata": {"name": f"flat-{number}-{count}"}})

    for name, ask in (("get", get), ("list Pods", listing), ("create", create)):
        end = time.monotonic() + seconds
        counts = await asyncio.gather(*(worker(number, ask, end) for number in range(WORKERS)))
        found[name] = round(sum(counts) / seconds, 1)
    return found


def load(arguments: argparse.Namespace) -> dict[str, Any]:
    config = yaml.safe_load(Path(arguments.load).read_text())
    one = Load(config, arguments.watches, arguments.rate, arguments.seconds)
    return asyncio.run(one.run())


def best(run: Callable[[], Any], times: int = 3) -> float:
    spent = []
    for _ in range(times):
        begun = time.perf_counter()
        run()
        spent.append(time.perf_counter() - begun)
    return min(spent)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--load", metavar="KUBECONFIG", default="")
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--watches", type=int, default=200)
    parser.add_argument("--rate", type=float, default=50.0, help="requests a second")
    parser.add_argument("--pods", type=int, nargs="*", default=[100, 10000])
    arguments = parser.parse_args()
    if arguments.load:
        print(json.dumps(load(arguments)))
        return

    from k8s_magic import Cluster
    from k8s_magic.httpapi import kubeconfig

    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder) / "config"
        cluster = Cluster(nodes=3, live=True)
        http = cluster.serve()
        kubeconfig.write(config, http.config)
        own = [sys.executable, __file__, "--load", str(config), "--watches", str(arguments.watches)]
        own += ["--rate", str(arguments.rate), "--seconds", str(arguments.seconds)]
        cpu = time.process_time()
        done = subprocess.run(own, capture_output=True, text=True, check=True)
        spent = time.process_time() - cpu
        for name, value in json.loads(done.stdout).items():
            print(f"{name:24} {value}")
        print(f"{'server CPU, s':24} {spent:.1f}")
        for name, value in asyncio.run(flat_out(http.config, 3.0)).items():
            print(f"flat out, {name:14} {value} requests a second")
        cluster.close()
        for pods in arguments.pods:
            beside(pods, config)


def beside(pods: int, config: Path) -> None:
    """`kubectl get pods`, by the real program and by our own."""
    from k8s_magic import Cluster
    from k8s_magic.httpapi import kubeconfig

    cluster = Cluster(nodes=max(3, pods // 100), bare=True, live=True)
    cluster.kubectl(f"create deployment many --image=nginx --replicas={pods}")
    cluster.run(60 + pods / 20)  # the deployment controller makes them as the real one does
    kubeconfig.write(config, cluster.serve().config)
    program = Path(sys.executable).parent / "kubectl"
    env = {**os.environ, "KUBECONFIG": str(config), "HOME": str(config.parent)}
    command = [str(program), "get", "pods"]
    lines = subprocess.run(command, env=env, capture_output=True, text=True, check=True).stdout.count("\n")
    real = best(lambda: subprocess.run(command, env=env, capture_output=True, check=True))
    ours = best(lambda: cluster.kubectl("get pods"))
    print(f"get pods, {lines - 1:6} Pods    real kubectl {real * 1000:8.1f} ms    %kubectl {ours * 1000:8.1f} ms")
    cluster.close()


if __name__ == "__main__":
    main()
