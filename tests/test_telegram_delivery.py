"""Claims, order, and confirmation: the inbox, the ledger and the outbox by themselves, on a real store."""

from __future__ import annotations

import asyncio
import logging
from contextlib import asynccontextmanager, contextmanager, nullcontext

import pytest
from telegram.error import BadRequest, NetworkError

from bot.errors import StorageError
from bot.storage import Claims, open_store
from bot.telegram import inbox as inbox_module
from bot.telegram import ledger as ledger_module
from bot.telegram import outbox as outbox_module
from bot.telegram import slots as slots_module
from bot.telegram.inbox import Inbox, Job
from bot.telegram.ledger import Ledger
from bot.telegram.outbox import Outbox, Place
from bot.telegram.pace import Pace
from bot.telegram.slots import Slots


class Desk:
    """Does what the updates say: a number of seconds to work, under a name, in a line."""

    inbox: Inbox

    def __init__(self):
        self.began, self.ended = [], []

    def read(self, update):
        async def work():
            self.began.append(update["name"])
            if update.get("leave"):
                await self.inbox.leave()
            with self.inbox.waiting() if update.get("waits") else nullcontext():
                await asyncio.sleep(update.get("seconds", 0))
            if update.get("fails"):
                raise ValueError("CANARY")
            self.ended.append(update["name"])

        return Job(update["line"], update.get("urgency", "in turn"), work, lambda: update.get("hurries", False))


@asynccontextmanager
async def opened(folder, desk=None):
    """An inbox on a real SQLite file."""
    desk = desk or Desk()
    store = open_store(f"sqlite:///{folder}/x.db")
    ledger = Ledger(store)
    desk.inbox = Inbox(ledger, desk.read)
    keeping = asyncio.create_task(desk.inbox.keep_leases())
    try:
        yield desk.inbox, desk
    finally:
        await desk.inbox.drain(1)
        keeping.cancel()
        ledger.close()
        store.close()


def updates(*specs):
    """Updates in a row from number 1 on."""
    return [{"update_id": number, **spec} for number, spec in enumerate(specs, 1)]


async def settled(inbox, *numbers):
    """Wait until these are done."""
    async with asyncio.timeout(5):
        for number in numbers:
            while not inbox.is_done(number):
                await asyncio.sleep(0.005)


def test_a_line_keeps_its_order_and_lines_run_side_by_side(tmp_path):
    async def scenario():
        async with opened(tmp_path) as (inbox, desk):
            await inbox.take(updates(
                {"line": 1, "name": "a1", "seconds": 0.2}, {"line": 1, "name": "a2"}, {"line": 2, "name": "b1"}
            ))  # fmt: skip
            await settled(inbox, 1, 2, 3)
            assert desk.ended == ["b1", "a1", "a2"]

    asyncio.run(scenario())


def test_the_same_update_is_worked_on_once(tmp_path):
    async def scenario():
        async with opened(tmp_path) as (inbox, desk):
            batch = updates({"line": 1, "name": "a", "seconds": 0.1})
            await asyncio.gather(inbox.take(batch), inbox.take(batch))
            assert not inbox.is_done(1)
            assert await inbox.wait(1)
            await inbox.take(batch)
            assert desk.began == ["a"]

    asyncio.run(scenario())


def test_a_failing_update_is_done_and_does_not_stop_its_line(tmp_path, caplog):
    async def scenario():
        async with opened(tmp_path) as (inbox, desk):
            await inbox.take(updates({"line": 1, "name": "a", "fails": True}, {"line": 1, "name": "b"}))
            await settled(inbox, 1, 2)
            assert desk.ended == ["b"]

    asyncio.run(scenario())
    assert "could not be handled" in caplog.text


def test_a_surplus_is_done_at_once_without_work(tmp_path):
    async def scenario():
        async with opened(tmp_path) as (inbox, desk):
            await inbox.take(updates(
                {"line": 1, "name": "a", "seconds": 0.2}, {"line": 1, "name": "b", "urgency": "never"}
            ))  # fmt: skip
            await settled(inbox, 2)
            assert not inbox.is_done(1)
            await settled(inbox, 1)
            assert desk.began == ["a"]

    asyncio.run(scenario())


def test_what_hurries_goes_beside_what_is_at_work_and_in_order(tmp_path):
    async def scenario():
        async with opened(tmp_path) as (inbox, desk):
            await inbox.take(updates(
                {"line": 1, "name": "at work", "seconds": 0.1},
                {"line": 1, "name": "waits"},
                {"line": 1, "name": "alarm", "hurries": True, "seconds": 0.01},
                {"line": 1, "name": "another", "urgency": "at once"},
                {"line": 1, "name": "next", "urgency": "next"},
            ))  # fmt: skip
            await settled(inbox, 1, 2, 3, 4, 5)
            assert desk.ended == ["alarm", "another", "at work", "next", "waits"]

    asyncio.run(scenario())


