"""The environment: read in one place, checked before it is used."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

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


def test_a_source_without_address_cannot_be_fetched() -> None:
    assert set(from_environment({}).urls) == {"arxiv_announced", "hf_daily", "ml_papers_week"}


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
