"""Counts verdicts into named figures.

A name is `<file>.<group>.<figure>`, such as `questions.in_scope.right`; `all` stands for every file together. The same
names are used in the printed report, in `--json` and in gate files.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.evaluate.cases import CALM, REPLY_TYPES
from bot.evaluate.share import Share

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from bot.domain import SafetyLevel
    from bot.evaluate.judge import Judged

    Test = Callable[[Judged], bool]

_ALARMS: dict[str, SafetyLevel] = {
    "emergency": "urgent",
    "crisis": "crisis",
    "personal_advice": "advice",
    "prognosis": "prognosis",
}


def count(judged: Sequence[Judged]) -> dict[str, Share]:
    """Every figure that these verdicts allow, by name."""
    figures: dict[str, Share] = {}
    files = list(dict.fromkeys(item.case.file for item in judged))
    for file in [*files, "all"] if len(files) > 1 else files:
        items = [item for item in judged if file in ("all", item.case.file)]
        for group, shares in _groups(items):
            figures |= {f"{file}.{group}.{name}": share for name, share in shares.items() if share.total}
    return figures


def _groups(items: Sequence[Judged]) -> Iterable[tuple[str, dict[str, Share]]]:
    by_group: dict[str, list[Judged]] = {}
    for item in items:
        by_group.setdefault(item.case.group, []).append(item)
    if "in_scope" in by_group:
        yield "in_scope", _in_scope(by_group["in_scope"])
    if "off_topic" in by_group:
        yield "off_topic", _off_topic(by_group["off_topic"])
    for label in sorted(REPLY_TYPES & by_group.keys()):
        gave = _right if label == CALM else _gave(label)
        figures = {"recall": _share(by_group[label], gave)}
        for kind in sorted({item.case.kind for item in by_group[label]} - {""}):
            of_kind = [item for item in by_group[label] if item.case.kind == kind]
            figures[f"recall.kind.{kind}"] = _share(of_kind, gave)
        yield label, figures
    if "emergency" in by_group:
        yield "emergency", {"soft_only": _share(by_group["emergency"], _showed("soft"))}
    yield "false_alarms", _false_alarms(items)
    turns = [item for item in items if item.case.turn]
    if turns:
        yield "turns", _turns(turns)


def _in_scope(items: Sequence[Judged]) -> dict[str, Share]:
    figures = {
        "right": _share(items, _right),
        "right_or_offered": _share(items, _right_or_offered),
        "wrong": _share(items, lambda item: item.verdict == "wrong"),
        "wrong_section": _share(items, lambda item: item.verdict == "wrong" and item.answered),
        "abstained": _share(items, lambda item: item.verdict == "abstained"),
        "redirected": _share(items, lambda item: item.outcome == "redirect"),
        "redirected_wrongly": _share(items, lambda item: item.verdict == "redirected"),
    }
    several = [item for item in items if len(_sections(item)) > 1]
    figures["every_section_given"] = _share(several, lambda item: _sections(item) <= set(item.given))
    factual = [item for item in items if item.told is not None]
    figures["facts_told"] = _share(factual, lambda item: bool(item.told))
    figures["facts_told_briefly"] = _share(factual, lambda item: item.told == "briefly")
    for kind in sorted({item.case.kind for item in items} - {""}):
        figures[f"right.kind.{kind}"] = _share([item for item in items if item.case.kind == kind], _right)
    for section in dict.fromkeys(item.case.labels[0].partition(".")[0] for item in items):
        asked = [item for item in items if item.case.labels[0].partition(".")[0] == section]
        figures[f"right.section.{section}"] = _share(asked, _right)
    return figures


def _off_topic(items: Sequence[Judged]) -> dict[str, Share]:
    named = [item for item in items if item.case.redirects]
    return {
        "right": _share(items, _right),
        "answered": _share(items, lambda item: item.answered and item.verdict != "right"),
        "choices": _share(items, lambda item: item.outcome == "clarify"),
        "redirected": _share(items, lambda item: item.outcome == "redirect"),
        "right_redirect": _share(named, lambda item: bool({*item.given} & {*item.case.redirects})),
    }


def _false_alarms(items: Sequence[Judged]) -> dict[str, Share]:
    figures = {}
    for label, level in _ALARMS.items():
        others = [item for item in items if label not in item.case.labels]
        figures[label] = _share(others, _showed(level))
    calm = [item for item in items if "emergency" not in item.case.labels]
    figures["soft"] = _share(calm, _showed("soft"))
    return figures


def _turns(turns: Sequence[Judged]) -> dict[str, Share]:
    later = [item for item in turns if item.case.turn > 1]
    talks: dict[str, bool] = {}
    for item in turns:
        talk = item.case.key.rpartition("#")[0]
        talks[talk] = talks.get(talk, True) and _right(item)
    return {
        "right": _share(turns, _right),
        "right_or_offered": _share(turns, _right_or_offered),
        "wrong": _share(turns, lambda item: item.verdict == "wrong"),
        "follow_ups_right": _share(later, _right),
        "whole_conversations": Share(sum(talks.values()), len(talks)),
    }


def _share(items: Sequence[Judged], test: Test) -> Share:
    return Share(sum(map(test, items)), len(items))


def _gave(label: str) -> Test:
    return lambda item: label in item.given


def _showed(level: SafetyLevel) -> Test:
    return lambda item: item.safety == level


def _right(item: Judged) -> bool:
    return item.verdict == "right"


def _right_or_offered(item: Judged) -> bool:
    return item.verdict in ("right", "offered")


def _sections(item: Judged) -> set[str]:
    return {label for label in item.case.labels if label not in REPLY_TYPES and "." not in label}
