"""Sample data for an administrator who looks around first."""

from typing import Annotated

from fastapi import Depends, Request
from pydantic import BaseModel

from sightline.attachments.routes import Bytes
from sightline.attachments.upload import drop
from sightline.core.actor import May, Role
from sightline.core.db import Database
from sightline.core.http import CurrentActor, api_router, needs
from sightline.samples import telling
from sightline.samples.story import STORY

router = api_router(tags=["projects"])


class Samples(BaseModel):
    """How many issues were filed."""

    issues: int


def _database(request: Request) -> Database:
    found: Database = request.app.state.database
    return found


@router.post("/setup/samples", status_code=201, openapi_extra=needs(Role.admin))
async def add_samples(
    database: Annotated[Database, Depends(_database)], actor: CurrentActor, storage: Bytes
) -> Samples:
    """File made-up issues, while there is none."""
    actor.must(May.administer)
    async with database.reading() as session:
        await telling.must_be_empty(session)
    files = [await telling.bring(storage, told) for told in STORY]
    try:
        async with database.writing() as session:
            await telling.tell(session, actor, files)
    except BaseException:
        await drop(storage, [one for arrived in files for one in arrived])
        raise
    return Samples(issues=len(STORY))
