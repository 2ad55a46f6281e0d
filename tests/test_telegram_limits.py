"""How much may come in and go out."""

from __future__ import annotations

import pytest

from bot.telegram.allowance import Allowance
from bot.telegram.pace import Pace
from bot.telegram.recent import Recent


class Clock:
    """A clock that the test turns."""

    def __init__(self):
        self.now = 1000.0

    def monotonic(self):
        return self.now


@pytest.fixture
def clock(monkeypatch):
    made = Clock()
    monkeypatch.setattr("time.monotonic", made.monotonic)
    return made


def sends(paced, clock, chat, seconds, step=0.05):
    """How many messages a chat gets when it wants as many as it may."""
    times = []
    end = clock.now + seconds
    while clock.now < end:
        if paced.chat(chat) == 0:
            wait = paced.take(chat)
            times.append(clock.now + wait)
        clock.now += step
    return times


def test_a_private_chat_gets_five_at_once_and_one_a_second_after(clock):
    times = sends(Pace(), clock, 7, 30)
    assert 25 <= len(times) <= 32
    assert max(sum(start <= t < start + 5 for t in times) for start in times) == 5


def test_a_group_gets_twenty_a_minute(clock):
    times = sends(Pace(), clock, -7, 120)
    assert 38 <= len(times) <= 40
    assert max(sum(start <= t < start + 60 for t in times) for start in times) == 20


def test_all_chats_together_get_thirty_a_second(clock):
    paced = Pace()
    times = sorted(clock.now + paced.take(chat) for chat in range(100))
    assert max(sum(start <= t < start + 1 for t in times) for start in times) == 30


def test_one_chat_does_not_use_up_the_others_turn(clock):
    paced = Pace()
    for _ in range(5):
        paced.take(7)
    assert paced.chat(7) > 5
    assert paced.chat(8) == 0
    assert paced.take(8) == 0


def test_what_is_urgent_waits_only_for_telegram(clock):
    paced = Pace()
    for _ in range(5):
        paced.take(7)
    assert paced.chat(7, hurry=True) == 0
    paced.hold(7, 3)
    assert paced.chat(7, hurry=True) == 3


def test_without_limits_only_telegram_can_make_a_chat_wait(clock):
    free = Pace(limited=False)
    assert [free.take(7) for _ in range(100)] == [0.0] * 100
    free.hold(7, 2)
    assert free.chat(7) == 2
    clock.now += 2
    assert free.chat(7) == 0


def test_chats_that_are_quiet_are_forgotten(clock):
    paced = Pace()
    for chat in range(5000):
        paced.chat(chat)
        paced.take(chat)
        clock.now += 0.1
    assert len(paced._chats) < 2500


def test_twenty_messages_a_minute_are_within_the_limit(clock):
    may = Allowance(20)
    assert [may.take("a") for _ in range(25)] == [True] * 20 + [False] * 5
    assert may.take("b")
    clock.now += 3
    assert [may.take("a"), may.take("a")] == [True, False]
    clock.now += 60
    assert sum(may.take("a") for _ in range(30)) == 20


def test_senders_who_are_quiet_are_forgotten(clock):
    may = Allowance(20)
    for sender in range(10_000):
        may.take(sender)
        clock.now += 0.1
    assert len(may._left) < 2500
    clock.now += 400
    may.take("a")
    assert len(may._left) == 1


def test_a_memory_forgets_after_its_time_and_beyond_its_size(clock):
    memory: Recent[str, int] = Recent(60, most=3)
    memory.put("a", 1)
    clock.now += 30
    memory.put("b", 2)
    assert (memory.get("a"), memory.get("b")) == (1, 2)
    clock.now += 31
    assert (memory.get("a"), memory.get("b")) == (None, 2)
    for key in "cde":
        memory.put(key, 0)
    assert tuple(memory) == ("c", "d", "e")
    memory.put("c", 1)
    memory.put("f", 1)
    assert tuple(memory) == ("e", "c", "f")
    memory.drop("c", "x")
    assert tuple(memory) == ("e", "f")
