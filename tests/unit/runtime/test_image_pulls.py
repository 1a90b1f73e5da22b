"""References, the catalogue and pulls."""

import pytest
from runtime_rig import Machine

from k8s_magic.runtime import images, reference
from k8s_magic.runtime.addresses import AddressPool, NoAddressLeft
from k8s_magic.runtime.catalog import Catalog, PullError, discover
from k8s_magic.runtime.contract import PullOutcome
from k8s_magic.sim.time import SECOND


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("nginx", "docker.io/library/nginx:latest"),
        ("nginx:1.14.2", "docker.io/library/nginx:1.14.2"),
        ("jocatalin/kubernetes-bootcamp:v2", "docker.io/jocatalin/kubernetes-bootcamp:v2"),
        ("localhost:5000/shop:v1", "localhost:5000/shop:v1"),
        ("gcr.io/google-samples/hello-app:1.0", "gcr.io/google-samples/hello-app:1.0"),
        ("busybox@sha256:" + "0" * 64, "docker.io/library/busybox@sha256:" + "0" * 64),
    ],
)
def test_references_become_canonical(text: str, canonical: str) -> None:
    assert str(reference.parse(text)) == canonical


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Nginx", "invalid reference format: repository name (library/Nginx) must be lowercase"),
        ("nginx:", "invalid reference format"),
        ("nginx:a b", "invalid reference format"),
        ("nginx@sha256:12", "invalid reference format"),
    ],
)
def test_bad_references(text: str, words: str) -> None:
    with pytest.raises(ValueError, match="invalid reference") as failure:
        reference.parse(text)
    assert str(failure.value) == words


def test_every_image_file_exports_its_record() -> None:
    found = discover()
    assert len(found) >= 24
    names = [name for image in found for name in image.repositories]
    assert len(names) == len(set(names))
    assert all("/" in name and str(reference.parse(name)).startswith(name) for name in names)
    assert images.__path__


@pytest.mark.parametrize(
    "image",
    [
        "nginx", "nginx:1.14.2", "nginx:1.7.9", "nginx:1.27-alpine", "nginx:stable", "busybox:1.28", "alpine:3.20",
        "gcr.io/google-samples/kubernetes-bootcamp:v1", "jocatalin/kubernetes-bootcamp:v2", "redis:alpine",
        "k8s.gcr.io/echoserver:1.4", "registry.k8s.io/e2e-test-images/agnhost:2.53", "perl:5.34.0", "mysql:5.7",
        "postgres:15-alpine", "httpd:2.4", "registry.k8s.io/pause:3.10.1", "some/thing:whatever", "ubuntu:22.04",
        "busybox:1.38.0@sha256:" + "f" * 64, "us-docker.pkg.dev/google-samples/containers/gke/hello-app:2.0",
    ],
)  # fmt: skip
def test_images_that_exist(image: str) -> None:
    assert Catalog().find(image).size > 100_000


@pytest.mark.parametrize("image", ["nginx:1.161", "nginx:1.14.9", "busybox:nope", "httpd:9", "redis:9999"])
def test_tags_that_do_not_exist(image: str) -> None:
    with pytest.raises(PullError) as failure:
        Catalog().find(image)
    name = f"docker.io/library/{image}"
    assert str(failure.value) == (
        f'rpc error: code = NotFound desc = failed to pull and unpack image "{name}": '
        f'failed to resolve reference "{name}": {name}: not found'
    )


def test_repositories_that_do_not_exist() -> None:
    with pytest.raises(PullError) as failure:
        Catalog().find("no-such-image")
    assert str(failure.value) == (
        'rpc error: code = Unknown desc = failed to pull and unpack image "docker.io/library/no-such-image:latest": '
        'failed to resolve reference "docker.io/library/no-such-image:latest": pull access denied, repository does not '
        "exist or may require authorization: server message: insufficient_scope: authorization failed"
    )
    with pytest.raises(PullError, match=r"lookup registry\.invalid: no such host"):
        Catalog().find("registry.invalid/app:1")


def test_pulls_come_one_after_the_other_and_the_second_of_an_image_is_short() -> None:
    machine = Machine()
    done: list[tuple[str, int, PullOutcome]] = []
    for image in ("nginx:1.14.2", "nginx:1.14.2", "nginx:nope"):
        machine.node.pull(image, lambda outcome, image=image: done.append((image, machine.kernel.now, outcome)))
    assert not done
    machine.run(10)
    (_, first, one), (_, second, two), (_, third, three) = done
    assert first == one.duration
    assert second == first + two.duration
    assert third == second + three.duration
    assert (one.size, one.error) == (44_710_204, "")
    assert 600_000 < one.duration < 1_600_000
    assert 150_000 <= two.duration <= 350_000
    assert two.image_id == one.image_id
    assert one.image_id.startswith("docker.io/library/nginx@sha256:")
    assert three.error.endswith("docker.io/library/nginx:nope: not found")
    assert machine.node.has_image("docker.io/library/nginx:1.14.2")
    assert machine.node.images() == [("docker.io/library/nginx:1.14.2", 44_710_204)]


def test_the_same_seed_gives_the_same_pull_times() -> None:
    times = []
    for _ in range(2):
        machine = Machine(seed=7)
        machine.node.pull("nginx", lambda outcome: times.append(outcome.duration))
        machine.kernel.run_until(10 * SECOND)
    assert times[0] == times[1]


def test_addresses_go_round_and_run_out() -> None:
    pool = AddressPool("10.0.0.0/29")
    assert [pool.take() for _ in range(5)] == [f"10.0.0.{last}" for last in range(2, 7)]
    with pytest.raises(NoAddressLeft) as failure:
        pool.take()
    assert str(failure.value) == (
        "failed to allocate for range 0: no IP addresses available in range set: 10.0.0.1-10.0.0.6"
    )
    pool.give_back("10.0.0.3")
    assert pool.take() == "10.0.0.3"
    pool.give_back("10.0.0.2")
    pool.give_back("10.0.0.5")
    assert pool.take() == "10.0.0.5"
