"""All benchmarks against their targets on 2 cores: seconds, ratios, and counts that a machine's speed leaves alone.

    python -m benchmarks [NAME …]

Each runs in a process of its own.
"""

from __future__ import annotations

import gc
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from k8s_magic.cluster import Cluster
from k8s_magic.machinery import names

FIRST = """
import time
start = time.perf_counter()
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
ready = time.perf_counter()
shell.run_line_magic("load_ext", "k8s_magic")
shell.run_line_magic("kubectl", "get nodes")
import sys
print(time.perf_counter() - ready, ready - start, len([name for name in sys.modules if name.startswith("k8s_magic")]),
      file=sys.stderr)
"""


def report(what: str, value: float, target: float, unit: str, **counts: object) -> None:
    more = "".join(f"  {name} {count}" for name, count in counts.items())
    verdict = "ok" if value <= target else "MISSED"
    print(f"{what:44} {value:9.4g} {unit:3} target {target:g} {unit:3} ratio {value / target:5.2f} {verdict}{more}")


def peak_megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def first() -> None:
    """Import and %load_ext to the first `get nodes`, in fresh processes; the best of five."""
    best = [9.0, 0.0, 0.0]
    for _ in range(5):
        run = subprocess.run([sys.executable, "-c", FIRST], capture_output=True, text=True, check=True)
        best = min(best, [float(word) for word in run.stderr.split()[-3:]])
    report("load_ext to the first get nodes", best[0], 0.6, "s", modules=int(best[2]))


def get() -> None:
    """`get pods` of 100 Pods."""
    cluster = Cluster(bare=True)
    cluster.kubectl("create deployment web --image=nginx --replicas=100")
    cluster.run(60)
    spans = []
    for _ in range(50):
        start = time.perf_counter()
        rows = cluster.kubectl("get pods").text.count("\n")
        spans.append(time.perf_counter() - start)
    report("get pods of 100 Pods", sorted(spans)[25] * 1000, 10, "ms", rows=rows)


def _rollout(replicas: int, nodes: int, seconds: float, **options: object) -> Cluster:
    cluster = Cluster(nodes=nodes, bare=True, **options)  # type: ignore[arg-type]
    informer = cluster.context.informer(names.DEPLOYMENTS)
    kernel = cluster.context.kernel
    cluster.run(30)
    gc.collect()
    begun, steps, revision = kernel.now, kernel.steps, _revision(cluster)
    start = time.process_time()
    cluster.kubectl(f"create deployment web --image=nginx --replicas={replicas}")

    def ready() -> bool:
        deployment = informer.get("default", "web")
        return deployment is not None and deployment["status"].get("readyReplicas") == replicas

    assert cluster.run_until(ready)
    report(
        f"{replicas} replicas on {nodes} nodes, CPU",
        time.process_time() - start,
        seconds,
        "s",
        steps=kernel.steps - steps,
        writes=_revision(cluster) - revision,
        simulated=f"{(kernel.now - begun) / 1e6:.1f}s",
    )
    return cluster


def _revision(cluster: Cluster) -> int:
    answer = cluster.transport.list(names.NAMESPACES)
    return int(answer["metadata"]["resourceVersion"])


def thousand() -> None:
    """1,000 replicas on 10 nodes of 110 Pods, from `create` to all Ready. (The real thing: 81 CPU-seconds.)"""
    _rollout(1000, 10, 0.5, cpu="64", memory="256Gi")


def large() -> None:
    """10,000 Pods on 500 nodes; then `get pods` of all of them."""
    cluster = _rollout(10_000, 500, 6, cpu="64", memory="256Gi")
    report("10000 Pods on 500 nodes, memory", peak_megabytes(), 300, "MB")
    start = time.perf_counter()
    cluster.kubectl("get pods -o wide")
    print(f"{'  get pods -o wide of 10000 Pods':44} {time.perf_counter() - start:9.4g} s")


def idle() -> None:
    """An idle second costs the same with 10 Pods as with 1,000."""
    spans = []
    for replicas in (10, 1000):
        cluster = Cluster(nodes=10, bare=True, cpu="64", memory="256Gi")
        cluster.kubectl(f"create deployment web --image=nginx --replicas={replicas}")
        cluster.run(120)
        kernel = cluster.context.kernel
        steps, start = kernel.steps, time.process_time()
        cluster.run(600)
        spans.append((time.process_time() - start) / 600 * 1000)
        print(
            f"{f'  an idle second with {replicas} Pods':44} {spans[-1]:9.4g} ms  steps {(kernel.steps - steps) / 600:g}"
        )
    report("idle second: 1000 Pods against 10", spans[1] / spans[0], 1.5, "x")


def http() -> None:
    """The HTTP API under load, and the real kubectl's time beside %kubectl's own."""
    subprocess.run([sys.executable, Path(__file__).with_name("http_api.py")], check=True)


ALL: dict[str, Callable[[], None]] = {
    function.__name__: function for function in (first, get, thousand, large, idle, http)
}  # fmt: skip


def main() -> int:
    chosen = sys.argv[1:] or list(ALL)
    if len(chosen) == 1:
        ALL[chosen[0]]()
        return 0
    code = 0
    for name in chosen:
        code |= subprocess.run([sys.executable, "-m", "benchmarks", name], cwd=Path(__file__).parents[1]).returncode
    return code


if __name__ == "__main__":
    sys.exit(main())
