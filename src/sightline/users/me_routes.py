"""One's own account, sign-ins and personal tokens."""

from fastapi import Response

from sightline.core.http import CurrentActor, Reading, Writing, api_router
from sightline.core.text import RowId
from sightline.users import credentials, queries, service
from sightline.users.auth_routes import NO_STORE, Db, account
from sightline.users.schemas import MeEdit, NewToken, SignInOut, SignIns, TokenList, TokenOut, TokenWish, UserOut

router = api_router("/me", tags=["me"])


@router.get("")
async def read_me(session: Reading, actor: CurrentActor) -> UserOut:
    """Return one's own account."""
    return account(await queries.get(session, actor.id or 0))


@router.patch("")
async def edit_me(database: Db, actor: CurrentActor, wish: MeEdit) -> UserOut:
    """Change one's own name, or the password together with the present one."""
    return account(await service.change_me(database, actor, wish))


@router.get("/sessions")
async def list_sessions(session: Reading, actor: CurrentActor) -> SignIns:
    """List one's own sign-ins that still hold."""
    held = await queries.sessions_of(session, actor.id or 0)
    fields = ("id", "carrier", "user_agent", "created_at", "expires_at")
    shown = [SignInOut(**{f: getattr(one, f) for f in fields}, is_current=one.id == actor.session_id) for one in held]
    return SignIns(items=shown)


@router.delete("/sessions/{id}", status_code=204)
async def end_session(session: Writing, actor: CurrentActor, id: RowId) -> None:
    """End one of one's own sign-ins."""
    await credentials.end_session(session, actor, id, "ended by its owner")


@router.get("/tokens")
async def list_tokens(session: Reading, actor: CurrentActor) -> TokenList:
    """List one's own personal tokens, without their secrets."""
    held = await queries.tokens_of(session, actor.id or 0)
    return TokenList(items=[TokenOut.model_validate(one, from_attributes=True) for one in held])


@router.post("/tokens", status_code=201)
async def create_token(response: Response, session: Writing, actor: CurrentActor, wish: TokenWish) -> NewToken:
    """Make a personal token; its secret is shown this once."""
    token, secret = await credentials.create_token(session, actor, wish)
    response.headers.update(NO_STORE)
    return NewToken(**TokenOut.model_validate(token, from_attributes=True).model_dump(), token=secret)


@router.delete("/tokens/{id}", status_code=204)
async def revoke_token(session: Writing, actor: CurrentActor, id: RowId) -> None:
    """Revoke one of one's own personal tokens."""
    await credentials.revoke_token(session, actor, id)
