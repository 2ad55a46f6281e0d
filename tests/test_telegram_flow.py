"""Conversations through the whole bot and real HTTP, on the small Bot API."""

from __future__ import annotations

import asyncio
import shutil
import time

import pytest

from bot import knowledge
from bot.domain import Reply
from bot.errors import SettingsError
from bot.storage import open_store
from bot.telegram import keyboard
from bot.telegram.replica import Replica
from tests.bee_bot import Beekeeper, running, settings
from tests.bot_api import ME, BotApi, data, error, labels, too_many
from tests.conftest import KNOWLEDGE
from tests.e2e import picture

# python-telegram-bot warns in its own constructor that an attribute will change.
pytestmark = pytest.mark.filterwarnings("ignore:.*attribute `retry_after`")

_RIGHTS = (
    "can_be_edited", "is_anonymous", "can_manage_chat", "can_delete_messages", "can_manage_video_chats",
    "can_restrict_members", "can_promote_members", "can_change_info", "can_invite_users", "can_post_stories",
    "can_edit_stories", "can_delete_stories",
)  # fmt: skip


@pytest.fixture(scope="module")
def kb(small_knowledge):
    return knowledge.load(small_knowledge)


@pytest.fixture
def keeper(kb):
    return Beekeeper(kb)


def play(scenario, keeper, folder, **more):
    """Run a scenario with a bot; it must not have misused the Bot API, nor answered a tap twice."""

    async def stage():
        async with BotApi() as api:
            async with running(api, keeper, folder, **more):
                await scenario(api)
                await api.until(lambda: not api.pending)
            answered = [call["callback_query_id"] for call in api.of("answerCallbackQuery")]
            assert len(set(answered)) == len(answered)
            assert api.misuse == []
            return api

    return asyncio.run(stage())


def _member(chat, old, new):
    who = {"id": 3, "is_bot": False, "first_name": "Ann"}

    def side(status):
        rights = dict.fromkeys(_RIGHTS, False) if status == "administrator" else {"until_date": 0}
        return {"user": ME, "status": status, **rights}

    where = {"id": chat, "type": "supergroup", "title": "Beekeepers"}
    return {
        "chat": where,
        "from": who,
        "date": int(time.time()),
        "old_chat_member": side(old),
        "new_chat_member": side(new),
    }


def test_a_question_is_answered_with_buttons_and_small_print(keeper, tmp_path):
    async def scenario(api):
        api.say("what is honey <b>?")
        (reply,) = await api.replies(1)
        assert reply["text"].startswith("What honey is\nHoney is food that bees make from nectar.")
        assert "Ask a beekeeper." in reply["text"]
        assert labels(reply) == ["What a hive is", "All", "Yes", "No"]

    play(scenario, keeper, tmp_path)
    assert keeper.asked == [("7", "what is honey <b>?", None)]


def test_messages_of_one_chat_are_answered_in_order(keeper, tmp_path):
    async def scenario(api):
        for number in range(5):
            api.say(f"say {number}")
        replies = await api.replies(5)
        assert [reply["text"][0] for reply in replies] == list("01234")

    play(scenario, keeper, tmp_path)


def test_an_update_that_comes_again_is_answered_once(keeper, tmp_path):
    async def scenario(api):
        api.say("say once")
        await api.replies(1)
        again = {"update_id": 1000, "message": api.message(7, text="say once")}
        api.pending[1000] = again
        api.say("say next")
        await api.replies(2)
        await asyncio.sleep(0.2)
        assert [reply["text"].split("\n")[0] for reply in api.sent()] == ["once", "next"]

    play(scenario, keeper, tmp_path)


def test_an_update_is_answered_once_over_restarts(keeper, tmp_path):
    async def before(api):
        api.say("say once")
        await api.replies(1)

    play(before, keeper, tmp_path)

    async def after(api):
        api.say("say once")
        api.say("say next")
        await api.replies(1)

    api = play(after, keeper, tmp_path)
    assert [reply["text"].split("\n")[0] for reply in api.sent()] == ["next"]


