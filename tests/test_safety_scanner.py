"""The whole net on the shipped knowledge: slots and trained detector together, and each behaviour of the judge."""

import dataclasses
import time
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import knowledge
from bot.domain import Card, SafetyKnowledge
from bot.domain.safety import LAST_RESORT, Flag
from bot.learning import Features, LinearModel
from bot.safety import EXAMPLES, FEVER_C, Detector, Scanner, train
from bot.safety.memory import Memory
from bot.safety.reading import Reader
from tests.conftest import KNOWLEDGE

RED_FLAGS = (
    "she can't breathe",
    "his lips are blue",
    "her nose won't stop bleeding",
    "he had a seizure just now",
    "temp is 39.2",
    "she is unconscious",
    "crushing chest pain right now",
    "he took a double dose",
)


@pytest.fixture(scope="module")
def safety():
    return knowledge.load(KNOWLEDGE).safety


@pytest.fixture(scope="module")
def detector(safety):
    kb = knowledge.load(KNOWLEDGE)
    harmless = [text for intent in kb.intents.values() for text in intent.questions]
    harmless += [text for talk in kb.phrases.smalltalk.values() for text in talk.questions]
    return train(safety, harmless, [text for texts in kb.off_topic.values() for text in texts])


@pytest.fixture(scope="module")
def scanner(safety, detector):
    return Scanner.build(safety, detector)


@pytest.fixture(scope="module")
def slots(safety):
    return Scanner.build(safety)


@pytest.mark.parametrize("text", RED_FLAGS)
def test_red_flags_get_the_urgent_card(scanner, slots, text):
    assert scanner.scan(text).cards == ("urgent",)
    assert slots.scan(text).cards == ("urgent",)


@pytest.mark.parametrize(
    "text",
    [
        "he's burning like a stove and it's only a week since the drip",
        "something about my girl isn't right, she's grey and quiet",
        "the third towel is red now and it still drips from his nose",
    ],
)
def test_stories_get_the_urgent_card(scanner, text):
    assert scanner.scan(text).level == "urgent"


@pytest.mark.parametrize(
    "text", ["I want to kill myself", "i dont want to live anymore", "my son says he wants to die", "suicide"]
)
def test_crisis_gets_the_crisis_card(scanner, slots, text):
    assert scanner.scan(text).cards[0] == "crisis"
    assert slots.scan(text).cards[0] == "crisis"


def test_both_cards_when_both_are_there_crisis_first(scanner):
    finding = scanner.scan("I want to die and I can't breathe")
    assert (finding.level, finding.cards) == ("crisis", ("crisis", "urgent"))


class Opinion(Detector):
    """A detector that always thinks the same."""

    def __init__(self, **scores):
        self._scores = dict.fromkeys(("urgent", "crisis", "advice", "prognosis"), -2.0) | scores

    def scores(self, _message):
        return self._scores


def test_a_red_flag_goes_first_when_the_crisis_is_only_guessed(safety):
    found = Scanner.build(safety, Opinion(urgent=0.5, crisis=0.2)).scan("he keeps bringing up water and is worn out")
    assert (found.level, found.cards) == ("urgent", ("urgent", "crisis"))


@pytest.mark.parametrize("level", ["advice", "prognosis"])
def test_a_question_for_the_team_goes_before_a_red_flag_that_is_only_guessed(safety, level):
    found = Scanner.build(safety, Opinion(urgent=0.0, **{level: 0.9})).scan("the tablets look smaller, two of them?")
    assert found.level == level
    assert found.cards[0] == "soft"


def test_a_crisis_that_only_the_detector_guesses_gives_way_to_a_question_that_is_far_likelier(safety):
    text = "leaving out the pills tonight, it is my sister's party"
    assert Scanner.build(safety, Opinion(crisis=0.0, advice=1.0)).scan(text).level == "advice"
    assert Scanner.build(safety, Opinion(crisis=0.0, advice=0.5)).scan(text).level == "crisis"
    assert Scanner.build(safety, Opinion(crisis=0.0, advice=2.0)).scan("a noose, leaving out pills").level == "crisis"


@pytest.mark.parametrize(
    "text",
    [
        "he has chest pain, can I skip the tablet tonight?",
        "her lips are swelling since the asparaginase, can I give cetirizine?",
        "he fainted, should I still give the 6mp tonight?",
        "he is confused since this morning, can we leave out the methotrexate?",
        "I took 10 methotrexate instead of one, should I skip next week",
        "he vomits everything, should we give the tablets again?",
        "he forgot his steroids for 5 days and is so weak, should he take two",
        "my leg is swollen, can I take aspirin?",
    ],
)
def test_a_question_on_medicine_hides_no_emergency(scanner, text):
    assert "urgent" in scanner.scan(text).cards


