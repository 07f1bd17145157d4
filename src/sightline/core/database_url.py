"""Where the database is: every usual spelling in, the one SQLAlchemy needs out."""

import re
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit

ALLOWED = "sqlite:///path/to/file.db or postgresql://user:password@host/database"

_SQLITE = frozenset({"sqlite", "sqlite3"})
_POSTGRESQL = frozenset({"postgres", "postgresql", "psql", "pgsql"})
_SQLITE_FILES = frozenset({".db", ".sqlite", ".sqlite3"})
_POSTGRESQL_OPTIONS = {"sslmode": "ssl", "ssl": "ssl", "host": "host", "target_session_attrs": "target_session_attrs"}
_PORT = re.compile(r"(^|@)([^@:\[\]]*|\[[^\]]+\])(:\d{1,5})?$")
_SSL = frozenset({"disable", "allow", "prefer", "require", "verify-ca", "verify-full"})
_SSL_WORDS = {"true": "require", "on": "require", "1": "require", "false": "disable", "off": "disable", "0": "disable"}


def normalise(text: str) -> str:
    """Return the address as SQLAlchemy's asynchronous drivers want it, a SQLite path made absolute.

    Raises:
        ValueError: what is wrong with it, without repeating it, since it may hold a password.
    """
    scheme, colon, rest = text.strip().partition(":")
    dialect = scheme.lower().partition("+")[0] if colon else ""
    if dialect == "file":
        return _sqlite(rest.removeprefix("//"))
    if dialect in _SQLITE:
        return _sqlite(rest.removeprefix("///").removeprefix("//"))
    if dialect in _POSTGRESQL:
        return _postgresql(rest)
    if not colon and Path(text).suffix in _SQLITE_FILES:
        return _sqlite(text)
    raise ValueError(ALLOWED)


def of_file(path: Path) -> str:
    """Return the address of a SQLite file."""
    return f"sqlite+aiosqlite:///{path.expanduser().absolute()}"


def _sqlite(path: str) -> str:
    if path in {"", ":memory:"}:
        raise ValueError(f"{ALLOWED}; a database in memory would be gone after a restart")
    if "?" in path:
        raise ValueError(f"{ALLOWED}; options after a question mark are not for SQLite files")
    return of_file(Path(path))


def _postgresql(rest: str) -> str:
    parts = urlsplit(f"postgresql:{rest}")
    if not rest.startswith("//") or not parts.path.strip("/"):
        raise ValueError(f"{ALLOWED}; the name of the database is missing")
    if not _PORT.search(parts.netloc):
        raise ValueError(f"{ALLOWED}; the port is not a number")
    options = urlencode([_option(*pair) for pair in parse_qsl(parts.query, keep_blank_values=True)], safe="/")
    return f"postgresql+asyncpg://{parts.netloc}{parts.path}{'?' * bool(options)}{options}"


def _option(name: str, value: str) -> tuple[str, str]:
    if name not in _POSTGRESQL_OPTIONS:
        raise ValueError(f"{ALLOWED}, with no options but {', '.join(_POSTGRESQL_OPTIONS)}")
    if _POSTGRESQL_OPTIONS[name] != "ssl":
        return _POSTGRESQL_OPTIONS[name], value
    mode = _SSL_WORDS.get(value.lower(), value)
    if mode not in _SSL:
        raise ValueError(f"{ALLOWED}, sslmode being one of {', '.join(sorted(_SSL))}")
    return "ssl", mode
