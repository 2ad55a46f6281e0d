"""The operator's settings: where they come from, and what is said when one is wrong."""

from __future__ import annotations

import re

import pytest

from bot import settings
from bot.domain import Contacts
from bot.errors import SettingsError

TOKEN = "123456789:AAbbCCddEEffGGhhIIjjKKllMMnnOOppQQr"


def read(monkeypatch, **env):
    """The settings with this environment."""
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    return settings.read()


def refusal(monkeypatch, **env):
    """The sentences that a wrong environment is refused with."""
    with pytest.raises(SettingsError) as caught:
        read(monkeypatch, **env)
    return str(caught.value).splitlines()


def test_without_anything_set_there_are_defaults(monkeypatch):
    found = read(monkeypatch)
    assert found.token.get_secret_value() == ""
    assert found.api_url == "https://api.telegram.org"
    assert (found.groups, found.review, found.send_limits) == (True, False, True)
    assert found.fever_c == 37.5
    assert found.log_level == "INFO"
    assert found.database_url == f"sqlite:///{found.data}/faqbot.db"


def test_the_data_folder_has_a_place_of_its_own(monkeypatch, tmp_path):
    monkeypatch.delenv("FAQBOT_DATA")
    assert read(monkeypatch, XDG_DATA_HOME=str(tmp_path)).data == tmp_path / "faqbot"


def test_every_setting_is_read(monkeypatch):
    found = read(
        monkeypatch,
        TELEGRAM_BOT_TOKEN=TOKEN,
        TELEGRAM_API_URL="http://127.0.0.1:8081",
        FAQBOT_KNOWLEDGE="/k",
        FAQBOT_DATA="/d",
        FAQBOT_DATABASE_URL="postgres://faq:word@db/faq",
        FAQBOT_WEBHOOK_URL="https://bot.my.test/telegram/hook",
        FAQBOT_WEBHOOK_SECRET="sixteen-letters-at-least",
        FAQBOT_LISTEN="0.0.0.0:8080",
        FAQBOT_SECRET_KEY="0123456789abcdef",
        FAQBOT_CONTACT="Ward 3: 030 1234",
        FAQBOT_EMERGENCY_NUMBER="112",
        FAQBOT_CRISIS_LINE="988",
        FAQBOT_FEVER_C="38.0",
        FAQBOT_GROUPS="off",
        FAQBOT_REVIEW="on",
        FAQBOT_SEMANTIC_MODEL="/m",
        FAQBOT_LOG_LEVEL="debug",
        FAQBOT_SEND_LIMITS="off",
    )
    assert found.token.get_secret_value() == TOKEN
    assert found.database_url == "postgresql+psycopg://faq:word@db/faq"
    assert found.contacts == Contacts("Ward 3: 030 1234", "112", "988")
    assert (found.groups, found.review, found.send_limits, found.log_level) == (False, True, False, "DEBUG")
    unset = [name for name, field in type(found).model_fields.items() if getattr(found, name) == field.default]
    assert unset == []


def test_a_secret_can_come_from_a_file(monkeypatch, tmp_path):
    file = tmp_path / "token"
    file.write_text(TOKEN + "\n")
    assert read(monkeypatch, TELEGRAM_BOT_TOKEN_FILE=str(file)).token.get_secret_value() == TOKEN


def test_a_file_that_cannot_be_read_is_named(monkeypatch):
    (said,) = refusal(monkeypatch, TELEGRAM_BOT_TOKEN_FILE="/nowhere/token")
    assert said.startswith("TELEGRAM_BOT_TOKEN_FILE")


def test_a_value_and_its_file_do_not_go_together(monkeypatch, tmp_path):
    (said,) = refusal(monkeypatch, FAQBOT_CONTACT="1", FAQBOT_CONTACT_FILE=str(tmp_path))
    assert "both set" in said


def test_the_environment_comes_before_the_env_file(monkeypatch, tmp_path):
    env = tmp_path / "some.env"
    env.write_text('FAQBOT_CONTACT="from the file, 1"\nFAQBOT_CRISIS_LINE=988\nFAQBOT_EMERGENCY_NUMBER=\n')
    monkeypatch.setattr(settings, "ENV_FILE", env)
    found = read(monkeypatch, FAQBOT_CONTACT="from the environment, 2")
    assert found.contacts == Contacts("from the environment, 2", "", "988")