def test_nothing_is_confirmed_before_it_is_answered(keeper, tmp_path):
    keeper.slow = 0.3

    async def scenario(api):
        number = api.push("message", api.message(7, text="say slowly"))
        await api.until(lambda: keeper.asked)
        assert number in api.pending
        await api.replies(1)

    play(scenario, keeper, tmp_path)


def test_a_button_is_answered_first_then_replied_to_then_marked(keeper, tmp_path):
    async def scenario(api):
        api.say("honey")
        (reply,) = await api.replies(1)
        api.tap(reply, "hive.what")
        await api.replies(2)
        await api.until(lambda: labels(reply)[0] == "✓ What a hive is")
        names = [name for name, _ in api.calls if name != "sendMessage" or len(api.of("sendMessage")) > 1]
        assert names.index("answerCallbackQuery") < names.index("editMessageReplyMarkup")

    play(scenario, keeper, tmp_path)
    assert keeper.asked[-1] == ("7", "", "hive.what")


def test_two_quick_taps_are_one(keeper, tmp_path):
    async def scenario(api):
        api.say("honey")
        (reply,) = await api.replies(1)
        old = dict(reply)
        api.tap(old, "hive.what")
        api.tap(old, "hive.what")
        await api.until(lambda: len(api.of("answerCallbackQuery")) == 2 and not api.pending)
        assert len(api.sent()) == 2

    play(scenario, keeper, tmp_path)


def test_an_old_button_whose_message_telegram_does_not_show_works(keeper, tmp_path):
    async def scenario(api):
        hidden = {"message_id": 3, "date": 0, "chat": {"id": 7, "type": "private", "first_name": "Ann"}}
        api.tap(hidden, "honey.what")
        (reply,) = await api.replies(1)
        assert reply["text"].startswith("What honey is")

    play(scenario, keeper, tmp_path)


def test_the_menu_changes_in_place_and_leads_back(keeper, tmp_path):
    async def scenario(api):
        api.say("/topics")
        (menu,) = await api.replies(1)
        assert data(menu) == ["#hive", "#honey"]
        api.tap(menu, "#honey")
        await api.until(lambda: data(menu) == ["honey.what", "#"])
        assert menu["text"].startswith("Honey")
        api.tap(menu, "#")
        await api.until(lambda: data(menu) == ["#hive", "#honey"])
        api.tap(menu, "#gone")

    api = play(scenario, keeper, tmp_path)
    assert len(api.sent()) == 1


def test_feedback_is_counted_and_shown(keeper, tmp_path):
    async def scenario(api):
        api.say("honey")
        (reply,) = await api.replies(1)
        api.tap(reply, "?-honey.what")
        await api.until(lambda: data(reply)[-3:] == ["?whoney.what", "?uhoney.what", "?mhoney.what"])
        api.tap(reply, "?mhoney.what")
        await api.until(lambda: labels(reply)[-1].startswith("✓ "))
        api.tap(reply, "?+no.such")
        api.tap(reply, "?")

    api = play(scenario, keeper, tmp_path)
    assert api.of("answerCallbackQuery")[1]["text"] == keeper.kb.phrases.replies["feedback_thanks"]
    store = open_store(f"sqlite:///{tmp_path}/faqbot.db")
    assert {key[1:]: times for key, times in store.counts().items()} == {
        ("honey.what", "no"): 1,
        ("honey.what", "missing"): 1,
    }
    store.close()


@pytest.fixture
def illustrated(small_knowledge, tmp_path):
    """A beekeeper with a picture of honey in a folder of its own."""
    folder = tmp_path / "knowledge"
    shutil.copytree(small_knowledge, folder)
    (folder / "en" / "images").mkdir()
    shutil.copy(KNOWLEDGE / "en" / "images" / "phases.png", folder / "en" / "images" / "honey.png")
    with (folder / "en" / "honey" / "what.yaml").open("a", encoding="utf-8") as file:
        file.write("image: honey.png\nimage_text: A jar with < 1 kg & a spoon.\n")
    return Beekeeper(knowledge.load(folder))


