"""What the person who runs Sightline decides: the environment and a `.env` file, checked once at start."""

import re
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self
from urllib.parse import parse_qs, urlsplit

from dotenv import dotenv_values
from pydantic import AfterValidator, Field, SecretStr, ValidationError, model_validator
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, SettingsConfigDict

from sightline import __version__
from sightline.core import database_url, secret_key
from sightline.core.filelock import STARTED_BY
from sightline.core.refusal import Refusal

ENV_FILE: Final = ".env"
_WEB_ADDRESS: Final = re.compile(r"https?://([a-z0-9.-]+|\[[0-9a-f:.]+\])(:\d{1,5})?/?", re.IGNORECASE)
OUR_OTHER_VARIABLES: Final = frozenset({"TEST_DATABASE_URL", STARTED_BY})


class SettingsError(Refusal):
    """A setting is wrong; the message is a sentence for the person who set it."""


def web_address(text: str) -> str:
    """Return the address of a server, without a path or a slash at the end; raises `ValueError`."""
    if not _WEB_ADDRESS.fullmatch(text):
        raise ValueError
    return text.rstrip("/")


def _storage(text: str) -> str:
    parts = urlsplit(text)
    asked = parse_qs(parts.query, keep_blank_values=True)
    is_folder = parts.scheme == "file" and not parts.netloc and parts.path.startswith("/") and not asked
    is_bucket = parts.scheme == "azure" or (parts.scheme == "s3" and parts.netloc)
    endpoints = asked.pop("endpoint", [])
    if is_folder or (is_bucket and not asked and "@" not in parts.netloc and all(map(_web_endpoint, endpoints))):
        return text
    raise ValueError


def _web_endpoint(text: str) -> bool:
    return urlsplit(text).scheme in {"http", "https"} and bool(urlsplit(text).netloc)


def _database(text: str) -> str:
    return database_url.normalise(text)


def _secret(value: SecretStr) -> SecretStr:
    secret_key.check(value.get_secret_value())
    return value


def _token(value: SecretStr) -> SecretStr:
    if not re.fullmatch(r"slt_[\w-]+", value.get_secret_value().strip(), re.ASCII):
        raise ValueError
    return SecretStr(value.get_secret_value().strip())


Secret = Annotated[SecretStr, AfterValidator(_secret)]


class Settings(BaseSettings):
    """Every setting; the upper-case field name is the variable, the description says what it may be."""

    model_config = SettingsConfigDict(
        env_file=ENV_FILE, env_ignore_empty=True, extra="ignore", frozen=True, validate_default=True
    )

    sightline_data: Path = Field(Path("data"), description="a folder that Sightline can write to")
    database_url: Annotated[str, AfterValidator(_database)] = Field(
        default_factory=lambda known: f"sqlite:///{known['sightline_data'] / 'sightline.db'}",
        description=database_url.ALLOWED,
        repr=False,
    )
    database_echo: bool = Field(default=False, description="on or off")
    jwt_secret_key: Secret | None = Field(None, description=secret_key.ALLOWED)
    secret_key: Secret = Field(
        default_factory=lambda known: known["jwt_secret_key"] or SecretStr(secret_key.stored(known["sightline_data"])),
        description=secret_key.ALLOWED,
    )
    access_token_expire_minutes: int = Field(10, ge=1, le=1440, description="a whole number from 1 to 1440")
    refresh_token_expire_days: int = Field(30, ge=1, le=365, description="a whole number from 1 to 365")
    registration: Literal["open", "closed"] = Field("open", description="open or closed")
    public_url: Annotated[str, AfterValidator(web_address)] | None = Field(
        None, description="an address such as https://issues.example.org, without a path"
    )
    storage_url: Annotated[str, AfterValidator(_storage)] = Field(
        default_factory=lambda known: f"file://{known['sightline_data'].absolute() / 'files'}",
        description="file:///absolute/folder, s3://bucket?endpoint=https://host or azure://container",
    )
    aws_access_key_id: str | None = Field(None, description="the name of a key")
    aws_secret_access_key: SecretStr | None = Field(None, description="the key")
    aws_region: str = Field("us-east-1", min_length=1, description="the name of a region")
    azure_storage_account_name: str | None = Field(None, description="the name of an account")
    azure_storage_account_key: SecretStr | None = Field(None, description="the account's key")
    azure_storage_container_name: str | None = Field(None, description="the name of a container")
    max_upload_mb: int = Field(100, ge=1, le=10240, description="a whole number from 1 to 10240")
    max_issue_mb: int = Field(2048, ge=1, le=1_048_576, description="a whole number from 1 to 1048576")
    max_user_mb_per_day: int = Field(10240, ge=1, le=1_048_576, description="a whole number from 1 to 1048576")
    stats_aggregation_interval_minutes: int = Field(15, ge=1, le=1440, description="a whole number from 1 to 1440")
    api_title: str = Field("Sightline", min_length=1, max_length=100, description="1 to 100 characters")
    api_description: str = Field("Issues in, insights out.", max_length=2000, description="at most 2000 characters")
    api_version: str = Field(__version__, min_length=1, max_length=50, description="1 to 50 characters")
    sightline_token: Annotated[SecretStr, AfterValidator(_token)] | None = Field(
        None, description="a personal API token, which begins with slt_"
    )
    log_format: Literal["text", "json"] = Field("text", description="text or json")
    docs: bool = Field(default=True, description="on or off")

    @model_validator(mode="after")
    def _one_secret(self) -> Self:
        if self.jwt_secret_key and self.jwt_secret_key != self.secret_key:
            raise ValueError("SECRET_KEY and JWT_SECRET_KEY are two names of one setting and differ; set only one.")
        return self

    @property
    def is_sqlite(self) -> bool:
        """Whether the database is a file that one process holds."""
        return self.database_url.startswith("sqlite")

    @property
    def sqlite_path(self) -> Path:
        """The database file; only asked for when `is_sqlite`."""
        return Path(self.database_url.partition(":///")[2])


def load_settings(**known: Any) -> Settings:
    """Read the environment and `.env`, but for what is known already.

    Raises:
        SettingsError: one sentence for each wrong variable, never with the value of a secret.
    """
    try:
        return Settings(**known)
    except ValidationError as error:
        raise SettingsError("\n".join(_sentences(error))) from None
    except OSError as error:
        reason = f"{error.filename}: {error.strerror}"
        raise SettingsError(f"SIGHTLINE_DATA must be a folder that Sightline can write to ({reason}).") from None


def misspelt(environ: dict[str, str]) -> list[str]:
    """Say which variables, set here or in `.env`, look like ours and are not."""
    ours = [name.upper() for name in Settings.model_fields]
    given = {name.upper() for name in (*environ, *dotenv_values(ENV_FILE))} - {*ours} - OUR_OTHER_VARIABLES
    nearest = {name: get_close_matches(name, ours, 1, 0.8) for name in sorted(given)}
    return [
        f"{name} is not a setting and is ignored{f'; did you mean {near[0]}?' if near else '.'}"
        for name, near in nearest.items()
        if near or name.startswith("SIGHTLINE_")
    ]


def _sentences(error: ValidationError) -> list[str]:
    found = error.errors(include_url=False, include_input=False)
    return [_sentence(one) for one in found if one["type"] != "default_factory_not_called"]


def _sentence(error: ErrorDetails) -> str:
    if not error["loc"]:
        return str(error["ctx"]["error"])
    field = str(error["loc"][0])
    reason = str(error.get("ctx", {}).get("error", "")) or Settings.model_fields[field].description
    return f"{field.upper()} must be {reason}."
