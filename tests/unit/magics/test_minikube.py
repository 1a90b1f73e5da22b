"""`minikube ip` and `minikube service --url`, as the Kubernetes Basics tutorial types them."""

import pytest

from k8s_magic.magics import minikube


@pytest.fixture
def exposed(cell) -> None:
    cell("%kubectl create deployment web --image=nginx")
    cell("%kubectl expose deployment web --type=NodePort --port 80")
    cell("%kubectl create service clusterip inner --tcp=80")
    cell("%kubectl rollout status deployment/web")


def test_the_tutorials_line_reaches_the_service(cell, exposed) -> None:
    asked = "kubectl get services/web -o go-template='{{(index .spec.ports 0).nodePort}}'"
    answer = cell(f'%%kubectl\nexport NODE_PORT="$({asked})"\ncurl -s http://"$(minikube ip):$NODE_PORT"')
    assert "Welcome to nginx!" in answer
    assert "Welcome to nginx!" in cell("%%kubectl\ncurl -s $(minikube service web --url)")


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("service nope --url", "SVC_NOT_FOUND: Service 'nope' was not found in 'default' namespace."),
        ("service web --url -n other", "SVC_NOT_FOUND: Service 'web' was not found in 'other' namespace."),
        ("service inner --url", "service default/inner has no node port"),
        ("start", minikube.HELP),
        ("service web", minikube.HELP),
        ("service web --url --https", minikube.HELP),
        ("ip -n", minikube.HELP),
        ("", minikube.HELP),
    ],
)
def test_what_has_no_address_says_so(cell, exposed, line: str, answer: str) -> None:
    assert answer in cell(f"%%kubectl\nminikube {line}")