CAPTION = "A jar with < 1 kg & a spoon.\n\nAsk a beekeeper.\nStung? /urgent"


def pictures(api, chat=7):
    return [message for message in api.sent(chat) if "photo" in message]


def test_a_picture_is_shown_when_it_is_asked_for_and_uploaded_once(illustrated, tmp_path):
    async def scenario(api):
        api.say("honey")
        (reply,) = await api.replies(1)
        assert labels(reply) == ["What a hive is", "All", illustrated.kb.phrases.replies["show_picture"], "Yes", "No"]
        assert [len(row) for row in reply["reply_markup"]["inline_keyboard"]] == [2, 1, 2]
        api.tap(reply, "@honey.what")
        await api.until(lambda: labels(reply)[2].startswith("✓ "))
        api.say("honey", 8)
        (other,) = await api.replies(1, 8)
        api.tap(other, "@honey.what")
        await api.replies(2, 8)

    api = play(scenario, illustrated, tmp_path)
    assert [picture["caption"] for picture in (*pictures(api), *pictures(api, 8))] == [CAPTION] * 2
    assert [*api.files.values()] == [(KNOWLEDGE / "en" / "images" / "phases.png").read_bytes()]
    assert [type(call["photo"]) for call in api.of("sendPhoto")] == [bytes, str]
    assert len(api.of("answerCallbackQuery")) == 2


def test_a_picture_stays_in_the_topic_of_a_group_below_its_answer(illustrated, tmp_path):
    async def scenario(api):
        api.say("/x@bees_bot honey", -5, message_thread_id=11, is_topic_message=True)
        (reply,) = await api.replies(1, -5)
        reply = reply | {"is_topic_message": True}
        api.tap(reply, "@honey.what", sender=3)
        shown = (await api.replies(2, -5))[-1]
        assert "photo" in shown
        assert (shown["answers"], shown["message_thread_id"]) == (reply["message_id"], 11)

    play(scenario, illustrated, tmp_path)


@pytest.mark.parametrize("fault", [error(500), (502, "<html>"), too_many(1)])
def test_a_picture_is_tried_again_after_a_passing_failure(illustrated, tmp_path, fault):
    async def scenario(api):
        api.say("honey")
        (reply,) = await api.replies(1)
        api.fail("sendPhoto", fault)
        api.tap(reply, "@honey.what")
        await api.replies(2)

    assert len(pictures(play(scenario, illustrated, tmp_path))) == 1


def test_where_no_photo_is_taken_its_text_is_sent_and_elsewhere_the_picture(illustrated, tmp_path):
    async def scenario(api):
        api.say("honey")
        (reply,) = await api.replies(1)
        api.fail("sendPhoto", error(400, "Bad Request: not enough rights to send photos to the chat"))
        api.tap(reply, "@honey.what")
        said = (await api.replies(2))[-1]
        assert said["text"] == CAPTION
        api.tap(reply | {"chat": {"id": 8, "type": "private", "first_name": "Ann"}}, "@honey.what")
        await api.until(lambda: pictures(api, 8))

    play(scenario, illustrated, tmp_path)


def test_a_copy_that_telegram_has_lost_is_uploaded_again(illustrated, tmp_path):
    async def scenario(api):
        api.say("honey")
        (reply,) = await api.replies(1)
        for number, chat in enumerate((7, 8, 9)):
            api.tap(reply | {"chat": {"id": chat, "type": "private", "first_name": "Ann"}}, "@honey.what")
            await api.until(lambda number=number: len(api.of("sendPhoto")) == number + 1 and not api.pending)
            if not number:
                api.files.clear()

    api = play(scenario, illustrated, tmp_path)
    assert [type(call["photo"]) for call in api.of("sendPhoto")] == [bytes, str, bytes]
    assert api.sent(8)[0]["text"] == CAPTION