def test_all_that_is_wrong_is_said_at_once(monkeypatch):
    said = refusal(monkeypatch, FAQBOT_FEVER_C="39", FAQBOT_GROUPS="perhaps", FAQBOT_LISTEN="8080")
    assert [line.partition(" ")[0] for line in said] == ["FAQBOT_LISTEN", "FAQBOT_FEVER_C", "FAQBOT_GROUPS"]
    assert all(line.endswith(".") for line in said)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TELEGRAM_BOT_TOKEN", "TODO"),
        ("TELEGRAM_BOT_TOKEN", "your-token-here"),
        ("FAQBOT_CONTACT", "TODO: phone of the ward, 24 h"),
        ("FAQBOT_CONTACT", "<phone 1>"),
        ("FAQBOT_EMERGENCY_NUMBER", "example"),
        ("FAQBOT_WEBHOOK_URL", "https://bot.example.org/telegram"),
        ("FAQBOT_SECRET_KEY", "changeme-changeme-changeme"),
    ],
)
def test_placeholders_are_refused(monkeypatch, name, value):
    said = refusal(monkeypatch, **{name: value})
    assert said[0].startswith(f"{name} still holds a placeholder")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TELEGRAM_BOT_TOKEN", "s3cret-and-no-token"),
        ("TELEGRAM_API_URL", "api.telegram.org"),
        ("FAQBOT_CONTACT", "call the ward"),
        ("FAQBOT_CRISIS_LINE", "the line"),
        ("FAQBOT_FEVER_C", "38.1"),
        ("FAQBOT_FEVER_C", "nan"),
        ("FAQBOT_WEBHOOK_URL", "http://bot.my.test/telegram"),
        ("FAQBOT_WEBHOOK_URL", "https://bot.my.test"),
        ("FAQBOT_WEBHOOK_SECRET", "s3cret short"),
        ("FAQBOT_DATABASE_URL", "mysql://root:s3cret@db/x"),
        ("FAQBOT_LOG_LEVEL", "LOUD"),
    ],
)
def test_a_wrong_value_is_named_but_not_shown(monkeypatch, name, value):
    (said,) = refusal(monkeypatch, **{name: value})
    assert said.startswith(f"{name} must be ")
    assert "s3cret" not in said


def test_a_webhook_needs_its_secret(monkeypatch):
    (said,) = refusal(monkeypatch, FAQBOT_WEBHOOK_URL="https://bot.my.test/telegram")
    assert "FAQBOT_WEBHOOK_SECRET" in said


def test_postgresql_needs_a_key(monkeypatch):
    (said,) = refusal(monkeypatch, FAQBOT_DATABASE_URL="postgresql://faq:s3cret@db/faq")
    assert "FAQBOT_SECRET_KEY" in said
    assert "s3cret" not in said


def test_settings_do_not_show_secrets(monkeypatch):
    found = read(
        monkeypatch,
        TELEGRAM_BOT_TOKEN=TOKEN,
        FAQBOT_DATABASE_URL="postgresql://faq:s3cret@db/faq",
        FAQBOT_SECRET_KEY="s3cret-key-0123456789",
        FAQBOT_WEBHOOK_SECRET="s3cret-hook-0123456789",
    )
    assert "s3cret" not in f"{found!r} {found}"
    assert TOKEN not in f"{found!r} {found}"


def test_settings_do_not_change(monkeypatch):
    with pytest.raises(ValueError, match="frozen"):
        read(monkeypatch).groups = False


def test_every_setting_has_a_name_and_says_what_a_good_value_is():
    assert len(settings.names()) == 18
    for name, field in zip(settings.names(), settings.Settings.model_fields.values(), strict=True):
        assert re.fullmatch(r"(FAQBOT|TELEGRAM)_[A-Z_]+", name)
        assert field.description


def test_without_a_token_two_lines_say_what_to_do():
    assert len(str(settings.NoTokenError()).splitlines()) == 2
