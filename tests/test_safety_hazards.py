"""The hazard log: every hazard has a proof, every proof is a test that exists, and it claims no review."""

import ast
import re

from tests.conftest import KNOWLEDGE

ROOT = KNOWLEDGE.parent
LOG = (ROOT / "deploy" / "HAZARDS.md").read_text(encoding="utf-8")
PROOFS = dict(re.findall(r"^\| (H\d+) \| (`tests/.*) \|$", LOG, re.MULTILINE))


def names_in(path):
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}


def test_every_hazard_has_a_proof():
    hazards = set(re.findall(r"^\| (H\d+) \| [^`]", LOG, re.MULTILINE))
    assert hazards
    assert hazards == set(PROOFS)


def test_every_named_test_exists():
    named = [name for proof in PROOFS.values() for name in re.findall(r"`([^`]+)`", proof)]
    assert named
    assert [name for name in named if name.split("::")[1] not in names_in(name.split("::")[0])] == []


def test_it_says_that_no_clinician_has_reviewed_it():
    assert "No clinician has reviewed this log" in LOG
    assert "[confirm]" in LOG
