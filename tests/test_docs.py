"""The documents say what the program does: every command, every setting, the version, the limits."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

from bot import __version__, settings
from bot.cli import app

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
CHANGELOG = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def commands():
    return [str(command.name or getattr(command.callback, "__name__", "")) for command in app.registered_commands]


def settings_rows():
    """The first cell of each row of the settings table."""
    return re.findall(r"^\| `([A-Z_]+)` \|", README, re.M)


@pytest.mark.parametrize("command", commands())
def test_every_command_is_in_the_readme(command):
    assert re.search(rf"^\| `faqbot {command}\b", README, re.M)


def test_the_readme_names_every_setting_and_no_other():
    assert sorted(settings_rows()) == sorted(settings.names())


def test_the_readme_names_no_command_that_is_not_there():
    assert set(re.findall(r"^\| `faqbot ([a-z]+)", README, re.M)) == set(commands())


def test_every_file_that_the_documents_link_to_is_there():
    for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md"):
        text = (ROOT / name).read_text(encoding="utf-8")
        for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", text):
            assert (ROOT / target).exists(), f"{name} links to {target}"


def test_the_changelog_tells_of_this_version():
    assert re.findall(r"^## \[(\d+\.\d+\.\d+)\]", CHANGELOG, re.M)[0] == __version__


def test_the_readme_says_that_no_clinician_has_reviewed_the_wording():
    assert re.search(r"no clinician has (yet )?reviewed", README, re.I)


def test_the_two_commands_are_one_line_each_and_installed_by_name():
    for marker in ("start", "test"):
        block = README.split(f"<!-- {marker} -->")[1].split("```")[1]
        lines = block.strip().splitlines()[1:]
        assert len(lines) == 1, marker
        assert "://" not in lines[0]


@pytest.mark.parametrize(("lock", "extra"), [("requirements.lock", "postgres"), ("requirements-dev.lock", "dev")])
def test_every_dependency_is_locked_with_its_hashes(lock, extra):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    text = (ROOT / lock).read_text(encoding="utf-8")
    locked = set(re.findall(r"^([a-z0-9-]+)==\S+ \\\n    --hash=sha256:", text, re.M))
    wanted = [*project["dependencies"], *project["optional-dependencies"][extra]]
    names = {re.split(r"[\[<>=~! ]", each)[0].lower().replace("_", "-") for each in wanted}
    assert names - locked == set()


def test_nothing_of_the_machine_it_was_written_on_is_left_in_it():
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    found = []
    for name in listed.stdout.splitlines():
        path = ROOT / name
        if path == Path(__file__) or not path.is_file() or path.stat().st_size > 2_000_000:
            continue
        text = path.read_text(encoding="utf-8", errors="ignore")
        if re.search(r"/home/|--index-url|--find-links|https?://[^/ ]*/simple", text):
            found.append(name)
    assert found == []