def test_a_dose_that_came_up_again_is_a_question_for_the_team(safety):
    text = "He brought up his pill, he vomited the medicine. Another one?"
    assert Scanner.build(safety, Opinion(urgent=0.0, advice=1.0)).scan(text).cards[0] == "soft"
    assert Scanner.build(safety, Opinion(urgent=0.9, advice=1.0)).scan(text).level == "urgent"


def test_means_at_hand_are_crisis_only_with_the_detector(scanner, slots):
    text = "my brother keeps a noose in the shed and says that he will choose the day himself"
    assert scanner.scan(text).saw == ("suicide",)
    assert slots.scan(text).level is None


def test_another_language_gets_its_card_and_ours(scanner):
    assert scanner.scan("mi hijo tiene 39 de fiebre").cards == ("urgent_es", "urgent")
    assert scanner.scan("quiero morir").cards[0] == "crisis"


@pytest.mark.parametrize(
    ("text", "card"),
    [
        ("how many mg of dex should I take", "advice_dose"),
        ("can I skip my methotrexate this week", "advice_stop_skip"),
        ("can I take ibuprofen", "advice_interaction"),
        ("my platelets are 40, what does it mean for me", "advice_lab"),
        ("which treatment should I choose", "advice_choose"),
        ("will my daughter survive this", "prognosis"),
        ("what is the survival rate", "prognosis"),
    ],
)
def test_refusals_have_their_own_cards(scanner, text, card):
    assert scanner.scan(text).cards == (card,)


def test_a_refusal_that_only_the_detector_sees_gets_the_card_of_its_hints(scanner):
    finding = scanner.scan("shall we sleep in the garden shed during maintenance, yay or nay")
    assert finding.level in {"advice", None}
    assert scanner.scan("is it alright for him to play in the mud with low counts").cards[0].startswith("advice_")


def test_a_second_opinion_is_no_request_for_advice(scanner):
    assert scanner.scan("should I get a second opinion").level is None


@pytest.mark.parametrize(
    "text",
    [
        "what are the side effects of asparaginase, is trouble breathing one of them",
        "he had a seizure two years ago, none since. what is maintenance",
    ],
)
def test_alarming_words_in_a_question_get_a_soft_note_at_most(scanner, text):
    assert scanner.scan(text).level in {"soft", None}


@pytest.mark.parametrize("end", ["What is induction?", "Why do I need steroids?", "how does chemo work"])
@pytest.mark.parametrize(
    "told",
    [
        "My son had a seizure this morning",
        "I can't wake her properly since noon",
        "His nose has been bleeding for forty minutes now and will not stop",
        "She is shaking all over and her lips look blue",
    ],
)
def test_a_textbook_question_at_the_end_hides_no_emergency(scanner, told, end):
    assert scanner.scan(f"{told}. {end}").level == "urgent"


@pytest.mark.parametrize(
    "text",
    [
        "We were told about a transplant today. What is a donor?",
        "He had a fever in 2019 and it went away. What is induction?",
        "My grandson is doing a school report. Which phases are there?",
    ],
)
def test_what_explains_a_question_is_no_alarm(scanner, text):
    assert scanner.scan(text).level in {None, "soft"}


def test_questions_at_the_end_are_not_part_of_what_is_told(safety):
    reader = Reader(safety, 37.5)
    assert reader.told(reader.read("Why do noses bleed with chemo? What is chemo?")) == ""
    assert reader.told(reader.read("His nose bleeds. Why do noses bleed? What is chemo?")) == "His nose bleeds."
    assert reader.told(reader.read("It bleeds. Why? How? When? Where?")) == "It bleeds. Why?"


@pytest.mark.parametrize(
    "text",
    [
        "is 39 ok",
        "39 ok?",
        "still 38",
        "its 39.",
        "can i wait with 38.2 till the morning",
        "yes or no: is a fever of 39 ok",
    ],
)
def test_nobody_asks_whether_their_own_reading_is_bad_for_nothing(scanner, text):
    assert scanner.scan(text).level == "urgent"


def test_what_counts_as_a_fever_is_a_question_with_a_soft_note(scanner):
    assert scanner.scan("What counts as a fever, 38 or 38.5?").level == "soft"


