"""Which numbers are somebody's temperature, and which of those are ones to call about."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import knowledge
from bot.safety.reading import Reader
from bot.safety.temperature import Thermometer
from bot.safety.words import read
from bot.text import clean
from tests.conftest import KNOWLEDGE


@pytest.fixture(scope="module")
def thermometer(safety):
    return Thermometer(safety.temperature)


@pytest.fixture(scope="module")
def safety():
    return knowledge.load(KNOWLEDGE).safety


def readings(thermometer, text, *, expected=False):
    found = thermometer.readings(read(clean(text)), expected=expected)
    return [round(one.celsius, 1) for one in found if thermometer.alarms(one)]


@pytest.mark.parametrize(
    ("text", "celsius"),
    [
        ("38.5", 38.5),
        ("38,5", 38.5),
        ("38·5", 38.5),
        ("٣٨٫٨", 38.8),
        ("38 point 4", 38.4),
        ("temp 38 4 in the ear", 38.4),
        ("the little stick showed thirty-eight seven", 38.7),
        ("temp one hundred two four", 39.1),
        ("temp thirty eight four tablets", 38.0),
        ("101.2F", 38.4),
        ("101.2 °F", 38.4),
        ("100.4 on the dot", 38.0),
        ("temperature of one hundred and two", 38.9),
        ("thirty-nine", 39.0),
        ("39℃", 39.0),
        ("39 degrees celsius", 39.0),
        ("temp 38", 38.0),
        ("he feels hot, 38", 38.0),
        ("it reads 39", 39.0),
        ("the thermometer. It says 39", 39.0),
        ("38.1 under the arm", 38.1),
        ("35.2 degrees", 35.2),
        ("temp 95.5", 35.3),
        ("99.9 and feels rubbish", 37.7),
        ("37.5 c", 37.5),
        ("wbc is low, temp 38.2", 38.2),
        ("wbc temp 38.2", 38.2),
        ("temp 38.2 / 37.0", 38.2),
        ("temp 38 4 tablets", 38.0),
        ("temp is 39.2\ng", 39.2),
        ("temp 38\n4", 38.0),
        ("40.1. Chemo five days ago", 40.1),
        ("temp 100.45", 38.0),
        ("temp 101 3", 38.5),
        ("temp 43.5", 43.5),
        ("temp 35.9", 35.9),
        ("temp 33.0", 33.0),
        ("temp 33 4", 33.4),
        ("platelets then we saw 38.5", 38.5),
        ("temp 110", 43.3),
        ("it was 42.9", 42.9),
        ("it was 107.9", 42.2),
        ("fever 38 - please help", 38.0),
        ("bath was fun and long, temp 38.5", 38.5),
        ("she was 38.9 after her bath", 38.9),
        ("39.5, takes only tea", 39.5),
        ("only soup and tea, 38.9", 38.9),
        ("temp 38.9 after bath", 38.9),
        ("fever 39.2 in the room", 39.2),
        ("in the room she is 38.6", 38.6),
        ("we are on a summer holiday and he has 39.2", 39.2),
        ("temp after the bath 38.4", 38.4),
        ("he drank his milk, temp 39", 39.0),
        ("bp 102 / 64, temp 38.6", 38.6),
        ("she is overheating, 39", 39.0),
        ("at the airport he feels hot, 39", 39.0),
        ("he burns in this heat, temp 39", 39.0),
    ],
)
def test_a_temperature_to_call_about(thermometer, text, celsius):
    assert readings(thermometer, text) == [celsius]


@pytest.mark.parametrize(
    "text",
    [
        "he weighs 38.5 kg",
        "38.5 mg",
        "wbc was 101",
        "platelets of 102",
        "hct 38.5",
        "we start on the 38th day",
        "day 38",
        "appointment at 10:38",
        "i am 38",
        "she is 39 and her sister 41",
        "room 39",
        "38 years old",
        "call 3839 or 101",
        "£39.50 a week",
        "39/80",
        "80/39",
        "10-39",
        "37 + 2 weeks",
        "wash at 40 degrees",
        "the weather is 39 degrees",
        "the fridge at 38 f",
        "should i wash her bedding at 40",
        "what temp should the bath be, 38",
        "the water is 38.5",
        "it is 39 outside and my son wants to play",
        "the thermometer was 38 euro",
        "we did 38 doses",
        "at her weight of 38",
        "temperature 36.8",
        "temp 36.0",
        "temp 32.9",
        "temp 43.6",
        "temp 110.1",
        "it was 43.0",
        "it was 108.0",
        "it was 35.9",
        "temp of the bath now 38.5",
        "98.6 f",
        "37.4",
        "250 degrees f",
        "5 degrees",
        "4 c",
        "104,000 white cells",
        "38, 4",
        "so hot. 39 guests came",
        "the total was 42.95",
        "his blood pressure was 105 over 65",
        "bp 102 / 64",
        "a heat wave of 104 f is coming",
        "teddy has a fever of hundred thousand",
        "2",
        "",
    ],
)
def test_other_numbers_and_others_temperatures_are_left_alone(thermometer, text):
    assert readings(thermometer, text) == []


def test_the_worst_of_several_comes_first(thermometer):
    assert readings(thermometer, "38.6 then 39.2 then 37.2 after tylenol") == [39.2, 38.6]


def test_a_bare_number_counts_when_temperature_is_the_topic(thermometer):
    assert readings(thermometer, "she got 38 now") == []
    assert readings(thermometer, "she got 38 now", expected=True) == [38.0]


@pytest.mark.parametrize("text", ["is 39 ok?", "still 39", "39!!", "its 39 now", "39 and now?", "39 and now so what"])
def test_a_number_beside_next_to_nothing_is_a_reading(thermometer, text):
    assert readings(thermometer, text) == [39.0]


@pytest.mark.parametrize(
    "text",
    [
        "i am 39",
        "page 39",
        "is 34 ok",
        "39 is a high number of needles",
        "is it 39 or is it 38",
        "39 and now so what ok",
    ],
)
def test_a_number_beside_more_is_not(thermometer, text):
    assert readings(thermometer, text) == []


@pytest.mark.parametrize(("limit", "found"), [(37.5, [37.8]), (38.0, [])])
def test_the_operator_may_raise_the_limit_to_38(safety, limit, found):
    assert readings(Thermometer(safety.temperature, limit), "temp 37.8") == found


def test_without_words_only_plain_numbers_are_read():
    assert readings(Thermometer({}), "38.5") == [38.5]


@given(tenths=st.integers(375, 429), before=st.sampled_from(["temp", "fever of", "thermometer says", "spiked to"]))
def test_every_fever_behind_a_cue_is_found(thermometer, tenths, before):
    assert readings(thermometer, f"{before} {tenths / 10}") == [tenths / 10]


@given(tenths=st.integers(995, 1079))
def test_every_fever_in_fahrenheit_is_found(thermometer, tenths):
    assert readings(thermometer, f"it is {tenths / 10} F") == [round((tenths / 10 - 32) / 1.8, 1)]


@given(st.text(max_size=200))
def test_no_text_breaks_it(thermometer, text):
    assert all(one >= 37.4 or one < 36 for one in readings(thermometer, text))


def test_a_reading_in_a_message_is_a_sign(safety):
    message = Reader(safety, 37.5).read("he is at 39.1 tonight")
    assert "temperature" in {sign.hit.flag for sign in message.signs}


@pytest.mark.parametrize(
    ("text", "celsius", "place"),
    [
        ("temp 38 4 now", 38.4, (1, 3)),
        ("temp 38 degrees c now", 38.0, (1, 4)),
        ("temp 101 degrees now", 38.3, (1, 3)),
        ("temp 38 now", 38.0, (1, 2)),
    ],
)
def test_how_much_of_a_message_is_the_reading(thermometer, text, celsius, place):
    (found,) = thermometer.readings(read(text))
    assert found.celsius == pytest.approx(celsius, abs=0.05)
    assert (found.start, found.end) == place


@pytest.mark.parametrize("text", ["I took her temperature. She got 39", "She got 39. That is the thermometer"])
def test_a_cue_may_stand_in_the_sentence_beside(thermometer, text):
    assert readings(thermometer, text) == [39.0]
    assert readings(thermometer, text.replace(". ", ". We went home. ")) == []
