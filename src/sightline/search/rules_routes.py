"""The rules of a project: which files are proposed to be filed there."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from sightline.core.actor import Role
from sightline.core.http import CurrentActor, Reading, Writing, api_router, needs
from sightline.core.text import Line
from sightline.projects import service as projects
from sightline.search.rules import readable

RuleLine = Annotated[str, Line(1, 200), AfterValidator(readable)]


class RulesWish(BaseModel):
    """All rules of a project, one a line: `NAME:VALUE` as in `GET /issues?fact=`, or `kind:NAME`."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"rules": ['invoice.supplier:"ACME"', "invoice.total:>1000", "kind:crash"]}]},
    )
    rules: Annotated[list[RuleLine], Field(max_length=20)]


class RulesOut(BaseModel):
    """The rules of a project."""

    rules: list[str]


router = api_router("/projects", tags=["projects"])


@router.get("/{key}/rules", openapi_extra=needs(Role.maintainer))
async def read_rules(session: Reading, actor: CurrentActor, key: str) -> RulesOut:
    """Return the rules by which files are proposed to be filed in one project."""
    return RulesOut(rules=(await projects.rules(session, actor, key)).rules)


@router.put("/{key}/rules", openapi_extra=needs(Role.maintainer))
async def replace_rules(session: Writing, actor: CurrentActor, key: str, wish: RulesWish) -> RulesOut:
    """Replace the rules of one project; any of them that fits a file proposes the project."""
    return RulesOut(rules=(await projects.replace_rules(session, actor, key, wish.rules)).rules)
