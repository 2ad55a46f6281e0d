"""Cleaning of what people write, and its words; keeps "ALL" the disease apart from "all" the word."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

MAX_CHARACTERS = 4096
"""Telegram's own limit for one message; longer texts are cut before anything else looks at them."""
MAX_LETTERS = 60
"""No word is longer; what is written as one is cut, so that nothing remembered of words grows without bounds."""

ALL = "ALL"
"""The token of the disease: the only token that is not lower case."""

_LOOK_ALIKES = str.maketrans(
    "АВЕЅІЈКМНОРСТУХаеѕіјорсухһԁԛԝΑΒΕΖΗΙΚΜΝΟΡΤΥΧοι",
    "ABESIJKMHOPCTYXaesijopcyxhdqwABEZHIKMNOPTYXoi",
)
_APOSTROPHES = str.maketrans(dict.fromkeys("’‘ʼ`´ʹ′＇", "'"))
_MAX_CACHED = 20_000
_STRAY = 2
"""So many foreign letters ("38 С") are look-alikes even where no Latin letter stands beside them."""
_WORD = re.compile(r"\w+")
_SENTENCE = re.compile(r"(?:[^.?!;\n]|(?<=\d)\.(?=\d))+[.?!;\n]*")
_STRETCHED = re.compile(r"([^\W\d_])\1{2,}")
_SPELLED = re.compile(r"\b[Aa][.\- ]{1,2}[Ll][.\- ]{1,2}[Ll]\b\.?")

_BEFORE = """is has have had got with of about for treat treats treating cure cures curing b t childhood pediatric
paediatric adult called named from mean means meaning explain define overcome beat fight fighting like because
diagnosed cell positive negative relapsed refractory acute word letters having than"""
_AFTER = """leukemia leukaemia treatment treatments therapy patient patients diagnosis relapse cells cell chemo cancer
disease kids child children adults stand stands mean means short spread spreads grow grows growing affect affects"""
_NEVER_AFTER = """the of my this these those that our your his her their kinds sorts kind sort about right good day
night over week month year time times i we you he she they it in at to and or so too well done set round along but
there here alone around through"""
_NAMES_IT = frozenset(_BEFORE.split())
_BELONGS_TO_IT = frozenset(_AFTER.split())
_EVERYTHING = frozenset(_NEVER_AFTER.split())
_TREATING = frozenset({"treatment", "treatments", "therapy", "therapies", "chemo", "chemotherapy", "cure", "protocol"})


def clean(text: str) -> str:
    """The text without invisible marks, in one form of letters, digits, spaces and apostrophes; case is kept."""
    text = text[:MAX_CHARACTERS]
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text).translate(_APOSTROPHES)
        text = "".join(_plain(character) for character in text)[:MAX_CHARACTERS]
        text = _fold(text)
    else:
        text = text.translate(_APOSTROPHES)
        if not text.isprintable():
            text = "".join(c if c.isprintable() or c == "\n" else " " for c in text)
        if "  " not in text:
            return text.strip()
    return re.sub(r"[^\S\n]+", " ", text).strip()


def _plain(character: str) -> str:
    category = unicodedata.category(character)
    if category in {"Cf", "Cs", "Co", "Cn"}:
        return ""
    if category in {"Cc", "Zl", "Zp"}:
        return "\n" if character in "\n\u2028\u2029" else " "
    if category == "Nd" and not character.isascii():
        return str(unicodedata.digit(character))
    return character


def _fold(text: str) -> str:
    """Look-alike letters become Latin ones, but only in a text that is mostly Latin: Russian stays Russian."""
    latin = sum("a" <= c <= "z" for c in text.lower())
    other = sum(c.isalpha() and not c.isascii() for c in text)
    return text.translate(_LOOK_ALIKES) if latin >= other or other <= _STRAY else text


def foreign(text: str) -> bool:
    """Whether a text is written mostly in another alphabet than Latin."""
    letters = [c for c in clean(text) if c.isalpha()]
    latin = sum("a" <= c <= "z" or "\u00c0" <= c <= "\u024f" for c in map(str.lower, letters))
    return len(letters) > _STRAY and latin < len(letters) / 2


def sentences(text: str) -> list[str]:
    """The sentences of a cleaned text with the signs that end them; joined, they are the text again."""
    return _SENTENCE.findall(text)


def tokens(text: str) -> list[str]:
    """The words of a cleaned text in lower case, apostrophes dropped; the disease ALL becomes the token `ALL`."""
    text = _SPELLED.sub(" ALL ", text).replace("'", "")
    words = _WORD.findall(text)
    out = [_lowered(word[:MAX_LETTERS]) for word in words]
    if "all" in out:
        shouting = not any(c.islower() for word in words if word != ALL for c in word)
        lowered = ["", "", *(word.lower() for word in words), ""]
        for n, word in enumerate(words):
            third, before, this, after = lowered[n : n + 4]
            if this == "all" and _is_disease(word, shouting=shouting, around=(third, before, after)):
                out[n] = ALL
    return out


@lru_cache(maxsize=_MAX_CACHED)
def _lowered(word: str) -> str:
    """A word in lower case, and no letter more than twice in a row."""
    return _STRETCHED.sub(r"\1\1", word.lower())


def _is_disease(word: str, *, shouting: bool, around: tuple[str, str, str]) -> bool:
    """Whether this "all" is the disease: by its capitals, or by the words beside it where case says nothing."""
    third, before, after = around
    first = not third
    if word == ALL and (not shouting or not (before or after)):
        return True
    if before in {"b", "t"}:
        return True
    if after in _EVERYTHING:
        return False
    if after in _BELONGS_TO_IT and before not in {"are", "not", "the"}:
        return before in _NAMES_IT or not before or after in {"leukemia", "leukaemia", "stands", "patients", "relapse"}
    if after:
        return before == "is" and first
    return before in _NAMES_IT and before not in {"from", "about"} and (before != "for" or third in _TREATING)
