"""The seam for any front end: who writes what, and what the bot replies; puts the parts behind it together."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from bot import knowledge
from bot.dialogue import Dialogue
from bot.domain import Contacts, Conversation
from bot.learning import Encoder, embed, load, save
from bot.matching import Matcher, examples, restore, train
from bot.safety import Detector, Scanner
from bot.safety import train as train_safety

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from bot.domain import KnowledgeBase, Reply
    from bot.learning import Arrays
    from bot.settings import Settings

    Progress = Callable[[float], None]

EXPIRES = 30 * 60.0
"""Seconds after which a conversation is forgotten."""
_MOST_CONVERSATIONS = 100_000


@dataclass
class Assistant:
    """Answers people; a conversation is kept in memory, for 30 minutes, under whatever `person` names it."""

    dialogue: Dialogue
    clock: Callable[[], float] = time.monotonic
    today: Callable[[], datetime] = lambda: datetime.now(UTC)
    _kept: dict[str, tuple[float, Conversation]] = field(default_factory=dict)

    @property
    def kb(self) -> KnowledgeBase:
        """The knowledge that the answers come from."""
        return self.dialogue.kb

    def reply(self, person: str, text: str, choice: str | None = None) -> Reply:
        """The reply to a text, or to a tapped choice's target; messages of one person must come in order."""
        now = self.clock()
        reply, conversation = self.dialogue.respond(
            text, self._recall(person, now), choice=choice, today=self.today().date()
        )
        self._kept.pop(person, None)
        self._kept[person] = (now, conversation)
        return reply

    def alarm(self, text: str) -> bool:
        """Whether a text by itself calls for the urgent or the crisis card; a scanner that fails counts as yes."""
        return self.dialogue.scan(text).level in {"urgent", "crisis"}

    def card(self, person: str, text: str) -> Reply | None:
        """The card that a message calls for, without its answer; changes nothing, so any thread may ask at any time."""
        since, conversation = self._kept.get(person, (0.0, Conversation()))
        if self.clock() - since >= EXPIRES:
            conversation = Conversation()
        return self.dialogue.card(text, conversation, today=self.today().date())

    def suggest(self, text: str, most: int) -> tuple[str, ...]:
        """The intents that may be meant, best first, for a front end that offers several at once."""
        found = self.dialogue.matcher.match(text)
        limit = self.dialogue.limits.offer
        return tuple(match.intent for match in found.sections if match.score >= limit)[:most]

    def forget(self, person: str) -> None:
        """Drop what is remembered of a conversation."""
        self._kept.pop(person, None)

    def _recall(self, person: str, now: float) -> Conversation:
        while self._kept:
            oldest = next(iter(self._kept))
            if now - self._kept[oldest][0] < EXPIRES and len(self._kept) <= _MOST_CONVERSATIONS:
                break
            del self._kept[oldest]
        return self._kept.get(person, (0.0, Conversation()))[1]


def open_assistant(settings: Settings, folder: Path, lang: str = "en", progress: Progress | None = None) -> Assistant:
    """Read the knowledge, train or restore the models, and put an assistant together; KnowledgeError if it cannot."""
    kb = knowledge.load(folder, lang)
    encoder = Encoder.open(settings.semantic_model) if settings.semantic_model else None
    if encoder and kb.semantic_calibration:
        kb = replace(kb, calibration=kb.semantic_calibration)
    matcher, detector = models(kb, Path(settings.data), progress, encoder)
    scanner = Scanner.build(kb.safety, detector, settings.fever_c)
    contacts = Contacts(settings.contact, settings.emergency_number, settings.crisis_line)
    return Assistant(Dialogue(kb, matcher, scanner, contacts))


def models(
    kb: KnowledgeBase, data: Path, progress: Progress | None = None, encoder: Encoder | None = None
) -> tuple[Matcher, Detector]:
    """The trained matcher and safety detector: from the cache under `data`, else trained and put there."""
    path = data / f"model-{kb.language}-{_key(kb, encoder)}.npz"
    arrays = load(path)
    if arrays is not None:
        try:
            trained = restore(kb, _part(arrays, "matching"))
            return Matcher(kb, trained, encoder), Detector.from_arrays(_part(arrays, "safety"))
        except (KeyError, ValueError, IndexError):
            path.unlink(missing_ok=True)
    # Encoding the examples is most of the work where there is a sentence model.
    share = (0.1, 0.8, 0.1) if encoder else (0.6, 0.0, 0.4)
    words, meaning, safety = _steps(progress, share)
    encode = _remembering(encoder, data, meaning) if encoder else None
    off_topic = [text for texts in kb.off_topic.values() for text in texts]
    harmless = [example.text for example in examples(kb)]
    # While one of the two reads, which is Python, what NumPy does for the other goes on beside it.
    with ThreadPoolExecutor(1) as beside:
        learning = beside.submit(train_safety, kb.safety, harmless, off_topic, safety)
        trained = train(kb, encode=encode, progress=words)
        detector = learning.result()
    made = {f"matching/{name}": array for name, array in trained.arrays().items()}
    made |= {f"safety/{name}": array for name, array in detector.arrays().items()}
    save(path, made)
    for old in data.glob(f"model-{kb.language}-*.npz"):
        if old != path:
            old.unlink(missing_ok=True)
    if progress:
        progress(1.0)
    return Matcher(kb, trained, encoder), detector


def _steps(progress: Progress | None, shares: Sequence[float]) -> list[Progress]:
    """One progress for each of several works that go on at once, of which each is so large a share of the whole."""
    done = [0.0] * len(shares)

    def step(work: int) -> Progress:
        def told(share: float) -> None:
            done[work] = share * shares[work]
            if progress:
                progress(sum(done))

        return told

    return [step(work) for work in range(len(shares))]


def _remembering(encoder: Encoder, data: Path, progress: Progress) -> Callable[[Sequence[str]], NDArray[np.float32]]:
    """The encoder, with the vectors of earlier trainings kept in a file of their own."""
    path = data / f"vectors-{encoder.digest[:16]}.npz"

    def encode(texts: Sequence[str]) -> NDArray[np.float32]:
        vectors, kept = embed(encoder, texts, load(path), progress)
        save(path, kept)
        return vectors

    return encode


def _part(arrays: Arrays, part: str) -> Arrays:
    return {name.removeprefix(part + "/"): array for name, array in arrays.items() if name.startswith(part + "/")}


def _key(kb: KnowledgeBase, encoder: Encoder | None = None) -> str:
    """Names the knowledge, the sentence model and the code that learns from them: a change of any trains anew."""
    digest = sha256(kb.digest.encode() + (encoder.digest.encode() if encoder else b""))
    here = Path(__file__).parent
    for part in ("text.py", "fuzzy.py", "learning", "matching", "safety"):
        files = sorted((here / part).rglob("*.py")) if (here / part).is_dir() else [here / part]
        for file in files:
            digest.update(file.read_bytes())
    return digest.hexdigest()[:16]
