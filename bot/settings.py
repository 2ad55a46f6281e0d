"""The operator's settings: read once at start from the environment, `.env`, and `NAME_FILE`, and checked as a whole."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from dotenv import dotenv_values
from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from bot.domain import Contacts
from bot.errors import SettingsError

if TYPE_CHECKING:
    from pydantic.fields import FieldInfo
    from pydantic_core import ErrorDetails

ENV_FILE = Path(".env")
_PLACEHOLDER = re.compile(
    r"(todo|fixme|x{3,}|change[-_ ]?me|example|placeholder|your[-_ ]|<).*|.*\bexample\.(com|net|org)\b.*", re.I | re.S
)
_LONG_ENOUGH = 16


def _real(value: object) -> object:
    if isinstance(value, str) and _PLACEHOLDER.fullmatch(value.strip()):
        raise ValueError("placeholder")
    return value


def _phone(value: str) -> str:
    if value and not re.search(r"\d", value):
        raise ValueError("no digit")
    return value


def _matches(pattern: str) -> AfterValidator:
    def check(value: SecretStr) -> SecretStr:
        if value.get_secret_value() and not re.fullmatch(pattern, value.get_secret_value()):
            raise ValueError("pattern")
        return value

    return AfterValidator(check)


def _switch(value: object) -> object:
    return {"on": True, "off": False}.get(value.strip().lower(), value) if isinstance(value, str) else value


class NoTokenError(SettingsError):
    """No token: get one from @BotFather in Telegram (/newbot) and set TELEGRAM_BOT_TOKEN.
    To try the bot without one: faqbot chat
    """

    def __init__(self) -> None:
        super().__init__("\n".join(line.strip() for line in (self.__doc__ or "").strip().splitlines()))


Switch = Annotated[bool, BeforeValidator(_switch)]
Text = Annotated[str, BeforeValidator(_real), Field(max_length=200)]
Phone = Annotated[Text, AfterValidator(_phone)]
Secret = Annotated[SecretStr, BeforeValidator(_real)]


def _data_folder() -> Path:
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "faqbot"


class Settings(BaseSettings):
    """Everything the operator can set; each description says what a good value is."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True, populate_by_name=True)

    token: Annotated[Secret, _matches(r"\d{5,}:[\w-]{30,}")] = Field(
        default=SecretStr(""),
        alias="TELEGRAM_BOT_TOKEN",
        description="the token that @BotFather gave you, like 123456:ABC-...",
    )
    api_url: Annotated[str, Field(pattern=r"^https?://[^\s/]+[^\s]*$")] = Field(
        default="https://api.telegram.org",
        alias="TELEGRAM_API_URL",
        description="the address of a Bot API server, the part before /bot",
    )
    knowledge: Path | None = Field(default=None, alias="FAQBOT_KNOWLEDGE", description="the folder of the knowledge")
    data: Path = Field(
        default_factory=_data_folder,
        alias="FAQBOT_DATA",
        description="a folder for the trained model and the SQLite file",
    )
    database: Annotated[Secret, _matches(r"(sqlite(\+pysqlite)?|postgres(ql)?(\+psycopg)?)://.*")] = Field(
        default=SecretStr(""),
        alias="FAQBOT_DATABASE_URL",
        description="sqlite:///path/to/file.db or postgresql://user:password@host/database",
    )
    webhook_url: Annotated[Text, Field(pattern=r"^(https://[^\s/?#]+/[^\s?#]+)?$")] = Field(
        default="",
        alias="FAQBOT_WEBHOOK_URL",
        description="a public https address with a path, like https://bot.my.org/telegram",
    )
    webhook_secret: Annotated[Secret, _matches(r"[A-Za-z0-9_-]{16,256}")] = Field(
        default=SecretStr(""), alias="FAQBOT_WEBHOOK_SECRET", description="16 to 256 of the characters A-Z a-z 0-9 _ -"
    )
    listen: Annotated[str, Field(pattern=r"^(\[?[\w.:-]+\]?:\d{1,5})?$")] = Field(
        default="",
        alias="FAQBOT_LISTEN",
        description="host:port for the webhook and the health pages, like 127.0.0.1:8080",
    )
    secret_key: Secret = Field(
        default=SecretStr(""),
        alias="FAQBOT_SECRET_KEY",
        description="32 or more random characters, the same for every replica",
    )
    contact: Phone = Field(
        default="", alias="FAQBOT_CONTACT", description="the care team's phone, day and night, with digits in it"
    )
    emergency_number: Phone = Field(
        default="", alias="FAQBOT_EMERGENCY_NUMBER", description="the emergency number, with digits in it, like 112"
    )
    crisis_line: Phone = Field(
        default="", alias="FAQBOT_CRISIS_LINE", description="the number of a crisis line, with digits in it, like 988"
    )
    fever_c: Annotated[float, Field(ge=37.5, le=38.0)] = Field(
        default=37.5, alias="FAQBOT_FEVER_C", description="a temperature from 37.5 to 38.0"
    )
    groups: Switch = Field(default=True, alias="FAQBOT_GROUPS", description="on or off")
    review: Switch = Field(default=False, alias="FAQBOT_REVIEW", description="off or on")
    semantic_model: Path | None = Field(
        default=None, alias="FAQBOT_SEMANTIC_MODEL", description="the folder of a sentence model"
    )
    log_level: Annotated[
        Literal["DEBUG", "INFO", "WARNING", "ERROR"], BeforeValidator(lambda v: v.upper() if isinstance(v, str) else v)
    ] = Field(default="INFO", alias="FAQBOT_LOG_LEVEL", description="DEBUG, INFO, WARNING or ERROR")
    send_limits: Switch = Field(
        default=True, alias="FAQBOT_SEND_LIMITS", description="on; off only to measure the bot's speed"
    )

    @model_validator(mode="after")
    def _fit_together(self) -> Settings:
        problems = []
        if self.webhook_url and not self.webhook_secret.get_secret_value():
            problems.append("FAQBOT_WEBHOOK_SECRET is needed when FAQBOT_WEBHOOK_URL is set.")
        if self.database_url.startswith("postgresql") and len(self.secret_key.get_secret_value()) < _LONG_ENOUGH:
            problems.append("FAQBOT_SECRET_KEY, 16 characters at least, is needed with PostgreSQL.")
        if problems:
            raise ValueError("\n".join(problems))
        return self

    @property
    def database_url(self) -> str:
        """The address of the database as SQLAlchemy wants it; it may hold a password."""
        url = self.database.get_secret_value()
        if not url:
            return f"sqlite:///{self.data / 'faqbot.db'}"
        return re.sub(r"^postgres(ql)?(\+psycopg)?://", "postgresql+psycopg://", url)

    @property
    def contacts(self) -> Contacts:
        """The operator's contacts for the cards."""
        return Contacts(self.contact, self.emergency_number, self.crisis_line)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments first, then the environment with `.env` and `NAME_FILE`."""
        return init_settings, _Environment(settings_cls)


class _Environment(PydanticBaseSettingsSource):
    """The environment over `.env`; an empty value counts as none, and `NAME_FILE` names a file with the value."""

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:  # noqa: ARG002
        """Not used: `__call__` reads all fields at once."""
        return None, field_name, False

    def __call__(self) -> dict[str, Any]:
        found = {**dotenv_values(ENV_FILE, interpolate=False), **os.environ}
        values: dict[str, Any] = {}
        for name in names():
            value, path = (found.get(name) or "").strip(), (found.get(f"{name}_FILE") or "").strip()
            if value and path:
                raise SettingsError(f"{name} and {name}_FILE are both set; keep one of them.")
            if path:
                value = _content(name, Path(path))
            if value:
                values[name] = value
        return values


def names() -> tuple[str, ...]:
    """The names of all settings, as the operator writes them."""
    return tuple(field.alias or "" for field in Settings.model_fields.values())


def read() -> Settings:
    """The settings of this process; raises SettingsError with a sentence for each that is missing or wrong."""
    try:
        return Settings()
    except ValidationError as error:
        # The values stay out of it: they can be secrets.
        raise SettingsError("\n".join(_sentence(problem) for problem in error.errors(include_input=False))) from None


def _sentence(problem: ErrorDetails) -> str:
    if not problem["loc"]:
        return problem["msg"].removeprefix("Value error, ")
    name = str(problem["loc"][0])
    field = next(field for field in Settings.model_fields.values() if field.alias == name)
    if problem["msg"].endswith("placeholder"):
        return f"{name} still holds a placeholder; give {field.description}."
    return f"{name} must be {field.description}."


def _content(name: str, path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        raise SettingsError(f"{name}_FILE names a file that cannot be read: {path}.") from None