def test_who_blocked_the_bot_gets_neither_picture_nor_text(illustrated, tmp_path):
    async def scenario(api):
        api.say("honey")
        (reply,) = await api.replies(1)
        api.blocked.add(7)
        api.tap(reply, "@honey.what")
        await api.until(lambda: api.of("sendPhoto") and not api.pending)

    api = play(scenario, illustrated, tmp_path)
    assert len(api.of("sendMessage")) == 1
    assert illustrated.forgotten == ["7"]


@pytest.mark.parametrize(("target", "asked"), [("@honey.gone", "honey."), ("@hive.what", "hive."), ("@", ".")])
def test_a_button_whose_picture_is_gone_says_so(illustrated, tmp_path, target, asked):
    async def scenario(api):
        api.tap(api.message(7, text="old"), target)
        await api.replies(1)

    api = play(scenario, illustrated, tmp_path)
    assert api.of("sendPhoto") == []
    assert illustrated.asked == [("7", "", asked)]


def test_a_picture_whose_file_is_gone_counts_as_gone(illustrated, tmp_path):
    image = illustrated.kb.intents["honey.what"].image
    assert image
    image.unlink()

    async def scenario(api):
        api.say("honey")
        (reply,) = await api.replies(1)
        api.tap(reply, "@honey.what")
        await api.replies(2)

    play(scenario, illustrated, tmp_path)
    assert illustrated.asked[1:] == [("7", "", "honey.")]


def test_no_picture_is_offered_beside_a_card(illustrated):
    reply = Reply("answer", (), intents=("honey.what",), safety="urgent")
    assert keyboard.choices(reply, illustrated.kb) is None


def test_the_conversation_of_the_readme_can_be_drawn(shipped_data, tmp_path):
    folder = shutil.copytree(shipped_data, tmp_path / "copy")
    api, said = asyncio.run(picture.record(folder, FAQBOT_SEND_LIMITS="off"))
    page = picture.page(api, said)
    assert [name for name, _ in api.calls].count("sendPhoto") == page.count("<img") == 1
    assert page.count("✓") == 2
    assert picture.CONTACTS["FAQBOT_CONTACT"] in page


def test_an_edited_question_changes_its_reply_only_when_the_answer_changes(keeper, tmp_path):
    async def scenario(api):
        first = api.say("honey")
        (reply,) = await api.replies(1)
        api.push("edited_message", first | {"text": "honey?"})
        await api.until(lambda: len(keeper.asked) == 2 and not api.pending)
        assert api.of("editMessageText") == []
        api.push("edited_message", first | {"text": "say wax"})
        await api.until(lambda: reply["text"].startswith("wax"))
        api.push("edited_message", first | {"text": "a sting in my throat"})
        await api.replies(2)

    api = play(scenario, keeper, tmp_path)
    assert api.sent()[1]["text"].startswith("Now\nCall 112.")


def test_an_edit_of_something_unknown_is_answered_anew(keeper, tmp_path):
    async def scenario(api):
        api.say("honey", kind="edited_message")
        await api.replies(1)

    play(scenario, keeper, tmp_path)


def test_a_reply_to_an_answer_asks_on_from_there(keeper, tmp_path):
    async def scenario(api):
        api.say("honey")
        (reply,) = await api.replies(1)
        api.say("why?", reply_to_message=dict(reply))
        await api.replies(2)

    play(scenario, keeper, tmp_path)
    assert keeper.asked[1:] == [("7", "", "honey.what"), ("7", "why?", None)]


