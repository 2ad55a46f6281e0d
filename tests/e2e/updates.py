"""Updates of every kind that Telegram can send, made up from its published types.

    python -m tests.e2e.updates 100000

`update_types.json` is drawn from the specification of Bot API 10.1 in PaulSonOfLars/telegram-bot-api-spec (MIT): for
each type its fields ("?" optional, "=" always that word), or the types it is one of.
"""

from __future__ import annotations

import asyncio
import json
import logging
import sys
import tempfile
import time
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from telegram.request import BaseRequest

from bot import knowledge
from bot.settings import Settings
from bot.storage import open_store
from bot.telegram import logs
from bot.telegram.wiring import application, assemble
from tests.bee_bot import Beekeeper
from tests.bot_api import ME, TOKEN, read_html

TYPES: dict[str, Any] = json.loads((Path(__file__).parent / "update_types.json").read_text())
DEEPEST = 3
BATCH = 20
"""So many in one example: Hypothesis takes long between two of them."""
KINDS = [name for name in TYPES["Update"] if name != "update_id"]
OURS = ["message", "message", "message", "edited_message", "callback_query", "inline_query", "my_chat_member"]

_TEXT = st.one_of(
    st.sampled_from(
        ["honey", "/start", "/start honey-what", "/help@bees_bot x", "/topics", "/forget", "a sting", "which?"]
    ),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=60),
    st.sampled_from(["<b>", "&amp;", "**", "\u202e", "😀"]).map(lambda part: part * 700),
)
_PLAIN = {
    "Integer": st.one_of(st.integers(0, 2**31 - 1), st.sampled_from([7, 8, 9, 123456789])),
    "Float": st.floats(-90, 90),
    "Boolean": st.booleans(),
    "String": _TEXT,
}
_DATA = st.one_of(
    st.sampled_from(
        ["honey.what", ":topics", ":none", "#", "#hive", "#x", "?+honey.what", "?-hive.what", "?wx.y", "?"]
    ),
    st.sampled_from(["@hive.what", "@"]),
    st.text(max_size=64),
)
_COUNT = (st.just(0), st.integers(0, 1), st.integers(0, 2))
_MOSTLY = st.sampled_from([True] * 7 + [False])
_CHAT_TYPE = st.sampled_from(["private", "private", "private", "group", "supergroup", "channel"])


@cache
def _some(names: tuple[str, ...]) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(names), max_size=4, unique=True)


_ONE_OF = cache(st.sampled_from)
"""Made once for each tuple, for making a strategy takes longer than drawing from it."""


@cache
def value(kind: str, depth: int = 0) -> st.SearchStrategy[Any]:
    """Something of this type, with all that must be there and a little of what may be."""
    return _value(kind, depth)


@st.composite
def _value(draw: st.DrawFn, kind: str, depth: int) -> Any:
    if kind.startswith("Array of "):
        most = 2 if depth < DEEPEST else 0
        return [draw(value(kind.removeprefix("Array of "), depth + 1)) for _ in range(draw(_COUNT[most]))]
    if kind in _PLAIN:
        return draw(_PLAIN[kind])
    made = TYPES[kind]
    if isinstance(made, list):
        return draw(value(draw(_ONE_OF(tuple(made))), depth)) if made else "x"
    optional = [name for name, how in made.items() if how.partition("=")[0].endswith("?")]
    some = draw(_some(tuple(optional))) if optional and depth < DEEPEST else []
    body = {}
    for name, how in made.items():
        if name in optional and name not in some:
            continue
        types, _, always = how.partition("=")
        body[name] = always or draw(value(draw(_ONE_OF(tuple(types.rstrip("?").split("|")))), depth + 1))
    return _sense(draw, kind, body)


def _sense(draw: st.DrawFn, kind: str, body: dict[str, Any]) -> dict[str, Any]:
    """What the types alone do not say: kinds of chat, ids of groups, and that most messages are texts."""
    if kind == "Chat":
        body["type"] = draw(_CHAT_TYPE)
        body["id"] = abs(body["id"]) + 1 if body["type"] == "private" else -abs(body["id"]) - 1
    if kind == "Message" and draw(_MOSTLY):
        body["text"] = draw(_TEXT) or "x"
    if kind == "User":
        body["is_bot"] = not draw(_MOSTLY)
    if kind == "CallbackQuery":
        body["data"] = draw(_DATA) or "x"
    if kind == "MessageEntity":
        body["offset"], body["length"] = draw(st.integers(0, 70)), draw(st.integers(1, 70))
    if kind == "InaccessibleMessage":
        body["date"] = 0
    return body


@st.composite
def updates(draw: st.DrawFn) -> dict[str, Any]:
    """One update without its number, of a kind that the bot asks for more often than not."""
    kind = draw(_ONE_OF(tuple(OURS if draw(_MOSTLY) else KINDS)))
    return {kind: draw(value(TYPES["Update"][kind].rstrip("?")))}


