"""Descriptions, letter by letter: texts recorded from kubectl 1.36.4 on a real 1.36.2 control plane."""
# ruff: noqa: W291, E501 (the texts are as kubectl prints them)

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from k8s_magic.kinds.configmap import describe as configmap
from k8s_magic.kinds.deployment import describe as deployment
from k8s_magic.kinds.describe import DescribeContext
from k8s_magic.kinds.endpoints import describe as endpoints
from k8s_magic.kinds.pod import describe as pod
from k8s_magic.kinds.replicationcontroller import describe as replicationcontroller
from k8s_magic.kinds.service import describe as service
from k8s_magic.machinery.meta import Object

Context = Callable[..., DescribeContext]
Make = Callable[..., Object]

NOW = "2026-11-23T05:33:23"


def controlled(owner: Object) -> list[Object]:
    return [
        {"kind": owner["kind"], "name": owner["metadata"]["name"], "uid": owner["metadata"]["uid"], "controller": True}
    ]


def template(name: str, image: str, labels: dict[str, str], **more: Any) -> Object:
    return {"metadata": {"labels": labels}, "spec": {"containers": [{"name": name, "image": image, **more}]}}


def test_a_deployment_with_old_and_new_replica_sets(context: Context, event: Make) -> None:
    app = {"app": "nginx"}
    old = template("nginx", "nginx:1.14.2", app, ports=[{"containerPort": 80, "protocol": "TCP"}])
    new = template("nginx", "nginx:1.16.1", app, ports=[{"containerPort": 80, "protocol": "TCP"}])
    obj: Object = {
        "kind": "Deployment",
        "metadata": {
            "name": "nginx-deployment",
            "namespace": "default",
            "uid": "d",
            "labels": app,
            "creationTimestamp": "2026-11-23T06:09:38Z",
            "annotations": {
                "deployment.kubernetes.io/revision": "2",
                "kubectl.kubernetes.io/last-applied-configuration": "{}\n",
            },
        },
        "spec": {
            "replicas": 3,
            "selector": {"matchLabels": app},
            "strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": "25%", "maxSurge": "25%"}},
            "template": new,
        },
        "status": {
            "replicas": 3,
            "updatedReplicas": 3,
            "availableReplicas": 3,
            "conditions": [
                {"type": "Available", "status": "True", "reason": "MinimumReplicasAvailable"},
                {"type": "Progressing", "status": "True", "reason": "NewReplicaSetAvailable"},
            ],
        },
    }
    sets = []
    for suffix, found, replicas in (("66b9cb6d4d", new, 3), ("6c5f67b5f7", old, 0)):
        labels = {**app, "pod-template-hash": suffix}
        sets.append(
            {
                "metadata": {
                    "name": f"nginx-deployment-{suffix}",
                    "namespace": "default",
                    "labels": labels,
                    "ownerReferences": controlled(obj),
                },
                "spec": {"replicas": replicas, "template": {**found, "metadata": {"labels": labels}}},
                "status": {"replicas": replicas},
            }
        )
    source = "deployment-controller"
    events = [
        event(obj, 10, "ScalingReplicaSet", source, "Scaled up replica set nginx-deployment-6c5f67b5f7 from 0 to 3"),
        event(obj, 16, "ScalingReplicaSet", source, "Scaled down", count=2, firstTimestamp="2026-11-23T05:32:49Z"),
    ]
    assert (
        deployment.describe(obj, context(NOW, replicasets=sets, events=events))
        == """\
Name:                   nginx-deployment
Namespace:              default
CreationTimestamp:      Mon, 23 Nov 2026 06:09:38 +0000
Labels:                 app=nginx
Annotations:            deployment.kubernetes.io/revision: 2
Selector:               app=nginx
Replicas:               3 desired | 3 updated | 3 total | 3 available | 0 unavailable
StrategyType:           RollingUpdate
MinReadySeconds:        0
RollingUpdateStrategy:  25% max unavailable, 25% max surge
Pod Template:
  Labels:  app=nginx
  Containers:
   nginx:
    Image:         nginx:1.16.1
    Port:          80/TCP
    Host Port:     0/TCP
    Environment:   <none>
    Mounts:        <none>
  Volumes:         <none>
  Node-Selectors:  <none>
  Tolerations:     <none>
Conditions:
  Type           Status  Reason
  ----           ------  ------
  Available      True    MinimumReplicasAvailable
  Progressing    True    NewReplicaSetAvailable
OldReplicaSets:  nginx-deployment-6c5f67b5f7 (0/0 replicas created)
NewReplicaSet:   nginx-deployment-66b9cb6d4d (3/3 replicas created)
Events:
  Type    Reason             Age               From                   Message
  ----    ------             ----              ----                   -------
  Normal  ScalingReplicaSet  13s               deployment-controller  Scaled up replica set nginx-deployment-6c5f67b5f7 from 0 to 3
  Normal  ScalingReplicaSet  7s (x2 over 34s)  deployment-controller  Scaled down
"""
    )


