"""The webhook, the health pages, and two replicas behind them."""

from __future__ import annotations

import asyncio
import json
import socket
from contextlib import AsyncExitStack

import httpx
import pytest
from starlette.applications import Starlette

from bot import knowledge
from bot.errors import SettingsError, StorageError
from bot.telegram.web import Server
from tests.bee_bot import Beekeeper, running
from tests.bot_api import SECRET, BotApi, data, labels, too_many

HEADER = "X-Telegram-Bot-Api-Secret-Token"
HOOK = {"FAQBOT_WEBHOOK_URL": "https://bees.test/telegram/hook", "FAQBOT_WEBHOOK_SECRET": SECRET}
pytestmark = pytest.mark.filterwarnings("ignore:.*attribute `retry_after`")


@pytest.fixture(scope="module")
def kb(small_knowledge):
    return knowledge.load(small_knowledge)


@pytest.fixture
def keeper(kb):
    return Beekeeper(kb)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Telegram:
    """Delivers the updates that wait in the small Bot API to the replicas, in turn."""

    def __init__(self, api, ports, client):
        self.api, self.ports, self.client = api, ports, client
        self.turn = 0

    async def post(self, body, *, secret=SECRET, path="/telegram/hook", port=None):
        headers = {"Content-Type": "application/json"} | ({HEADER: secret} if secret is not None else {})
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        where = port or self.ports[self.turn % len(self.ports)]
        self.turn += 1
        return await self.client.post(f"http://127.0.0.1:{where}{path}", content=content, headers=headers)

    async def deliver(self, number):
        """Send an update again and again until it is taken."""
        while (await self.post(self.api.pending[number])).status_code != 200:
            await asyncio.sleep(0.05)
        self.api.confirmed.append(number)
        return self.api.pending.pop(number)

    async def say(self, text, chat=7):
        """Somebody writes, and Telegram delivers it."""
        message = self.api.message(chat, text=text)
        return await self.deliver(self.api.push("message", message))


def play(scenario, keepers, folder, **more):
    """Run a scenario with one replica for each keeper, all on one database."""

    async def stage():
        ports = [free_port() for _ in keepers]
        async with AsyncExitStack() as stack:
            api = await stack.enter_async_context(BotApi())
            for keeper, port in zip(keepers, ports, strict=True):
                listen = {"FAQBOT_LISTEN": f"127.0.0.1:{port}"}
                await stack.enter_async_context(running(api, keeper, folder, **HOOK, **listen, **more))
            await api.until(lambda: api.webhook)
            client = await stack.enter_async_context(httpx.AsyncClient())
            await scenario(Telegram(api, ports, client))
            assert api.misuse == []
            return api

    return asyncio.run(stage())


def test_telegram_is_told_where_the_webhook_is_with_its_secret(keeper, tmp_path):
    async def scenario(telegram):
        assert telegram.api.webhook["url"] == HOOK["FAQBOT_WEBHOOK_URL"]
        assert telegram.api.webhook["secret_token"] == SECRET
        assert "my_chat_member" in telegram.api.webhook["allowed_updates"]

    play(scenario, [keeper], tmp_path)


def test_an_update_is_taken_only_when_it_is_answered(keeper, tmp_path):
    async def scenario(telegram):
        await telegram.say("honey")
        assert telegram.api.sent()[0]["text"].startswith("What honey is")

    play(scenario, [keeper], tmp_path)


def test_an_update_that_comes_again_to_another_replica_is_answered_once(kb, tmp_path):
    async def scenario(telegram):
        update = await telegram.say("say once")
        assert [(await telegram.post(update)).status_code for _ in range(4)] == [200] * 4

    keepers = [Beekeeper(kb), Beekeeper(kb)]
    assert len(play(scenario, keepers, tmp_path).sent()) == 1


def test_a_replica_does_not_take_what_another_is_at(kb, tmp_path):
    keepers = [Beekeeper(kb, slow=0.6), Beekeeper(kb, slow=0.6)]

    async def scenario(telegram):
        message = telegram.api.message(7, text="say slowly")
        number = telegram.api.push("message", message)
        first = asyncio.create_task(telegram.deliver(number))
        await telegram.api.until(lambda: any(keeper.asked for keeper in keepers))
        second = await telegram.post(telegram.api.pending[number])
        assert (second.status_code, second.headers["Retry-After"]) == (503, "1")
        await first

    assert len(play(scenario, keepers, tmp_path).sent()) == 1


