"""Who may do what: every route has exactly one row.

Columns: a caller without credential; a reporter with something of their own; another reporter with the same thing;
a maintainer; an administrator; somebody disabled, or with a token that has run out; an administrator's read-only token.
Calls come from another machine. `~` stands for /api/v1.
"""

from dataclasses import dataclass
from typing import Final

ROWS: Final = """
GET    ~/setup                               200  200  200  200  200  200  200
POST   ~/setup                               404  404  404  404  404  404  403
POST   ~/setup/samples                       401  403  403  403  409  401  403
POST   ~/auth/register                       201  201  201  201  201  201  403
POST   ~/auth/token                          200  200  200  200  200  200  403
POST   ~/auth/logout                         401  204  204  204  204  401  403
GET    ~/auth/session                        401  200  200  200  200  401  401
POST   ~/auth/session                        201  201  201  201  201  201  403
DELETE ~/auth/session                        401  204  204  204  204  401  403
GET    ~/me                                  401  200  200  200  200  401  200
PATCH  ~/me                                  401  200  200  200  200  401  403
GET    ~/me/sessions                         401  200  200  200  200  401  200
DELETE ~/me/sessions/{id}                    401  204  404  404  404  401  403
GET    ~/me/tokens                           401  200  200  200  200  401  200
POST   ~/me/tokens                           401  201  201  201  201  401  403
DELETE ~/me/tokens/{id}                      401  204  404  404  404  401  403
GET    ~/users                               401  200  200  200  200  401  200
POST   ~/users                               401  403  403  403  201  401  403
GET    ~/users/{id}                          401  200  404  200  200  401  200
PATCH  ~/users/{id}                          401  403  403  403  200  401  403
DELETE ~/users/{id}                          401  403  403  403  204  401  403
GET    ~/projects                            401  200  200  200  200  401  200
POST   ~/projects                            401  403  403  201  201  401  403
GET    ~/projects/{key}                      401  200  200  200  200  401  200
PATCH  ~/projects/{key}                      401  403  403  200  200  401  403
GET    ~/projects/{key}/rules                401  403  403  200  200  401  200
PUT    ~/projects/{key}/rules                401  403  403  200  200  401  403
DELETE ~/projects/{key}                      401  403  403  403  204  401  403
GET    ~/labels                              401  200  200  200  200  401  200
POST   ~/labels                              401  403  403  201  201  401  403
GET    ~/issues                              401  200  200  200  200  401  200
POST   ~/issues                              401  201  201  201  201  401  403
GET    ~/issues/{issue_ref}                  401  200  404  200  200  401  200
PATCH  ~/issues/{issue_ref}                  401  200  404  200  200  401  403
DELETE ~/issues/{issue_ref}                  401  403  404  403  204  401  403
POST   ~/issues/{issue_ref}/occurrences      401  201  404  201  201  401  403
PUT    ~/issues/{issue_ref}/labels           401  403  404  200  200  401  403
POST   ~/issues/{issue_ref}/restore          401  404  404  404  200  401  403
GET    ~/issues/{issue_ref}/comments         401  200  404  200  200  401  200
POST   ~/issues/{issue_ref}/comments         401  201  404  201  201  401  403
POST   ~/issues/{issue_ref}/receipt          401  404  404  201  201  401  403
DELETE ~/issues/{issue_ref}/receipt          401  404  404  204  204  401  403
GET    ~/issues/{issue_ref}/similar          401  200  404  200  200  401  200
GET    ~/issues/{issue_ref}/events           401  200  404  200  200  401  200
GET    ~/issues/{issue_ref}/attachments      401  200  404  200  200  401  200
POST   ~/issues/{issue_ref}/attachments      401  201  404  201  201  401  403
GET    ~/issues/{issue_ref}/facts            401  200  404  200  200  401  200
POST   ~/issues/{issue_ref}/facts            401  201  404  201  201  401  403
POST   ~/attachments                         401  201  201  201  201  401  403
GET    ~/attachments/{id}                    401  200  404  200  200  401  200
GET    ~/attachments/{id}/content            401  200  404  200  200  401  200
GET    ~/attachments/{id}/preview            401  200  404  200  200  401  200
GET    ~/attachments/{id}/parts              401  200  404  200  200  401  200
GET    ~/attachments/{id}/facts              401  200  404  200  200  401  200
GET    ~/attachments/{id}/similar            401  200  404  200  200  401  200
GET    ~/attachments/{id}/text               401  200  404  200  200  401  200
DELETE ~/attachments/{id}                    401  204  404  204  204  401  403
GET    ~/suggestions                         401  200  404  404  404  401  404
PATCH  ~/facts/{id}                          401  200  404  200  200  401  403
GET    ~/submit/{project}                    200  200  200  200  200  200  200
POST   ~/submit/{project}                    201  201  201  201  201  201  403
GET    ~/receipts/{token}                    200  200  200  200  200  200  200
POST   ~/receipts/{token}/replies            201  201  201  201  201  201  403
POST   ~/receipts/{token}/attachments        201  201  201  201  201  201  403
GET    ~/insights/summary                    401  200  200  200  200  401  200
GET    ~/events                              401  200  200  200  200  401  200
WS     ~/ws                                  401  200  200  200  200  401  200
GET    /health                               200  200  200  200  200  200  200
GET    /health/live                          200  200  200  200  200  200  200
GET    /health/ready                         200  200  200  200  200  200  200
GET    /metrics                              404  404  404  404  200  404  200
GET    /openapi.json                         200  200  200  200  200  200  200
HEAD   /openapi.json                         200  200  200  200  200  200  200
GET    /docs                                 200  200  200  200  200  200  200
GET    /redoc                                200  200  200  200  200  200  200
GET    /docs/assets/{name}                   200  200  200  200  200  200  200
"""
# The pages hold what the routes above give to the same caller; tests/interface looks at them.
PAGES: Final = {(m, p) for m in ("GET", "HEAD") for p in ("/_app/{path:path}", "/favicon.svg", "/{path:page}")}
CALLERS: Final = ("anon", "own", "other", "maintainer", "admin", "disabled", "expired", "read_only")


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """What a route answers to each caller."""

    method: str
    path: str
    answers: dict[str, int]

    @property
    def is_public(self) -> bool:
        """Whether it answers to callers without a credential."""
        return self.answers["anon"] != 401

    @property
    def role(self) -> str:
        """The least role that it is for, as the API documentation names it."""
        if self.is_public:
            return "anyone"
        roles = {"own": "reporter", "maintainer": "maintainer", "admin": "admin"}
        return next(role for caller, role in roles.items() if self.answers[caller] in {200, 201, 204, 409})


def _parsed(line: str) -> Row:
    method, path, *answers = line.split()
    anon, own, other, maintainer, admin, dead, read_only = map(int, answers)
    of_caller = (anon, own, other, maintainer, admin, dead, dead, read_only)
    return Row(method, path.replace("~", "/api/v1"), dict(zip(CALLERS, of_caller, strict=True)))


TABLE: Final = tuple(_parsed(line) for line in ROWS.strip().splitlines())
