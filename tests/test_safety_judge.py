"""Each limit of the judge, just above and just below it, with scores set by hand."""

import pytest

from bot import knowledge
from bot.safety.judge import DETECTOR, Judge
from bot.safety.limits import (
    BY_FAR,
    CRISIS,
    FIRM,
    HINT,
    MARGIN,
    READING_VETO,
    REFUSALS,
    SEEN,
    SOFT,
    SOFT_VETO,
    SURE,
    SURELY,
    TOLD_NOW,
    TOLD_SLOT,
    URGENT,
    Limits,
)
from bot.safety.memory import Memory
from bot.safety.reading import Reader
from tests.conftest import KNOWLEDGE

STEP = 0.001


@pytest.fixture(scope="module")
def safety():
    return knowledge.load(KNOWLEDGE).safety


@pytest.fixture(scope="module")
def judge(safety):
    reader = Reader(safety, 37.5)
    flags = {flag.id: flag for flag in safety.flags}

    def make(text, signs=(), *, told=False, **scores):
        return Judge(reader.read(text), scores, Memory(signs), flags, told=told)

    return make


PLAIN, ASKING, FEVER, READING = "he is here with us", "what is a port", "he has a fever tonight", "temp 39"
MISSED, CALL = "I forgot my pill yesterday", "this is urgent"


@pytest.mark.parametrize(
    ("text", "signs", "limit"),
    [
        (PLAIN, (), URGENT.alone),
        ("he is here", (), URGENT.short),
        ("here", (), URGENT.lone),
        ("he is here", ("urgent:2",), URGENT.warned),
        (ASKING, (), URGENT.asking),
        ("it took my breath in that film", (), URGENT.elsewhere),
        (ASKING, ("urgent:2",), URGENT.asking),
        (PLAIN, ("urgent:2",), URGENT.warned),
        (PLAIN, ("hint:2",), URGENT.warned),
        ("thanks a lot for that", ("hint:2",), URGENT.alone),
        (FEVER, (), URGENT.slot),
        ("drowsy and coughing", (), URGENT.slot),
        ("we ran out of his pills", (), URGENT.slot - FIRM),
        ("he has a high fever and had a seizure", (), URGENT.slot - FIRM),
        ("he has a high fever and nosebleeds", (), URGENT.slot - FIRM),
        (READING, (), READING_VETO),
    ],
)
def test_limits_of_urgent(judge, text, signs, limit):
    assert judge(text, signs, urgent=limit + STEP).urgent()
    assert not judge(text, signs, urgent=limit - STEP).urgent()


def test_a_score_right_at_a_limit_is_below_it(judge):
    assert not judge(PLAIN, urgent=URGENT.alone).urgent()
    assert not judge(FEVER, urgent=URGENT.slot).urgent()


def test_a_call_for_help_is_never_taken_back(judge):
    assert judge("I need help right now", urgent=-3.0).urgent() == ["calls"]


@pytest.mark.parametrize(
    ("text", "signs", "limit"),
    [
        (PLAIN, (), CRISIS.alone),
        (ASKING, (), CRISIS.asking),
        (PLAIN, ("crisis:2",), CRISIS.warned),
        ("thanks a lot for that", ("crisis:2",), CRISIS.alone),
        ("I want to die", (), CRISIS.slot),
        ("a noose", (), CRISIS.slot),
        ("what is suicide", (), CRISIS.asking),
    ],
)
def test_limits_of_crisis(judge, text, signs, limit):
    assert judge(text, signs, crisis=limit + STEP).crisis()
    assert not judge(text, signs, crisis=limit - STEP).crisis()


@pytest.mark.parametrize("level", ["advice", "prognosis"])
def test_limits_of_refusals(judge, level):
    limits, text = REFUSALS[level], {"advice": "can I skip my pills", "prognosis": "the survival rate"}[level]
    assert judge(PLAIN, **{level: limits.alone + STEP}).refused()[0] == level
    assert judge(PLAIN, **{level: limits.alone - STEP}).refused()[0] is None
    assert judge(ASKING, **{level: limits.asking + STEP}).refused()[0] == level
    assert judge(ASKING, **{level: limits.asking - STEP}).refused()[0] is None
    assert judge(text, **{level: limits.slot + STEP}).refused()[0] == level
    assert judge(text, **{level: limits.slot - STEP}).refused()[0] is None


