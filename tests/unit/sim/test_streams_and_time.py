import re
from datetime import UTC, datetime

from k8s_magic.sim.streams import NAME_ALPHABET, Streams, name_suffix, uid
from k8s_magic.sim.time import SECOND, TimeFormatter


def test_streams_do_not_shift_one_another() -> None:
    one, other = Streams(7), Streams(7)
    other.stream("kubelet/node-1").random()
    assert one.stream("names").random() == other.stream("names").random()


def test_another_seed_is_another_history() -> None:
    assert Streams(1).stream("names").random() != Streams(2).stream("names").random()


def test_names_and_uids_have_kubernetes_shape() -> None:
    stream = Streams(0).stream("names")
    assert set(name_suffix(stream, 500)) == set(NAME_ALPHABET)
    shape = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
    uids = {uid(stream) for _ in range(200)}
    assert len(uids) == 200
    assert all(shape.fullmatch(text) for text in uids)


def test_timestamps_read_back_what_they_wrote() -> None:
    times = TimeFormatter(datetime(2026, 1, 1, tzinfo=UTC))
    assert times.seconds(90 * SECOND + 5) == "2026-01-01T00:01:30Z"
    assert times.micros(90 * SECOND + 5) == "2026-01-01T00:01:30.000005Z"
    assert times.parse(times.micros(90 * SECOND + 5)) == 90 * SECOND + 5
