"""Denied, past, asked about, told in a story, or a figure of speech: none of these is here and now."""

import pytest

from bot import knowledge
from bot.safety.reading import Reader
from tests.conftest import KNOWLEDGE


@pytest.fixture(scope="module")
def reader():
    return Reader(knowledge.load(KNOWLEDGE).safety, 37.5)


def statuses(reader, text, flag):
    return {sign.status for sign in reader.read(text).signs if sign.hit.flag == flag and not sign.hit.hint}


@pytest.mark.parametrize(
    ("text", "flag"),
    [
        ("he has a fever since this morning", "fever"),
        ("her nose won't stop bleeding", "bleeding"),
        ("he is not breathing", "breathing"),
        ("no pee since yesterday", "lysis"),
        ("no fever but she can't breathe", "breathing"),
        ("He has chest pain. What should I do?", "chest"),
        ("she had a seizure last month and now she has a seizure again", "brain"),
        ("sorted fever now", "fever"),
        ("no fever this morning, but fever now", "fever"),
        ("his lips are swelling, can I give him a syrup?", "allergy"),
        ("the line came out, can I push it back in?", "line"),
        ("Grandpa collapsed, is a patient at your clinic, we are on the road", "brain"),
        ("He is having a seizure, this hasn't happened before", "brain"),
        ("the bleeding stopped and is over, but she is bleeding from the gums again", "bleeding"),
        ("He had no rash, no fever but is bleeding from the nose", "bleeding"),
        ("is she confused because of it? she keeps asking who I am today", "brain"),
        ("My son fainted in the shower this morning. He is fine now", "brain"),
        ("fever and chills here with nothing else to explain", "fever"),
        ("her nosebleed is bad. We are at home. It resolved", "bleeding"),
        ("his chest pain explain please", "chest"),
        ("Tiny red dots all over her legs, finished chemo in spring", "spots"),
        ("diagnosed in 2023, temp 39.1", "temperature"),
        ("My wife says I make a drama of it, but he is at 38.4 by the stove", "temperature"),
    ],
)
def test_here_and_now(reader, text, flag):
    assert "present" in statuses(reader, text, flag)


@pytest.mark.parametrize(
    ("text", "flag"),
    [
        ("she has no fever today", "fever"),
        ("not in pain, not feverish, just sad", "fever"),
        ("no fever, no rash, no bleeding gums", "mouth"),
        ("No cough, no blood in the stool, no diarrhea all day", "gut"),
        ("I don't have any shortness of breath or chest pain", "chest"),
        ("no chest pain, no fever today", "chest"),
    ],
)
def test_denied(reader, text, flag):
    assert statuses(reader, text, flag) == {"denied"}


@pytest.mark.parametrize(
    ("text", "flag"),
    [
        ("he had a seizure two years ago", "brain"),
        ("he had a seizure two years ago, none since", "brain"),
        ("she had a nosebleed on Sunday. It resolved", "bleeding"),
        ("We were at the lake. It was sunny. She had a nosebleed there. It resolved", "bleeding"),
        ("his fever came back negative for anything and is over", "fever"),
        ("her nosebleed resolved", "bleeding"),
        ("Last spring, he had a seizure", "brain"),
        ("he had a seizure, last spring", "brain"),
        ("41.2 in 2019, alive and cheeky", "temperature"),
        ("Yellow eyes, black stool, says the leaflet. I have none of them", "gvhd"),
        ("What if the tablet is vomited, it hasn't happened yet", "missed"),
    ],
)
def test_past(reader, text, flag):
    assert statuses(reader, text, flag) == {"past"}


@pytest.mark.parametrize(
    ("text", "flag"),
    [
        ("Is shortness of breath common?", "breathing"),
        ("So tell me, is a stiff neck common?", "spinal"),
        ("what causes a stiff neck", "spinal"),
        ("Thanks a lot for that. And so what causes a stiff neck", "spinal"),
        ("a stiff neck is listed under side effects", "spinal"),
        ("chest pain explain please", "chest"),
        ("I read that this one can cause numb fingers", "limb"),
        ("In the film the boy has a seizure", "brain"),
        ("my laptop had a seizure", "brain"),
    ],
)
def test_asked_or_told(reader, text, flag):
    assert statuses(reader, text, flag) == {"asked"}


def test_a_sign_is_over_by_the_next_word_of_it_not_by_a_later_one(reader):
    text = "Bleeding from the nose went away. We went home. It was quiet then. Later there was a rash, it went away."
    assert statuses(reader, text, "bleeding") == {"past"}


def test_a_figure_of_speech(reader):
    assert statuses(reader, "we laughed so hard I couldn't breathe", "breathing") == {"idiom"}
    assert statuses(reader, "she is laughing and now she can't breathe", "breathing") == {"present"}
    assert statuses(reader, "that bill gave me a heart attack today", "chest") <= {"idiom"}
    assert statuses(reader, "I am confused about the phases now", "brain") == {"idiom"}
    assert statuses(reader, "call me confused, but what is a port", "brain") == {"idiom"}


@pytest.mark.parametrize(
    ("text", "informational"),
    [
        ("What is a port?", True),
        ("He is ill. What is a port?", True),
        ("He is ill", False),
        ("is he ill, what should i do", False),
        ("he is ill, what is a port", True),
        ("the printer is hot", True),
        ("she was ill two years ago", True),
        ("she was ill two years ago and now again", False),
        ("", False),
    ],
)
def test_what_asks_for_information(reader, text, informational):
    assert reader.read(text).situation.informational is informational


def test_the_words_of_a_very_long_message_are_read_at_both_ends(reader):
    features = reader.read("first " + "word " * 700 + "last").features()
    assert "first" in features
    assert "last" in features
    assert features.count("word") < 700


def test_numbers_are_one_concept(reader):
    features = reader.read("day 12 of 30?").features()
    assert "=number" in features
    assert "=question" in features
    assert "12" not in features


def test_a_single_word_can_be_the_question_that_ends_a_message(reader):
    assert reader.read("She is asleep. Why").situation.ends_asking
    assert not reader.read("Why. She is asleep").situation.ends_asking


def test_the_detector_learns_signs_and_hints_apart(reader):
    features = reader.read("she has a fever and is drowsy").features()
    assert "=sign fever present" in features
    assert "=hint brain present" in features
    assert "=sign brain present" not in features


def test_a_no_reaches_seven_words(reader):
    assert statuses(reader, "no she is one two three four fever", "fever") == {"denied"}
    assert statuses(reader, "no she is one two three four five fever", "fever") == {"present"}
