"""Conversations with the shipped knowledge, turn by turn, and what holds for every reply."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogue import Dialogue
from bot.dialogue.wording import NONE, TOPICS, list_items
from bot.domain import Conversation
from bot.safety import Finding, Scanner

TODAY = date(2026, 11, 25)


@pytest.fixture
def dialogue(shipped):
    return shipped.dialogue


@pytest.fixture
def talk(dialogue):
    """Say several things in one conversation; the last reply."""

    def say(*texts):
        conversation = Conversation()
        for text in texts:
            reply, conversation = dialogue.respond(text, conversation, today=TODAY)
        return reply

    return say


def test_an_answer_names_its_source_its_age_and_the_way_to_help(talk):
    reply = talk("what is chemotherapy")
    assert reply.outcome == "answer"
    assert reply.intents == ("chemotherapy.what_it_is",)
    small_print = " ".join(reply.notes)
    assert "HU Medical Review Board" in small_print
    assert "May 2023" in small_print
    assert "three years" in small_print
    assert "/urgent" in small_print
    assert "doctor" in small_print


def test_the_stale_notice_comes_only_when_the_review_is_old(dialogue):
    reply, _ = dialogue.respond("what is chemotherapy", Conversation(), today=date(2026, 5, 31))
    assert "three years" not in " ".join(reply.notes)
    reply, _ = dialogue.respond("what is chemotherapy", Conversation(), today=date(2026, 6, 1))
    assert "three years" in " ".join(reply.notes)


@pytest.mark.parametrize(
    ("texts", "intent"),
    [
        (["what treatments are there", "2"], "radiation.what_it_is"),
        (["what treatments are there", "the third one"], "transplant.what_it_is"),
        (["what treatments are there", "what is chemo", "and the next"], "radiation.what_it_is"),
        (["what are the phases", "the second one"], "phases.consolidation"),
        (["/start", "What is chemotherapy? 1"], "chemotherapy.what_it_is"),
        (["what is chemotherapy", "What is chemotherapy? 4"], "chemotherapy.what_it_is"),
        (["what are the phases", "last one please"], "phases.maintenance"),
        (["what is targeted therapy", "2", "no, the other one"], "targeted.antibodies"),
        (["what is chemotherapy", "and how is it given?"], "chemotherapy.how_given"),
        (["what are steroids for", "what kinds are there"], "steroids.kinds"),
        (["what are steroids for", "does everybody get them?"], "steroids.who_gets_them"),
        (["what is an ommaya reservoir", "tell me more"], "cns.prophylaxis"),
        (["what is chemotherapy", "thanks", "and how is it given?"], "chemotherapy.how_given"),
        (["what is chemotherapy", "what is a clinical trial"], "trials.what_they_are"),
    ],
)
def test_follow_ups(talk, texts, intent):
    assert talk(*texts).intents == (intent,)


@pytest.mark.parametrize("text", ["tell me more", "why?", "and the other one?", "next"])
def test_a_follow_up_with_nothing_before_it_asks_what_is_meant(talk, dialogue, text):
    reply = talk(text)
    assert reply.outcome == "fallback"
    assert reply.blocks[0].text == dialogue.wording.phrase("which_topic")


def test_a_follow_up_after_a_menu_is_about_its_first_choice(dialogue):
    first, conversation = dialogue.respond("my blood pressure is fine. how does blinatumomab work", Conversation())
    assert first.outcome == "clarify"
    assert conversation.topic == first.choices[0].target
    reply, _ = dialogue.respond("and how do they work", conversation)
    assert reply.sections == ("targeted",)


def test_two_questions_get_two_answers(talk):
    reply = talk("What is induction? And what is consolidation?")
    assert reply.intents == ("phases.induction", "phases.consolidation")
    assert [block.title for block in reply.blocks] == ["Induction, the first phase", "Consolidation, the second phase"]


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("The nurse looked at his rash and was happy. How long is maintenance?", "elsewhere.length_of_treatment"),
        ("Last month she had a fever, all fine now. When can she go back to school?", "elsewhere.work_school"),
    ],
)
def test_what_is_told_before_does_not_hide_where_a_question_is_sent(talk, text, intent):
    reply = talk(text)
    assert (reply.outcome, reply.intents) == ("redirect", (intent,))


def test_of_a_tale_of_nothing_known_the_question_at_its_end_is_what_was_asked(talk):
    text = "my blood pressure was 105 over 65 today, nurse was happy. how does blinatumomab work"
    reply = talk(text)
    assert reply.outcome in {"answer", "clarify"}
    assert "targeted.antibodies" in (*reply.intents, *(choice.target for choice in reply.choices))


def test_of_three_questions_the_third_is_the_first_thing_to_tap(talk, dialogue):
    reply = talk("What is induction? What is consolidation? What are steroids for?")
    assert reply.intents == ("phases.induction", "phases.consolidation")
    assert reply.blocks[0].text == dialogue.wording.phrase("also_asked_more")
    assert reply.choices[0].target == "steroids.why_used"


def test_a_comparison_shows_both_and_chooses_none(talk, dialogue):
    reply = talk("which is better, chemo or radiation")
    assert reply.sections == ("chemotherapy", "radiation")
    assert reply.blocks[0].text == dialogue.wording.phrase("comparison")


@pytest.mark.parametrize(
    ("text", "intents"),
    [
        ("compare CAR T and transplant", ("immunotherapy.car_t", "transplant.what_it_is")),
        ("difference between induction and consolidation", ("phases.induction", "phases.consolidation")),
        ("tki vs antibodies", ("targeted.tki", "targeted.antibodies")),
        ("is an ommaya port the same as intrathecal?", ("cns.ommaya", "cns.intrathecal")),
    ],
)
def test_a_comparison_shows_just_what_was_named(talk, dialogue, text, intents):
    reply = talk(text)
    assert reply.intents == intents
    assert reply.blocks[0].text == dialogue.wording.phrase("comparison")


def test_a_comparison_that_was_written_is_the_answer(talk):
    assert talk("difference between targeted therapy and chemo").intents == ("targeted.vs_chemo",)


def test_a_clarification_offers_a_way_out_and_is_not_repeated(dialogue):
    unsure = replace(dialogue.limits, answer=1.0, offer=0.01)
    dialogue = Dialogue(dialogue.kb, dialogue.matcher, dialogue.scanner, limits=unsure)
    reply, conversation = dialogue.respond("marrow", Conversation(), today=TODAY)
    assert reply.outcome == "clarify"
    assert reply.choices[-1].target == NONE
    again, _ = dialogue.respond("marrow", conversation, today=TODAY)
    assert again.outcome != "clarify"
    first, _ = dialogue.respond("1", conversation, today=TODAY)
    assert first.intents == (reply.choices[0].target,)
    none, _ = dialogue.respond("none of these", conversation, today=TODAY)
    assert none.blocks[0].text == dialogue.wording.phrase("none_reply")


def test_the_second_miss_in_a_row_shows_the_topics(dialogue, talk):
    first, second = talk("who won the football"), talk("who won the football", "what is the capital of France?")
    assert first.outcome == second.outcome == "fallback"
    assert [choice.target for choice in first.choices] == [TOPICS]
    assert len(second.choices) == 15


class Wary(Scanner):
    """A scanner that refuses everything."""

    def __init__(self, *, guess):
        self._guess = guess

    def scan(self, _text, _signs=()):
        return Finding("advice", ("advice_other",), guess=self._guess)


def test_a_refusal_that_is_a_guess_gives_way_to_a_clear_answer_or_redirect(dialogue):
    def outcomes(guess):
        own = Dialogue(dialogue.kb, dialogue.matcher, Wary(guess=guess))
        texts = ("what is chemotherapy", "how much does treatment cost", "zebra crossing")
        return [own.respond(text, Conversation(), today=TODAY)[0].outcome for text in texts]

    assert outcomes(guess=True) == ["answer", "redirect", "refuse"]
    assert outcomes(guess=False) == ["refuse", "refuse", "refuse"]


@pytest.mark.parametrize("text", ["what is chemotherapy?", "can i fly during chemo"])
def test_what_stands_in_for_a_guessed_refusal_keeps_the_soft_note(dialogue, monkeypatch, text):
    finding = Finding("advice", ("soft", "advice_other"), guess=True)
    monkeypatch.setattr(dialogue, "scan", lambda *_: finding)
    reply, _ = dialogue.respond(text, Conversation(), today=TODAY)
    assert reply.outcome in {"answer", "redirect"}
    assert reply.safety == "soft"
    assert reply.blocks[0] == dialogue.wording.card("soft")


@pytest.mark.parametrize(("topic", "outcome"), [("chemotherapy.what_it_is", "answer"), ("", "redirect")])
def test_a_refusal_that_is_a_guess_gives_way_to_a_follow_up_of_the_last_topic(dialogue, topic, outcome):
    own = Dialogue(dialogue.kb, dialogue.matcher, Wary(guess=True))
    reply, _ = own.respond("and what are the side effects?", Conversation(topic=topic), today=TODAY)
    assert reply.outcome == outcome


def test_a_redirect_says_who_to_ask_and_is_no_section(talk):
    reply = talk("can my daughter get the flu shot? which vaccines are given")
    assert reply.outcome in {"redirect", "refuse"}
    reply = talk("what is AML")
    assert reply.outcome == "redirect"
    assert reply.sections == ()
    assert reply.intents == ("elsewhere.other_leukemias",)


@pytest.mark.parametrize(
    "text",
    ["What is consolidation? Thank you", "Thank you very much. What is consolidation?", "Hi! what is consolidation"],
)
def test_politeness_around_a_question_does_not_swallow_it(talk, text):
    assert talk(text).intents == ("phases.consolidation",)


def test_thanks_twice_are_still_thanks(talk):
    assert talk("Thanks. Thank you so much!").outcome == "smalltalk"


def test_a_feeling_after_an_answer_is_not_answered_with_the_topic(talk):
    assert "cns" not in talk("why a spinal tap", "i hate this").sections
    assert talk("why a spinal tap", "im bored").outcome != "answer"


def test_every_topic_can_be_chosen_by_its_number(talk):
    topics = talk("/topics").choices
    assert [talk("/topics", str(n + 1)).intents[0] for n in range(len(topics))] == [one.target for one in topics]
    assert talk("/topics", "my son is eleven").outcome != "answer"


def test_first_in_a_question_of_its_own_chooses_nothing(talk):
    reply = talk("What is a transplant?", "When should treatment start, and can we go on vacation first?")
    assert "transplant" not in reply.sections


def test_small_talk(talk):
    assert talk("hello").outcome == "smalltalk"
    assert talk("👍").outcome == "smalltalk"
    assert talk("hello, what is chemotherapy").intents == ("chemotherapy.what_it_is",)


@pytest.mark.parametrize("text", ["/urgent", "/emergency", "/urgent@some_bot", "/URGENT now"])
def test_urgent_always_shows_the_card(talk, dialogue, text):
    reply = talk(text)
    assert reply.outcome == "urgent"
    assert reply.safety == "urgent"
    assert dialogue.wording.card("urgent") in reply.blocks


@pytest.mark.parametrize("command", ["start", "help", "privacy", "source", "forget"])
def test_commands_say_their_text(talk, dialogue, command):
    assert talk("/" + command).blocks[0].text == dialogue.kb.phrases.commands[command]


def test_a_deep_link_opens_its_answer_and_an_unknown_one_is_a_plain_start(talk, dialogue):
    assert talk("/start cns-ommaya").intents == ("cns.ommaya",)
    assert talk("/start no-such-page").blocks[0].text == dialogue.kb.phrases.commands["start"]


def test_an_emergency_in_an_unknown_command_is_seen(talk):
    assert talk("/help my temperature is 39.2 and I am shaking").safety == "urgent"
    assert talk("/nonsense my temperature is 39.2 and I am shaking").safety == "urgent"


def test_an_old_button_says_so_and_offers_the_nearest(dialogue):
    reply, _ = dialogue.respond("", Conversation(), choice="chemotherapy.gone_since", today=TODAY)
    assert reply.blocks[0].text == dialogue.wording.phrase("gone")
    assert reply.choices[0].target == "chemotherapy.what_it_is"


def test_another_alphabet_and_an_empty_message_get_a_calm_line(talk, dialogue):
    assert talk("что такое лейкемия").blocks[0].text == dialogue.kb.phrases.smalltalk["other_language"].reply
    assert talk("\u200b").blocks[0].text == dialogue.wording.phrase("empty")


def test_numbers_mean_the_list_and_letters_the_choices(dialogue):
    reply, conversation = dialogue.respond("what treatments are there", Conversation(), today=TODAY)
    assert reply.keys == tuple("12345678")
    reply, conversation = dialogue.respond("1", conversation, today=TODAY)
    assert reply.keys[0] == "a"
    lettered, _ = dialogue.respond("a", conversation, today=TODAY)
    assert lettered.intents == (reply.choices[0].target,)


def test_lists_of_steps_are_not_choices():
    assert list_items("1. **Chemo** kills\n2. Radiation therapy") == ("Chemo", "Radiation therapy")
    assert list_items("1. First the cells are taken out and stored\n2. Then") == ()
    assert list_items("- a\n- b") == ()


def test_a_failing_scanner_shows_the_urgent_card_and_is_counted(dialogue, monkeypatch):
    class Broken:
        def scan(self, text, signs=()):
            raise RuntimeError(text)

    before = dialogue.faults
    monkeypatch.setattr(dialogue, "scanner", Broken())
    reply, _ = dialogue.respond("what is chemotherapy", Conversation(), today=TODAY)
    assert reply.safety == "urgent"
    assert dialogue.faults == before + 1


@given(texts=st.lists(st.text(max_size=300), min_size=1, max_size=3))
def test_every_reply_carries_the_disclaimer_and_the_urgent_line(shared_dialogue, texts):
    conversation = Conversation()
    source = shared_dialogue.kb.source
    for text in texts:
        reply, conversation = shared_dialogue.respond(text, conversation, today=TODAY)
        assert source.disclaimer in reply.notes
        assert source.urgent_line in reply.notes
        assert reply.blocks
        assert len(reply.keys) == len(reply.choices)
        assert 0 <= reply.score <= 1


@given(text=st.text(alphabet="2one the 3first last abn.?/", max_size=30))
def test_pointing_anywhere_never_fails(shared_dialogue, text):
    _, conversation = shared_dialogue.respond("what treatments are there", Conversation(), today=TODAY)
    reply, _ = shared_dialogue.respond(text, conversation, today=TODAY)
    assert reply.blocks
