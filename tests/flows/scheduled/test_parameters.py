"""What the schema of a flow's parameters refuses before a run starts, and what a run refuses when no schema did."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from prefect.utilities.callables import parameter_schema
from prefect.utilities.schema_tools import ValidationError, validate

from extractors.sources import SOURCES
from flows.days import DayError
from flows.scheduled import deployments, parameters
from flows.scheduled.names import title_of

AT = datetime(2026, 3, 11, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("flow", "given"),
    [
        ("ingest", {"source": "nosuch"}),
        ("ingest", {"source": "nosuch:cs.LG"}),
        ("ingest", {"source": "hf_daily:cs.LG"}),
        ("backfill", {"source": "arxiv_announced:../cs.LG"}),
        ("ingest", {"source": "hf_daily", "from": "soon"}),
        ("ingest", {"source": "hf_daily", "from": "2026-13-01"}),
        ("ingest", {"source": "hf_daily", "days_back": [-1]}),
        ("ingest", {"source": "hf_daily", "days_back": 3}),
        ("ingest", {"source": "hf_daily", "publish": "maybe"}),
        ("backfill", {"source": "hf_listing_text"}),
        ("backfill", {"source": "hf_daily", "to": "20260301"}),
        ("backfill", {"source": "hf_daily", "days_back": 0}),
        ("backfill", {"source": "hf_daily", "days_back": 10_000_000}),
        ("backfill", {"source": "hf_daily", "everything": "yes"}),
        ("backfill", {}),
        ("replay", {"source": "nosuch"}),
        ("replay", {"to": "2026"}),
        ("adopt", {"source": "nosuch", "files": []}),
        ("report", {"week": "last"}),
    ],
)
def test_the_schema_refuses(flow: str, given: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        validate(given, parameter_schema(getattr(deployments, flow)).model_dump(), raise_on_error=True)


@pytest.mark.parametrize(
    ("flow", "given"),
    [
        ("ingest", {"source": "hf_daily", "from": "yesterday", "to": "today", "days_back": [0, 3], "publish": False}),
        ("ingest", {"source": "weekly_review", "from": "-7d"}),
        ("backfill", {"source": "ml_papers_week", "from": "2026-02", "days_back": 30, "everything": True}),
        ("replay", {"source": "hf_listing_text", "into": "elsewhere"}),
        ("backfill", {"source": "arxiv_announced:cs.LG"}),
        ("ingest", {"source": "arxiv_announced"}),
        ("report", {"week": "2026-03-10"}),
        ("audit", {}),
    ],
)
def test_the_schema_takes(flow: str, given: dict[str, object]) -> None:
    validate(given, parameter_schema(getattr(deployments, flow)).model_dump(), raise_on_error=True)


@pytest.mark.parametrize("flow", ["ingest", "backfill", "replay", "facts", "report", "audit"])
def test_the_schema_takes_what_the_form_of_the_ui_sends_for_fields_that_nobody_filled_in(flow: str) -> None:
    schema = parameter_schema(getattr(deployments, flow)).model_dump()
    sent = {name: each["default"] for name, each in schema["properties"].items() if "default" in each}
    needed = {"source": "hf_daily"} if "source" in schema["properties"] else {}
    validate(sent | needed, schema, raise_on_error=True)
    assert {name for name, each in schema["properties"].items() if each.get("type") == "string"} <= {*sent, "source"}


def test_days_that_were_left_empty_are_none() -> None:
    assert parameters.span_asked_for("", "", AT) is None
    assert parameters.span_kept("", "", AT) == parameters.span_kept(None, None, AT)
    assert parameters.day_of("week", "", AT) is None


def test_every_source_is_a_name_that_may_be_chosen() -> None:
    schema = parameter_schema(deployments.ingest).model_dump()
    for name in (*SOURCES, "arxiv_announced:cs.LG"):
        validate({"source": name}, schema, raise_on_error=True)


def test_words_count_from_the_scheduled_time() -> None:
    assert parameters.span_asked_for("-7d", "yesterday", AT) == (date(2026, 3, 4), date(2026, 3, 10))
    assert parameters.span_asked_for("2026-02", None, AT) == (date(2026, 2, 1), date(2026, 2, 28))
    assert parameters.days_before(AT, 2) == (date(2026, 3, 9), date(2026, 3, 10))


@pytest.mark.parametrize(
    ("first", "last", "reason"),
    [
        ("2125-03-01", "2125-03-03", "2125-03-03 is in the future: today is "),
        ("2025-03-07", "2025-03-03", "the range runs backwards: 2025-03-07 is after 2025-03-03"),
        ("2025-02-30", None, "from: '2025-02-30' is not a date"),
        (None, "2025-03-03", "a last day needs a first one"),
    ],
)
def test_days_are_refused_with_the_words_of_the_command_line(first: str | None, last: str | None, reason: str) -> None:
    with pytest.raises(DayError) as refused:
        parameters.span_asked_for(first, last, AT)
    assert str(refused.value).startswith(reason)


@pytest.mark.parametrize("count", [0, -3, parameters.DAYS_BACK_MAX + 1])
def test_days_that_lie_in_the_future_or_before_all_digests_are_refused(count: int) -> None:
    with pytest.raises(DayError, match="days_back"):
        parameters.days_before(AT, count)


@pytest.mark.parametrize(
    ("flow", "given", "name"),
    [
        ("ingest", {"source": "hf_daily", "days_back": [1]}, "ingest hf_daily 2026-03-11 D-1"),
        ("ingest", {"source": "hf_daily", "from": "yesterday"}, "ingest hf_daily 2026-03-10"),
        ("ingest", {"source": "hf_daily", "from": "2026-03-10", "to": "-1d"}, "ingest hf_daily 2026-03-10"),
        ("backfill", {"source": "hf_daily", "days_back": 30}, "backfill hf_daily 2026-03-11 D-30 to D-1"),
        ("backfill", {"source": "hf_daily", "from": "2026-02", "to": "-1d"}, "backfill hf_daily 2026-02 2026-03-10"),
        ("ingest", {"source": "x\x1b[31m", "from": "\u202enever"}, r"ingest x\x1b[31m \u202enever"),
        ("audit", {}, "audit 2026-03-11"),
    ],
)
def test_a_run_is_named_after_what_it_reads(flow: str, given: dict[str, object], name: str) -> None:
    assert title_of(flow, given, AT) == name
