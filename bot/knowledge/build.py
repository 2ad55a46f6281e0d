"""Makes the knowledge base out of a folder without errors."""

from __future__ import annotations

import hashlib
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from bot.domain import (
    ELSEWHERE,
    Calibration,
    Intent,
    KnowledgeBase,
    Phrases,
    Problem,
    Section,
    SmallTalk,
    Source,
    Vocabulary,
)
from bot.errors import KnowledgeError
from bot.knowledge import files
from bot.knowledge.folder import CALIBRATION, SEMANTIC_CALIBRATION
from bot.knowledge.reader import read
from bot.knowledge.schema import PhrasesFile, VocabularyFile

if TYPE_CHECKING:
    from bot.domain import SafetyKnowledge
    from bot.knowledge.folder import Folder
    from bot.knowledge.schema import AnswerFile


_LISTS = ("filler", "pointers", "comparing", "joints", "agreeing", "declining")


def defaults() -> PhrasesFile:
    """The neutral wording of `defaults.yaml`, which also names everything that phrases.yaml may hold."""
    problems: list[Problem] = []
    path = Path(str(resources.files("bot.knowledge"))) / "defaults.yaml"
    found = read(path, path.parent, PhrasesFile, problems)
    if found is None:
        raise KnowledgeError("The wording inside the program cannot be read: install it again.", problems)
    return found


def build(folder: Folder, base: PhrasesFile, safety: SafetyKnowledge) -> KnowledgeBase:
    """The knowledge base; what phrases.yaml leaves out comes from `base`."""
    if folder.source is None or folder.source.model is None:
        raise KnowledgeError("There is no source.yaml to build on.", folder.problems)
    return KnowledgeBase(
        language=folder.lang,
        source=Source(**folder.source.model.model_dump()),
        sections={
            name: Section(name, found.title, found.names, found.order, found.broad)
            for name, reading in folder.sections.items()
            if (found := reading.model)
        },
        intents={
            name: _intent(folder, name, model) for name, reading in folder.intents.items() if (model := reading.model)
        },
        off_topic=dict(folder.off_topic.model.root) if folder.off_topic and folder.off_topic.model else {},
        phrases=_phrases(base, folder.phrases.model if folder.phrases else None),
        vocabulary=_vocabulary(folder.vocabulary.model if folder.vocabulary else None),
        safety=safety,
        digest=digest(folder),
        calibration=_calibration(folder, CALIBRATION),
        semantic_calibration=_calibration(folder, SEMANTIC_CALIBRATION),
    )


def digest(folder: Folder) -> str:
    """The SHA-256 of all YAML files of the language, names and bytes, in hexadecimal.

    Without what `faqbot calibrate` writes: it is fitted on models that are trained on the rest.
    """
    total = hashlib.sha256()
    sections = (folder.path / name for name in (*folder.section_ids, ELSEWHERE))
    paths = {path for part in (folder.path, *sections) for path in part.glob("*.yaml")}
    paths.update((folder.path / "safety").rglob("*.yaml"))
    for path in sorted(paths - {folder.path / name for name in (CALIBRATION, SEMANTIC_CALIBRATION)}):
        if path.is_file() and files.inside(path, folder.root):
            data = path.read_bytes()
            # The length keeps two files from passing for one that holds the text of both.
            total.update(f"{path.relative_to(folder.path).as_posix()}\n{len(data)}\n".encode())
            total.update(data)
    return total.hexdigest()


def _intent(folder: Folder, name: str, model: AnswerFile) -> Intent:
    image = folder.path / "images" / model.image if model.image else None
    return Intent(id=name, section=name.partition(".")[0], image=image, **model.model_dump(exclude={"image"}))


def _phrases(base: PhrasesFile, own: PhrasesFile | None) -> Phrases:
    own = own or PhrasesFile()
    smalltalk = {**base.smalltalk, **own.smalltalk}
    return Phrases(
        smalltalk={kind: SmallTalk(entry.reply, entry.questions) for kind, entry in smalltalk.items()},
        followups={**base.followups, **own.followups},
        replies={**base.replies, **own.replies},
        commands={**base.commands, **own.commands},
        menu={**base.menu, **own.menu},
        ordinals={**base.ordinals, **own.ordinals},
        **{name: getattr(own, name) or getattr(base, name) for name in _LISTS},
    )


def _calibration(folder: Folder, name: str) -> Calibration | None:
    found = folder.calibrations.get(name)
    return Calibration(**found.model.model_dump()) if found and found.model else None


def _vocabulary(own: VocabularyFile | None) -> Vocabulary:
    return Vocabulary(**(own or VocabularyFile()).model_dump())
