"""What comes in and goes out about people and credentials."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal

from email_validator import SPECIAL_USE_DOMAIN_NAMES, EmailNotValidError, validate_email
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr

from sightline.core.actor import Role
from sightline.core.text import Line, word
from sightline.core.times import Moment
from sightline.users.models import SessionKind

# People who host for themselves have addresses such as ada@office.local.
SPECIAL_USE_DOMAIN_NAMES.clear()

ROLE_SYNONYMS = {"user": "reporter", "administrator": "admin", "agent": "maintainer"}


def _address(value: str) -> str:
    try:
        return validate_email(value, check_deliverability=False, globally_deliverable=False).normalized
    except EmailNotValidError as error:
        raise ValueError("is not an e-mail address") from error


Email = Annotated[str, Line(3, 254), AfterValidator(_address)]
Name = Annotated[str, Line(1, 100)]
RoleWord = Annotated[Role, word(ROLE_SYNONYMS)]
Password = Annotated[SecretStr, Field(max_length=1024)]


class Wish(BaseModel):
    """An input: unknown fields are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Registration(Wish):
    """A new account."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"email": "ada@example.org", "name": "Ada", "password": "a long made-up sentence"}]
        }
    )
    email: Email
    name: Name
    password: Password


class SetUp(Registration):
    """The first administrator; `setup_token` is on the console unless the server is on loopback."""

    setup_token: str | None = Field(None, max_length=200)


class SignIn(Wish):
    """An address and a password."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"email": "ada@example.org", "password": "a long made-up sentence"}]}
    )
    email: Annotated[str, Line(1, 254)]
    password: Password


class MeEdit(Wish):
    """Own name, or a new password together with the present one."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"name": "Ada L."}]})
    name: Name | None = None
    password: Password | None = None
    current_password: Password | None = None


class UserWish(Wish):
    """An account made by an administrator; without a password the person cannot sign in yet."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"email": "grace@example.org", "name": "Grace", "role": "maintainer"}]}
    )
    email: Email
    name: Name
    role: RoleWord = Role.reporter
    password: Password | None = None
    is_active: bool = True


class UserEdit(Wish):
    """What an administrator may change of an account."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"role": "maintainer"}]})
    name: Name | None = None
    role: RoleWord | None = None
    is_active: bool | None = None
    password: Password | None = None


class Scope(StrEnum):
    """What a personal token may do."""

    read = "read"
    write = "write"


class TokenWish(Wish):
    """A personal token; `write` includes `read`."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"name": "nightly import", "scopes": ["read", "write"]}]})
    name: Name
    scopes: list[Scope] = Field([Scope.read, Scope.write], min_length=1, max_length=2)
    expires_at: datetime | None = None


class Person(BaseModel):
    """Somebody, as everybody may see them."""

    id: int
    name: str


class UserOut(Person):
    """An account; `email`, `role` and `is_active` are there for administrators and for oneself."""

    email: str | None = None
    role: Role | None = None
    is_active: bool | None = None


class Users(BaseModel):
    """A page of people."""

    items: list[UserOut]
    next_cursor: str | None


class Tokens(BaseModel):
    """An access token and the refresh token that gets the next (RFC 6749, section 5.1)."""

    access_token: str
    token_type: Literal["bearer"] = "bearer"  # noqa: S105 - the name of a scheme
    expires_in: int
    refresh_token: str


class SessionOut(BaseModel):
    """Who is signed in here; writes with the cookie send `csrf_token` as `X-CSRF-Token`."""

    user: UserOut
    csrf_token: str
    expires_at: Moment
    is_cookie_secure: bool


class SignInOut(BaseModel):
    """One of somebody's own sign-ins."""

    id: int
    carrier: SessionKind
    user_agent: str | None
    created_at: Moment
    expires_at: Moment
    is_current: bool


class SignIns(BaseModel):
    """Own sign-ins that still hold, newest first."""

    items: list[SignInOut]


class TokenOut(BaseModel):
    """A personal token without its secret."""

    id: int
    name: str
    scopes: list[Scope]
    created_at: Moment
    expires_at: Moment | None


class NewToken(TokenOut):
    """A personal token with its secret, shown this once."""

    token: str


class TokenList(BaseModel):
    """Own personal tokens that are not revoked."""

    items: list[TokenOut]


class SetUpState(BaseModel):
    """Whether the first administrator is still to be made, and whether that takes the console's token."""

    open: bool
    token_needed: bool