def test_of_two_refusals_a_pattern_counts_more_than_a_score(judge):
    assert judge("the survival rate", advice=1.0, prognosis=0.0).refused()[0] == "prognosis"
    assert judge(PLAIN, advice=1.0, prognosis=0.0).refused()[0] == "advice"
    assert judge("can I skip my pills", advice=0.0, prognosis=1.0).refused()[0] == "advice"


def test_thanks_get_no_refusal_without_a_pattern(judge):
    assert judge("thanks a lot for that", advice=1.0).refused() == (None, [])
    assert judge("thanks, can I skip my pills", advice=0.0).refused()[0] == "advice"


@pytest.mark.parametrize(
    ("text", "card"),
    [
        ("can I skip my pills", "advice_stop_skip"),
        ("the dose in mg, and my results", "advice_lab"),
        ("the results and the report", "advice_lab"),
        (PLAIN, "advice_other"),
    ],
)
def test_the_card_of_a_refusal_is_that_of_its_pattern_else_of_the_most_hints(judge, text, card):
    assert judge(text, advice=1.0).card("advice") == card


def test_who_to_ask_is_no_advice(judge):
    assert judge("who decides, can I skip my pills", advice=1.0).refused() == (None, [])
    assert judge("who decides, the survival rate", prognosis=1.0).refused()[0] == "prognosis"


def test_limits_of_the_soft_note(judge):
    assert judge(PLAIN, urgent=SOFT + STEP).soft()
    assert not judge(PLAIN, urgent=SOFT - STEP).soft()
    assert judge("is a stiff neck common", urgent=SOFT_VETO + STEP).soft()
    assert not judge("is a stiff neck common", urgent=SOFT_VETO - STEP).soft()


def test_limits_of_a_hint(judge):
    assert judge(PLAIN, urgent=HINT + STEP).hinted()
    assert not judge(PLAIN, urgent=HINT - STEP).hinted()
    assert not judge(ASKING, urgent=HINT + STEP).hinted()
    assert judge("he is drowsy").hinted()
    assert not judge(PLAIN).hinted()


def test_the_limits_are_those_that_were_measured():
    """Who moves one of them measures again what it does, and writes the new one here, too."""
    assert (
        Limits(alone=-0.53, asking=-0.05, elsewhere=-0.3, slot=-0.55, warned=-0.9, told=0.0, short=-0.05, lone=0.5)
        == URGENT
    )
    assert (
        Limits(alone=-0.25, asking=0.0, elsewhere=0.0, slot=-0.9, warned=-1.15, told=0.4, short=0.0, lone=0.5) == CRISIS
    )
    assert {
        "prognosis": Limits(alone=-0.65, asking=-0.4, elsewhere=-0.4, slot=-1.0, warned=-0.65),
        "advice": Limits(alone=-0.55, asking=-0.3, elsewhere=-0.3, slot=-0.9, warned=-0.55),
    } == REFUSALS
    assert (MARGIN, SURELY, BY_FAR) == (0.3, 0.65, 1.0)
    assert (FIRM, READING_VETO, HINT, SURE) == (0.35, -0.85, -1.0, 0.2)
    assert (SOFT, SOFT_VETO, TOLD_SLOT, TOLD_NOW, SEEN) == (-0.75, -1.4, -0.1, -0.3, 0.3)


def test_the_order_of_limits():
    for limits in (URGENT, CRISIS, *REFUSALS.values()):
        assert limits.asking >= limits.elsewhere >= limits.alone >= limits.warned
        assert limits.alone >= limits.slot


def test_a_red_flag_goes_before_a_guess_at_a_crisis_but_not_before_plain_words_of_one(judge):
    ahead = URGENT.alone - CRISIS.alone
    assert judge(PLAIN, urgent=ahead + STEP, crisis=0.0).outweighed()
    assert not judge(PLAIN, urgent=ahead - STEP, crisis=0.0).outweighed()
    assert not judge("I want to die", urgent=ahead + STEP, crisis=0.0).outweighed()
    assert not judge(PLAIN, ("crisis:2",), urgent=ahead + STEP, crisis=0.0).outweighed()
    assert not judge("a noose", urgent=3.0, crisis=CRISIS.alone + STEP).outweighed()
    assert judge("a noose", urgent=3.0, crisis=CRISIS.alone - STEP).outweighed()
    assert not judge(PLAIN).outweighed()