def test_a_running_pod(context: Context, event: Make) -> None:
    token = "kube-api-access-tfnpq"
    tolerations = [
        {"key": f"node.kubernetes.io/{key}", "operator": "Exists", "effect": "NoExecute", "tolerationSeconds": 300}
        for key in ("not-ready", "unreachable")
    ]
    projected = [
        {"serviceAccountToken": {"expirationSeconds": 3607, "path": "token"}},
        {"configMap": {"name": "kube-root-ca.crt"}},
        {"downwardAPI": {"items": []}},
    ]
    conditions = ("PodReadyToStartContainers", "Initialized", "Ready", "ContainersReady", "PodScheduled")
    container = {
        "name": "c",
        "image": "redis:7",
        "resources": {"limits": {"cpu": "1", "memory": "128Mi"}, "requests": {"cpu": "100m", "memory": "64Mi"}},
        "volumeMounts": [
            {"name": token, "mountPath": "/var/run/secrets/kubernetes.io/serviceaccount", "readOnly": True}
        ],
    }
    obj: Object = {
        "kind": "Pod",
        "metadata": {
            "name": "c",
            "namespace": "default",
            "uid": "p",
            "labels": {"tier": "back", "app": "db", "env": "prod"},
            "annotations": {"note": "hello: world"},
        },
        "spec": {
            "priority": 0,
            "serviceAccountName": "default",
            "nodeName": "node-0",
            "containers": [container],
            "tolerations": tolerations,
            "volumes": [{"name": token, "projected": {"sources": projected}}],
        },
        "status": {
            "phase": "Running",
            "hostIP": "192.0.2.2",
            "podIP": "192.168.192.168",
            "podIPs": [{"ip": "192.168.192.168"}],
            "startTime": "2026-11-23T05:36:03Z",
            "qosClass": "Burstable",
            "conditions": [{"type": each, "status": "True"} for each in conditions],
            "containerStatuses": [
                {
                    "name": "c",
                    "containerID": "fakeRuntime://c_0",
                    "imageID": "redis:7",
                    "ready": True,
                    "restartCount": 0,
                    "state": {"running": {"startedAt": "2026-11-23T05:36:05Z"}},
                }
            ],
        },
    }
    field = {"fieldPath": "spec.containers{c}"}
    events = [
        event(obj, 15, "Scheduled", "default-scheduler", "Successfully assigned default/c to node-0"),
        event(obj, 16, "Pulling", "kubelet", 'Pulling image "redis:7"', involved=field),
    ]
    assert (
        pod.describe(obj, context(NOW, events=events))
        == """\
Name:             c
Namespace:        default
Priority:         0
Service Account:  default
Node:             node-0/192.0.2.2
Start Time:       Mon, 23 Nov 2026 05:36:03 +0000
Labels:           app=db
                  env=prod
                  tier=back
Annotations:      note: hello: world
Status:           Running
IP:               192.168.192.168
IPs:
  IP:  192.168.192.168
Containers:
  c:
    Container ID:   fakeRuntime://c_0
    Image:          redis:7
    Image ID:       redis:7
    Port:           <none>
    Host Port:      <none>
    State:          Running
      Started:      Mon, 23 Nov 2026 05:36:05 +0000
    Ready:          True
    Restart Count:  0
    Limits:
      cpu:     1
      memory:  128Mi
    Requests:
      cpu:        100m
      memory:     64Mi
    Environment:  <none>
    Mounts:
      /var/run/secrets/kubernetes.io/serviceaccount from kube-api-access-tfnpq (ro)
Conditions:
  Type                        Status
  PodReadyToStartContainers   True 
  Initialized                 True 
  Ready                       True 
  ContainersReady             True 
  PodScheduled                True 
Volumes:
  kube-api-access-tfnpq:
    Type:                    Projected (a volume that contains injected data from multiple sources)
    TokenExpirationSeconds:  3607
    ConfigMapName:           kube-root-ca.crt
    Optional:                false
    DownwardAPI:             true
QoS Class:                   Burstable
Node-Selectors:              <none>
Tolerations:                 node.kubernetes.io/not-ready:NoExecute op=Exists for 300s
                             node.kubernetes.io/unreachable:NoExecute op=Exists for 300s
Events:
  Type    Reason     Age   From               Message
  ----    ------     ----  ----               -------
  Normal  Scheduled  8s    default-scheduler  Successfully assigned default/c to node-0
  Normal  Pulling    7s    kubelet            spec.containers{c}: Pulling image "redis:7"
"""
    )


