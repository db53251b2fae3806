"""The line of every key and element is known, however a file of TOML is written."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.toml_file import Place, TomlFile, UnreadableFile, read_toml

EVERY_FORM = '''\
top = 1 # = [not.a.table]
"a b".'c.d' = "x # no comment"

[one]
list = [
  "a", # first
  ["b", 3,
   { k = "]", "l" = [1, 2] }],
]
many = """
[no.table]
key = \\"\\"\\" x"""
raw = \'\'\'
it's = 'x'
\'\'\'
day = 2026-11-01 10:00:00

[ one . two ] # spaced
x.y = { z = { w = true } }
[[rows]]
k = 1
[[rows.deep]]
k = 2
[[rows]]
k = 3
[rows.table]
"\\u0041" = 4
'''


def read(folder: Path, text: str) -> TomlFile:
    (folder / "file.toml").write_text(text, encoding="utf-8")
    return read_toml(folder / "file.toml", "file", "write it well")


def places(value: object, place: Place = ()) -> Iterator[Place]:
    """Every key and element in a value."""
    if isinstance(value, dict):
        inner = [((*place, key), each) for key, each in value.items()]
    elif isinstance(value, list):
        inner = [((*place, index), each) for index, each in enumerate(value)]
    else:
        inner = []
    for at, each in inner:
        yield at
        yield from places(each, at)


def test_every_place_has_its_line(tmp_path: Path) -> None:
    file = read(tmp_path, EVERY_FORM)
    assert set(file.lines) == set(places(tomllib.loads(EVERY_FORM)))
    expected: dict[Place, int] = {
        ("top",): 1,
        ("a b", "c.d"): 2,
        ("one",): 4,
        ("one", "list"): 5,
        ("one", "list", 0): 6,
        ("one", "list", 1): 7,
        ("one", "list", 1, 2, "l", 1): 8,
        ("one", "many"): 10,
        ("one", "raw"): 13,
        ("one", "day"): 16,
        ("one", "two"): 18,
        ("one", "two", "x", "y", "z", "w"): 19,
        ("rows", 0): 20,
        ("rows", 0, "k"): 21,
        ("rows", 0, "deep", 0, "k"): 23,
        ("rows", 1): 24,
        ("rows", 1, "k"): 25,
        ("rows", 1, "table", "A"): 27,
    }
    assert {place: file.line_of(place) for place in expected} == expected


def test_what_is_absent_has_the_line_of_what_it_would_stand_in(tmp_path: Path) -> None:
    file = read(tmp_path, "\n\n[one]\na = 1\n")
    assert file.line_of(("one", "b", 3)) == 3
    assert file.line_of(("two",)) == 1


def test_windows_line_ends_count_once(tmp_path: Path) -> None:
    assert read(tmp_path, "a = 1\r\nb = 2\r\n").line_of(("b",)) == 2


KEYS = st.sampled_from(["a", "b-c", "D_1", '"x y"', "'q.r'", '"\\n"'])
SCALARS = st.sampled_from(
    ["1", "-2.5", "true", '"t # ]"', "'l }'", '"\\"q\\""', "2026-11-01", '"""m\n"""', "'''n\n\n'''", '""', "inf"]
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda each: "[\n" + ",  # x ]\n".join(each) + "\n]"),
        st.dictionaries(KEYS, inner, max_size=3).map(
            lambda each: "{ " + ", ".join(f"{key} = {value}" for key, value in each.items()) + " }"
        ),
    ),
    max_leaves=8,
)
PAIRS = st.dictionaries(KEYS, VALUES, max_size=4).map(lambda each: "".join(f"{k} = {v}\n" for k, v in each.items()))


@given(PAIRS, PAIRS, PAIRS)
def test_no_place_is_missed_or_made_up(
    tmp_path_factory: pytest.TempPathFactory, top: str, table: str, row: str
) -> None:
    text = f"{top}\n[t]\n{table}\n[[r]]\n{row}[r.s]\n[[r]]\n{row}"
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return  # an inline table over several lines
    file = read(tmp_path_factory.mktemp("toml"), text)
    assert set(file.lines) == set(places(values))
    lines = text.split("\n")
    for place in file.lines:
        key = place[-1]
        if isinstance(key, str) and key.isidentifier():
            assert key in lines[file.line_of(place) - 1]


@pytest.mark.parametrize("text", ["a = [", "a = 'pa55", "a = pa55", "[a", "a = 1\na = 'pa55'"])
def test_what_is_no_toml_is_refused_without_its_text(tmp_path: Path, text: str) -> None:
    with pytest.raises(UnreadableFile, match="not TOML; write it well") as refused:
        read(tmp_path, text)
    assert "pa55" not in str(refused.value)
