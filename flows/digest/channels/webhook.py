"""A plain webhook for programs: the whole issue as one JSON object, with all that is known of its papers.

`version` is 1; a program may rely on the fields of that version, and must pass over those that it does not know:

* `issue_id`, `reader`, `title`, `headline`, `made_at` (UTC), `since_on`, `until_on`, `left_out_count`;
* `items`, ordered, each with `entry_key`, `news` (`new`, `late`, `rose`, `reviewed`, `version`), `detail`, `reasons`
  (`kind`, `text`) and `paper`: every field of `DigestPaper` by its name, `has_code`, `url` (the paper) and `page_url`
  (its page on the site, or null);
* `unread`: the lists that could not be looked at, each with `entry_key`, `source`, `series`, `partition_on`, `state`
  (`open`, `refused`, `missing`, `unrecoverable`), `reason` and `last_good_on`.

Days are `2026-03-02`. Texts are as the sources had them: a program that shows them escapes them. The header
`Idempotency-Key` is the same when an issue is sent again. Any 2xx takes the issue.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

import msgspec

from flows.digest.channel import ChannelKind, Means, Part
from flows.digest.send import PATIENT, Patience, post, receiver_of
from flows.digest.words import address_of, headline, page_of
from flows.shown import in_json
from transforms.digest.readers import Channel
from transforms.digest.records import DigestPaper, Issue

VERSION = 1


def parts(issue: Issue, _: Channel, means: Means) -> Sequence[Part]:
    """One part, however long: a program has no limits that one could know."""
    told = (*(each.entry_key for each in issue.items), *(each.entry_key for each in issue.unread))
    payload = in_json(json.dumps(fields_of(issue, means.site_url), ensure_ascii=False))
    return (Part(part_id=f"{issue.issue_id}.1", payload=payload, entry_keys=told),)


def send(part: Part, channel: Channel, means: Means, patience: Patience = PATIENT) -> None:
    """Post it."""
    key = quote(part.part_id, safe=":/")  # a header holds ASCII alone
    post(receiver_of(channel, means), part.payload, headers={"Idempotency-Key": key}, patience=patience)


def fields_of(issue: Issue, site_url: str | None) -> Mapping[str, Any]:
    """The issue as the object that programs get."""
    fields: dict[str, Any] = msgspec.to_builtins(issue)
    items, unread = fields.pop("items"), fields.pop("unread")
    return {
        "version": VERSION,
        "headline": headline(issue),
        **fields,
        "items": [
            {**item, "paper": {**item["paper"], **_more(each.paper, site_url)}}
            for item, each in zip(items, issue.items, strict=True)
        ],
        "unread": [{"entry_key": each.entry_key, **field} for field, each in zip(unread, issue.unread, strict=True)],
    }


def _more(paper: DigestPaper, site_url: str | None) -> Mapping[str, Any]:
    return {"has_code": paper.has_code, "url": address_of(paper, site_url), "page_url": page_of(paper, site_url)}


WEBHOOK = ChannelKind(
    name="webhook",
    meaning="the issue as JSON, for a program",
    secret="the variable with the address that takes it",  # noqa: S106 - a meaning
    parts=parts,
    send=send,
)
