"""The pages over HTTP: every kind and form, what they say, and that every text is text."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from urllib.parse import parse_qs

import pytest
from bs4 import BeautifulSoup

from flows.pages.cited import CITED_FORMS
from flows.pages.registry import KINDS, Kind
from tests.support.hostile import FORMULA, HostileHome, hostile_home
from tests.support.small import MONDAY
from tests.support.web import Served, served
from tests.transforms.citing.reading import csl_items, pybtex_entries, ris_entries


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> HostileHome:
    return hostile_home(tmp_path_factory.mktemp("hostile"))


@pytest.fixture(scope="module")
def web(home: HostileHome) -> Iterator[Served]:
    with served(home.folder) as server:
        yield server


def soup_of(web: Served, address: str) -> BeautifulSoup:
    answer = web.get(address)
    assert answer.status_code == 200, answer.text
    return BeautifulSoup(answer.text, "lxml")


def said(page: BeautifulSoup, selector: str) -> str:
    return " ".join(" ".join(each.get_text(" ") for each in page.select(selector)).split())


def with_suffix(address: str, suffix: str) -> str:
    path, mark, query = address.partition("?")
    return f"{path or 'start'}{suffix}{mark}{query}"


def test_the_addresses_have_every_kind_of_page(home: HostileHome) -> None:
    patterns = [re.compile(re.sub(r"{\w+}", "[^/]+", each.pattern)) for each in KINDS]
    paths = [each.partition("?")[0] for each in home.addresses]
    assert [each.pattern for each in patterns if not any(each.fullmatch(path) for path in paths)] == []


def test_every_page_is_whole_fetches_nothing_and_has_no_script(web: Served, home: HostileHome) -> None:
    for address in home.addresses:
        page = soup_of(web, address)
        assert len(page.select("h1")) == len(page.select("main")) == 1, address
        assert page.select("script, iframe, object, embed, form[method=post], [style], style") == [], address
        assert [each for each in page.select("*") if any(name.startswith("on") for name in each.attrs)] == []
        parts = page.select("[src], link[href]:not([rel=alternate])")
        fetched = [each.get("src") or each.get("href") for each in parts]
        assert all(str(each).startswith("/assets/") for each in fetched), address
        names = [each["id"] for each in page.select("[id]")]
        assert len(names) == len(set(names)), address


def test_every_text_of_a_page_is_text(web: Served, home: HostileHome) -> None:
    seen = 0
    for address in home.addresses:
        text = web.get(address).text
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text), address
        assert "<script" not in text.lower(), address
        assert "<img" not in text.lower(), address
        assert ">49 " not in text, address
        seen += text.count("&lt;script&gt;")
        for link in BeautifulSoup(text, "lxml").select("a[href]"):
            assert re.match(r"(/|#|https?://)", str(link["href"])), (address, link["href"])
    assert seen > 20


def test_every_link_inside_leads_to_a_page(web: Served, home: HostileHome) -> None:
    links = {
        str(link["href"]).partition("#")[0]
        for address in home.addresses
        for link in soup_of(web, address).select('a[href^="/"]')
    }
    assert len(links) > 60
    broken = {link: web.get(link.lstrip("/")).status_code for link in links}
    assert {link: status for link, status in broken.items() if status != 200} == {}


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_each_page_is_json_too_and_csv_where_it_has_rows(web: Served, home: HostileHome, kind: Kind) -> None:
    pattern = re.compile(re.sub(r"{\w+}", "[^/]+", kind.pattern))
    address = next(each for each in home.addresses if pattern.fullmatch(each.partition("?")[0]))
    answer = web.get(with_suffix(address, ".json"))
    assert answer.headers["Content-Type"] == "application/json"
    assert isinstance(answer.json()["heading"] if kind.name != "paper" else answer.json()["paper_key"], str)
    assert "\x1b" not in answer.text
    table = web.get(with_suffix(address, ".csv"))
    if kind.rows is None:
        assert table.status_code == 404
        return
    assert table.headers["Content-Type"] == "text/csv; charset=utf-8"
    head, *rows = csv.reader(io.StringIO(table.text))
    assert {len(row) for row in rows} <= {len(head)}
    assert [cell for row in rows for cell in row if cell.startswith(("=", "+", "@"))] == []


def test_a_formula_is_text_in_csv(web: Served) -> None:
    assert f"'{FORMULA}" in web.get("authors.csv").text


def test_a_day_is_told_with_its_lists(web: Served) -> None:
    page = soup_of(web, f"days/{MONDAY}")
    assert said(page, "h1") == "Monday 2 March 2026"
    titles = [each.get_text() for each in page.select("ol.papers h3 a")]
    assert titles[:2] == ["Tide Tables for Every Harbour", "Looms That Learn"]
    assert said(page, "ol.papers li:first-child .votes").startswith("60 upvotes +5")
    assert "weekly_review" in said(page, "main table")
    assert [each["href"] for each in page.select("nav.beside a")] == ["/days/2026-03-03"]


def test_only_one_source_of_a_day_can_be_asked_for(web: Served) -> None:
    titles = [each["title"] for each in web.get(f"days/{MONDAY}.json?source=weekly_review").json()["papers"]]
    assert len(titles) == 3
    assert titles[0] == "Tide Tables for Every Harbour"


def test_a_week_and_a_month_are_told(web: Served) -> None:
    week = soup_of(web, "weeks/2026-W10")
    assert said(week, "h1") == "Week of 2 March to 8 March 2026"
    assert said(soup_of(web, "months/2026-03"), "h1") == "March 2026"


def test_a_paper_is_told_with_all_sources_and_the_way_to_its_pages(web: Served) -> None:
    found = web.get("search.json?q=tide+tables").json()["papers"][0]
    page = soup_of(web, f"papers/{found['paper_key']}")
    assert said(page, "h1") == "Tide Tables for Every Harbour"
    assert "Listed by hf_daily, first on 2 March 2026. Reviewed by weekly_review." in said(page, ".lead")
    assert "This paper is about tide and lighthouses." in said(page, ".review")
    assert "60" in said(page, "figure svg")
    assert re.search(r"pages/hf_daily/[0-9a-f]{2}/[0-9a-f]{64}\.html\.zst", said(page, ".sightings"))
    assert "run run-001" in said(page, ".sightings")
    assert "bits" in said(page, ".comparisons")
    assert {str(each["href"]) for each in page.select(".authors a")} == {"/authors/ada-orn", "/authors/bo-sample"}


def test_a_papers_head_says_what_programs_save(web: Served, home: HostileHome) -> None:
    found = web.get("search.json?q=tide+tables").json()["papers"][0]
    page = soup_of(web, f"papers/{found['paper_key']}")
    tags = [(str(each["name"]), str(each["content"])) for each in page.select("head meta[name^=citation_]")]
    assert tags == [
        ("citation_title", "Tide Tables for Every Harbour"),
        ("citation_author", "Örn, Ada"),
        ("citation_author", "Sample, Bo"),
        ("citation_publication_date", "2026/02/27"),
        ("citation_online_date", "2026/02/27"),
        ("citation_arxiv_id", "2603.00001"),
        ("citation_pdf_url", "https://arxiv.org/pdf/2603.00001"),
        ("citation_abstract_html_url", "https://arxiv.org/abs/2603.00001"),
    ]
    (span,) = page.select("span.Z3988")
    pairs = parse_qs(str(span["title"]), strict_parsing=True)
    assert (pairs["rft.atitle"], pairs["rft.au"]) == (["Tide Tables for Every Harbour"], ["Örn, Ada", "Sample, Bo"])


def test_a_hostile_papers_head_holds_its_texts_and_nothing_else(web: Served, home: HostileHome) -> None:
    page = soup_of(web, f"papers/{home.paper_key}")
    tags = [(str(each["name"]), str(each["content"])) for each in page.select("head meta[name^=citation_]")]
    assert [name for name, _ in tags][:4] == ["citation_title", *["citation_author"] * 3]
    assert dict(tags)["citation_title"].startswith("<script>document.title='owned'</script> <img src=x")
    assert len(page.select("head title")) == len(page.select("span.Z3988")) == 1
    pairs = parse_qs(str(page.select("span.Z3988")[0]["title"]), strict_parsing=True)
    assert pairs["rft.atitle"] == [dict(tags)["citation_title"]]
    assert len(pairs["rft.au"]) == 3


def test_a_paper_is_cited_on_its_page_and_as_a_file(web: Served, home: HostileHome) -> None:
    for key in (home.paper_key, home.merged_key):
        page = soup_of(web, f"papers/{key}")
        (shown,) = page.select("details.cite pre")
        address = f"papers/{key}"
        assert {f"/{address}{suffix}" for suffix in CITED_FORMS} <= {
            str(each["href"]) for each in page.select("a[href]")
        }
        bibtex, ris, csl = (web.get(f"{address}{suffix}") for suffix in (".bib", ".ris", ".csl.json"))
        assert shown.get_text() == bibtex.text
        assert bibtex.headers["Content-Type"] == "application/x-bibtex; charset=utf-8"
        assert ris.headers["Content-Type"] == "application/x-research-info-systems; charset=utf-8"
        assert csl.headers["Content-Type"] == "application/vnd.citationstyles.csl+json"
        (name,) = pybtex_entries(bibtex.text)
        (entry,), (item,) = ris_entries(ris.text), csl_items(csl.text)
        assert entry["id"] == item["id"] == name == web.get(f"{address}.json").json()["citation"]["key"]


def test_a_paper_without_a_title_is_not_cited(web: Served) -> None:
    (untitled,) = [each for each in web.get("weeks/2026-W10.json").json()["papers"] if each["title"] is None]
    page = soup_of(web, f"papers/{untitled['paper_key']}")
    assert page.select("head meta[name^=citation_], span.Z3988, details.cite") == []
    for suffix in CITED_FORMS:
        answer = web.get(f"papers/{untitled['paper_key']}{suffix}")
        assert (answer.status_code, "no source gave a title" in answer.text) == (404, True)


def test_a_former_key_and_an_arxiv_id_lead_to_the_paper(web: Served, home: HostileHome) -> None:
    for suffix in ("", ".json", ".csv", *CITED_FORMS):
        moved = web.get(f"papers/{home.former_key}{suffix}")
        assert (moved.status_code, moved.headers["Location"]) == (308, f"/papers/{home.merged_key}{suffix}")
    named = web.get("papers/2603.00001")
    assert named.status_code == 308
    assert said(soup_of(web, named.headers["Location"][1:]), "h1") == "Tide Tables for Every Harbour"


def test_a_name_is_told_with_its_spellings(web: Served) -> None:
    page = soup_of(web, "authors/ada-orn")
    assert "“Ada Orn”, “Ada Örn”" in said(page, ".head")
    assert len(page.select("ol.papers > li")) == 3


def test_what_is_missing_is_told_with_what_mends_it(web: Served) -> None:
    assert "hf_daily 2026-03-04" in said(soup_of(web, "calendar"), ".gaps")
    assert "paperlog backfill hf_daily" in said(soup_of(web, "calendar"), ".gaps code")
    assert "1 list of hf_daily" in said(soup_of(web, ""), "aside")
    assert "missing title" in said(soup_of(web, "health"), "main")


def test_search_is_narrowed_by_each_choice(web: Served) -> None:
    def found(query: str) -> list[str]:
        return [str(each["title"]) for each in web.get(f"search.json?{query}").json()["papers"]]

    assert found("q=looms+learn")[0] == "Looms That Learn"
    assert found("q=looms+learn&source=weekly_review") == []
    assert "Salt and Sparse Attention" in found("institution=mila&reviewed=1")
    assert found("q=looms&to=2026-03-01") == []
    assert all("owned" in each for each in found("has_code=1"))
    assert found("has_code=1")


@pytest.mark.parametrize(
    ("address", "status", "words"),
    [
        ("nothing", 404, "Nothing at this address"),
        ("papers/p000000nothing", 404, "search for its title"),
        ("papers/..%2f..%2fetc%2fpasswd", 404, "Nothing at this address"),
        ("days/2026-02-30", 404, "write it as 2026-03-02"),
        ("weeks/2026-W60", 404, "write it as 2026-W10"),
        ("months/2026-13", 404, "write it as 2026-03"),
        ("authors/nobody-of-this-name", 404, "all of them are at /authors"),
        ("sources/none", 404, "all of them are at /sources"),
        ("days?page=9", 404, "no page 9"),
        ("days?page=x", 400, "is no number"),
        ("search?from=monday", 400, "is no day such as"),
        ('search?q="abc', 400, "has no second one"),
        ("authors/_d800_", 404, ""),
        ("health?status=odd", 400, "it is one of"),
        ("days/2026-03-02?colour=red", 400, "is nothing that this page can be asked"),
        (f"search?q={'x' * 400}", 400, "at most 300 characters"),
        ("assets/../pages.css", 404, "Nothing at this address"),
    ],
)
def test_what_is_not_there_says_what_to_do(web: Served, address: str, status: int, words: str) -> None:
    answer = web.get(address)
    assert (answer.status_code, words in " ".join(answer.text.split())) == (status, True), answer.text
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")


@pytest.mark.parametrize(
    "address",
    [
        "papers/%00", "authors/%ff", "papers/%0d%0aX:y", "days/%E2%80%AE", "sources/%00", "authors/_0_",
        "days/0001-01-01", "days/9999-12-31", "weeks/9999-W52", "months/9999-12", f"papers/{'a' * 3000}",
        "search?q=%00", "search?q=%ed%a0%80", "search?q=()*%22%27", "search?institution=%00&category=x%00",
        "authors?q=%25_", "calendar?until=9999-12", "calendar?until=0001-01", "days/2026-03-02?source=%00",
    ],
)  # fmt: skip
def test_odd_addresses_are_no_fault_of_the_program(web: Served, address: str) -> None:
    answer = web.get(address)
    assert answer.status_code in {200, 400, 404}
    assert "\x00" not in answer.text


def test_trouble_of_a_program_is_json(web: Served) -> None:
    answer = web.get("days/2026-02-30.json")
    assert answer.status_code == 404
    assert "write it as" in answer.json()["error"]


def test_an_answer_that_is_known_is_not_sent_again(web: Served) -> None:
    for address in (f"days/{MONDAY}", "authors.json", ""):
        first = web.get(address)
        again = web.get(address, {"If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["ETag"] == first.headers["ETag"]
    assert web.get("days").headers["ETag"] != web.get("days?page=1").headers["ETag"]


def test_head_is_get_without_a_body(web: Served) -> None:
    whole, head = web.get(f"days/{MONDAY}"), web.get(f"days/{MONDAY}", method="HEAD")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["Content-Length"] == str(len(whole.content))
    assert head.headers["ETag"] == whole.headers["ETag"]


def test_the_schema_names_every_page_and_its_records(web: Served) -> None:
    schema = web.get("openapi.json").json()
    assert "/papers/{key}.json" in schema["paths"]
    operation = schema["paths"]["/papers/{key}.json"]["get"]
    reference = operation["responses"]["200"]["content"]["application/json"]["schema"]["$ref"]
    assert set(web.get("days/2026-03-02.json").json()) == set(schema["components"]["schemas"]["Listed"]["properties"])
    assert reference == "#/components/schemas/PaperPage"
    named = re.findall(r'"\$ref": "#/components/schemas/(\w+)"', json.dumps(schema))
    assert set(named) <= set(schema["components"]["schemas"])
    assert "/papers/{key} .json .csv .bib .ris .csl.json" in said(soup_of(web, "api"), "main table")
