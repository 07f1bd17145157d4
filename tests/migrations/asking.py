"""Questions to a database in the middle of its migrations."""

from typing import Any

from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from sightline.core.db import sqlite_writer


async def ask(url: str, question: Any) -> Any:
    """Return `question(connection)`, committed."""
    engine: AsyncEngine = sqlite_writer(url) if url.startswith("sqlite") else create_async_engine(url)
    try:
        async with engine.begin() as connection:
            return await connection.run_sync(question)
    finally:
        await engine.dispose()
