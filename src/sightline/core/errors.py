"""Problems a caller can be told about (RFC 9457), each with a status and a stable code."""

from typing import Any, ClassVar, Final

MISSING: Final = "There is nothing here that you can see."


class Problem(Exception):
    """An answer other than success; `detail` is one sentence for a person, `more` joins the body."""

    status: ClassVar[int] = 500
    code: str = "internal"
    title: ClassVar[str] = "Something went wrong"

    def __init__(self, detail: str = "", /, *, headers: dict[str, str] | None = None, **more: Any) -> None:
        super().__init__(detail)
        self.detail = detail
        self.headers = headers or {}
        self.code = more.pop("code", self.code)
        self.more = more


class Unauthenticated(Problem):
    """No credential, or one that does not hold (any more)."""

    status, code, title = 401, "unauthenticated", "Sign in first"

    def __init__(self, detail: str = "This needs a valid credential.", /, **more: Any) -> None:
        super().__init__(detail, headers={"WWW-Authenticate": "Bearer"}, **more)


class Forbidden(Problem):
    """The caller is known, but this function is not theirs."""

    status, code, title = 403, "forbidden", "Not allowed"


class NotFound(Problem):
    """There is no such thing, or the caller may not see it: the answers are the same."""

    status, code, title = 404, "not_found", "Not found"

    def __init__(self) -> None:
        super().__init__(MISSING)


class Conflict(Problem):
    """The request does not fit the present state."""

    status, code, title = 409, "conflict", "Conflict"


class TooLarge(Problem):
    """The body is over a limit."""

    status, code, title = 413, "too_large", "Too large"


class UnsupportedType(Problem):
    """The body has a content type this address does not read."""

    status, code, title = 415, "unsupported_type", "Unsupported content type"


class Invalid(Problem):
    """The input cannot be read; `errors` names each field. The input itself is never repeated."""

    status, code, title = 422, "invalid", "Invalid input"

    def __init__(
        self, field: str = "", message: str = "", /, *, errors: list[dict[str, str]] | None = None, **more: Any
    ) -> None:
        listed = errors if errors is not None else [{"field": field, "message": message}]
        detail = "; ".join(f"{e['field']}: {e['message']}" if e["field"] else e["message"] for e in listed[:5])
        super().__init__(detail, errors=listed, **more)


class PreconditionRequired(Problem):
    """A change must name the version it saw."""

    status, code, title = 428, "version_required", "Version required"


class TooMany(Problem):
    """A limit on the number of tries is reached."""

    status, code, title = 429, "too_many", "Too many tries"

    def __init__(self, detail: str, /, *, retry_after: int, **more: Any) -> None:
        super().__init__(detail, headers={"Retry-After": str(retry_after)}, **more)


class Unavailable(Problem):
    """The server cannot do this right now; trying again later makes sense."""

    status, code, title = 503, "unavailable", "Not available right now"

    def __init__(self, detail: str = "Try again in a moment.", /, **more: Any) -> None:
        super().__init__(detail, headers={"Retry-After": "2"}, **more)


class StorageFull(Problem):
    """The disk is full."""

    status, code, title = 507, "storage_full", "No space left"

    def __init__(self) -> None:
        super().__init__("There is no space left to store this.", headers={"Retry-After": "60"})