@pytest.mark.parametrize(
    "content",
    [
        {"photo": [{"file_id": "a", "file_unique_id": "b", "width": 1, "height": 1}]},
        {"voice": {"file_id": "a", "file_unique_id": "b", "duration": 1}},
        {"location": {"latitude": 1.0, "longitude": 1.0}},
        {"contact": {"phone_number": "1", "first_name": "x"}},
    ],
)
def test_what_is_not_text_gets_one_line_a_minute(keeper, tmp_path, content):
    async def scenario(api):
        for _ in range(3):
            api.push("message", api.message(7, **content))
        await api.until(lambda: not api.pending)

    api = play(scenario, keeper, tmp_path)
    (reply,) = api.sent()
    assert reply["text"].startswith(keeper.kb.phrases.replies["text_only"])
    assert "/urgent" in reply["text"]
    assert keeper.asked == []


def test_a_caption_is_read(keeper, tmp_path):
    async def scenario(api):
        photo = [{"file_id": "a", "file_unique_id": "b", "width": 1, "height": 1}]
        api.push("message", api.message(7, photo=photo, caption="honey"))
        await api.replies(1)

    play(scenario, keeper, tmp_path)
    assert keeper.asked == [("7", "honey", None)]


def test_what_nobody_said_is_not_answered(keeper, tmp_path):
    async def scenario(api):
        api.push("message", api.message(-5, new_chat_title="x"))
        api.push("message", api.message(7, text="hi") | {"from": ME})
        api.push("message", api.message(7, text="shared", via_bot=ME))
        api.push(
            "channel_post",
            {"message_id": 1, "date": 1, "chat": {"id": -9, "type": "channel", "title": "c"}, "text": "x"},
        )
        api.push("message", {"broken": True})
        api.push("something_new", {"x": 1})

    assert play(scenario, keeper, tmp_path).sent() == []


def test_in_a_group_only_who_addresses_the_bot_is_answered_in_the_topic_and_as_a_reply(keeper, tmp_path):
    async def scenario(api):
        api.say("honey", -5)
        api.say("/start@other_bot", -5)
        name = {"type": "mention", "offset": 0, "length": 9}
        asked = api.say("@bees_bot honey", -5, sender=3, entities=[name], message_thread_id=11, is_topic_message=True)
        (reply,) = await api.replies(1, -5)
        assert (reply["answers"], reply["message_thread_id"]) == (asked["message_id"], 11)
        api.say("and wax?", -5, sender=4, reply_to_message=dict(reply))
        api.say("/help@bees_bot", -5)
        await api.replies(3, -5)

    play(scenario, keeper, tmp_path)
    assert [asked[:2] for asked in keeper.asked if not asked[2]] == [
        ("-5:3", "honey"), ("-5:4", "and wax?"), ("-5:5", "/help")
    ]  # fmt: skip


def test_groups_can_be_switched_off(keeper, tmp_path):
    async def scenario(api):
        api.say("/help@bees_bot", -5)
        api.push("my_chat_member", _member(-5, "left", "member"))
        await api.until(lambda: api.of("leaveChat"))

    assert play(scenario, keeper, tmp_path, FAQBOT_GROUPS="off").sent(-5) == []


def test_a_group_is_greeted_once_and_forgotten_after(keeper, tmp_path):
    async def scenario(api):
        api.push("my_chat_member", _member(-5, "left", "member"))
        api.push("my_chat_member", _member(-5, "member", "administrator"))
        await api.replies(1, -5)
        api.push("my_chat_member", _member(-5, "administrator", "kicked"))

    api = play(scenario, keeper, tmp_path)
    assert [m["text"].split("\n")[0] for m in api.sent(-5)] == [keeper.kb.phrases.replies["group_hello"]]
    assert keeper.forgotten == ["-5"]


def test_forget_forgets(keeper, tmp_path):
    async def scenario(api):
        api.say("/forget")
        await api.replies(1)

    play(scenario, keeper, tmp_path)
    assert keeper.forgotten == ["7"]


