"""What may stand in each kind of knowledge file; every key that is not named here is an error."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, GetCoreSchemaHandler, GetJsonSchemaHandler, RootModel
from pydantic_core.core_schema import CoreSchema, no_info_after_validator_function


@dataclass(frozen=True)
class _Form:
    """A text of a certain form; `hint` tells a person what is expected, which pydantic's own message would not."""

    pattern: str
    hint: str

    def check(self, value: str) -> str:
        if not re.fullmatch(self.pattern, value):
            raise ValueError(self.hint)
        return value

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        return no_info_after_validator_function(self.check, handler(source))

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {**handler(core), "pattern": f"^{self.pattern}$"}


Text = Annotated[str, Field(min_length=1)]
Line = Annotated[Text, _Form(r"[^\n]*", "write it on one line")]
"""A text that stays on one line: titles, buttons, names."""
Name = Annotated[str, _Form(r"[a-z0-9_]+", "a name has only a-z, 0-9 and _")]
IntentId = Annotated[str, _Form(r"[a-z0-9_]+\.[a-z0-9_]+", "an intent's id is section.intent, with a-z, 0-9 and _")]
Month = Annotated[str, _Form(r"\d{4}-(0[1-9]|1[0-2])", "write year and month, as in 2024-05")]
Image = Annotated[str, _Form(r"([a-z0-9_]+\.(png|jpg))?", "name a png or jpg file of images/, in a-z, 0-9 and _")]
"""No SVG: Telegram takes none as a photo."""
Questions = Annotated[tuple[Text, ...], Field(min_length=1)]


class Strict(BaseModel):
    """The base of all kinds of file: unknown keys are errors, spaces around a text are not part of it."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class SourceFile(Strict):
    """`source.yaml`: the document behind the answers, and the lines that every reply carries."""

    title: Line
    reviewer: str = ""
    last_reviewed: Month
    last_updated: str = ""
    link: str = ""
    based_on: Text
    retelling: str = ""
    disclaimer: Text
    urgent_line: str = ""
    stale_notice: str = ""
    stale_after_months: Annotated[int, Field(strict=True, ge=1, le=600)] = 36


class SectionFile(Strict):
    """`_section.yaml`: what a section is called, its place in the menu, and the intent that holds it whole."""

    title: Line
    names: tuple[Line, ...] = ()
    order: Annotated[int, Field(strict=True, ge=0, le=999)]
    broad: Name


class AnswerFile(Strict):
    """What an intent and a redirect have in common: how people ask, and what the bot says."""

    title: Line = Field(description="What a button shows: short, as a person would say it.")
    answer: Text = Field(description="What the bot says: paragraphs, `-` or `1.` lists and **bold**, nothing else.")
    follow_ups: tuple[IntentId, ...] = Field(
        default=(), max_length=4, description="What to ask next: 2 to 4 ids, each `section.intent`."
    )
    source: str = Field(default="", description="The heading of the document that this answer comes from.")
    questions: Questions = Field(description="How people ask it, in their own words; eight or more.")
    short: str = Field(default="", description="The answer in one sentence, where there is room for no more.")
    image: Image = Field(default="", description="The name of a file in `images/`, shown when it is asked for.")
    image_text: Annotated[str, Field(max_length=1024)] = Field(
        default="", description="What the picture shows, for those who cannot see it; it stands below the picture."
    )
    reviewed: str = Field(default="", description="Who of the medical profession checked this wording, and when.")


class IntentFile(AnswerFile):
    """`<section>/<intent>.yaml`: one thing people ask, with its answer."""

    source: Line = Field(description="The heading of the document that this answer comes from.")


class RedirectFile(AnswerFile):
    """`elsewhere/<redirect>.yaml`: a topic near ours that is not covered, and who to ask instead."""


class OffTopicFile(RootModel[dict[Name, Questions]]):
    """`elsewhere/_off_topic.yaml`: examples of what is not ours at all, by category."""


class VocabularyFile(Strict):
    """`vocabulary.yaml`: words the matcher must know."""

    synonyms: dict[Line, tuple[Line, ...]] = {}
    drugs: dict[Line, Name] = {}
    look_alikes: tuple[Annotated[tuple[Line, ...], Field(min_length=2)], ...] = ()
    other_diseases: tuple[Line, ...] = ()
    keep: tuple[Line, ...] = ()


class CalibrationFile(Strict):
    """`calibration.yaml`: what `faqbot calibrate` wrote; made by the program, not by hand."""

    made: Line
    knowledge: Line
    weights: dict[Line, float]
    limits: dict[Name, float]


class SmallTalkEntry(Strict):
    """One kind of small talk: what the bot says to it and how people write it."""

    reply: Text
    questions: tuple[Text, ...] = ()


class PhrasesFile(Strict):
    """`phrases.yaml`: small talk, follow-up cues and the fixed sentences; `defaults.yaml` names them all."""

    smalltalk: dict[Name, SmallTalkEntry] = {}
    followups: dict[Name, tuple[Text, ...]] = {}
    replies: dict[Name, Text] = {}
    commands: dict[Name, Text] = {}
    menu: dict[Name, Text] = {}
    ordinals: dict[Annotated[str, Field(pattern=r"^(1?[1-9]|[12]0|last)$")], tuple[Text, ...]] = {}
    filler: tuple[Text, ...] = ()
    pointers: tuple[Text, ...] = ()
    comparing: tuple[Text, ...] = ()
    joints: tuple[Text, ...] = ()
    agreeing: tuple[Text, ...] = ()
    declining: tuple[Text, ...] = ()


def json_schema() -> dict[str, Any]:
    """The JSON schema of an intent file, for editors that complete and check YAML."""
    schema = IntentFile.model_json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "title": "faqbot intent"}
