"""What only the whole folder can tell: names that lead nowhere, texts that cannot be shown, lines that safety needs."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from bot.domain import ELSEWHERE
from bot.knowledge import files
from bot.knowledge.texts import cards, outgoing

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bot.knowledge.folder import Folder
    from bot.knowledge.reader import Reading
    from bot.knowledge.schema import AnswerFile, PhrasesFile

_SAFETY_LINES = ("reviewer", "retelling", "urgent_line", "stale_notice", "last_updated")


def check_links(folder: Folder, known: Mapping[str, Iterable[str]]) -> None:
    """Adds to the folder's problems; `known` holds the names that each part of phrases.yaml may have."""
    for name, section in folder.sections.items():
        broad = section.model.broad if section.model else ""
        if broad and f"{name}.{broad}" not in folder.ids:
            message = f"`broad` names {broad}.yaml, which is not in this section: name the intent that holds all of it."
            folder.report(section.path, section.line("broad"), "unknown-intent", message)
    for intent in folder.intents.values():
        _intent(folder, intent)
    if folder.phrases and folder.phrases.model:
        _phrases(folder, folder.phrases, known)
    _vocabulary(folder)
    _source(folder)
    for text in (*outgoing(folder), *cards(folder)):
        for line, rule, message in text.faults():
            folder.report(text.reading.path, line, rule, message)


def _intent(folder: Folder, intent: Reading[AnswerFile]) -> None:
    model = intent.model
    if model is None:
        return
    for place, target in enumerate(model.follow_ups):
        if target not in folder.ids:
            message = f"{target} is no intent{_close(target, folder.ids)}: give the id of one."
            folder.report(intent.path, intent.line("follow_ups", place), "unknown-intent", message)
    if model.image and not files.inside(folder.path / "images" / model.image, folder.root):
        message = f"images/{model.image} is not there: add it, or leave `image` out."
        folder.report(intent.path, intent.line("image"), "missing-image", message)
    if model.image and not model.image_text.strip():
        message = "`image` needs `image_text`: say what the picture shows, for those who cannot see it."
        folder.report(intent.path, intent.line("image"), "missing-image-text", message)


def _phrases(folder: Folder, phrases: Reading[PhrasesFile], known: Mapping[str, Iterable[str]]) -> None:
    for part, names in known.items():
        for name in getattr(phrases.model, part):
            if name not in names:
                line = phrases.node.find(part).keys.get(name, phrases.line(part))
                message = f"`{name}` is an unknown name of `{part}`{_close(name, names)}: correct or remove it."
                folder.report(phrases.path, line, "unknown-key", message)


def _vocabulary(folder: Folder) -> None:
    reading = folder.vocabulary
    if reading is None or reading.model is None:
        return
    for drug, section in reading.model.drugs.items():
        if section != ELSEWHERE and section not in folder.section_ids:
            message = f"{section} is no section{_close(section, folder.section_ids)}: name one, or `{ELSEWHERE}`."
            folder.report(reading.path, reading.line("drugs", drug), "unknown-section", message)


def _source(folder: Folder) -> None:
    """With safety cards a folder is about people's health: then every line around an answer is needed."""
    reading = folder.source
    if reading is None or reading.model is None or not files.is_dir(folder.path / "safety"):
        return
    for key in _SAFETY_LINES:
        if not getattr(reading.model, key):
            message = f"`{key}` is missing: a folder with safety/ must have it."
            folder.report(reading.path, reading.line(key), "missing-key", message)


def _close(name: str, names: Iterable[str]) -> str:
    found = get_close_matches(name, list(names), n=1)
    return f" (did you mean {found[0]}?)" if found else ""
