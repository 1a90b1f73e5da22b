from k8s_magic.sim.kernel import Kernel
from k8s_magic.sim.time import MILLISECOND, SECOND


def test_calls_come_in_order_of_time_then_of_asking() -> None:
    kernel, seen = Kernel(), []
    kernel.call_at(2 * SECOND, seen.append, "late")
    kernel.call_at(1 * SECOND, seen.append, "first")
    kernel.call_at(1 * SECOND, seen.append, "second")
    kernel.run_until(2 * SECOND)
    assert seen == ["first", "second", "late"]
    assert (kernel.now, kernel.steps) == (2 * SECOND, 3)


def test_run_until_includes_its_instant_and_what_is_asked_for_on_the_way() -> None:
    kernel, seen = Kernel(), []
    kernel.call_at(5, lambda: kernel.call_after(0, seen.append, kernel.now))
    kernel.run_until(5)
    assert seen == [5]


def test_a_cancelled_call_is_not_made_and_does_not_hold_up_time() -> None:
    kernel, seen = Kernel(), []
    callback = kernel.call_at(10, seen.append, "never")
    callback.cancel()
    assert kernel.next_time() is None
    kernel.run_until(20)
    assert (seen, kernel.now, kernel.steps) == ([], 20, 0)


def test_the_past_means_now() -> None:
    kernel = Kernel()
    kernel.run_until(SECOND)
    assert kernel.call_at(3 * MILLISECOND, print).time == SECOND


def test_a_call_that_raises_is_gone_and_the_others_wait_on() -> None:
    kernel, seen = Kernel(), []

    def fail() -> None:
        raise RuntimeError("once")

    kernel.call_at(1, fail)
    kernel.call_at(1, seen.append, "next")
    try:
        kernel.run_until(2)
    except RuntimeError:
        kernel.run_until(2)
    assert seen == ["next"]