@pytest.mark.parametrize("text", ["sos", "911", "this is urgent", "i need help now"])
def test_a_call_for_help_gets_the_card(scanner, slots, text):
    assert scanner.scan(text).level == slots.scan(text).level == "urgent"


def test_whom_to_call_needs_more_than_a_pattern_to_be_a_call_for_help(scanner, slots):
    assert scanner.scan("who do i call").level == "urgent"
    assert slots.scan("who do I call about the bus pass").level is None


@pytest.mark.parametrize("good", ["The MRI was all clear", "Her counts were back to normal on Monday"])
def test_good_news_of_something_else_takes_no_fever_back(slots, good):
    assert slots.scan(f"He has 39.2 tonight. {good}.").level == "urgent"


@pytest.mark.parametrize(
    "text",
    [
        "He had a seizure. It passed",
        "She fainted as I lifted her",
        "It started with a cough, then he couldn't breathe",
        "At the beginning of the drip her lips swelled up",
        "He fainted a while ago",
        "She had a seizure in class and is back at school",
    ],
)
def test_what_sounds_over_or_long_ago_takes_no_red_flag_back(slots, text):
    assert slots.scan(text).level == "urgent"


def test_a_refusal_beside_a_red_flag_shows_the_soft_note_too(scanner):
    assert scanner.scan("can i give paracetamol for the fever").cards == ("soft", "advice_interaction")


def test_soft_without_a_detector(slots):
    assert slots.scan("is a stiff neck common?").cards == ("soft",)
    assert slots.scan("in general, what do people do at a temperature of 39").level == "soft"


@pytest.mark.parametrize(
    "text", ["what is chemotherapy", "hello", "2", "thanks", "who can donate stem cells", "", "   ", "😀", "\u200b"]
)
def test_harmless_messages_get_nothing(scanner, text):
    finding = scanner.scan(text)
    assert (finding.level, finding.cards) == (None, ())


def test_two_hints_count_as_a_sign(slots):
    assert slots.scan("he is drowsy and has a cough").saw == ("brain", "infection")
    assert slots.scan("he is drowsy").level is None


def test_a_hint_makes_doubt_an_alarm(slots):
    first = slots.scan("he is drowsy")
    assert first.level is None
    assert slots.scan("should i worry", first.signs).level == "urgent"
    assert slots.scan("should i worry", ("hint:2",)).saw == ("doubt after a sign",)
    assert slots.scan("is that necessary").level is None


def test_after_an_alarm_doubt_keeps_it_up_and_thanks_end_it(scanner):
    first = scanner.scan("he has a fever of 39")
    assert scanner.scan("but it's the middle of the night", first.signs).level == "urgent"
    assert scanner.scan("ok thanks, calling them now", first.signs).level is None
    assert scanner.scan("will do, thank you", first.signs).level is None
    assert scanner.scan("what is a monoclonal antibody", first.signs).level is None


def test_a_number_after_talk_of_temperature_is_a_reading(slots):
    first = slots.scan("I want to take his temperature")
    assert "warm:2" in first.signs
    assert slots.scan("she got 38", first.signs).level == "urgent"
    assert slots.scan("she got 38").level is None


@pytest.mark.parametrize(
    "text", ["would it be quick", "how many would it take", "what happens if you take all of them"]
)
def test_after_a_crisis_what_sounds_like_a_question_may_be_no_question(scanner, text):
    signs = scanner.scan("I don't want to live anymore").signs
    assert scanner.scan(text, signs).level == "crisis"
    assert scanner.scan("what is maintenance", signs).level is None


def test_after_an_alarm_a_refusal_shows_the_soft_note_too(scanner):
    text = "can I give her some ibuprofen to bring it down"
    assert scanner.scan(text).cards == ("advice_interaction",)
    assert scanner.scan(text, scanner.scan("38.2 under the arm").signs).cards == ("soft", "advice_interaction")


@pytest.mark.parametrize(
    "text", ["I forgot my imatinib this morning, should I take 2 now", "forgot my tablet, what now"]
)
def test_a_missed_dose_gets_the_card_of_doses(scanner, text):
    assert scanner.scan(text).cards[-1] == "advice_dose"


def test_a_film_on_the_couch_makes_no_story_of_what_happened_there(slots):
    told = "She sat next to a boy on the couch the whole film. He has chickenpox all over now"
    assert slots.scan(told).level == "urgent"


