"""Draws that cost no more for many than for few, and are the same everywhere."""

import re
import statistics
from random import Random

import pytest

from k8s_magic.network.load_latency import CURVE, Histogram, Spread, bucket_of, lower_edge, service_time
from k8s_magic.network.load_pattern import due
from k8s_magic.network.load_sampling import Shares, binomial
from k8s_magic.network.load_spec import LoadSpec, read, read_rate, read_source, read_target, read_time
from k8s_magic.sim.time import SECOND


@pytest.mark.parametrize(
    ("count", "part", "whole"), [(7, 1, 3), (200, 1, 50), (900, 2, 3), (100_000, 1, 4), (10**8, 1, 7)]
)
def test_binomial_has_its_mean_and_spread(count: int, part: int, whole: int) -> None:
    stream, chance = Random(5), part / whole
    drawn = [binomial(stream, count, part, whole) for _ in range(2_000)]
    deviation = (count * chance * (1 - chance)) ** 0.5
    assert all(0 <= one <= count for one in drawn)
    assert abs(statistics.mean(drawn) - count * chance) < 4 * deviation / 2_000**0.5
    assert abs(statistics.stdev(drawn) / deviation - 1) < 0.06


def test_binomial_at_its_ends() -> None:
    stream = Random(1)
    assert [binomial(stream, *case) for case in ((0, 1, 2), (5, 0, 3), (5, 3, 3), (5, 9, 3))] == [0, 0, 5, 5]
    assert [binomial(stream, 1, 1, 2) for _ in range(9)].count(1) not in (0, 9)


def test_shares_add_up_and_are_the_same_for_the_same_seed() -> None:
    shares = Shares([1, 1, 2, 0, 4])
    rounds = [[shares.draw(stream, count) for count in (0, 1, 17, 80_000)] for stream in (Random(2), Random(2))]
    assert (
        rounds[0] == rounds[1] == [[0, 0, 0, 0, 0], [0, 0, 0, 0, 1], [3, 0, 5, 0, 9], [10052, 10101, 20283, 0, 39564]]
    )
    assert Shares([]).draw(Random(2), 5) == []
    assert Shares([0, 0]).draw(Random(2), 5) == [0, 0]


def test_a_million_costs_no_more_than_ten() -> None:
    def draws(count: int) -> int:
        stream, asked = Random(3), []
        bits = stream.getrandbits
        stream.getrandbits = lambda k: asked.append(k) or bits(k)  # type: ignore[method-assign, func-returns-value]
        Shares([1] * 10).draw(stream, count)
        return sum(asked)

    assert draws(100_000) < 20_000  # bits
    assert draws(10_000_000) < 20_000


def test_patterns_count_whole_requests() -> None:
    at = lambda pattern, seconds, duration=0: due(pattern, 50 * SECOND, int(seconds * SECOND), duration)  # noqa: E731
    assert [at("steady", t) for t in (0, 0.1, 1, 60)] == [0, 5, 50, 3000]
    assert [at("ramp", t) for t in (0, 15, 30, 31)] == [0, 187, 750, 800]
    assert at("ramp", 10, 10 * SECOND) == 250
    assert [at("spike", t) for t in (10, 13, 20, 33)] == [500, 1250, 1600, 2850]
    assert [at("wave", t) for t in (15, 30, 45, 60, 120)] == [1150, 2300, 2650, 3000, 6000]
    assert due("steady", SECOND // 2, 3 * SECOND) == 1


def test_buckets_hold_what_belongs_to_them() -> None:
    for value in (0, 1, 15, 16, 17, 399, 1000, 123_456, 2_000_000):
        bucket = bucket_of(value)
        assert lower_edge(bucket) <= value < lower_edge(bucket + 1)
        assert lower_edge(bucket + 1) - lower_edge(bucket) <= max(1, value // 8)
    histogram = Histogram()
    assert histogram.percentile(50) is None
    for value in range(1, 101):
        histogram.add(bucket_of(value * 1000), 1)
    assert [histogram.percentile(percent) for percent in (50, 95, 99)] == [51_200, 94_208, 102_400]


def test_answers_spread_around_what_the_image_takes() -> None:
    assert service_time("docker.io/library/nginx:1.25") == 400
    assert service_time("example.com/shop@sha256:0") == 1000
    spread = Spread(600, 400, 2 * SECOND)
    assert (spread.late, spread.mean) == (0, 1037)
    assert sum(weight for _, weight in CURVE) == spread.whole == spread.shares.total
    assert Spread(0, 500_000, 2 * SECOND).late > 0


def test_lines_are_read_as_people_write_them() -> None:
    assert read_target("svc/web") == read_target("service/web") == read_target("web") == ("web", 0)
    assert read_target("services/web:8080") == ("web", 8080)
    assert [read_rate(text) for text in ("50/s", "50", 50, "300/min", "10k/s", "0.5/s")] == [
        50 * SECOND, 50 * SECOND, 50 * SECOND, 5 * SECOND, 10_000 * SECOND, SECOND // 2,
    ]  # fmt: skip
    assert [read_time(text, "--for") for text in ("500ms", "2s", "1.5", "5m")] == [
        500_000,
        2 * SECOND,
        1_500_000,
        300 * SECOND,
    ]
    assert read_source("pod/web-1") == ("pod", "web-1")
    spec = read("svc/web", rate="5/s", keep_alive=True, duration="30s", source="outside/node-2")
    assert spec == LoadSpec(**spec.as_json())
    assert (spec.keep_alive, spec.duration, spec.source_name, spec.key) == (
        10,
        30 * SECOND,
        "node-2",
        "default/web/outside",
    )


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ({"target": "pod/web"}, "traffic goes to a Service, such as svc/web, not to pod/web"),
        ({"target": "svc/web:x"}, "'x' is no port number"),
        ({"target": "svc/Web_1"}, "'Web_1' is no name of a Service"),
        ({"rate": "fast"}, "'fast' is no rate; write 50/s, 300/min or 10k/s"),
        ({"rate": "0/s"}, "the rate must be above 0 and at most 100,000,000 a second"),
        ({"pattern": "zigzag"}, "--pattern must be one of steady, ramp, spike, wave, not 'zigzag'"),
        ({"timeout": "soon"}, "'soon' is no time for --timeout; write 500ms, 30s, 5m or 1h"),
        ({"path": "index.html"}, "--path must begin with /, not 'index.html'"),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(words: dict[str, str], sentence: str) -> None:
    with pytest.raises(ValueError, match=re.escape(sentence)) as caught:
        read(words.pop("target", "svc/web"), **words)  # type: ignore[arg-type]
    assert str(caught.value) == sentence
