"""Whether a reply tells the facts that were asked for, and no more text than that takes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, ConfigDict

from bot.errors import KnowledgeError
from bot.knowledge.reader import read

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from bot.domain import KnowledgeBase, Problem, Reply

Told = Literal["briefly", "whole", ""]

_SHORT = 0.5


class Statement(BaseModel):
    """The words of an answer that state a fact."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    intent: str
    sentence: str


class FactsFile(BaseModel):
    """`facts.yaml`: by intent, the facts that a reader learns from its answer; by fact, the words that state it."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    intents: dict[str, tuple[str, ...]]
    sentences: dict[str, Statement]


@dataclass(frozen=True, slots=True)
class Facts:
    """The facts that each answer tells, and the knowledge that the answers are part of."""

    told_by: Mapping[str, tuple[str, ...]]
    kb: KnowledgeBase

    @classmethod
    def read(cls, path: Path, kb: KnowledgeBase) -> Facts:
        """Read a `facts.yaml`; raises KnowledgeError with its problems, also for an intent that there is not."""
        problems: list[Problem] = []
        found = read(path, path.parent, FactsFile, problems)
        if found is None:
            raise KnowledgeError(f"{path} is not a file of facts: {problems[0].message}", problems)
        unknown = [intent for intent in found.intents if intent not in kb.intents]
        if unknown:
            raise KnowledgeError(f"{path} names intents that are not in the knowledge: {', '.join(unknown)}.")
        return cls(found.intents, kb)

    def told(self, asked: Iterable[str], reply: Reply) -> Told:
        """How the answers given tell all the facts asked for; "" when they do not, or in too many words.

        "briefly": in at most half of their sections' broad answers, or with a broad answer that was asked for: one of
        which half the facts are wanted, or that no other stands for. "whole": with a broad answer all the same.
        """
        wanted = set(asked)
        if reply.outcome != "answer" or not wanted <= self._facts(reply.intents):
            return ""
        broad = [self.kb.broad(section) for section in reply.sections if section in self.kb.sections]
        whole = {each.id for each in broad}.intersection(reply.intents)
        if whole:
            narrower = any(wanted <= self._facts([intent]) for intent in self.told_by if intent not in whole)
            small_part = len(wanted) < _SHORT * len(self._facts(whole))
            return "whole" if narrower and small_part else "briefly"
        length = sum(len(self.kb.intents[intent].answer) for intent in reply.intents)
        return "briefly" if length <= _SHORT * sum(len(each.answer) for each in broad) else ""

    def _facts(self, intents: Iterable[str]) -> set[str]:
        return {fact for intent in intents for fact in self.told_by.get(intent, ())}
