"""Reads one YAML file into a pydantic model; whatever is wrong becomes a Problem with its line, never an exception."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Generic, TypeVar

from pydantic import BaseModel, ValidationError

from bot.knowledge import document, files

if TYPE_CHECKING:
    from pathlib import Path

    from bot.domain import Level, Problem

M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Reading(Generic[M]):
    """A file that was read: the model (None if it has an error) and the nodes, which know their lines."""

    path: Path
    root: Path
    model: M | None
    node: document.Node

    def line(self, *where: str | int) -> int:
        """The line of a value, for example `line("questions", 3)`."""
        return self.node.find(*where).line


def read(path: Path, root: Path, schema: type[M], problems: list[Problem]) -> M | None:
    """The file as a model; None, and every reason added to `problems`, if anything in it is an error.

    `root` is the knowledge folder: the file must lie inside it, and problems name the file from there.
    """
    reading = parse(path, root, schema, problems)
    return reading.model if reading else None


def parse(path: Path, root: Path, schema: type[M], problems: list[Problem]) -> Reading[M] | None:
    """As `read`, with the lines of the values; None only if the file is no YAML at all."""
    content = files.text(path, root, problems)
    if content is None:
        return None
    node, faults = document.compose(content)
    for fault in faults:
        level: Level = "warning" if fault.rule == "comment" else "error"
        problems.append(files.problem(path, root, fault.line, fault.rule, fault.message, level))
    if node is None:
        return None
    model: M | None = None
    try:
        model = schema.model_validate(node.value)
    except ValidationError as error:
        details = error.errors(include_url=False, include_context=False, include_input=False)
        places = {detail["loc"][:-1] for detail in details}
        for detail in details:
            # A list whose items are all wrong also counts as too short: its items are named already.
            if detail["type"] == "too_short" and detail["loc"] in places:
                continue
            line, rule, message = _explain(detail["type"], detail["loc"], detail["msg"], node, schema)
            problems.append(files.problem(path, root, line, rule, message))
    return Reading(path, root, None if any(fault.rule != "comment" for fault in faults) else model, node)


def _explain(
    kind: str, where: tuple[str | int, ...], said: str, root: document.Node, schema: type[BaseModel]
) -> tuple[int, str, str]:
    """Line, rule and sentence for one finding of pydantic."""
    where = tuple(step for step in where if step != "[key]")
    node = root.find(*where)
    name = ".".join(str(step + 1) if isinstance(step, int) else step for step in where)[:80] or "the file"
    if kind == "extra_forbidden":
        parent = root.find(*where[:-1])
        return parent.keys.get(str(where[-1]), node.line), "unknown-key", _unknown(str(where[-1]), len(where), schema)
    if kind == "missing":
        return node.line, "missing-key", f"`{name}` is missing: add it."
    if isinstance(node.value, document.Unquoted) and not node.raw:
        return node.line, "empty", f"`{name}` has no value: write one, or leave the key out."
    if kind == "string_type" and not isinstance(node.value, (list, dict)):
        raw = node.raw[:40]
        return node.line, "quote-it", f"YAML does not read `{name}` as a text: write '{raw}', in quotes."
    if kind == "string_type":
        hint = "put the text in quotes (it has a colon, or begins with [ or {)" if node.children else "write a text"
        return node.line, "wrong-type", f"`{name}` must be a text: {hint}."
    if kind in {"list_type", "tuple_type"}:
        return node.line, "wrong-type", f"`{name}` must be a list: put each item on a line of its own, after `- `."
    if kind in {"dict_type", "model_type", "model_attributes_type"}:
        return node.line, "wrong-type", f"`{name}` must hold `key: value` lines: write them, indented alike."
    if kind == "too_short":
        return node.line, "empty", f"`{name}` has too few items: add one, on a line of its own, after `- `."
    if kind == "string_too_short":
        return node.line, "empty", f"`{name}` is empty: write a text."
    return node.line, "bad-value", f"`{name}` is wrong: {said.removeprefix('Value error, ')[:200].rstrip('.')}."


def _unknown(key: str, depth: int, schema: type[BaseModel]) -> str:
    known = list(schema.model_fields)
    if depth > 1:
        parts = schema.model_json_schema().get("$defs", {}).values()
        known = [name for part in parts for name in part.get("properties", ())]
    close = get_close_matches(key, known, n=1)
    hint = f"did you mean `{close[0]}`?" if close else f"known are {', '.join(known)}."
    return f"`{key[:40]}` is an unknown key: {hint}"