class Recorder(BaseRequest):
    """Stands for the connection to Telegram: takes every call and answers it, and counts messages."""

    def __init__(self) -> None:
        self.sent = 0
        self.wrong: list[str] = []
        self._numbers = count(1)

    async def initialize(self) -> None:
        """Nothing to open."""

    async def shutdown(self) -> None:
        """Nothing to close."""

    @property
    def read_timeout(self) -> float:
        """As python-telegram-bot wants it."""
        return 5

    async def do_request(
        self, url: str, method: str, request_data: Any = None, *_: Any, **__: Any
    ) -> tuple[int, bytes]:
        """Take a call."""
        name = url.rpartition("/")[2]
        params = request_data.parameters if request_data else {}
        result: Any = True
        if name == "getMe":
            result = ME | {"can_join_groups": True}
        if name in {"sendMessage", "editMessageText"}:
            text = read_html(params["text"]) if params.get("parse_mode") == "HTML" else params["text"]
            if not text.strip() or len(text.encode("utf-16-le")) // 2 > 4096:
                self.wrong.append(name)
            if name == "sendMessage":
                self.sent += 1
            chat = {"id": params["chat_id"], "type": "private"}
            result = {"message_id": next(self._numbers), "date": 1, "chat": chat, "from": ME, "text": text or "x"}
        return 200, json.dumps({"ok": True, "result": result}).encode()


class Errors(logging.Handler):
    """Counts what was logged as an error."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.found: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the line, with the error's own words: these are made up."""
        self.found.append(f"{record.getMessage()} {record.exc_info[1] if record.exc_info else ''!r}")


class Stage:
    """The bot with everything but the network, fed update by update."""

    def __init__(self, assistant: Any, folder: Path) -> None:
        chosen = Settings(TELEGRAM_BOT_TOKEN=TOKEN, FAQBOT_DATA=folder, FAQBOT_SEND_LIMITS="off")  # type: ignore[arg-type]
        self.loop = asyncio.new_event_loop()
        self.line = Recorder()
        self.errors = Errors()
        logging.getLogger("bot").addHandler(self.errors)
        self._store = open_store(chosen.database_url)
        self._app = application(chosen)
        self._app.bot._request = (self.line, self.line)
        self.loop.run_until_complete(self._app.initialize())
        self.parts = assemble(self._app, chosen, self._store, assistant)
        self._numbers = count(1)

    def play(self, update: dict[str, Any]) -> int:
        """Handle one update; how many messages were sent. Raises TimeoutError when it gets stuck."""
        before = self.line.sent
        number = next(self._numbers)

        async def handle() -> None:
            await self.parts.inbox.take([{"update_id": number, **update}])
            assert await asyncio.wait_for(self.parts.inbox.wait(number), 10)

        self.loop.run_until_complete(handle())
        return self.line.sent - before

    def close(self) -> None:
        """Stop everything."""
        self.loop.run_until_complete(self.parts.inbox.drain(1))
        self.loop.run_until_complete(self._app.shutdown())
        self.parts.desk.close()
        self.parts.ledger.close()
        self._store.close()
        self.loop.close()
        logging.getLogger("bot").removeHandler(self.errors)


def must_answer(update: dict[str, Any]) -> bool:
    """Whether it is a text that somebody wrote to the bot in private: it gets exactly one reply."""
    message = update.get("message", {})
    return (
        bool(message.get("text"))
        and message["chat"]["type"] == "private"
        and not message.get("from", {}).get("is_bot")
        and not message.get("is_automatic_forward")
        and message.get("via_bot", {}).get("id") != ME["id"]
    )


def check(stage: Stage, update: dict[str, Any]) -> None:
    """Play an update and look for what must never happen."""
    sent = stage.play(update)
    assert stage.errors.found == []
    assert stage.line.wrong == []
    if must_answer(update):
        assert sent == 1, f"{sent} replies"


def run(number: int, stage: Stage) -> int:
    """Play so many updates, a multiple of BATCH; how many of them had to be answered."""
    texts = 0

    @settings(
        max_examples=number // BATCH,
        deadline=None,
        database=None,
        derandomize=True,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
    @given(st.lists(updates(), min_size=BATCH, max_size=BATCH))
    def every(batch: list[dict[str, Any]]) -> None:
        nonlocal texts
        for update in batch:
            texts += must_answer(update)
            check(stage, update)

    every()
    return texts


def main() -> None:
    """Play as many updates as the command line says, with the shipped knowledge's texts and the double's answers."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    with tempfile.TemporaryDirectory() as folder:
        logs.set_up("ERROR")
        stage = Stage(Beekeeper(knowledge.load(Path("knowledge"))), Path(folder))
        started = time.monotonic()
        texts = run(number, stage)
        stage.close()
    took = time.monotonic() - started
    print(f"{number} updates in {took:.0f} s: {texts} private texts, each answered once; no error, none stuck.")


if __name__ == "__main__":
    main()