def test_a_replication_controller_counts_the_pods_it_controls(context: Context, event: Make) -> None:
    app = {"app": "nginx"}
    obj: Object = {
        "kind": "ReplicationController",
        "metadata": {"name": "nginx", "namespace": "default", "uid": "r", "labels": app},
        "spec": {
            "replicas": 3,
            "selector": app,
            "template": template("nginx", "nginx", app, ports=[{"containerPort": 80, "protocol": "TCP"}]),
        },
        "status": {"replicas": 3},
    }
    mine = {"namespace": "default", "labels": app, "ownerReferences": controlled(obj)}
    pods = [{"metadata": {"name": f"p{number}", **mine}, "status": {"phase": "Running"}} for number in range(3)]
    pods.append({"metadata": {"name": "other", "namespace": "default", "labels": app}, "status": {"phase": "Failed"}})
    events = [event(obj, 16, "SuccessfulCreate", "replication-controller", "Created pod: nginx-x6kxs")]
    assert (
        replicationcontroller.describe(obj, context(NOW, pods=pods, events=events))
        == """\
Name:         nginx
Namespace:    default
Selector:     app=nginx
Labels:       app=nginx
Annotations:  <none>
Replicas:     3 current / 3 desired
Pods Status:  3 Running / 0 Waiting / 0 Succeeded / 0 Failed
Pod Template:
  Labels:  app=nginx
  Containers:
   nginx:
    Image:         nginx
    Port:          80/TCP
    Host Port:     0/TCP
    Environment:   <none>
    Mounts:        <none>
  Volumes:         <none>
  Node-Selectors:  <none>
  Tolerations:     <none>
Events:
  Type    Reason            Age   From                    Message
  ----    ------            ----  ----                    -------
  Normal  SuccessfulCreate  7s    replication-controller  Created pod: nginx-x6kxs
"""
    )


def web_slice(*ready: bool) -> Object:
    return {
        "metadata": {
            "name": "web-x",
            "namespace": "default",
            "labels": {"kubernetes.io/service-name": "web"},
        },
        "ports": [{"name": "http", "port": 8080, "protocol": "TCP"}],
        "endpoints": [
            {"addresses": [f"10.244.0.{number}"], "conditions": {"ready": is_ready}}
            for number, is_ready in enumerate(ready, 1)
        ],
    }


