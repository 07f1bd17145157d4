"""Write the next migration: the difference between the models and a fresh database at the newest revision."""

import asyncio
import sys
import tempfile
from pathlib import Path

from alembic import command
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine

from sightline import migrations, models
from sightline.core.database_url import of_file


def write(connection: Connection, message: str) -> None:
    """Write the migration, numbered after the newest."""
    config = migrations.config()
    config.attributes.update(connection=connection, metadata=models.metadata)
    number = f"{int(migrations.newest()) + 1:04d}"
    command.revision(config, message=message, autogenerate=True, rev_id=number)


async def main(message: str) -> None:
    """Migrate a database in a scratch folder and compare."""
    with tempfile.TemporaryDirectory() as folder:
        url = of_file(Path(folder) / "newest.db")
        await migrations.migrate(url)
        engine = create_async_engine(url)
        async with engine.connect() as connection:
            await connection.run_sync(write, message)
        await engine.dispose()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