def test_after_crisis_less_is_enough(scanner):
    first = scanner.scan("I don't want to live anymore")
    assert "crisis:3" in first.signs
    assert scanner.scan("it's all too much", first.signs).level == "crisis"


def test_what_is_remembered_fades_and_nonsense_is_ignored():
    memory = Memory(("urgent:2", "hint:1", "warm:99", "bad", "crisis:x", "what:3", "hint:²"))
    assert memory.has("urgent")
    assert not memory.has("crisis")
    assert memory.next() == ("urgent:1", "warm:1")
    assert memory.next("crisis", "other") == ("crisis:3", "urgent:1", "warm:1")
    assert Memory(()).next("warm", "urgent", "hint", "crisis") == ("crisis:3", "hint:2", "urgent:3", "warm:2")


def test_what_is_told_before_a_question_takes_more_to_raise_the_alarm(safety):
    class Told(Detector):
        def __init__(self, told):
            self.told = told

        def scores(self, message):
            return {"urgent": -2.0 if "?" in message.text else self.told, "crisis": -2.0}

    text = "She is like a candle today. What is induction?"
    assert Scanner.build(safety, Told(0.01)).scan(text).level == "urgent"
    assert Scanner.build(safety, Told(-0.01)).scan(text).level is None


def test_how_much_the_harmless_kinds_take_from_a_score(safety):
    bias = np.array([0.1, 0.2, 0.3, 0.4, 0.5, -1.0, 0.0], np.float32)
    features = Features()
    features.fit([["what"]])
    detector = Detector(features, LinearModel(np.zeros((features.width, 7), np.float32), bias))
    scores = detector.scores(Reader(safety, FEVER_C).read("what"))
    assert list(scores.values()) == pytest.approx([each - 0.4 * 1.0 - 0.3 * 0.5 for each in bias[:4]])


def test_why_says_which_slot_fired_and_what_the_detector_made_of_it(scanner, slots):
    assert "breathing: <cannot> + <breathe> (present)" in slots.scan("she can't breathe").why
    assert any(line.startswith("detector: urgent ") for line in scanner.scan("she can't breathe").why)


def test_the_fever_limit_is_the_operators(safety):
    assert Scanner.build(safety, None, 38.0).scan("37.8").level is None
    assert Scanner.build(safety).scan("37.8").level == "urgent"


def test_an_empty_knowledge_has_a_scanner_and_a_last_resort_card():
    empty = SafetyKnowledge()
    assert Scanner.build(empty).scan("she can't breathe").level is None
    assert empty.card("urgent") == LAST_RESORT
    assert SafetyKnowledge(cards={"urgent": Card("a", "b")}).card("urgent") == Card("a", "b")


def test_a_general_refusal_card_when_no_pattern_fits(detector):
    flags = (Flag("other", "advice", "advice_other", "Other", ("zzz",)),)
    judged = Scanner.build(SafetyKnowledge(flags=flags), detector).scan("can I take ibuprofen with my chemo pills, ok?")
    assert judged.cards in {("advice_other",), ()}


def test_the_detector_survives_its_cache(safety, detector, scanner):
    again = Scanner.build(safety, Detector.from_arrays(detector.arrays()))
    for text in (*RED_FLAGS, "what is chemo", "can I stop my pills"):
        assert again.scan(text).cards == scanner.scan(text).cards


def test_every_class_of_examples_is_known(safety):
    assert set(safety.examples) == set(EXAMPLES)


def test_alarms_count_for_less_in_what_has_nothing_to_do_with_health():
    examples = {
        "urgent_indirect": ("she is shaking since this morning", "the leg is swollen since this morning"),
        "off_topic": ("the old tractor is shaking", "the old car is shaking", "our old door is swollen"),
        "information": ("what is a port", "who are you"),
    }
    tiny = SafetyKnowledge(examples=examples, words={"fillers": ()})
    reader = Reader(tiny, FEVER_C)

    def urgent(detector: Detector) -> float:
        return detector.scores(reader.read("the old tractor is shaking since this morning"))["urgent"]

    harmless = {"off_topic": (), "information": (*examples["information"], *examples["off_topic"])}
    without = replace(tiny, examples=examples | harmless)
    assert urgent(train(tiny, [])) < urgent(train(without, []))


