"""The environment: read in one place, checked before it is used."""

from __future__ import annotations

import ast
import os
from pathlib import Path

import pytest

from extractors.sources import source_named
from flows.settings import (
    SettingsError,
    from_environment,
    has_prefect_api,
)
from tests.support.places import ROOT


def test_only_settings_reads_the_environment() -> None:
    readers = [
        path.relative_to(ROOT).as_posix()
        for room in ("extractors", "flows", "transforms", "warehouse")
        for path in (ROOT / room).rglob("*.py")
        if reads_environment(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert readers == ["flows/settings.py"]


def reads_environment(tree: ast.AST) -> bool:
    return any(isinstance(node, ast.Attribute) and node.attr in {"environ", "getenv"} for node in ast.walk(tree))


def test_an_empty_variable_means_the_default() -> None:
    settings = from_environment({"PAPERLOG_HOME": "", "PAPERLOG_REQUESTS_PER_SECOND": " "})
    assert settings.home == Path("data").absolute()
    assert settings.requests_per_second == 1


def test_one_process_a_core_reads_pages_unless_somebody_says_how_many() -> None:
    assert from_environment({}).processes == len(os.sched_getaffinity(0))
    assert from_environment({"PAPERLOG_PROCESSES": "3"}).processes == 3
    for wrong in ("0", "65", "many"):
        with pytest.raises(SettingsError, match="PAPERLOG_PROCESSES"):
            from_environment({"PAPERLOG_PROCESSES": wrong})


def test_a_cluster_reads_what_machines_share_and_nothing_else() -> None:
    shared = {"PAPERLOG_LANDING": "s3://pages", "PAPERLOG_WAREHOUSE": "ducklake:postgres:dbname=papers?data=s3://lake"}
    for address in ("tcp://dask.example.org:8786", "tls://[::1]:8786"):
        assert from_environment({**shared, "PAPERLOG_DASK": address}).cluster == address
    for wrong in ("dask.example.org:8786", "http://dask.example.org:8786", "tcp://dask.example.org"):
        with pytest.raises(SettingsError, match=r"PAPERLOG_DASK.*is no tcp://HOST:PORT"):
            from_environment({**shared, "PAPERLOG_DASK": wrong})
    with pytest.raises(SettingsError, match=r"PAPERLOG_DASK.*set PAPERLOG_LANDING"):
        from_environment({"PAPERLOG_DASK": "tcp://127.0.0.1:8786"})


def test_a_source_without_address_cannot_be_fetched() -> None:
    assert set(from_environment({}).urls) == {"arxiv_announced", "hf_daily", "ml_papers_week"}


@pytest.mark.parametrize(
    ("address", "a_second"),
    [
        ("https://arxiv.org", 1 / 3),
        ("http://arxiv.org/", 1 / 3),
        ("https://export.arxiv.org", 1 / 3),
        ("http://10.0.0.7/arxiv", 1 / 3),
        ("http://127.0.0.1:8000", 20),
        ("http://localhost:8000/arxiv", 20),
        ("http://[::1]:8000", 20),
        ("http://127.0.0.1.example.org", 1 / 3),
    ],
)
def test_the_limit_of_a_source_holds_everywhere_but_on_this_machine(address: str, a_second: float) -> None:
    settings = from_environment({"PAPERLOG_ARXIV_ANNOUNCED_URL": address, "PAPERLOG_REQUESTS_PER_SECOND": "20"})
    assert settings.pace_of(source_named("arxiv_announced:cs.LG")) == pytest.approx(a_second)


def test_a_slower_pace_than_the_limit_of_a_source_stays() -> None:
    settings = from_environment({"PAPERLOG_REQUESTS_PER_SECOND": "0.1"})
    assert settings.pace_of(source_named("arxiv_announced:cs.LG")) == 0.1


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("cs.LG,cs.CV", "write blanks between the names"),
        ("../x", "no category of arXiv"),
        ("cs.LG @", "no category of arXiv"),
        ("cs.lg", "did you mean cs.LG"),
        ("math.MP", "another name of math-ph"),
    ],
)
def test_a_list_that_there_cannot_be_is_refused(text: str, why: str) -> None:
    with pytest.raises(SettingsError, match=f"PAPERLOG_ARXIV_ANNOUNCED_SERIES.*{why}"):
        from_environment({"PAPERLOG_ARXIV_ANNOUNCED_SERIES": text})


def test_lists_are_fetched_once_each_and_an_empty_text_means_the_default() -> None:
    settings = from_environment({"PAPERLOG_ARXIV_ANNOUNCED_SERIES": " cs.LG  cs.CV\tcs.LG "})
    assert settings.lists_of("arxiv_announced") == ("arxiv_announced:cs.LG", "arxiv_announced:cs.CV")
    assert settings.lists_of("arxiv_announced:math") == ("arxiv_announced:math",)
    assert settings.lists_fetched == {"hf_daily", "ml_papers_week", "arxiv_announced:cs.LG", "arxiv_announced:cs.CV"}
    assert len(from_environment({"PAPERLOG_ARXIV_ANNOUNCED_SERIES": ""}).lists_of("arxiv_announced")) == 5


def test_the_token_is_never_shown() -> None:
    settings = from_environment({"PAPERLOG_HF_TOKEN": "hf_secret"})
    assert settings.tokens == {"hf_daily": "hf_secret"}
    assert "hf_secret" not in repr(settings)


def test_a_token_that_cannot_be_sent_is_not_shown_either() -> None:
    with pytest.raises(SettingsError, match="PAPERLOG_HF_TOKEN") as refused:
        from_environment({"PAPERLOG_HF_TOKEN": "hf_sécret"})
    assert "cret" not in str(refused.value)


@pytest.mark.parametrize(
    "address",
    ["example.org", "ftp://example.org", "http://", "http://host:port", "http://u:p@host", "http://host/?a=1"],
)
def test_an_address_that_is_none_is_refused(address: str) -> None:
    with pytest.raises(SettingsError, match="PAPERLOG_HF_DAILY_URL"):
        from_environment({"PAPERLOG_HF_DAILY_URL": address})


@pytest.mark.parametrize(
    ("variable", "address"),
    [
        ("PAPERLOG_WEBHOOK_URL", "hooks.example.org/secret"),
        ("PAPERLOG_WEBHOOK_URL", "http://[secret"),
        ("PAPERLOG_HF_DAILY_URL", "http://user:secret@host"),
    ],
)
def test_an_address_that_may_hold_a_secret_is_refused_without_it(variable: str, address: str) -> None:
    with pytest.raises(SettingsError, match=variable) as refused:
        from_environment({variable: address})
    assert "secret" not in str(refused.value)


def test_a_home_that_is_a_file_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    with pytest.raises(SettingsError, match="PAPERLOG_HOME"):
        from_environment({"PAPERLOG_HOME": str(file)})


def test_an_empty_api_address_means_none() -> None:
    assert not has_prefect_api({"PREFECT_API_URL": ""})