def test_a_service_with_two_ports_and_its_ready_endpoints(context: Context) -> None:
    obj: Object = {
        "kind": "Service",
        "metadata": {"name": "web", "namespace": "default", "uid": "s", "labels": {"tier": "front"}},
        "spec": {
            "selector": {"app": "web"},
            "type": "ClusterIP",
            "ipFamilyPolicy": "SingleStack",
            "ipFamilies": ["IPv4"],
            "clusterIP": "10.111.208.103",
            "clusterIPs": ["10.111.208.103"],
            "ports": [
                {"name": "http", "port": 80, "targetPort": 8080, "protocol": "TCP"},
                {"name": "metrics", "port": 9090, "targetPort": "metrics", "protocol": "TCP"},
            ],
            "sessionAffinity": "None",
            "internalTrafficPolicy": "Cluster",
        },
        "status": {"loadBalancer": {}},
    }
    slices = [web_slice(True, False, True)]
    assert (
        service.describe(obj, context(NOW, endpointslices=slices))
        == """\
Name:                     web
Namespace:                default
Labels:                   tier=front
Annotations:              <none>
Selector:                 app=web
Type:                     ClusterIP
IP Family Policy:         SingleStack
IP Families:              IPv4
IP:                       10.111.208.103
IPs:                      10.111.208.103
Port:                     http  80/TCP
TargetPort:               8080/TCP
Endpoints:                10.244.0.1:8080,10.244.0.3:8080
Port:                     metrics  9090/TCP
TargetPort:               metrics/TCP
Endpoints:                
Session Affinity:         None
Internal Traffic Policy:  Cluster
Events:                   <none>
"""
    )
    many = [web_slice(True, True, True, False, True, True)]
    assert service.endpoints(many, "http") == "10.244.0.1:8080,10.244.0.2:8080,10.244.0.3:8080 + 2 more..."


def test_an_external_name(context: Context) -> None:
    obj: Object = {
        "kind": "Service",
        "metadata": {"name": "db", "namespace": "default", "uid": "s"},
        "spec": {"type": "ExternalName", "externalName": "db.example.com", "sessionAffinity": "None"},
    }
    assert (
        service.describe(obj, context(NOW))
        == """\
Name:              db
Namespace:         default
Labels:            <none>
Annotations:       <none>
Selector:          <none>
Type:              ExternalName
IP Families:       <none>
IP:                
IPs:               <none>
External Name:     db.example.com
Session Affinity:  None
Events:            <none>
"""
    )


def test_endpoints_by_hand(context: Context) -> None:
    obj: Object = {
        "kind": "Endpoints",
        "metadata": {"name": "manual", "namespace": "default", "uid": "e"},
        "subsets": [{"addresses": [{"ip": "192.0.2.42"}], "ports": [{"port": 9376, "protocol": "TCP"}]}],
    }
    assert (
        endpoints.describe(obj, context(NOW))
        == """\
Name:         manual
Namespace:    default
Labels:       <none>
Annotations:  <none>
Subsets:
  Addresses:          192.0.2.42
  NotReadyAddresses:  <none>
  Ports:
    Name     Port  Protocol
    ----     ----  --------
    <unset>  9376  TCP

Events:  <none>
"""
    )


def test_a_config_map_shows_its_data(context: Context) -> None:
    obj: Object = {
        "kind": "ConfigMap",
        "metadata": {"name": "cfg", "namespace": "default", "uid": "c", "labels": {"a": "1"}},
        "data": {"two": "2"},
    }
    assert (
        configmap.describe(obj, context(NOW))
        == """\
Name:         cfg
Namespace:    default
Labels:       a=1
Annotations:  <none>

Data
====
two:
----
2


BinaryData
====

Events:  <none>
"""
    )
