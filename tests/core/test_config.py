"""Settings: what is accepted, what is refused and with which sentence."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from dotenv import dotenv_values

from sightline import __version__
from sightline.core import database_url
from sightline.core.config import Settings, SettingsError, load_settings, misspelt

ROOT = Path(__file__).parents[2]
GOOD_KEY = "5f0c2d9a7b1e4836f0a9d8c7b6e5f4a3"
OTHER_KEY = "a3f4e5b6c7d8a9f06384e1b7a9d2c0f5"


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ("sqlite:///issues.db", "issues.db"),
        ("sqlite:////srv/issues.db", "/srv/issues.db"),
        ("sqlite+aiosqlite:///issues.db", "issues.db"),
        ("SQLite+pysqlite:///issues.db", "issues.db"),
        ("sqlite3:///issues.db", "issues.db"),
        ("sqlite://issues.db", "issues.db"),
        ("sqlite:issues.db", "issues.db"),
        ("file:///srv/issues.db", "/srv/issues.db"),
        ("folder/issues.sqlite3", "folder/issues.sqlite3"),
    ],
)
def test_every_usual_spelling_of_a_file_is_understood(
    given: str, path: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", given)
    settings = load_settings()
    assert settings.is_sqlite
    assert settings.sqlite_path == tmp_path / path


@pytest.mark.parametrize(
    ("given", "understood"),
    [
        ("postgres://u:p@h/d", "postgresql+asyncpg://u:p@h/d"),
        ("postgresql://u:p%40@h:5433/d", "postgresql+asyncpg://u:p%40@h:5433/d"),
        ("postgresql+psycopg2://h/d", "postgresql+asyncpg://h/d"),
        ("postgresql+psycopg://h/d?sslmode=require", "postgresql+asyncpg://h/d?ssl=require"),
        ("postgresql+asyncpg://h/d?ssl=true", "postgresql+asyncpg://h/d?ssl=require"),
        ("postgresql:///d?host=/run/postgresql", "postgresql+asyncpg:///d?host=/run/postgresql"),
    ],
)
def test_every_usual_spelling_of_postgresql_is_understood(given: str, understood: str) -> None:
    assert database_url.normalise(given) == understood
    assert database_url.normalise(understood) == understood


@pytest.mark.parametrize(
    "given",
    [
        "mysql://u:hunter2@h/d",
        "postgresql://u:hunter2@h",
        "postgresql://u:hunter2@h/d?sslmode=maybe",
        "postgresql://u:hunter2@h/d?application_name=x",
        "postgresql://u:hunter2@h:port/d",
        "sqlite://",
        "sqlite:///:memory:",
        "sqlite:///hunter2.db?mode=ro",
        "hunter2",
    ],
)
def test_another_database_is_refused_without_repeating_its_password(
    given: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", given)
    with pytest.raises(SettingsError, match=r"^DATABASE_URL must be sqlite:///\S+ or postgresql://") as refused:
        load_settings()
    assert "hunter2" not in str(refused.value)
    assert "\n" not in str(refused.value)


def test_the_default_is_a_file_in_the_folder_for_everything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIGHTLINE_DATA", "somewhere")
    settings = load_settings()
    assert settings.sqlite_path == tmp_path / "somewhere" / "sightline.db"
    assert settings.storage_url == f"file://{tmp_path}/somewhere/files"


def test_a_missing_key_is_made_once_and_kept_for_its_owner_only(tmp_path: Path) -> None:
    key = load_settings().secret_key.get_secret_value()
    assert re.fullmatch(r"[0-9a-f]{64}", key)
    assert load_settings().secret_key.get_secret_value() == key
    assert (tmp_path / "data" / "secret_key").stat().st_mode & 0o777 == 0o600


def test_two_processes_that_start_at_once_agree_on_the_key() -> None:
    code = "from sightline.core.secret_key import stored; from pathlib import Path; print(stored(Path('data')))"
    running = [subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) for _ in range(4)]
    assert len({process.communicate()[0] for process in running}) == 1


@pytest.mark.parametrize(
    "key", ["your-secret-key-here", "short", "x" * 64, "change-me-in-production-please-do-it", "example" + GOOD_KEY]
)
@pytest.mark.parametrize("name", ["SECRET_KEY", "JWT_SECRET_KEY"])
def test_a_key_that_can_be_guessed_is_refused_and_not_repeated(
    name: str, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, key)
    with pytest.raises(SettingsError, match=f"^{name} must be at least 32 characters") as refused:
        load_settings()
    assert key not in str(refused.value)


def test_the_key_has_a_second_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JWT_SECRET_KEY", GOOD_KEY)
    assert load_settings().secret_key.get_secret_value() == GOOD_KEY
    monkeypatch.setenv("SECRET_KEY", GOOD_KEY)
    assert load_settings().secret_key.get_secret_value() == GOOD_KEY


def test_two_different_keys_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JWT_SECRET_KEY", GOOD_KEY)
    monkeypatch.setenv("SECRET_KEY", OTHER_KEY)
    with pytest.raises(SettingsError, match=r"^SECRET_KEY and JWT_SECRET_KEY .* differ"):
        load_settings()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("REGISTRATION", "sometimes"),
        ("MAX_UPLOAD_MB", "0"),
        ("ACCESS_TOKEN_EXPIRE_MINUTES", "ten"),
        ("PUBLIC_URL", "issues.example.org"),
        ("PUBLIC_URL", "https://issues.example.org/folder"),
        ("PUBLIC_URL", "https://issues.example.org:port"),
        ("STORAGE_URL", "file://relative"),
        ("STORAGE_URL", "ftp://somewhere/else"),
        ("LOG_FORMAT", "xml"),
        ("DOCS", "perhaps"),
        ("API_VERSION", "1" * 51),
    ],
)
def test_a_wrong_value_gets_one_sentence_that_names_the_variable(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as refused:
        load_settings()
    assert str(refused.value) == f"{name} must be {Settings.model_fields[name.lower()].description}."


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "taken").write_text("a file")
    monkeypatch.setenv("SIGHTLINE_DATA", "taken/data")
    with pytest.raises(SettingsError, match=r"^SIGHTLINE_DATA must be a folder .*taken"):
        load_settings()


def test_the_env_file_is_read_and_the_environment_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".env").write_text("MAX_UPLOAD_MB=7\nLOG_FORMAT=json\nAPI_TITLE=\n")
    monkeypatch.setenv("LOG_FORMAT", "text")
    settings = load_settings()
    assert (settings.max_upload_mb, settings.log_format, settings.api_title) == (7, "text", "Sightline")


def test_a_variable_that_looks_like_ours_is_named(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("JWT_SECRET=x\nPOSTGRES_PASSWORD=x\n")
    sentences = misspelt(
        {"DATABASE_URI": "x", "SIGHTLINE_PORT": "x", "HOME": "/", "TEST_DATABASE_URL": "x", "DOCS": "on"}
    )
    assert sentences == [
        "DATABASE_URI is not a setting and is ignored; did you mean DATABASE_URL?",
        "JWT_SECRET is not a setting and is ignored; did you mean JWT_SECRET_KEY?",
        "SIGHTLINE_PORT is not a setting and is ignored.",
    ]


def test_secrets_do_not_show_in_the_settings_own_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", GOOD_KEY)
    monkeypatch.setenv("DATABASE_URL", "postgresql://u:hunter2@h/d")
    assert GOOD_KEY not in repr(load_settings())
    assert "hunter2" not in repr(load_settings())


def test_the_example_the_table_and_the_code_name_the_same_settings() -> None:
    code = {name.upper() for name in Settings.model_fields}
    example = re.findall(r"^#([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE)
    table = re.findall(r"^\| `([A-Z_]+)` \| ([^|]+) \|", (ROOT / "docs" / "configuration.md").read_text(), re.MULTILINE)
    assert sorted(example) == sorted(code)
    assert dict(table) == {name: Settings.model_fields[name.lower()].description for name in code}
    assert len(table) == len(code)


def test_the_defaults_in_the_example_and_the_table_are_the_codes(tmp_path: Path) -> None:
    plain = load_settings()
    uncommented = re.sub(r"^#(?=[A-Z_]+=)", "", (ROOT / ".env.example").read_text(), flags=re.MULTILINE)
    (tmp_path / ".env").write_text(uncommented)
    assert load_settings() == plain
    table = (ROOT / "docs" / "configuration.md").read_text()
    shown = {name: value for name, value in dotenv_values(tmp_path / ".env").items() if value}
    missing = [name for name, value in shown.items() if name != "DATABASE_URL" and f"| `{value}` |" not in table]
    assert not missing
    assert plain.api_version == __version__
