"""Finds and reads the files of one language, each with its lines, and names whatever does not belong there."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.domain import ELSEWHERE, Problem
from bot.knowledge import files
from bot.knowledge.reader import Reading, parse
from bot.knowledge.schema import (
    AnswerFile,
    CalibrationFile,
    IntentFile,
    OffTopicFile,
    PhrasesFile,
    RedirectFile,
    SectionFile,
    SourceFile,
    VocabularyFile,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MAX_ID = 48
"""Bytes of `<section>.<intent>`: a button carries 64, and an action stands before the id."""

_NAME = re.compile(r"[a-z0-9_]+")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_NO_SECTIONS = frozenset({"safety", "images"})
CALIBRATION = "calibration.yaml"
SEMANTIC_CALIBRATION = "calibration_semantic.yaml"
"""What `faqbot calibrate` writes when there is a sentence model beside the words."""
_SINGLE_FILES = frozenset({"source.yaml", "vocabulary.yaml", "phrases.yaml", CALIBRATION, SEMANTIC_CALIBRATION})


@dataclass(slots=True)
class Folder:
    """The files of one language as they were read; `ids` also holds the intents whose file is broken."""

    root: Path
    lang: str
    problems: list[Problem] = field(default_factory=list)
    source: Reading[SourceFile] | None = None
    phrases: Reading[PhrasesFile] | None = None
    vocabulary: Reading[VocabularyFile] | None = None
    calibrations: dict[str, Reading[CalibrationFile] | None] = field(default_factory=dict)
    off_topic: Reading[OffTopicFile] | None = None
    sections: dict[str, Reading[SectionFile]] = field(default_factory=dict)
    intents: dict[str, Reading[AnswerFile]] = field(default_factory=dict)
    section_ids: set[str] = field(default_factory=set)
    ids: set[str] = field(default_factory=set)

    @property
    def path(self) -> Path:
        """Where the files of the language are."""
        return self.root / self.lang

    def report(self, path: Path, line: int, rule: str, message: str) -> None:
        """Adds an error."""
        self.problems.append(files.problem(path, self.root, line, rule, message))


def read_folder(root: Path, lang: str) -> Folder:
    """Everything under `root/lang`; what is wrong stands in `problems`, in the order of the files."""
    folder = Folder(root, lang)
    if not _LANGUAGE.fullmatch(lang) or not files.is_dir(folder.path):
        folder.report(root / lang, 1, "missing-folder", f"There is no folder for the language {lang[:20]!r}: add it.")
        return folder
    folder.source = parse(folder.path / "source.yaml", root, SourceFile, folder.problems)
    for path in _entries(folder, folder.path):
        if files.is_dir(path):
            if path.name not in _NO_SECTIONS:
                _section(folder, path)
        elif path.name not in _SINGLE_FILES:
            _stray(folder, path)
        elif path.name == "vocabulary.yaml":
            folder.vocabulary = parse(path, root, VocabularyFile, folder.problems)
        elif path.name in {CALIBRATION, SEMANTIC_CALIBRATION}:
            folder.calibrations[path.name] = parse(path, root, CalibrationFile, folder.problems)
        elif path.name == "phrases.yaml":
            folder.phrases = parse(path, root, PhrasesFile, folder.problems)
    if not folder.section_ids:
        folder.report(
            folder.path, 1, "no-section", "There is no section: add a folder with _section.yaml and an intent."
        )
    return folder


def _section(folder: Folder, path: Path) -> None:
    name = path.name
    if name != ELSEWHERE:
        if not _NAME.fullmatch(name):
            folder.report(path, 1, "bad-id", "The folder's name may hold a-z, 0-9 and _ only: rename it.")
            return
        folder.section_ids.add(name)
        section = parse(path / "_section.yaml", folder.root, SectionFile, folder.problems)
        if section:
            folder.sections[name] = section
    for file in _entries(folder, path):
        if files.is_dir(file):
            folder.report(file, 1, "stray-folder", "A section has no folders inside: move its files up, or remove it.")
        elif name == ELSEWHERE and file.name == "_off_topic.yaml":
            folder.off_topic = parse(file, folder.root, OffTopicFile, folder.problems)
        elif file.suffix == ".yaml" and not file.name.startswith("_"):
            _intent(folder, f"{name}.{file.stem}", file)
        elif name == ELSEWHERE or file.name != "_section.yaml":
            _stray(folder, file)
    if name != ELSEWHERE and not any(known.startswith(f"{name}.") for known in folder.ids):
        folder.report(path, 1, "empty-section", "The section has no intent: add a file, or remove the folder.")


def _intent(folder: Folder, name: str, path: Path) -> None:
    if not _NAME.fullmatch(path.stem):
        folder.report(path, 1, "bad-id", "The file's name may hold a-z, 0-9 and _ only, before .yaml: rename it.")
        return
    if len(name) > MAX_ID:
        message = f"{name} is longer than {MAX_ID} characters, too long for a button: give the file a shorter name."
        folder.report(path, 1, "bad-id", message)
        return
    folder.ids.add(name)
    schema: type[AnswerFile] = RedirectFile if name.startswith(f"{ELSEWHERE}.") else IntentFile
    intent = parse(path, folder.root, schema, folder.problems)
    if intent:
        folder.intents[name] = intent


def _stray(folder: Folder, path: Path) -> None:
    message = "This file is not read: it belongs to no kind of knowledge file. Rename or remove it."
    if path.suffix.lower() in {".yml", ".yaml"}:
        folder.report(path, 1, "stray-file", message)
    else:
        folder.problems.append(files.problem(path, folder.root, 1, "stray-file", message, "warning"))


def _entries(folder: Folder, path: Path) -> Iterator[Path]:
    """What is in a directory, in order; hidden entries are left out, and links that lead out are reported."""
    try:
        found = sorted(path.iterdir())
    except OSError as error:
        folder.report(path, 1, "unreadable", f"The folder cannot be read ({error.strerror}): check its permissions.")
        return
    for entry in found:
        if entry.name.startswith("."):
            continue
        if files.leads_out(entry, folder.root):
            folder.report(entry, 1, "outside", "This link leads out of the knowledge folder: put the file itself here.")
            continue
        yield entry
