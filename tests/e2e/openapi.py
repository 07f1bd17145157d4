"""The API as the interface knows it: `python -m tests.e2e.openapi` writes it and its types anew after the API has changed."""

import json
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from sightline.core.config import Settings
from sightline.main import create_app

WEB = Path(__file__).parents[2] / "web"
KNOWN = WEB / "openapi.json"
TYPES = WEB / "src/lib/api/schema.d.ts"


def present() -> dict[str, Any]:
    """Return the document that this checkout serves."""
    with tempfile.TemporaryDirectory() as folder:
        return create_app(Settings(sightline_data=Path(folder))).openapi()


def main() -> None:
    """Write the document and the types made from it."""
    KNOWN.write_text(json.dumps(present(), indent=2) + "\n", "utf-8")
    subprocess.run(["npm", "run", "--silent", "types"], cwd=WEB, check=True)


if __name__ == "__main__":
    main()
