"""Emergency words in other languages."""

import pytest

from bot import knowledge
from bot.domain.safety import Card, Language
from bot.safety.languages import Languages
from bot.text import clean
from tests.conftest import KNOWLEDGE


@pytest.fixture(scope="module")
def safety():
    return knowledge.load(KNOWLEDGE).safety


@pytest.mark.parametrize(
    ("text", "code", "crisis"),
    [
        ("mi hijo tiene 39 de fiebre", "es", False),
        ("MI HIJO NO RESPIRA", "es", False),
        ("elle a de la fièvre", "fr", False),
        ("Syn ma gorączkę", "pl", False),
        ("syn ma goraczke", "pl", False),
        ("Er bekommt keine Luft", "de", False),
        ("oğlumun ateşi var", "tr", False),
        ("у сына температура", "ru", False),
        ("ابني حرارته عالية", "ar", False),
        ("बच्चे को बुखार है", "hi", False),
        ("孩子发烧了", "zh", False),
        ("quiero morirme", "es", True),
        ("我不想活了", "zh", True),
        ("fiebre y quiero morir", "es", True),
    ],
)
def test_words_are_found(safety, text, code, crisis):
    found = Languages(safety.languages).find(clean(text))
    assert found is not None
    assert (found.code, found.crisis) == (code, crisis)


@pytest.mark.parametrize("text", ["", "what is chemotherapy", "😀", "el perro come", "Привет", "naïve café"])
def test_other_words_are_not(safety, text):
    assert Languages(safety.languages).find(clean(text)) is None


def test_a_word_is_found_whole_unless_it_has_a_star():
    card = Card("", "")
    languages = Languages([Language("xx", "Test", card, ("dolor", "sangr*"))])
    assert languages.find("dolores") is None
    found = languages.find("sangrando")
    assert found is not None
    assert found.word == "sangr*"


def test_no_english_question_of_the_knowledge_is_taken_for_another_language(safety):
    kb = knowledge.load(KNOWLEDGE)
    languages = Languages(safety.languages)
    hit = [
        text
        for intent in kb.intents.values()
        for text in intent.questions
        if text.isascii() and languages.find(clean(text))
    ]
    assert hit == []


def test_every_language_has_a_card_with_the_contacts(safety):
    assert len(safety.languages) >= 10
    for language in safety.languages:
        assert "{emergency_number}" in language.card.text
        assert "{care_team}" in language.card.text
        assert safety.card(f"urgent_{language.code}") == language.card
        assert language.crisis