def test_training_reports_progress_and_leaves_out_what_the_slots_flag():
    seen: list[float] = []
    words = {"fillers": ()}
    flags = (Flag("fever", "urgent", "urgent", "Fever", ("fever",)),)
    examples = {"urgent_direct": ("fever now", "high fever"), "information": ("what is a port", "who are you")}
    tiny = SafetyKnowledge(examples=examples, words=words, flags=flags)
    trained = train(tiny, ["he has fever", "what is a port", "where is the clinic"], progress=seen.append)
    assert seen[-1] == 1.0
    assert Scanner.build(tiny, trained).scan("fever").level == "urgent"


@settings(max_examples=60)
@given(before=st.text(max_size=60), flag=st.sampled_from(RED_FLAGS), after=st.text(max_size=60))
def test_a_red_flag_inside_any_text_is_found(slots, before, flag, after):
    finding = slots.scan(f"{before}\n{flag}\n{after}")
    assert finding.level in {"urgent", "crisis", "soft"}


@settings(max_examples=80)
@given(
    before=st.text("abdghkpqxyz ", max_size=60),
    flag=st.sampled_from(RED_FLAGS),
    after=st.text("bdgpqxyz ", max_size=60),
)
def test_a_red_flag_among_other_words_gets_the_card(slots, before, flag, after):
    assert "urgent" in slots.scan(f"{before}\n{flag}\n{after}").cards


@settings(max_examples=150)
@given(text=st.text(max_size=400), signs=st.lists(st.text(max_size=8), max_size=4).map(tuple))
def test_a_scan_never_fails_and_depends_on_nothing_but_its_arguments(scanner, text, signs):
    first = scanner.scan(text, signs)
    scanner.scan("she can't breathe, no fever, 38.5")
    assert scanner.scan(text, signs) == first
    assert dataclasses.replace(first) == first
    assert bool(first.cards) == (first.level is not None)


@pytest.mark.parametrize(
    "unit", ["no fever. ", "chest pain, ", "can't breathe ", "38.5 ", "not ", "is it ", "my leg \n"]
)
def test_hostile_texts_are_read_in_time_that_grows_with_their_length(scanner, unit):
    def spent(length):
        text = (unit * 4096)[:length]
        times = []
        for _ in range(5):
            begun = time.process_time()
            scanner.scan(text)
            times.append(time.process_time() - begun)
        return min(times)

    assert spent(4096) < 8 * spent(1024) + 0.02


@pytest.mark.parametrize(
    "text",
    [
        "She fainted when I lifted her",
        "When I lifted her she fainted",
        "My husband who is on chemo fainted",
        "He had a seizure when we got home today",
        "chest hurts why",
    ],
)
def test_words_that_ask_do_not_make_a_tale_a_question(scanner, text):
    assert scanner.scan(text).level == "urgent"


@pytest.mark.parametrize(
    "text", ["ok so when can seizures happen in treatment", "hi, which drugs cause seizures", "what is a seizure"]
)
def test_questions_that_open_with_such_words_are_still_questions(scanner, text):
    assert scanner.scan(text).level in {"soft", None}


@pytest.mark.parametrize(
    ("text", "card"),
    [
        ("not waking up properly", "urgent"),
        ("She is not waking up from the nap", "urgent"),
        ("I would like to sleep and not wake up", "crisis"),
    ],
)
def test_who_does_not_wake_is_told_from_who_does_not_want_to(scanner, text, card):
    assert scanner.scan(text).cards[0] == card


def test_a_reading_of_long_ago_is_not_cut_at_its_decimal_point(scanner):
    assert scanner.scan("41.2 in 2019, alive and cheeky in 2025").level in {"soft", None}


def test_what_was_long_ago_can_be_said_in_the_next_sentence(scanner):
    told = "In the first week there was a seizure and they gave her something for it. That was fourteen months ago."
    assert scanner.scan(f"{told} What is maintenance?").level in {"soft", None}
    assert scanner.scan("She had a seizure. That was an hour ago.").level == "urgent"


def test_what_a_harmless_example_tells_is_learned_by_itself_too(monkeypatch):
    learned = []
    monkeypatch.setattr(Detector, "fit", lambda messages, _classes, _progress: learned.extend(messages))
    examples = {
        "urgent_direct": ("Fever now. What is remission?",),
        "everyday": ("Her knees were wobbly. What is a port?",),
    }
    train(SafetyKnowledge(examples=examples, words={"fillers": ()}), ["what is chemo"])
    assert sorted(("knees" in words, "port" in words) for words in learned) == [
        (False, False),
        (False, False),
        (True, False),
        (True, True),
    ]
