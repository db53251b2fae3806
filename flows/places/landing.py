"""Where the kept pages are: in the home, or in a bucket that several machines share."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from extractors.landing.landing import Landing
from extractors.landing.storage import BucketAddress, Folder, Storage
from flows.settings import Settings
from warehouse.lake.address import lake_address


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a landing is, as one process may tell another: a folder, or a bucket and the lake that has its index."""

    folder: str
    bucket: BucketAddress | None = None
    lake: str | None = None

    @property
    def storage(self) -> Storage:
        """The files there; nothing is asked before one is wanted."""
        if self.bucket is None or self.lake is None:
            return Folder(Path(self.folder))
        # Imported here, because only a bucket needs the extra.
        from extractors.landing.bucket import Bucket  # noqa: PLC0415
        from warehouse.lake.shared.notes import LandingNotes  # noqa: PLC0415

        return Bucket(self.bucket, LandingNotes(lake_address(self.lake), self.bucket.url))


def place_of(settings: Settings) -> Place:
    """Where the settings say that pages are kept."""
    if settings.bucket is None:
        return Place(folder=str(settings.landing))
    scheme = "https" if settings.is_s3_encrypted else "http"
    bucket = BucketAddress(
        url=settings.bucket,
        endpoint=settings.s3_host and f"{scheme}://{settings.s3_host}",
        region=settings.s3_region,
        key=settings.s3_key,
        secret=settings.s3_secret,
    )
    return Place(folder=str(settings.landing), bucket=bucket, lake=settings.warehouse)


def landing_of(settings: Settings) -> Landing:
    """The landing, with its pages and readings."""
    return Landing(storage_of(settings))


def storage_of(settings: Settings) -> Storage:
    """The files of the landing, also those of decisions."""
    return place_of(settings).storage
