"""Administration of people."""

from sightline.core.actor import Role
from sightline.core.http import CurrentActor, Writing, api_router, needs
from sightline.core.idempotency import OnceKey
from sightline.core.text import RowId
from sightline.users import queries, service
from sightline.users.auth_routes import Db, account
from sightline.users.schemas import UserEdit, UserOut, UserWish

router = api_router("/users", tags=["users"])


@router.post("", status_code=201, openapi_extra=needs(Role.admin))
async def create_user(session: Writing, actor: CurrentActor, once: OnceKey, wish: UserWish) -> UserOut:
    """Create an account."""
    password_hash = await service.admit_new(actor, wish)

    async def make() -> UserOut:
        return account(await service.create(session, actor, wish, password_hash))

    answer: UserOut = await once.run(session, make, lambda before: queries.get(session, before["id"]))
    return answer


@router.patch("/{id}", openapi_extra=needs(Role.admin))
async def edit_user(database: Db, actor: CurrentActor, id: RowId, wish: UserEdit) -> UserOut:
    """Change name, role, password or activity of an account; the last administrator stays one."""
    return account(await service.change(database, actor, id, wish))


@router.delete("/{id}", status_code=204, openapi_extra=needs(Role.admin))
async def delete_user(session: Writing, actor: CurrentActor, id: RowId) -> None:
    """End an account: sessions and tokens end, the name is erased, issues stay."""
    await service.delete(session, actor, id)