def test_an_inline_query_offers_cards_topics_and_the_urgent_card_first(keeper, tmp_path):
    async def scenario(api):
        for number, text in enumerate(("honey", "", "zzz", "a sting")):
            query = {
                "id": str(number),
                "from": {"id": 9, "is_bot": False, "first_name": "A"},
                "query": text,
                "offset": "",
            }
            api.push("inline_query", query)
        await api.until(lambda: len(api.of("answerInlineQuery")) == 4)

    api = play(scenario, keeper, tmp_path)
    shown = {call["inline_query_id"]: call for call in api.of("answerInlineQuery")}
    assert {key: [card["id"] for card in call["results"]] for key, call in shown.items()} == {
        0: ["honey.what"], 1: ["hive.what", "honey.what"], 2: [], 3: ["/urgent"]
    }  # fmt: skip
    card = shown[0]["results"][0]
    assert "Ask a beekeeper." in card["input_message_content"]["message_text"]
    assert "From a book." in card["input_message_content"]["message_text"]
    assert shown[2]["button"]["text"] == keeper.kb.phrases.replies["inline_empty"]
    assert set(keeper.forgotten) == {"inline"}


def test_a_late_question_gets_its_answer_with_a_note(keeper, tmp_path):
    async def scenario(api):
        api.say("honey", date=int(time.time()) - 7 * 3600)
        (reply,) = await api.replies(1)
        assert reply["text"].startswith(keeper.kb.phrases.replies["late"])

    play(scenario, keeper, tmp_path)


def test_a_crash_says_so_and_the_next_question_is_answered(keeper, tmp_path):
    async def scenario(api):
        api.say("crash")
        api.say("honey")
        replies = await api.replies(2)
        assert replies[0]["text"].startswith(keeper.kb.phrases.replies["error"])
        assert "/urgent" in replies[0]["text"]

    play(scenario, keeper, tmp_path)


def test_a_surplus_is_told_once_and_holds_nobody_back_but_an_alarm_in_it_is_answered(keeper, tmp_path, monkeypatch):
    monkeypatch.setattr("bot.telegram.pace.PRIVATE", ((5, 1.0),))

    async def scenario(api):
        for number in range(60):
            api.say(f"say {number}")
        api.say("a sting")
        started = time.monotonic()
        api.say("honey", 8)
        await api.replies(1, 8)
        assert time.monotonic() - started < 2
        await api.until(lambda: any("Call 112" in reply["text"] for reply in api.sent()))
        assert time.monotonic() - started < 2

    api = play(scenario, keeper, tmp_path)
    said = [reply["text"] for reply in api.sent()]
    assert sum(text.startswith(keeper.kb.phrases.replies["too_fast"]) for text in said) == 1
    assert len(keeper.asked) <= 22


def test_a_flood_is_not_searched_for_alarms_for_ever_but_urgent_works_in_it(keeper, tmp_path, monkeypatch):
    monkeypatch.setattr("bot.telegram.pace.PRIVATE", ((5, 1.0),))
    monkeypatch.setattr("bot.telegram.reading.READ", 5)
    looked: list[str] = []

    def alarm(text: str) -> bool:
        looked.append(text)
        return text.startswith("/urgent")

    monkeypatch.setattr(keeper, "alarm", alarm)

    async def scenario(api):
        for number in range(60):
            api.say(f"say {number}")
        api.say("/urgent")
        await api.until(lambda: any("Call 112" in reply["text"] for reply in api.sent()))

    play(scenario, keeper, tmp_path)
    assert not {f"say {number}" for number in range(40, 60)} & set(looked)


@pytest.mark.parametrize(("text", "after"), [("a sting", []), ("does a sting hurt?", ["Bees sting."])])
def test_a_card_does_not_wait_for_a_slow_assistant_and_is_not_said_twice(kb, tmp_path, text, after):
    async def scenario(api):
        started = time.monotonic()
        api.say("say slow", 8)
        api.say(text)
        (card,) = await api.replies(1)
        assert card["text"].startswith("Now\nCall 112.")
        assert 1 < time.monotonic() - started < 1.5
        assert not api.sent(8)
        await api.until(lambda: not api.pending)
        assert [reply["text"].partition("\n")[0] for reply in api.sent()[1:]] == after

    play(scenario, Beekeeper(kb, slow=1.2), tmp_path)


