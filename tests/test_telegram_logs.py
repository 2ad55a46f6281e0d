"""Nothing personal and no secret in any log, at any level, in a crash too."""

from __future__ import annotations

import asyncio
import io
import logging

import pytest

from bot import knowledge
from bot.telegram import logs
from tests.bee_bot import Beekeeper, running
from tests.bot_api import SECRET, TOKEN, BotApi, error

CHAT = 7_350_913_846


@pytest.fixture
def written(monkeypatch):
    """What is logged, everything at DEBUG, by our formatter; the logging of the process is put back after."""
    stream = io.StringIO()
    monkeypatch.setattr("sys.stderr", stream)
    root = logging.getLogger()
    before, levels = root.handlers[:], {name: logging.getLogger(name).level for name in ("", "bot", *logs._TALKATIVE)}
    logs.set_up("DEBUG")
    # Worse than any setting allows: the others may say all they want.
    for name in ("", *logs._TALKATIVE):
        logging.getLogger(name).setLevel(logging.DEBUG)
    yield stream
    root.handlers[:] = before
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)


def test_a_day_in_the_life_of_the_bot_leaves_no_trace_in_the_logs(small_knowledge, tmp_path, written):
    keeper = Beekeeper(knowledge.load(small_knowledge))
    canaries = ["CANARY", "Wilhelmina", "wilma_w", str(CHAT), TOKEN, TOKEN.partition(":")[2], SECRET]

    async def stage():
        async with BotApi() as api, running(api, keeper, tmp_path, FAQBOT_LISTEN="127.0.0.1:0"):
            who = {"id": CHAT, "is_bot": False, "first_name": "Wilhelmina", "username": "wilma_w"}
            api.fail("sendMessage", error(500, "CANARY"), error(400, f"CANARY chat {CHAT} not found"))
            api.fail("getUpdates", error(409, "CANARY"), (200, '{"CANARY": '), error(401, "CANARY"))
            for text in ("CANARY my question", "crash", "/start CANARY", "say CANARY"):
                api.say(text, CHAT, **{"from": who})
            api.push("message", {"CANARY": "broken", "text": "CANARY", "from": who})
            api.push("edited_message", api.message(CHAT, text="CANARY edited") | {"from": who})
            api.push("inline_query", {"id": "1", "from": who, "query": "CANARY", "offset": ""})
            await api.until(lambda: len(api.sent(CHAT)) >= 3 and not api.pending, 20)
            api.tap(api.sent(CHAT)[0], "CANARY", sender=CHAT)
            api.blocked.add(CHAT)
            api.say("CANARY", CHAT)
            await api.until(lambda: not api.pending)

    asyncio.run(stage())
    logged = written.getvalue()
    assert "httpx" in logged
    assert "A handler failed." in logged
    assert [canary for canary in canaries if canary in logged] == []


def test_an_error_is_its_name_and_the_places_in_the_code(written):
    try:
        try:
            raise ValueError("CANARY cause")
        except ValueError as cause:
            raise KeyError("CANARY") from cause
    except KeyError:
        logging.getLogger("bot.telegram.x").exception("It broke.")
    lines = written.getvalue().splitlines()
    assert lines[0].endswith("ERROR bot.telegram.x: It broke.")
    assert [line.strip() for line in lines if line.startswith("  ") and not line.startswith("    ")] == [
        "KeyError",
        "ValueError",
    ]
    assert "CANARY" not in written.getvalue()
    assert "test_telegram_logs.py" in written.getvalue()


def test_a_task_that_nobody_waits_for_does_not_tell_what_it_was_about(written):
    async def stage():
        async def fail():
            raise RuntimeError("CANARY")

        task = asyncio.create_task(fail())
        await asyncio.sleep(0.01)
        del task

    asyncio.run(stage())
    assert "CANARY" not in written.getvalue()


def test_others_are_heard_from_warnings_on(monkeypatch):
    levels = {name: logging.getLogger(name).level for name in logs._TALKATIVE}
    logs.set_up("DEBUG")
    assert not logging.getLogger("httpx").isEnabledFor(logging.INFO)
    assert not logging.getLogger("telegram.ext").isEnabledFor(logging.INFO)
    assert logging.getLogger("bot.telegram").isEnabledFor(logging.DEBUG)
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)
    logging.getLogger("bot").setLevel(logging.NOTSET)
