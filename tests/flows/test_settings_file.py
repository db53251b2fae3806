"""The settings file ranks below the environment, names what is wrong with file and line, and shows no secret."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from flows.settings import SettingsError, from_environment, unknown_variables, values_of
from tests.support.commands import Done, program
from tests.support.environment import scrubbed

SECRETS = ("hf_pa55", "hook-pa55")


def written(folder: Path, text: str) -> dict[str, str]:
    """An environment that names a file with that text."""
    (folder / "own.toml").write_text(text, encoding="utf-8")
    return {"PAPERLOG_CONFIG": str(folder / "own.toml")}


def refusal(folder: Path, text: str) -> str:
    with pytest.raises(SettingsError) as refused:
        from_environment(written(folder, text))
    return str(refused.value)


def config(folder: Path, *arguments: str, **variables: str) -> Done:
    return program(scrubbed(**variables), "paperlog", "config", *arguments, cwd=folder)


def test_the_environment_ranks_above_the_file_and_the_file_above_the_default(tmp_path: Path) -> None:
    own = written(tmp_path, "lock_seconds = 5\nrequests_per_second = '0.5'\n")
    settings = from_environment(own | {"PAPERLOG_LOCK_SECONDS": "7"})
    assert (settings.lock_seconds, settings.requests_per_second, settings.fetches_at_once) == (7, 0.5, 4)
    origins = {name: value.origin for name, value in values_of(own | {"PAPERLOG_LOCK_SECONDS": "7"}).items()}
    assert origins["PAPERLOG_LOCK_SECONDS"] == "environment"
    assert origins["PAPERLOG_REQUESTS_PER_SECOND"].endswith("own.toml:2")
    assert origins["PAPERLOG_FETCHES_AT_ONCE"] == "default"


def test_an_empty_variable_leaves_the_file_its_say(tmp_path: Path) -> None:
    assert from_environment(written(tmp_path, "lock_seconds = 5\n") | {"PAPERLOG_LOCK_SECONDS": ""}).lock_seconds == 5


def test_a_folder_that_the_file_names_lies_beside_the_file(tmp_path: Path) -> None:
    assert from_environment(written(tmp_path, "home = 'papers'\n")).home == tmp_path / "papers"
    assert from_environment(written(tmp_path, f"home = '{tmp_path}/x'\n")).home == tmp_path / "x"


@pytest.mark.parametrize(
    ("text", "place", "hint"),
    [
        ("contact = 'a'\nhoem = 'x'\n", "own.toml:2", "did you mean home?"),
        ("PAPERLOG_LOCK_SECONDS = 3\n", "own.toml:1", "did you mean lock_seconds?"),
        ("zzz = 3\n", "own.toml:1", "there are: home, "),
        ("\n[hf_daily]\nurl = 'x'\n", "own.toml:2", "in no table"),
        ("lock_seconds = [1]\n", "own.toml:1", "a text in quotes or a number"),
        ("lock_seconds = true\n", "own.toml:1", "a text in quotes or a number"),
        ("\n\nlock_seconds = 'ten'\n", "own.toml:3", "'ten' is not a number"),
        ("requests_per_second = inf\n", "own.toml:1", "between 0.002 and 100"),
        ("lock_seconds = 1\nlock_seconds = 2\n", "own.toml:2", "not TOML"),
        ("lock_seconds\n", "own.toml:1", "not TOML"),
        ("hf_daily_url = 'example.org'\n", "own.toml:1", "PAPERLOG_HF_DAILY_URL"),
        ("home = 'x'\nrequests_per_second = 1e-300\n", "own.toml:2", "between 0.002 and 100"),
        ('home = "\\u0000"\n', "own.toml:1", "a control character in its name"),
        ('home = "a\\nb"\n', "own.toml:1", "a control character in its name"),
        ('pace = "a\\u0000b"\n', "own.toml:1", "a control character in the path"),
        ("[home]\n", "own.toml:1", "home must be a text in quotes or a number"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(tmp_path: Path, text: str, place: str, hint: str) -> None:
    message = refusal(tmp_path, text)
    assert place in message
    assert hint in message


@pytest.mark.parametrize(
    "text",
    [
        "hf_token = 'hf_pa55\n",
        "hf_token = 'hf_pa55é'\n",
        "hf_token = ['hf_pa55']\n",
        "webhook_url = 'hook-pa55'\n",
        "hf_daily_url = 'http://u:hf_pa55@host'\n",
        "hf_daily_url = 'u:hf_pa55@host'\n",
        "hf_daily_url = 'http://u:hf_pa55'\n",
        "hf_daily_url = 'http://@hf_pa55'\n",
        "hf_daily_url = 'http://host/?key=hf_pa55'\n",
    ],
)
def test_no_message_and_no_listing_holds_a_secret(tmp_path: Path, text: str) -> None:
    own = written(tmp_path, text)
    shown = [config(tmp_path, *arguments, **own) for arguments in ((), ("--json",))]
    assert [done.code for done in shown] == [2, 2]
    printed = refusal(tmp_path, text) + "".join(done.out + done.err for done in shown)
    assert not [secret for secret in SECRETS if secret in printed]


def test_secrets_may_stand_in_the_file_and_are_not_shown(tmp_path: Path) -> None:
    (tmp_path / "paperlog.toml").write_text(
        'hf_token = "hf_pa55"\nwebhook_url = "https://u:hook-pa55@hooks.example/x"\n', encoding="utf-8"
    )
    done = config(tmp_path, "--json")
    assert done.code == 0, done.err
    found = {each["setting"]: each for each in json.loads(done.out)}
    assert found["PAPERLOG_HF_TOKEN"]["value"] == found["PAPERLOG_WEBHOOK_URL"]["value"] == "(set, not shown)"
    assert found["PAPERLOG_HF_TOKEN"]["from"] == "paperlog.toml:1"
    assert found["PAPERLOG_HOME"]["from"] == "default"
    assert not [secret for secret in SECRETS if secret in done.out + done.err]


def test_a_file_that_is_named_must_be_there_and_be_text(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"none\.toml: the settings file cannot be read: No such file"):
        from_environment({"PAPERLOG_CONFIG": str(tmp_path / "none.toml")})
    with pytest.raises(SettingsError, match="Is a directory"):
        from_environment({"PAPERLOG_CONFIG": str(tmp_path)})
    (tmp_path / "own.toml").write_bytes(b"contact = 'a'\ncontact = '\xff'\n")
    with pytest.raises(SettingsError, match=r"own\.toml:2: not UTF-8"):
        from_environment({"PAPERLOG_CONFIG": str(tmp_path / "own.toml")})


def test_a_variable_that_is_no_setting_is_named(tmp_path: Path) -> None:
    assert unknown_variables({"PAPERLOG_HOMME": "x", "PAPERLOG_PROJECT": "y", "PAPERLOG_HOME": "z"}) == (
        "PAPERLOG_HOMME is no setting; did you mean PAPERLOG_HOME?",
    )
    done = config(tmp_path, PAPERLOG_HOMME="x")
    assert done.code == 0
    assert "PAPERLOG_HOMME is no setting" in done.err