def test_a_card_does_not_wait_behind_a_chat_at_its_limit(keeper, tmp_path, monkeypatch):
    monkeypatch.setattr("bot.telegram.pace.PRIVATE", ((5, 2.0),))

    async def scenario(api):
        for number in range(7):
            api.say(f"say {number}")
        await api.replies(5)
        api.say("a sting")
        reply = (await api.replies(6, seconds=1))[-1]
        assert reply["text"].startswith("Now")

    play(scenario, keeper, tmp_path)


@pytest.mark.parametrize("fault", [error(500), (502, "<html>"), error(401), "lost", too_many(1)])
def test_a_passing_failure_is_tried_again(keeper, tmp_path, fault):
    async def scenario(api):
        api.fail("sendMessage", fault)
        api.say("honey")
        await api.replies(1)

    play(scenario, keeper, tmp_path)


def test_markup_that_telegram_cannot_read_goes_out_as_plain_text(keeper, tmp_path):
    async def scenario(api):
        api.fail("sendMessage", error(400, "Bad Request: can't parse entities: oops"))
        api.say("say a **bold** & word")
        (reply,) = await api.replies(1)
        assert reply["text"].startswith("a bold & word\n")

    play(scenario, keeper, tmp_path)


def test_who_blocked_the_bot_is_forgotten(keeper, tmp_path):
    async def scenario(api):
        api.blocked.add(7)
        api.say("honey")
        api.say("honey", 8)
        await api.replies(1, 8)

    play(scenario, keeper, tmp_path)
    assert keeper.forgotten == ["7"]


def test_a_chat_that_has_to_wait_keeps_its_order_and_nobody_else_waits(keeper, tmp_path):
    async def scenario(api):
        api.fail("sendMessage", too_many(3))
        api.say("say first")
        await api.until(lambda: api.of("sendMessage"))
        api.say("say second")
        started = time.monotonic()
        for number in range(5):
            api.say("honey", 8)
            await api.replies(number + 1, 8)
        assert time.monotonic() - started < 1.5
        await api.until(lambda: not api.pending, 1)
        replies = await api.replies(2)
        assert [reply["text"].split("\n")[0] for reply in replies] == ["first", "second"]

    play(scenario, keeper, tmp_path)


def test_a_wrong_token_ends_the_start_with_one_sentence(keeper, tmp_path):
    async def stage():
        async with BotApi() as api:
            chosen = settings(api, tmp_path, TELEGRAM_BOT_TOKEN="987654321:another-token-that-is-not-known-here-0")
            store = open_store(chosen.database_url)
            with pytest.raises(SettingsError, match="TELEGRAM_BOT_TOKEN"):
                await Replica(chosen, store, keeper).run()
            store.close()

    asyncio.run(stage())


@pytest.mark.parametrize("status", [500, 401, 409])
def test_polling_recovers_by_itself(keeper, tmp_path, status):
    async def scenario(api):
        api.fail("getUpdates", error(status))
        api.say("honey")
        await api.replies(1)

    play(scenario, keeper, tmp_path)


def test_polling_that_is_refused_for_good_ends_the_process(keeper, tmp_path):
    async def stage():
        async with BotApi() as api:
            api.fail("getUpdates", *[error(401)] * 9)
            with pytest.raises(SettingsError, match="TELEGRAM_BOT_TOKEN"):
                async with running(api, keeper, tmp_path):
                    await asyncio.sleep(4)

    asyncio.run(stage())


def test_polling_removes_a_webhook_that_is_in_its_way(keeper, tmp_path):
    async def stage():
        async with BotApi() as api:
            api.webhook = {"url": "https://old"}
            async with running(api, keeper, tmp_path):
                api.say("honey")
                await api.replies(1)
            assert api.webhook is None

    asyncio.run(stage())