def test_two_taps_that_reach_two_replicas_are_one(kb, tmp_path):
    async def scenario(telegram):
        api = telegram.api
        await telegram.say("honey")
        (reply,) = api.sent()
        shown = dict(reply)
        for _ in range(2):
            api.tap(shown, "hive.what")
        await asyncio.gather(*(telegram.deliver(number) for number in list(api.pending)))
        assert labels(reply)[0].startswith("✓")
        assert len(api.of("answerCallbackQuery")) == 2
        assert len(api.sent()) == 2

    play(scenario, [Beekeeper(kb), Beekeeper(kb)], tmp_path)


def test_a_button_works_in_a_replica_that_has_never_seen_the_chat(kb, tmp_path):
    async def scenario(telegram):
        api = telegram.api
        await telegram.say("/topics")
        (menu,) = api.sent()
        telegram.api.tap(menu, "#honey")
        await telegram.deliver(next(iter(api.pending)))
        assert data(menu) == ["honey.what", "#"]

    play(scenario, [Beekeeper(kb), Beekeeper(kb)], tmp_path)


def test_what_is_not_from_telegram_is_refused_and_not_processed(keeper, tmp_path):
    async def scenario(telegram):
        good = {"update_id": 1, "message": telegram.api.message(7, text="honey")}
        assert [
            (await telegram.post(body, **how)).status_code
            for body, how in (
                (good, {"secret": None}),
                (good, {"secret": ""}),
                (good, {"secret": "wrong"}),
                (good, {"secret": SECRET + "x"}),
                (good, {"path": "/"}),
                (b"{", {}),
                (b"\xff", {}),
                ([1, 2], {}),
                ({"update_id": "x"}, {}),
                ({"update_id": True}, {}),
                (b'{"update_id": 1, "x": "' + b"x" * 1_000_000 + b'"}', {}),
            )
        ] == [403, 403, 403, 403, 404, 400, 400, 400, 400, 400, 413]
        assert (await telegram.client.get(f"http://127.0.0.1:{telegram.ports[0]}/telegram/hook")).status_code == 405

    assert play(scenario, [keeper], tmp_path).sent() == []
    assert keeper.asked == []


def test_an_update_that_cannot_be_read_is_taken_once_and_dropped(keeper, tmp_path):
    async def scenario(telegram):
        assert (await telegram.post({"update_id": 5, "message": {"chat": 3}})).status_code == 200
        await telegram.say("honey")

    assert len(play(scenario, [keeper], tmp_path).sent()) == 1


def test_setting_the_webhook_waits_when_telegram_wants_it(keeper, tmp_path):
    async def stage():
        async with BotApi() as api:
            api.fail("setWebhook", too_many(1))
            listen = {"FAQBOT_LISTEN": f"127.0.0.1:{free_port()}"}
            async with running(api, keeper, tmp_path, **HOOK, **listen):
                await api.until(lambda: api.webhook)

    asyncio.run(stage())


def test_the_health_pages_tell_alive_from_ready(keeper, tmp_path):
    async def scenario(telegram):
        base = f"http://127.0.0.1:{telegram.ports[0]}"
        assert (await telegram.client.get(f"{base}/healthz")).status_code == 200
        ready = await telegram.client.get(f"{base}/readyz")
        assert (ready.status_code, ready.text) == (200, "ready\n")
        assert "server" not in ready.headers

    play(scenario, [keeper], tmp_path)


def test_a_poller_is_ready_while_telegram_answers(keeper, tmp_path, monkeypatch):
    async def stage():
        port = free_port()
        async with (
            BotApi() as api,
            running(api, keeper, tmp_path, FAQBOT_LISTEN=f"127.0.0.1:{port}"),
            httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client,
        ):
            api.say("honey")
            await api.replies(1)
            assert (await client.get("/readyz")).status_code == 200
            monkeypatch.setattr("bot.telegram.replica.POLL_SECONDS", 0.0)
            await asyncio.sleep(0.01)
            assert (await client.get("/readyz")).status_code == 503
            assert (await client.get("/telegram/hook")).status_code == 404

    asyncio.run(stage())


def test_a_bot_without_its_database_is_not_ready(keeper, tmp_path, monkeypatch):
    def broken(self):
        raise StorageError

    monkeypatch.setattr("bot.storage.store.Store.ping", broken)

    async def scenario(telegram):
        assert (await telegram.client.get(f"http://127.0.0.1:{telegram.ports[0]}/readyz")).status_code == 503

    play(scenario, [keeper], tmp_path)


@pytest.mark.parametrize("listen", ["999.0.0.1:80", "127.0.0.1:99999"])
def test_an_address_that_cannot_be_listened_on_is_one_sentence(listen):
    with pytest.raises(SettingsError, match="FAQBOT_LISTEN"):
        Server(Starlette(), listen)
