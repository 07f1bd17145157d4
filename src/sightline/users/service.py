"""Accounts: set-up, registration, administration."""

from pydantic import SecretStr
from sqlalchemy.exc import IntegrityError

from sightline.core.actor import SYSTEM, Actor, May, Role
from sightline.core.db import Database, ReadSession, WriteSession, serialise
from sightline.core.errors import Conflict, Forbidden, NotFound
from sightline.events.log import erase, record
from sightline.users import passwords, queries, throttle
from sightline.users.changes import (
    ActivityChanged,
    Deleted,
    Ended,
    PasswordChanged,
    Registered,
    Renamed,
    RoleChanged,
    TokenRevoked,
)
from sightline.users.models import User
from sightline.users.schemas import MeEdit, Registration, UserEdit, UserWish

ADMINS = "administrators"


async def set_up(database: Database, wish: Registration) -> User:
    """Make the first administrator; raises `NotFound` afterwards and `Conflict` for the slower of two."""
    async with database.reading() as session:
        if not await queries.is_empty(session):
            raise NotFound
    passwords.check(wish.password, Role.admin)
    password_hash = await passwords.hashed(wish.password)
    async with database.writing() as session:
        await serialise(session, ADMINS)
        if not await queries.is_empty(session):
            raise Conflict("Somebody else has just set this server up.", code="already_set_up")
        return await _add(session, SYSTEM, wish, Role.admin, password_hash)


async def register(database: Database, wish: Registration, *, is_open: bool, peer: str) -> User:
    """Make an account with role `reporter`; raises `Forbidden` when closed, `Conflict` for a taken address.

    Conflicts count against the caller's network address `peer`, so that nobody can go through a list
    of addresses; raises `TooMany`.
    """
    if not is_open:
        raise Forbidden("Registration is closed on this server; ask an administrator.", code="registration_closed")
    bucket = f"register:{peer}"
    async with database.reading() as session:
        await throttle.admit(session, bucket)
    passwords.check(wish.password, Role.reporter)
    password_hash = await passwords.hashed(wish.password)
    try:
        async with database.writing() as session:
            return await _add(session, SYSTEM, wish, Role.reporter, password_hash)
    except Conflict:
        async with database.writing() as session:
            throttle.note_failure(session, bucket)
        raise


async def admit_new(actor: Actor, wish: UserWish) -> str | None:
    """Check that the actor may make this account, and return the hash of its password (before any transaction)."""
    actor.must(May.administer)
    actor.must_be_fresh()
    return await _checked(wish.password, wish.role)


async def create(session: WriteSession, actor: Actor, wish: UserWish, password_hash: str | None) -> User:
    """Make an account that `admit_new` let pass; raises `Conflict` for a taken address."""
    user = await _add(session, actor, wish, wish.role, password_hash)
    if not wish.is_active:
        await record(session, actor, user, ActivityChanged(before=True, after=False))
    return user


async def _checked(password: SecretStr | None, role: Role) -> str | None:
    if password is None:
        return None
    passwords.check(password, role)
    return await passwords.hashed(password)


async def _add(
    session: WriteSession, actor: Actor, wish: Registration | UserWish, role: Role, password_hash: str | None
) -> User:
    user = User(password_hash=password_hash)
    try:
        await record(session, actor, user, Registered(email=wish.email, name=wish.name, role=role))
    except IntegrityError as error:
        raise Conflict("There is an account with this address already.", code="email_taken") from error
    return user


async def change_me(database: Database, actor: Actor, wish: MeEdit) -> User:
    """Change one's own name or password; a new password ends one's other sessions and all tokens."""
    password_hash = await _own_new_password(database, actor, wish)
    async with database.writing() as session:
        user = await queries.get(session, actor.id or 0, locked=True)
        await _rename(session, actor, user, wish.name)
        if password_hash:
            await _set_password(session, actor, user, password_hash)
        return user


async def _own_new_password(database: Database, actor: Actor, wish: MeEdit) -> str | None:
    if wish.password is None:
        return None
    async with database.reading() as session:
        user = await queries.get(session, actor.id or 0)
    passwords.check(wish.password, Role(user.role))
    if not await passwords.matches(user.password_hash, wish.current_password or SecretStr("")):
        raise Forbidden("The present password is not right.", code="wrong_password")
    return await passwords.hashed(wish.password)


async def change(database: Database, actor: Actor, user_id: int, wish: UserEdit) -> User:
    """Change an account as an administrator; the last administrator stays one."""
    async with database.reading() as session:
        actor.must(May.administer)
        user = await queries.get(session, user_id)
    actor.must_be_fresh()
    password_hash = await _checked(wish.password, wish.role or Role(user.role))
    async with database.writing() as session:
        await serialise(session, ADMINS)
        user = await queries.get(session, user_id, locked=True)
        await _rename(session, actor, user, wish.name)
        await _change_standing(session, actor, user, wish)
        if password_hash:
            await _set_password(session, actor, user, password_hash)
        return user


async def _change_standing(session: WriteSession, actor: Actor, user: User, wish: UserEdit) -> None:
    loses = (wish.role not in {None, Role.admin}) or wish.is_active is False
    if loses:
        await _must_not_be_last_admin(session, user)
    if wish.role is not None and wish.role != user.role:
        await record(session, actor, user, RoleChanged(before=Role(user.role), after=wish.role))
    if wish.is_active is not None and wish.is_active != user.is_active:
        await record(session, actor, user, ActivityChanged(before=user.is_active, after=wish.is_active))
        if not wish.is_active:
            await end_all(session, actor, user, "disabled")


async def delete(session: WriteSession, actor: Actor, user_id: int) -> None:
    """End an account: its sessions and tokens end, its name and address are erased, its issues stay."""
    actor.must(May.administer)
    user = await queries.get(session, user_id)
    actor.must_be_fresh()
    await serialise(session, ADMINS)
    user = await queries.get(session, user_id, locked=True)
    await _must_not_be_last_admin(session, user)
    await end_all(session, actor, user, "deleted")
    await record(session, actor, user, Deleted())
    user.password_hash = None
    await erase(session, user)


async def _must_not_be_last_admin(session: ReadSession, user: User) -> None:
    if user.role == Role.admin and user.is_active and await queries.active_admins(session) <= 1:
        raise Conflict("This is the last administrator; make another one first.", code="last_admin")


async def _rename(session: WriteSession, actor: Actor, user: User, name: str | None) -> None:
    if name is not None and name != user.name:
        await record(session, actor, user, Renamed(before=user.name, after=name))


async def _set_password(session: WriteSession, actor: Actor, user: User, password_hash: str) -> None:
    user.password_hash = password_hash
    await record(session, actor, user, PasswordChanged())
    await end_all(session, actor, user, "password changed", but=actor.session_id)


async def end_all(session: WriteSession, actor: Actor, user: User, reason: str, *, but: int | None = None) -> None:
    """End every session and token of a person, except the session `but`."""
    for one in await queries.sessions_of(session, user.id):
        if one.id != but:
            await record(session, actor, one, Ended(reason=reason))
    for token in await queries.tokens_of(session, user.id):
        await record(session, actor, token, TokenRevoked())
