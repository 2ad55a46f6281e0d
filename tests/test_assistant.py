"""The seam for front ends: conversations by person, their end, and the cache of models."""

import shutil
from datetime import UTC, datetime

import pytest

from bot import settings
from bot.assistant import EXPIRES, open_assistant
from bot.errors import FaqbotError
from tests.test_encoder import write_model


@pytest.fixture
def assistant(shipped):
    shipped.now = 0.0
    shipped.clock = lambda: shipped.now
    shipped.today = lambda: datetime(2026, 11, 25, tzinfo=UTC)
    return shipped


def test_people_have_conversations_of_their_own(assistant):
    assistant.reply("ann", "what are the phases")
    assistant.reply("bob", "what treatments are there")
    assert assistant.reply("ann", "2").intents == ("phases.consolidation",)
    assert assistant.reply("bob", "2").intents == ("radiation.what_it_is",)


def test_a_conversation_ends_after_thirty_minutes(assistant):
    assistant.reply("ann", "what are the phases")
    assistant.now = EXPIRES - 1
    assert assistant.reply("ann", "2").outcome == "answer"
    assistant.now += EXPIRES
    assert assistant.reply("ann", "3").outcome == "fallback"


def test_forgetting_is_at_once(assistant):
    assistant.reply("ann", "what are the phases")
    assistant.forget("ann")
    assistant.forget("nobody")
    assert assistant.reply("ann", "2").outcome == "fallback"


def test_a_tapped_choice_needs_no_conversation(assistant):
    assert assistant.reply("ann", "", choice="cns.ommaya").intents == ("cns.ommaya",)


def test_alarm_and_suggestions(assistant):
    assert assistant.alarm("she has a temperature of 39.4")
    assert not assistant.alarm("what is chemotherapy")
    assert assistant.suggest("chemo", 3)[0] == "chemotherapy.what_it_is"
    assert assistant.suggest("zzzz qqqq", 3) == ()


def test_a_card_comes_without_an_answer_and_changes_nothing(assistant):
    text = "she has a temperature of 39.4, what is chemotherapy?"
    card = assistant.card("ann", text)
    assert card.outcome == "urgent"
    assert assistant._kept == {}
    assert assistant.reply("ann", text).blocks[: len(card.blocks)] == card.blocks
    assert assistant.card("ann", "what is chemotherapy") is None
    assert assistant.card("ann", "/urgent").blocks == assistant.reply("ann", "/urgent").blocks


def test_a_card_knows_what_was_said_before_for_as_long_as_the_conversation_lasts(assistant):
    conversation = assistant._kept
    assistant.reply("ann", "she feels very warm")
    assert conversation["ann"][1].signs
    seen = []
    assistant.dialogue.card = lambda text, known, today: seen.append(known.signs)
    assistant.card("ann", "x")
    assistant.now = EXPIRES
    assistant.card("ann", "x")
    del assistant.dialogue.card
    assert seen == [conversation["ann"][1].signs, ()]


def test_nothing_anybody_wrote_is_kept(assistant):
    assistant.reply("ann", "my secret canary question about chemotherapy")
    assert "canary" not in repr(assistant._kept)


def test_the_model_is_trained_once_and_a_damaged_cache_is_mended(small_knowledge, tmp_path):
    opened = settings.Settings(FAQBOT_DATA=tmp_path)
    told: list[float] = []
    open_assistant(opened, small_knowledge, progress=told.append)
    (model,) = tmp_path.glob("model-*.npz")
    assert told[-1] == 1.0
    told.clear()
    open_assistant(opened, small_knowledge, progress=told.append)
    assert told == []
    model.write_bytes(model.read_bytes()[:1000])
    open_assistant(opened, small_knowledge, progress=told.append)
    assert told[-1] == 1.0
    assert list(tmp_path.glob("model-*.npz")) == [model]


def test_a_sentence_model_is_used_when_it_is_named(small_knowledge, tmp_path):
    folder = tmp_path / "sentences"
    folder.mkdir()
    write_model(folder)
    opened = settings.Settings(FAQBOT_DATA=tmp_path / "data", FAQBOT_SEMANTIC_MODEL=folder)
    told: list[float] = []
    first = open_assistant(opened, small_knowledge, progress=told.append)
    assert told == sorted(told)
    assert len(list((tmp_path / "data").glob("vectors-*.npz"))) == 1
    told.clear()
    again = open_assistant(opened, small_knowledge, progress=told.append)
    plain = open_assistant(settings.Settings(FAQBOT_DATA=tmp_path / "plain"), small_knowledge)
    assert told == []
    margins = [each.dialogue.matcher.match("bees how").evidence.margin for each in (first, again, plain)]
    assert margins[0] == pytest.approx(margins[1], abs=0.01)
    assert margins[0] != pytest.approx(margins[2], abs=1e-4)


def test_a_sentence_model_that_is_not_there_stops_the_start(small_knowledge, tmp_path):
    opened = settings.Settings(FAQBOT_DATA=tmp_path / "data", FAQBOT_SEMANTIC_MODEL=tmp_path / "nowhere")
    with pytest.raises(FaqbotError, match="FAQBOT_SEMANTIC_MODEL"):
        open_assistant(opened, small_knowledge)


def test_a_change_of_the_knowledge_trains_anew(small_knowledge, tmp_path):
    changed = tmp_path / "knowledge"
    shutil.copytree(small_knowledge, changed)
    opened = settings.Settings(FAQBOT_DATA=tmp_path / "data")
    open_assistant(opened, changed)
    (before,) = (tmp_path / "data").glob("model-*.npz")
    intent = changed / "en" / "hive" / "what.yaml"
    intent.write_text(intent.read_text().replace("the bee house", "the bees' house"))
    open_assistant(opened, changed)
    (after,) = (tmp_path / "data").glob("model-*.npz")
    assert after != before
