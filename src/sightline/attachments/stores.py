"""The kinds of store that `STORAGE_URL` may name: a folder, an S3-compatible bucket, an Azure Blob container."""

from datetime import timedelta
from typing import Any, Final
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from obstore.exceptions import BaseError
from obstore.store import AzureStore, LocalStore, ObjectStore, S3Store
from pydantic import SecretStr

from sightline.core.config import Settings
from sightline.core.refusal import Refusal

# Without these an outage hides for minutes, and whoever waits thinks that it is theirs.
RETRIES: Final[Any] = {"max_retries": 1, "retry_timeout": timedelta(seconds=8)}
PATIENCE: Final = {"connect_timeout": timedelta(seconds=3), "read_timeout": timedelta(seconds=20)}


def open_store(url: str, settings: Settings) -> ObjectStore:
    """Open the store at `url` with the credentials of `settings`; without any, those that the machine itself has.

    Raises:
        Refusal: what is known does not make a store.
    """
    parts = urlsplit(url)
    try:
        if parts.scheme == "s3":
            return _s3(parts, settings)
        if parts.scheme == "azure":
            return _azure(parts, settings)
        return LocalStore(unquote(parts.path), mkdir=True)
    except (BaseError, ValueError, OSError) as error:
        raise Refusal(f"STORAGE_URL: the file store cannot be opened ({error}).") from None


def _s3(parts: SplitResult, settings: Settings) -> S3Store:
    return S3Store(
        parts.netloc,
        **_common(parts),
        **_given(
            access_key_id=settings.aws_access_key_id,
            secret_access_key=settings.aws_secret_access_key,
            region=settings.aws_region,
        ),
    )


def _azure(parts: SplitResult, settings: Settings) -> AzureStore:
    container = parts.netloc or settings.azure_storage_container_name
    if not container or not settings.azure_storage_account_name:
        raise Refusal("STORAGE_URL: azure:// needs a container and AZURE_STORAGE_ACCOUNT_NAME.")
    return AzureStore(
        container,
        **_common(parts),
        **_given(
            account_name=settings.azure_storage_account_name,
            account_key=settings.azure_storage_account_key,
        ),
    )


def _common(parts: SplitResult) -> dict[str, Any]:
    endpoint = parse_qs(parts.query).get("endpoint", [None])[0]
    is_plain = bool(endpoint) and urlsplit(endpoint).scheme == "http"
    return {
        "client_options": PATIENCE | {"allow_http": is_plain},
        "retry_config": RETRIES,
        **_given(endpoint=endpoint, prefix=parts.path.strip("/") or None),
    }


def _given(**values: str | SecretStr | None) -> dict[str, Any]:
    return {
        name: value.get_secret_value() if isinstance(value, SecretStr) else value
        for name, value in values.items()
        if value is not None
    }