@pytest.mark.parametrize("level", ["advice", "prognosis"])
def test_a_question_goes_before_a_guess_at_a_red_flag_but_not_before_a_sign_that_the_detector_sees_too(judge, level):
    limit = REFUSALS[level].alone
    seen = judge(PLAIN, urgent=URGENT.alone + 0.1, **{level: limit + 0.1 + MARGIN + STEP})
    assert seen.asks(level, seen.urgent())
    assert not judge(PLAIN, urgent=URGENT.alone + 0.1, **{level: limit + 0.1 + MARGIN - STEP}).asks(level, [DETECTOR])
    doubted = judge(FEVER, urgent=URGENT.alone - STEP, **{level: limit + MARGIN})
    assert doubted.asks(level, doubted.urgent())
    sure = judge(FEVER, urgent=URGENT.alone, **{level: limit + SURELY - STEP})
    assert not sure.asks(level, sure.urgent())
    surer = judge(FEVER, urgent=URGENT.alone, **{level: limit + SURELY + STEP})
    assert surer.asks(level, surer.urgent())
    firm = judge(MISSED, urgent=URGENT.alone, **{level: limit + SURELY + STEP})
    assert firm.asks(level, firm.urgent())
    for never in (READING, CALL):
        found = judge(never, urgent=URGENT.alone, **{level: limit + 2})
        assert not found.asks(level, found.urgent())


@pytest.mark.parametrize("level", ["advice", "prognosis"])
def test_a_question_goes_before_a_crisis_only_where_that_is_a_guess_and_by_far_less_likely(judge, level):
    limit = REFUSALS[level].alone + BY_FAR
    rather = judge(PLAIN, crisis=CRISIS.alone, **{level: limit + STEP})
    assert rather.asks_rather(level, [DETECTOR])
    assert not rather.asks_rather(level, [])
    assert not rather.asks_rather(level, ["suicide"])
    assert not judge(PLAIN, crisis=CRISIS.alone, **{level: limit - STEP}).asks_rather(level, [DETECTOR])
    assert not judge("a noose", crisis=CRISIS.alone, **{level: limit + STEP}).asks_rather(level, [DETECTOR])
    warned = judge(PLAIN, ("crisis:2",), crisis=CRISIS.alone, **{level: limit + STEP})
    assert not warned.asks_rather(level, [DETECTOR])


def test_a_refusal_is_a_guess_without_a_pattern_and_below_the_sure_score(judge):
    assert judge(PLAIN, advice=SURE - STEP).guesses("advice", [DETECTOR])
    assert not judge(PLAIN, advice=SURE + STEP).guesses("advice", [DETECTOR])
    assert not judge(PLAIN, advice=SURE - STEP).guesses("advice", ["choose", DETECTOR])


@pytest.mark.parametrize(
    ("text", "limit"), [(PLAIN, URGENT.told), ("he has a fever", TOLD_SLOT), ("he has a fever tonight", TOLD_NOW)]
)
def test_what_is_told_before_a_question_has_limits_of_its_own(judge, text, limit):
    assert judge(text, told=True, urgent=limit + STEP).urgent()
    assert not judge(text, told=True, urgent=limit - STEP).urgent()
    assert judge(PLAIN, told=True, crisis=CRISIS.told + STEP).crisis()
    assert not judge(PLAIN, told=True, crisis=CRISIS.told - STEP).crisis()


@pytest.mark.parametrize(
    ("text", "told", "limit"),
    [
        ("he has a fever, the nurse looked at it", True, URGENT.told),
        ("He has a fever. The nurse looked at it. What is a port?", False, URGENT.slot + SEEN),
        ("He has a fever. The nurse looked at it", False, URGENT.slot),
        ("diagnosed in 2023, temp 39.1, the nurse said to watch it", False, READING_VETO),
        ("temp 39. The nurse looked at it. What is a port?", False, READING_VETO + SEEN),
    ],
)
def test_what_the_team_has_looked_at_is_no_news_before_a_question(judge, text, told, limit):
    assert judge(text, told=told, urgent=limit + STEP).urgent()
    assert not judge(text, told=told, urgent=limit - STEP).urgent()
    assert "seen" not in judge(text)._situation.marks()
