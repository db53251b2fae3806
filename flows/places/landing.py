"""Where the kept pages are: in the home, or in a bucket that several machines share."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from extractors.landing.landing import Landing
from extractors.landing.storage import Folder, Storage
from flows.settings import Settings
from warehouse.lake.address import lake_address


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a landing is, as one process may tell another: a folder, or the URL of a bucket.

    `lake` is the address of the lake whose catalog has the index of the bucket, and what follows its server and key.
    """

    address: str
    lake: str | None = None
    endpoint: str | None = None
    region: str | None = None
    key: str | None = None
    secret: str | None = field(default=None, repr=False)

    @property
    def storage(self) -> Storage:
        """The files there; nothing is asked before one is wanted."""
        if self.lake is None:
            return Folder(Path(self.address))
        # Imported here, because only a bucket needs the extra.
        from extractors.landing.bucket import Bucket, BucketAddress  # noqa: PLC0415
        from warehouse.lake.shared.notes import LandingNotes  # noqa: PLC0415

        address = BucketAddress(
            url=self.address, endpoint=self.endpoint, region=self.region, key=self.key, secret=self.secret
        )
        return Bucket(address, LandingNotes(lake_address(self.lake), self.address))


def place_of(settings: Settings) -> Place:
    """Where the settings say that pages are kept."""
    if settings.bucket is None:
        return Place(address=str(settings.landing))
    scheme = "https" if settings.is_s3_encrypted else "http"
    return Place(
        address=settings.bucket,
        lake=settings.warehouse,
        endpoint=settings.s3_host and f"{scheme}://{settings.s3_host}",
        region=settings.s3_region,
        key=settings.s3_key,
        secret=settings.s3_secret,
    )


def landing_of(settings: Settings) -> Landing:
    """The landing, with its pages and readings."""
    return Landing(storage_of(settings))


def storage_of(settings: Settings) -> Storage:
    """The files of the landing, also those of decisions."""
    return place_of(settings).storage
