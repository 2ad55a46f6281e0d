"""Turns YAML text into plain values that remember their lines; the only module that imports yaml."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import yaml

from bot.knowledge.files import FORBIDDEN

MAX_DEPTH = 8
MAX_NODES = 20_000
_DEPTH = f"This is nested deeper than {MAX_DEPTH} levels: check the indent, or put the text in quotes."

_INTEGER = re.compile(r"-?(?:0|[1-9]\d{0,8})")
_COMMENT = re.compile(r"[ \t]+#")
_DECIMAL = re.compile(r"-?\d{1,9}\.\d{1,9}")

# What the parser says -> what a person can do about it; the first that fits wins.
_INDENT = "This line is indented in another way than those above it, or a text goes on after its closing quote."
_HINTS = (
    ("mapping values are not allowed", "There is a colon inside a text: put the whole text in quotes."),
    ("found character '\t'", "There is a tab: use spaces to indent."),
    ("found a tab character", "There is a tab: use spaces to indent."),
    (
        "cannot start any token",
        "A text begins with a character that YAML keeps for itself, such as @ or a tab: put it in quotes.",
    ),
    ("expected alphabetic or numeric character", "A text begins with * or &: put it in quotes."),
    ("found unexpected end of stream", "A quote is never closed: close it."),
    ("could not find expected ':'", "This line is no `key: value`: check its indent, or add the colon."),
    ("expected <block end>", _INDENT),
    ("did not find expected key", _INDENT),
    ("did not find expected '-' indicator", _INDENT),
    ("did not find expected ',' or ']'", "A text begins with [ and has no ]: put it in quotes."),
    ("did not find expected ',' or '}'", "A text begins with { and has no }: put it in quotes."),
    ("unknown escape character", "There is a backslash inside double quotes: use single quotes."),
)


class Fault(NamedTuple):
    """What is wrong with a YAML text: a line, a rule and a sentence."""

    line: int
    rule: str
    message: str


class _UnusableError(Exception):
    """The text cannot be read any further."""

    def __init__(self, line: int, rule: str, message: str) -> None:
        super().__init__(message)
        self.fault = Fault(line, rule, message)


@dataclass(frozen=True, slots=True)
class Unquoted:
    """A scalar that YAML reads as something else than a text (yes, 12:30, a date, nothing); it is never converted."""

    raw: str


@dataclass(slots=True)
class Node:
    """A value with its line: `raw` is the text of a scalar, `block` tells that it was written with `|`."""

    value: Any
    line: int
    raw: str = ""
    block: bool = False
    children: dict[str | int, Node] = field(default_factory=dict)
    keys: dict[str, int] = field(default_factory=dict)

    def find(self, *where: str | int) -> Node:
        """The node at a place such as `("questions", 3)`, or the nearest one above it."""
        node = self
        for step in where:
            if step not in node.children:
                return node
            node = node.children[step]
        return node


def compose(text: str) -> tuple[Node | None, list[Fault]]:
    """The values of a YAML text, None where it cannot be read, and everything that is wrong with it as YAML."""
    builder = _Builder(text)
    try:
        for event in yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
            builder.take(event)
    except yaml.YAMLError as error:
        return None, [*builder.faults, _explain(error)]
    except (ValueError, OverflowError):
        # The parser in pure Python lets these out for an escape or a version number beyond all bounds.
        return None, [
            *builder.faults,
            Fault(1, "broken-yaml", "A number in an escape or a directive is not valid YAML."),
        ]
    except _UnusableError as error:
        return None, [*builder.faults, error.fault]
    if builder.root is None:
        return None, [Fault(1, "empty-file", "The file is empty: add its keys.")]
    return builder.root, builder.faults


class _Builder:
    """Builds the nodes from parser events, without recursion, so that depth and size are met as they grow."""

    def __init__(self, text: str) -> None:
        self.root: Node | None = None
        self.faults: list[Fault] = []
        self._text = text
        self._open: list[Node] = []
        self._key: list[str | None] = []
        self._count = 0

    def take(self, event: yaml.Event) -> None:
        """Takes the next event of the parser."""
        if isinstance(event, yaml.DocumentStartEvent) and self.root is not None:
            raise _UnusableError(
                _line(event), "broken-yaml", "A second document begins after `---`: keep one in a file."
            )
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            message = "YAML anchors and aliases are refused: write the text out, in quotes if it begins with & or *."
            raise _UnusableError(_line(event), "alias", message)
        if isinstance(event, yaml.CollectionEndEvent):
            self._open.pop()
            self._key.pop()
        elif isinstance(event, yaml.NodeEvent):
            self._node(event)

    def _node(self, event: yaml.Event) -> None:
        line = _line(event)
        self._count += 1
        if self._count > MAX_NODES:
            raise _UnusableError(line, "too-many", f"The file holds more than {MAX_NODES} values: split it.")
        if getattr(event, "tag", None) is not None:
            raise _UnusableError(line, "tag", "A text begins with !, which makes it a YAML tag: put it in quotes.")
        if isinstance(event, yaml.ScalarEvent):
            self._scalar(event, line)
            return
        if len(self._open) >= MAX_DEPTH:
            raise _UnusableError(
                line,
                "too-deep",
                _DEPTH,
            )
        node = Node({} if isinstance(event, yaml.MappingStartEvent) else [], line)
        self._add(node)
        self._open.append(node)
        self._key.append(None)

    def _scalar(self, event: yaml.ScalarEvent, line: int) -> None:
        plain = event.style is None or event.implicit[0]
        value = _value(event.value) if plain else event.value
        # An escape such as \0 or \u202e brings in what the file itself may not hold.
        if event.style == '"' and FORBIDDEN.search(event.value):
            raise _UnusableError(line, "invisible-character", "An escape makes an invisible character: leave it out.")
        if plain and isinstance(value, str):
            self._comment(event)
        self._add(Node(value, line, event.value, block=event.style == "|"))

    def _comment(self, event: yaml.ScalarEvent) -> None:
        end = event.end_mark
        if end is not None and _COMMENT.match(self._text, end.index):
            message = (
                "The text is cut at the #: quote it if the # belongs to it, or give the comment a line of its own."
            )
            self.faults.append(Fault(end.line + 1, "comment", message))

    def _add(self, node: Node) -> None:
        if not self._open:
            self.root = node
            return
        parent = self._open[-1]
        if isinstance(parent.value, list):
            parent.children[len(parent.value)] = node
            parent.value.append(node.value)
        elif self._key[-1] is None:
            self._key[-1] = self._name(node)
        else:
            name, self._key[-1] = self._key[-1], None
            if name in parent.value:
                return
            if node.value == [] or node.value == {}:
                # A list or mapping is where its key is: that is where a person looks for it.
                node.line = parent.keys[name]
            parent.children[name] = node
            parent.value[name] = node.value

    def _name(self, node: Node) -> str:
        if not isinstance(node.value, str):
            message = f"YAML does not read the key `{node.raw[:40]}` as a text: put it in quotes."
            raise _UnusableError(node.line, "quote-it", message)
        keys = self._open[-1].keys
        if node.value in keys:
            message = f"`{node.value[:40]}` stands here a second time, after line {keys[node.value]}: keep one of them."
            self.faults.append(Fault(node.line, "duplicate-key", message))
        keys.setdefault(node.value, node.line)
        return node.value


def _value(raw: str) -> str | int | float | bool | Unquoted:
    resolvers = yaml.SafeLoader.yaml_implicit_resolvers.get(raw[:1], ())
    tag: str | None = next((tag for tag, pattern in resolvers if pattern.match(raw)), None)
    if tag is None:
        return raw
    if tag.endswith(":int") and _INTEGER.fullmatch(raw):
        return int(raw)
    if tag.endswith(":float") and _DECIMAL.fullmatch(raw):
        return float(raw)
    if raw in {"true", "false"}:
        return raw == "true"
    return Unquoted(raw)


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1


def _explain(error: yaml.YAMLError) -> Fault:
    said = str(getattr(error, "problem", None) or getattr(error, "reason", None) or error)
    context = str(getattr(error, "context", None) or "")
    mark = getattr(error, "problem_mark", None)
    # A quote that is never closed is noticed at the end of the file: the line where it was opened is of more use.
    if "quoted scalar" in context:
        mark = getattr(error, "context_mark", None) or mark
    line = mark.line + 1 if mark else 1
    if "nesting depth" in said:
        return Fault(line, "too-deep", _DEPTH)
    for sign, hint in _HINTS:
        if sign in said or sign in context:
            return Fault(line, "broken-yaml", hint)
    return Fault(line, "broken-yaml", f"This is not valid YAML ({said}): compare it with a neighbouring file.")
