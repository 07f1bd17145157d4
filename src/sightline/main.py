"""Assembles the application: routes, readers, static interface."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import timedelta

from fastapi import FastAPI
from starlette.middleware import Middleware
from starlette.requests import HTTPConnection

from sightline import interface
from sightline.attachments import routes as attachments
from sightline.comments import routes as comments
from sightline.core import http
from sightline.core.actor import Actor
from sightline.core.config import Settings
from sightline.core.errors import Unauthenticated
from sightline.core.etags import EntityTags
from sightline.core.middleware import RequestContext
from sightline.directory import routes as directory
from sightline.doors import receipt_routes
from sightline.doors import routes as doors
from sightline.doors.discretion import Discretion
from sightline.facts import routes as facts
from sightline.filing import routes as filing
from sightline.house import House
from sightline.issues import routes as issues
from sightline.operations import documents, health
from sightline.readers.insights import routes as insights
from sightline.readers.live import routes as live
from sightline.samples import routes as samples
from sightline.search import routes as search
from sightline.search import rules_routes
from sightline.users import auth_routes, me_routes
from sightline.users import routes as users
from sightline.users.authentication import authenticate, must_be_same_origin
from sightline.users.credentials import Lifetimes

FEATURES = (
    auth_routes,
    samples,
    me_routes,
    users,
    directory,
    filing,
    search,
    rules_routes,
    issues,
    comments,
    doors,
    receipt_routes,
    attachments,
    facts,
    insights,
    live,
)


def create_app(settings: Settings) -> FastAPI:
    """Return the application for `settings`; its lifespan opens the database and everything that runs by itself."""
    house = House(settings)
    app = FastAPI(
        title=settings.api_title,
        description=settings.api_description,
        version=settings.api_version,
        lifespan=_lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url="/openapi.json" if settings.docs else None,
        redirect_slashes=False,
        middleware=[
            Middleware(Discretion),
            Middleware(RequestContext, public_url=settings.public_url),
            Middleware(EntityTags),
        ],
    )
    furnish(app, house)
    routers = [*(feature.router for feature in FEATURES), health.router]
    if settings.docs:
        routers.append(documents.router)
    for router in (*routers, interface.router):
        # As they are: `include_router` analyses every route once more, while the first request waits.
        app.router.routes.extend(router.routes)
    http.install(app)
    documents.describe(app)
    return app


def furnish(app: FastAPI, house: House) -> None:
    """Let the routes of `app` work on this house."""
    settings, state = house.settings, app.state
    state.house, state.settings, state.database = house, settings, house.database
    state.storage, state.tail, state.public_url = house.storage, house.tail, settings.public_url
    state.authenticate, state.authenticate_socket = authenticate, _authenticate_socket
    state.stopping = asyncio.Event()
    state.lifetimes = Lifetimes(
        secret=settings.secret_key.get_secret_value(),
        access=timedelta(minutes=settings.access_token_expire_minutes),
        refresh=timedelta(days=settings.refresh_token_expire_days),
    )


async def _authenticate_socket(connection: HTTPConnection) -> Actor:
    must_be_same_origin(connection, connection.app.state.public_url)
    actor = await authenticate(connection)
    if actor is None:
        raise Unauthenticated
    return actor


@contextlib.asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    house: House = app.state.house
    async with house.open(), house.at_work():
        closing = asyncio.create_task(_close_streams_first(app))
        yield
        closing.cancel()


async def _close_streams_first(app: FastAPI) -> None:
    await app.state.stopping.wait()
    app.state.tail.end_all()
