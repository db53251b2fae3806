"""`paperlog mcp` as a client of the protocol's own SDK sees it: a process of its own, spoken to through its streams."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import anyio
import pytest

from tests.support.environment import scrubbed
from tests.support.places import ROOT
from warehouse import open_warehouse

mcp = pytest.importorskip("mcp", reason="mcp not installed: `make test-analyst` runs it")

pytestmark = [pytest.mark.analyst("mcp"), pytest.mark.slow, pytest.mark.timeout(120)]

Talk = Callable[[Any], Awaitable[Any]]


def talk(home: Path, conversation: Talk, log: Path) -> Any:
    """Start the server, say what the conversation says, end it; its log goes to the file."""

    async def talked() -> Any:
        own = scrubbed(PAPERLOG_HOME=str(home))
        server = mcp.StdioServerParameters(command=sys.executable, args=["-m", "flows", "mcp"], env=own, cwd=ROOT)
        with log.open("w", encoding="utf-8") as errors:
            async with mcp.client.Client(mcp.client.stdio.stdio_client(server, errlog=errors)) as client:
                return await conversation(client)

    return anyio.run(talked)


def answer_of(result: Any) -> Any:
    """What a tool answered, as the JSON text that a model reads."""
    assert not result.is_error, result.content
    return json.loads(result.content[0].text)


def test_a_client_finds_asks_and_reads(small_home: Path, tmp_path: Path) -> None:
    async def conversation(client: Any) -> dict[str, Any]:
        tools = (await client.list_tools()).tools
        assert {tool.name for tool in tools} == {"query", "search_papers", "show_paper", "list_day", "status"}
        assert all(tool.annotations.read_only_hint and tool.description for tool in tools)
        (resource,) = (await client.list_resources()).resources
        (dictionary,) = (await client.read_resource(resource.uri)).contents
        asked = {
            "query": {"sql": "select count(*) as papers from papers"},
            "search_papers": {"query": "tide harbour", "limit": 1},
            "show_paper": {"paper": "2603.00001"},
            "list_day": {"day": "2026-03-02"},
            "status": {},
        }
        answers = {name: answer_of(await client.call_tool(name, arguments)) for name, arguments in asked.items()}
        return {**answers, "dictionary": dictionary.text}

    said = talk(small_home, conversation, tmp_path / "log.txt")
    assert said["query"]["rows"] == [{"papers": 6}]
    assert said["search_papers"]["hits"][0]["title"] == said["show_paper"]["title"] == "Tide Tables for Every Harbour"
    assert said["list_day"]["papers"][0]["upvotes"] == 60
    assert said["status"]["gaps"]
    assert "### `marts.papers`" in said["dictionary"]
    assert (tmp_path / "log.txt").read_text(encoding="utf-8") == ""


def test_what_is_wrong_is_told_as_an_error_of_the_tool_and_the_next_question_is_answered(
    small_home: Path, tmp_path: Path
) -> None:
    wrong: tuple[tuple[str, dict[str, str], str], ...] = (
        ("query", {"sql": "select nonsense from papers"}, "nonsense"),
        ("query", {"sql": "from read_csv('/etc/passwd')"}, "disabled by configuration"),
        ("query", {"sql": "drop view papers"}, "give one SELECT"),
        ("query", {}, "sql"),
        ("show_paper", {"paper": "2603.99999"}, "no paper has or had this key"),
        ("list_day", {"day": "someday"}, "someday"),
    )

    async def conversation(client: Any) -> None:
        for name, arguments, words in wrong:
            result = await client.call_tool(name, arguments)
            assert result.is_error, arguments
            assert words in result.content[0].text
            assert "Traceback" not in result.content[0].text
        assert answer_of(await client.call_tool("query", {"sql": "select 1 as one"}))["rows"] == [{"one": 1}]

    talk(small_home, conversation, tmp_path / "log.txt")
    assert "Traceback" not in (tmp_path / "log.txt").read_text(encoding="utf-8")


def test_a_snapshot_that_comes_or_is_replaced_while_it_runs_is_answered_from(small_home: Path, tmp_path: Path) -> None:
    home, count = tmp_path / "home", {"sql": "select count(*) as publishes, max(published_at) as at from ops.manifest"}

    async def conversation(client: Any) -> None:
        before = await client.call_tool("query", count)
        assert before.is_error
        assert "does not exist yet" in before.content[0].text
        shutil.copytree(small_home, home)
        (first,) = answer_of(await client.call_tool("query", count))["rows"]
        with open_warehouse(str(home)).writer("again") as writer:
            writer.publish()
        (second,) = answer_of(await client.call_tool("query", count))["rows"]
        assert second["at"] > first["at"]

    talk(home, conversation, tmp_path / "log.txt")
