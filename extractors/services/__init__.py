"""Every service that knows facts by id: a module each, listed here.

Another one is a module with a `SERVICE`, and a line below; its setting, its folder in the landing and its row in the
documentation follow from the record. docs/sources.md gives the contract.
"""

from __future__ import annotations

from extractors.service import Service
from extractors.services import arxiv_api, arxiv_metadata, arxiv_oai

SERVICES: dict[str, Service] = {
    each.name: each for each in (arxiv_api.SERVICE, arxiv_oai.SERVICE, arxiv_metadata.SERVICE)
}