def test_who_leaves_takes_the_line_along_and_later_ones_too(tmp_path):
    async def scenario():
        async with opened(tmp_path) as (inbox, desk):
            await inbox.take(updates(
                {"line": 1, "name": "a", "leave": True, "seconds": 0.4},
                {"line": 1, "name": "b"},
                {"line": 2, "name": "c"},
            ))  # fmt: skip
            await settled(inbox, 1, 2, 3)
            assert desk.ended == ["c"]
            await inbox.take([{"update_id": 9, "line": 1, "name": "d"}])
            await settled(inbox, 9)
            assert desk.ended == ["c"]
            assert inbox.finished_from_memory == 3
            await asyncio.sleep(0.5)
            assert desk.ended == ["c", "a", "b", "d"]

    asyncio.run(scenario())


@pytest.mark.parametrize("narrow", [True, False])
def test_only_when_the_way_in_is_narrow_do_those_that_wait_make_room(tmp_path, narrow):
    async def scenario():
        async with opened(tmp_path) as (inbox, desk):
            await inbox.take(updates(
                {"line": 1, "name": "waits", "waits": True, "seconds": 0.3},
                {"line": 1, "name": "behind"},
                {"line": 2, "name": "works", "seconds": 0.3},
            ))  # fmt: skip
            await asyncio.sleep(0.05)
            await inbox.take([{"update_id": 9, "line": 3, "name": "new"}], narrow=narrow)
            await settled(inbox, 9)
            assert [inbox.is_done(number) for number in (1, 2, 3)] == [narrow, narrow, False]
            await asyncio.sleep(0.4)
            assert sorted(desk.ended) == ["behind", "new", "waits", "works"]

    asyncio.run(scenario())


def test_what_was_not_finished_at_the_stop_is_free_for_the_next_process(tmp_path):
    async def scenario():
        batch = updates({"line": 1, "name": "a", "seconds": 30}, {"line": 1, "name": "b"}, {"line": 2, "name": "c"})
        async with opened(tmp_path) as (inbox, _):
            await inbox.take(batch)
            await settled(inbox, 3)
            await inbox.drain(0.05)
        async with opened(tmp_path) as (inbox, desk):
            batch[0].pop("seconds")
            await asyncio.sleep(0.01)
            await inbox.take(batch)
            await settled(inbox, 1, 2, 3)
            assert desk.ended == ["a", "b"]

    asyncio.run(scenario())


def test_a_killed_process_is_followed_by_another_after_its_lease(tmp_path, monkeypatch):
    monkeypatch.setattr(ledger_module, "LEASE_SECONDS", 0.3)

    async def scenario():
        store = open_store(f"sqlite:///{tmp_path}/x.db")
        store.record("somebody who was killed", [1], [], 0.3)
        async with opened(tmp_path) as (inbox, desk):
            batch = updates({"line": 1, "name": "a"})
            await inbox.take(batch)
            assert not await inbox.wait(1)
            await asyncio.sleep(0.4)
            await inbox.take(batch)
            assert await inbox.wait(1)
            assert desk.ended == ["a"]
        store.close()

    asyncio.run(scenario())


def test_a_long_job_keeps_its_lease(tmp_path, monkeypatch):
    monkeypatch.setattr(ledger_module, "LEASE_SECONDS", 0.3)
    monkeypatch.setattr(inbox_module, "LEASE_SECONDS", 0.3)

    async def scenario():
        async with opened(tmp_path) as (inbox, _), opened(tmp_path) as (other, desk):
            batch = updates({"line": 1, "name": "a", "seconds": 0.9})
            await inbox.take(batch)
            await asyncio.sleep(0.6)
            await other.take(batch)
            assert not await other.wait(1)
            assert await inbox.wait(1)
            await other.take(batch)
            assert await other.wait(1)
            assert desk.began == []

    asyncio.run(scenario())


class Moody:
    """A store that fails as often as it is told."""

    def __init__(self, failures):
        self.failures = failures
        self.done: list[int] = []

    def record(self, owner, claim, done, lease):
        if self.failures:
            self.failures -= 1
            raise StorageError
        self.done.extend(done)
        return Claims(frozenset(claim), frozenset())

    def renew(self, owner, numbers, lease):
        raise StorageError


def test_a_database_that_is_away_takes_no_claims_but_all_done_marks_later():
    async def scenario():
        book = Moody(3)
        ledger = Ledger(book)
        with pytest.raises(StorageError):
            await ledger.claim([1])
        await asyncio.wait_for(ledger.done([2, 3]), 5)
        assert book.done == [2, 3]
        assert (await ledger.claim([4])).mine == {4}
        ledger.close()

    asyncio.run(scenario())


def test_one_update_that_two_ask_for_at_once_goes_to_one():
    async def scenario():
        ledger = Ledger(Moody(0))
        first, second = await asyncio.gather(ledger.claim([1, 2]), ledger.claim([2, 3]))
        assert sorted(first.mine) == [1, 2]
        assert sorted(second.mine) == [3]
        ledger.close()

    asyncio.run(scenario())


