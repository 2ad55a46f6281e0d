"""Weighs what the slots and the trained detector make of one message, with what was seen earlier in the chat."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from bot.safety.context import TEMPERATURE
from bot.safety.limits import (
    ALONE,
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
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.domain.safety import Flag
    from bot.safety.context import Sign
    from bot.safety.limits import Limits
    from bot.safety.memory import Memory
    from bot.safety.reading import Message


DETECTOR = "trained detector"
_TOO_FEW, _FEW = 2, 3


class Judge:
    """One message on trial; each method returns what was seen, empty when there is nothing."""

    def __init__(
        self,
        message: Message,
        scores: Mapping[str, float],
        memory: Memory,
        flags: Mapping[str, Flag],
        *,
        told: bool = False,
    ) -> None:
        """`told` when it is only what a message tells before it asks for information."""
        self._told = told
        self._scores = scores
        self._memory = memory
        self._flags = flags
        self._situation = message.situation
        self._signs = message.signs
        self._words = len(message.words)
        self._settled = self._situation.has("settled")

    def crisis(self) -> list[str]:
        """Suicide and self-harm: any plain word of it, unless it is a figure of speech or plain study of the topic."""
        signs = self._found("crisis", "present", "past")
        if signs and not self._vetoed("crisis", CRISIS.slot):
            return signs
        hints = self._hints("crisis")
        if hints and not self._situation.informational and self._scores and not self._vetoed("crisis", CRISIS.slot):
            return hints
        signs += self._found("crisis", "asked")
        warned = self._memory.has("crisis") and not self._settled
        return self._raised("crisis", CRISIS, signs, warned=warned)

    def outweighed(self) -> bool:
        """Whether a crisis is no more than a guess beside a red flag that is likelier: the urgent card goes first."""
        plain = self._found("crisis", "present", "past") or (self._hints("crisis") and self._ahead("crisis") > 0)
        return not (plain or self._memory.has("crisis")) and self._ahead("crisis") < self._ahead("urgent")

    def asks(self, level: Literal["advice", "prognosis"], urgent: Sequence[str]) -> bool:
        """Whether a question that the bot must not answer is likelier than the red flags that were found.

        They are a guess where only the detector sees one, or where it doubts what the slots see. A temperature and a
        call for help never give way.
        """
        doubts = {self._flags[sign].doubt for sign in urgent if sign in self._flags}
        if TEMPERATURE in urgent or "none" in doubts:
            return False
        guessed = list(urgent) == [DETECTOR] or self._ahead("urgent") < 0
        return self._ahead("urgent") + (MARGIN if guessed else SURELY) < self._ahead(level)

    def asks_rather(self, level: Literal["advice", "prognosis"], crisis: Sequence[str]) -> bool:
        """Whether a question that the bot must not answer is by far likelier than a crisis that nothing but the
        detector sees: "thinking of leaving out tonight's tablets, it's my sister's birthday".
        """
        guessed = list(crisis) == [DETECTOR] and not self._memory.has("crisis") and not self._hints("crisis")
        return guessed and self._ahead("crisis") + BY_FAR < self._ahead(level)

    def guesses(self, level: Literal["advice", "prognosis"], saw: Sequence[str]) -> bool:
        """Whether no pattern of a refusal was found, and the detector is not sure of it."""
        return list(saw) == [DETECTOR] and self._scores[level] < SURE

    def urgent(self) -> list[str]:
        """Red flags that are here and now."""
        if self._temperatures("present") and not self._vetoed("urgent", READING_VETO):
            return [TEMPERATURE, *self._found("urgent", "present")]
        signs = self._found("urgent", "present")
        if signs and not self._doubted(signs):
            return signs
        warned = (self._memory.has("urgent") or self._memory.has("hint")) and not self._settled
        if warned and self._situation.has("doubt"):
            return ["doubt after a sign"]
        two = self._hints("urgent")
        if len(two) > 1 and not self._situation.informational and not self._vetoed("urgent", URGENT.slot):
            return two
        return self._raised("urgent", URGENT, signs, warned=warned)

    def refused(self) -> tuple[Literal["advice", "prognosis"] | None, list[str]]:
        """Which question that the bot must not answer this is, if any; a pattern counts more than a score."""
        found = [(level, self._refused(level)) for level in REFUSALS]
        seen = [(level, saw) for level, saw in found if saw]
        if not seen:
            return None, []
        return max(seen, key=lambda one: (one[1] != [DETECTOR], self._scores.get(one[0], 0.0)))

    def _refused(self, level: Literal["advice", "prognosis"]) -> list[str]:
        if level == "advice" and self._situation.has("not_advice"):
            return []
        limits = REFUSALS[level]
        signs = self._found(level, "present", "asked", "past")
        if signs and not self._vetoed(level, limits.slot):
            return signs
        return [] if self._settled else self._raised(level, limits, signs, warned=False)

    def soft(self) -> list[str]:
        """Alarming words that ask for information, or are over, or that the detector doubts."""
        measured = self._temperatures("present", "asked")
        signs = [*self._found("urgent", "present", "asked", "past"), *measured, *self._temperatures("past")]
        if self._scores.get("urgent", float("-inf")) > SOFT:
            return [*signs, DETECTOR]
        return [] if self._vetoed("urgent", SOFT_VETO) and not measured else signs

    def flagged(self) -> bool:
        """Whether a slot sees a red flag, be it only asked about."""
        return bool(self._found("urgent", "present", "asked") or self._temperatures("present", "asked"))

    def card(self, level: str) -> str:
        """The card of a refusal: that of the pattern found, else of the most hints, else the general one."""
        own = [sign for sign in self._signs if self._level(sign) == level]
        for sign in own:
            if not sign.hit.hint:
                return self._flags[sign.hit.flag].card
        hinted = [self._flags[sign.hit.flag].card for sign in own]
        general = "prognosis" if level == "prognosis" else f"{level}_other"
        return max(dict.fromkeys(hinted), key=hinted.count, default=general)

    def hinted(self) -> bool:
        """Whether the message is no alarm by itself but makes the next one count for more."""
        raised = not self._situation.informational and self._scores.get("urgent", SOFT) > HINT
        # A number or a lone word that no slot knows ("2", "a") says too little to count.
        return raised and (bool(self._hints("urgent")) or ("urgent" in self._scores and self._words > _TOO_FEW))

    def warm(self) -> bool:
        """Whether temperature was the topic, so that a bare number in the next message is a reading."""
        return any(sign.hit.flag == "fever" for sign in self._signs)

    def why(self) -> tuple[str, ...]:
        """Every sign with its pattern and status, and the detector's scores, for `explain`."""
        slots = [f"{one.hit.flag}: {one.hit.pattern} ({one.status})" for one in self._signs if not one.hit.hint]
        return (*dict.fromkeys(slots), *(f"detector: {name} {score:.2f}" for name, score in self._scores.items()))

    def _raised(self, level: str, limits: Limits, signs: list[str], *, warned: bool) -> list[str]:
        if warned and level == "crisis":
            # After a crisis, "would it be quick" asks for no information.
            limit = limits.warned
        elif self._situation.informational:
            limit = limits.asking if self._situation.ends_asking else limits.elsewhere
        else:
            limit = limits.warned if warned else limits.alone
        limit = max(limit, limits.told) if self._told else limit
        if self._words <= _FEW and not warned:
            limit = max(limit, limits.lone if self._words == 1 else limits.short)
        raised = self._scores.get(level, float("-inf")) > limit
        return [*signs, DETECTOR] if raised else []

    def _ahead(self, level: str) -> float:
        """How far above its limit the detector is."""
        return self._scores.get(level, float("-inf")) - ALONE[level]

    def _vetoed(self, level: str, limit: float) -> bool:
        if self._told:
            limit = max(limit, TOLD_NOW if self._situation.has("now") else TOLD_SLOT)
        asks = self._told or self._situation.ends_asking
        limit += SEEN if level == "urgent" and asks and self._situation.has("seen") else 0.0
        return level in self._scores and self._scores[level] <= limit

    def _doubted(self, signs: Sequence[str]) -> bool:
        """Whether the detector takes red flags back: less easily several, or such as are seldom a tale."""
        doubts = {self._flags[sign].doubt for sign in signs}
        if "none" in doubts:
            return False
        firm = len(signs) > 1 or "little" in doubts
        return self._vetoed("urgent", URGENT.slot - FIRM if firm else URGENT.slot)

    def _level(self, sign: Sign) -> str:
        return "urgent" if sign.hit.flag == TEMPERATURE else self._flags[sign.hit.flag].level

    def _found(self, level: str, *statuses: str) -> list[str]:
        found = [
            sign.hit.flag
            for sign in self._signs
            if not sign.hit.hint and sign.status in statuses and sign.hit.flag != TEMPERATURE
            if self._level(sign) == level
        ]
        return list(dict.fromkeys(found))

    def _temperatures(self, *statuses: str) -> list[str]:
        found = [sign for sign in self._signs if sign.hit.flag == TEMPERATURE and sign.status in statuses]
        return [TEMPERATURE] if found else []

    def _hints(self, level: str) -> list[str]:
        found = [
            sign.hit.flag
            for sign in self._signs
            if sign.hit.hint and sign.status == "present" and self._level(sign) == level
        ]
        return list(dict.fromkeys(found))
