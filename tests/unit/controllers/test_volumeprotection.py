"""Claims in use and bound volumes wait before they go."""

from __future__ import annotations

from k8s_magic import Cluster

CLAIM = """
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: data}
spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
"""
VOLUME = """
apiVersion: v1
kind: PersistentVolume
metadata: {name: disk}
spec: {accessModes: [ReadWriteOnce], capacity: {storage: 1Gi}, hostPath: {path: /data}}
"""
POD = """
apiVersion: v1
kind: Pod
metadata: {name: user}
spec:
  nodeName: node-1
  containers: [{name: c, image: nginx}]
  volumes: [{name: v, persistentVolumeClaim: {claimName: data}}]
"""


def test_what_nobody_uses_goes_at_once() -> None:
    cluster = Cluster(nodes=1, bare=True)
    cluster.apply(CLAIM)
    cluster.apply(VOLUME)
    finalizers = "-o jsonpath={.metadata.finalizers}"
    assert cluster.kubectl(f"get pvc data {finalizers}").stdout == '["kubernetes.io/pvc-protection"]'
    assert cluster.kubectl(f"get pv disk {finalizers}").stdout == '["kubernetes.io/pv-protection"]'
    assert cluster.kubectl("delete pvc/data pv/disk").exit_code == 0
    assert cluster.kubectl("get pvc,pv").text == "No resources found\n"


def test_a_claim_waits_for_its_pod() -> None:
    cluster = Cluster(nodes=1, bare=True)
    node = cluster.kubectl("get nodes -o jsonpath={.items[0].metadata.name}").stdout
    cluster.apply(CLAIM)
    cluster.apply(POD.replace("node-1", node))
    cluster.kubectl("delete pvc data --wait=false")
    cluster.run(2)
    assert "Terminating" in cluster.kubectl("get pvc data").stdout
    cluster.kubectl("delete pod user --grace-period=0 --force")
    cluster.run(2)
    assert cluster.kubectl("get pvc").text == "No resources found in default namespace.\n"