class Bot:
    """Sends what it is given, or fails as it is told."""

    def __init__(self, *failures):
        self.failures = list(failures)
        self.sent = []

    async def send_message(self, chat, text, **more):
        if self.failures:
            raise self.failures.pop(0)
        self.sent.append((chat, text, more["parse_mode"]))
        return text

    async def edit_message_text(self, text, chat, message, **more):
        raise self.failures.pop(0)

    async def answer_callback_query(self, query, text):
        if self.failures:
            raise self.failures.pop(0)
        self.sent.append(query)


class Choosy(Bot):
    """Gets through to every chat but one."""

    async def send_message(self, chat, text, **more):
        if chat == 7:
            raise NetworkError("x")
        return await super().send_message(chat, text, **more)


class Room:
    """Remembers who left and who waits."""

    def __init__(self):
        self.left = 0
        self.waits = False

    async def leave(self):
        self.left += 1

    @contextmanager
    def waiting(self):
        self.waits = True
        yield
        self.waits = False


def outbox(bot, room=None, *, limited=False, gone=None):
    """An outbox for this bot."""
    return Outbox(bot, Pace(limited=limited), room or Room(), gone or (lambda chat: None))


def test_a_failure_of_the_line_is_tried_until_it_works_without_leaving(monkeypatch):
    monkeypatch.setattr(outbox_module, "_BACK_OFF", (0.01,))
    monkeypatch.setattr(outbox_module, "PATIENCE", 0.05)
    bot, room = Bot(*[NetworkError("x")] * 20), Room()
    assert asyncio.run(outbox(bot, room).send(Place(7), "<b>x</b>")) == "<b>x</b>"
    assert room.left == 0


def test_a_failure_of_one_chat_lets_the_others_pass_and_is_given_up_in_the_end(monkeypatch):
    monkeypatch.setattr(outbox_module, "_BACK_OFF", (0.02,))
    monkeypatch.setattr(outbox_module, "PATIENCE", 0.05)
    monkeypatch.setattr(outbox_module, "GIVE_UP", 0.3)

    async def scenario():
        room = Room()
        box = outbox(Choosy(), room)
        stuck = asyncio.create_task(box.send(Place(7), "x"))
        for _ in range(5):
            await asyncio.sleep(0.02)
            await box.send(Place(8), "x")
        assert await asyncio.wait_for(stuck, 2) is None
        assert room.left >= 1

    asyncio.run(scenario())


def test_a_chat_that_waits_for_its_own_pace_can_be_asked_to_make_room():
    async def scenario():
        room = Room()
        box = outbox(Bot(), room, limited=True)
        for _ in range(5):
            await box.send(Place(7), "x")
        assert not room.waits
        waiting = asyncio.create_task(box.send(Place(7), "x"))
        await asyncio.sleep(0.05)
        assert room.waits
        waiting.cancel()

    asyncio.run(scenario())


def test_a_message_that_cannot_be_changed_any_more_is_told_from_one_that_need_not():
    assert asyncio.run(outbox(Bot(BadRequest("Message is not modified: same"))).edit(7, 1, "x"))
    assert not asyncio.run(outbox(Bot(BadRequest("Message to edit not found"))).edit(7, 1, "x"))


def test_a_tap_that_is_too_old_to_be_answered_is_no_error(caplog):
    caplog.set_level(logging.DEBUG)
    bot = Bot(BadRequest("Query is too old and response timeout expired or query id is invalid"))
    asyncio.run(outbox(bot).answer_tap("1"))
    assert bot.sent == []
    assert not [record for record in caplog.records if record.name.startswith("bot.")]


def test_a_tap_is_answered_after_a_passing_failure():
    bot = Bot(NetworkError("x"))
    asyncio.run(outbox(bot).answer_tap("1"))
    assert bot.sent == ["1"]


def test_few_calls_are_on_their_way_at_once_and_one_that_hangs_holds_nobody_up(monkeypatch):
    monkeypatch.setattr(slots_module, "AT_ONCE", 2)
    monkeypatch.setattr(slots_module, "SLOW", 0.05)

    async def scenario():
        slots, on_the_way, most, done = Slots(), 0, 0, []

        async def call(name, seconds):
            nonlocal on_the_way, most
            async with slots.one():
                on_the_way += 1
                most = max(most, on_the_way)
                await asyncio.sleep(seconds)
                on_the_way -= 1
            done.append(name)

        await asyncio.gather(*(call(n, 0.01) for n in range(6)))
        assert most == 2
        hanging = [asyncio.create_task(call("hangs", 0.5)) for _ in range(2)]
        await asyncio.sleep(0.01)
        await asyncio.wait_for(call("quick", 0), 0.2)
        assert "hangs" not in done
        await asyncio.gather(*hanging)
        assert slots._free._value == 2

    asyncio.run(scenario())
