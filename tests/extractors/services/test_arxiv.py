"""Every answer in ../shared/data is read or refused by name, and nothing plausible comes of a damaged one."""

from __future__ import annotations

import json
import re
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from extractors.errors import AnswerRefused, PageChanged, PageCut
from extractors.services import SERVICES, arxiv_api, arxiv_oai
from tests.support.arxiv import API, API_URL, OAI, OAI_URL, answer_page, deleted, entry, error, feed, listed, record
from tests.support.places import DATA
from transforms.facts import Answer, Asked

ARXIV = DATA / "other" / "arxiv"
OAI_FILES = sorted([*(ARXIV / "oai_2026").glob("*.xml"), *(ARXIV / "oai").glob("*.xml")])
API_FILES = sorted((ARXIV / "api").glob("*.json"))
CHANGES = f"{OAI_URL}?verb=ListRecords&metadataPrefix=arXivRaw&from=2026-11-24&set=cs"

SKIP = "verb%3DListRecords%26skip%3D1"

shared_data = pytest.mark.shared_data


def read_oai(body: bytes, url: str = CHANGES) -> Answer:
    return arxiv_oai.parse(answer_page(OAI, url, body))


def read_api(body: bytes, *ids: str) -> Answer:
    return arxiv_api.parse(answer_page(API, arxiv_api.by_ids(API_URL, ids), body))


def recorded(path: Path) -> Answer:
    said = json.loads(path.read_text(encoding="utf-8"))
    return arxiv_api.parse(answer_page(API, said["url"], said["body"].encode()))


@shared_data
@pytest.mark.parametrize("path", OAI_FILES, ids=lambda path: path.name)
def test_every_given_answer_of_oai_is_read_whole_or_refused_by_name(path: Path) -> None:
    body = path.read_bytes()
    text = body.decode("utf-8")
    code = re.search(r"<error code='(\w+)'", text)
    if code and code[1] in {"noRecordsMatch", "badResumptionToken"}:
        answer = read_oai(body)
        assert (answer.error_code, answer.facts, answer.missing) == (code[1], (), ())
    elif code:
        with pytest.raises(AnswerRefused, match=code[1]):
            read_oai(body)
    elif "<arXivRaw" in text:
        assert len(read_oai(body).facts) == text.count("<record>")
    else:
        found = re.search(r"<(Identify|List(?!Records)\w+)>", text) or re.search(r"<(arXiv\w*|oai_dc:dc)[ >]", text)
        assert found is not None
        with pytest.raises(PageChanged, match=f"found <?{found[1].removeprefix('oai_dc:')}"):
            read_oai(body)


@shared_data
@pytest.mark.parametrize("path", API_FILES, ids=lambda path: path.name)
def test_every_given_answer_of_the_api_is_read_whole_or_refused_by_name(path: Path) -> None:
    text = json.loads(path.read_text(encoding="utf-8"))["body"]
    if "<title>Error</title>" in text:
        with pytest.raises(AnswerRefused, match="incorrect id format for abc"):
            recorded(path)
    else:
        answer = recorded(path)
        assert len(answer.facts) == text.count("<entry>")
        assert answer.findings == ()
        assert sum(len(each.authors) for each in answer.facts) == text.count("<author>")


@shared_data
def test_all_given_answers_hold_so_many_records() -> None:
    counts: Counter[str] = Counter()
    for path in OAI_FILES:
        try:
            counts["read"] += len(read_oai(path.read_bytes()).facts)
        except (PageChanged, AnswerRefused) as found:
            counts[type(found).__name__] += 1
    assert counts == {"read": 5, "PageChanged": 23, "AnswerRefused": 15}
    assert sum(len(recorded(path).facts) for path in API_FILES if "id_abc" not in path.name) == 121


@shared_data
def test_the_25_versions_of_a_paper_are_in_order_with_their_dates() -> None:
    text = (ARXIV / "oai_2026" / "get_1101.0600_arXivRaw_200.xml").read_text(encoding="utf-8")
    dates = re.findall(r"<date>\w+, (\d\d \w+ \d{4} [\d:]+) GMT</date>", text)
    (facts,) = read_oai(text.encode()).facts
    assert [each.number for each in facts.versions] == list(range(1, 26))
    assert [each.created_at for each in facts.versions] == [
        datetime.strptime(each, "%d %b %Y %H:%M:%S").replace(tzinfo=UTC) for each in dates
    ]
    assert facts.versions[0].created_at == datetime(2011, 1, 3, 20, 56, 3, tzinfo=UTC)
    assert facts.changed_on == date(2014, 10, 23)


@shared_data
def test_no_record_of_a_page_comes_again_on_the_next() -> None:
    pages = [
        (ARXIV / "oai_2026" / f"listrecords_all_page{number}_arXiv_200.xml").read_text() for number in (1, 2, 3, 4)
    ]
    ids = [each for page in pages for each in re.findall(r"<identifier>(.*?)</identifier>", page)]
    assert len(ids) == len(set(ids)) == sum(page.count("<record>") for page in pages)


@shared_data
def test_created_of_the_format_arxiv_is_never_a_first_publication() -> None:
    for name in ("get_1101.0600_arXiv_200.xml", "get_1101.0600_arXivOld_200.xml", "get_1101.0600_oai_dc_200.xml"):
        with pytest.raises(PageChanged, match="metadata in the format arXivRaw"):
            read_oai((ARXIV / "oai_2026" / name).read_bytes())


def test_acm_class_is_never_loaded() -> None:
    (facts,) = read_oai(listed([record("2509.00001", acm_class="35L45", msc_class="35L45")])).facts
    assert "35L45" not in repr(facts)


def test_a_record_gives_every_fact() -> None:
    said = {
        "comments": "Accepted at  ICML 2026,\n  12 pages",
        "journal_ref": "J. Inv. 1 (2026)",
        "doi": "10.1000/AbC, 10.1000/def;10.1000/ghi",
        "report_no": "R-1",
    }
    (facts,) = read_oai(listed([record("2509.00001", versions=2, **said)])).facts
    assert facts.comments == "Accepted at ICML 2026, 12 pages"
    assert (facts.doi, facts.doi_text) == ("10.1000/abc", "10.1000/AbC, 10.1000/def;10.1000/ghi")
    assert (facts.journal_ref, facts.report_no, facts.submitter) == ("J. Inv. 1 (2026)", "R-1", "Ada Example")
    assert facts.authors == ("Ada Example", "Bo Sample")
    assert facts.categories == ("cs.LG", "stat.ML")
    assert [each.size_text for each in facts.versions] == ["1kb", "2kb"]


def test_a_deleted_and_a_renumbered_record_are_facts() -> None:
    renumbered = record("2509.00002").replace("<id>2509.00002</id>", "<id>2509.00009</id>")
    answer = read_oai(listed([deleted("2509.00001"), renumbered]))
    assert [(each.arxiv_id, each.is_deleted, each.renumbered_to) for each in answer.facts] == [
        ("2509.00001", True, None),
        ("2509.00002", False, "2509.00009"),
    ]


def test_a_token_is_the_next_page_and_an_empty_one_the_end() -> None:
    more = read_oai(listed([record("2509.00001")], SKIP, expires="2026-11-26T00:00:00Z"))
    assert more.next_token == SKIP
    assert more.token_expires_at == datetime(2026, 11, 26, tzinfo=UTC)
    assert read_oai(listed([record("2509.00001")], "")).next_token is None


def test_an_address_tells_what_was_asked() -> None:
    asked = Asked(set_name="stat:stat:ML", from_on=date(2026, 11, 24))
    assert arxiv_oai.asked_by(arxiv_oai.changes(OAI_URL, asked)) == asked
    token = Asked(token=SKIP)
    assert arxiv_oai.asked_by(arxiv_oai.changes(OAI_URL, token)) == token


def test_an_unknown_id_of_oai_is_missing() -> None:
    url = f"{OAI_URL}?verb=GetRecord&metadataPrefix=arXivRaw&identifier=oai:arXiv.org:2509.00001"
    assert read_oai(error("idDoesNotExist"), url).missing == ("2509.00001",)


def test_missing_ids_are_told_one_by_one() -> None:
    answer = read_api(feed([entry("2509.00002", version=3)]), "2509.00001", "2509.00002", "0808.05394")
    assert answer.missing == ("2509.00001", "0808.05394")
    (facts,) = answer.facts
    assert [(each.number, each.created_at.date()) for each in facts.versions] == [
        (1, date(2025, 9, 1)),
        (3, date(2025, 10, 2)),
    ]


def test_an_answer_of_the_api_with_fewer_entries_than_it_says_is_refused() -> None:
    with pytest.raises(PageChanged, match="3 entries, as <totalResults> says, found 2"):
        read_api(feed([entry("2509.00001"), entry("2509.00002")]).replace(b"Results>2<", b"Results>3<"), "2509.00001")


def test_one_bad_record_is_told_and_the_others_are_read() -> None:
    bad = record("2509.00001").replace("10:00:00 GMT", "10:00")
    answer = read_oai(listed([bad, record("2509.00002")]))
    assert [each.arxiv_id for each in answer.facts] == ["2509.00002"]
    assert [(each.check_name, "2509.00001" in str(each.place)) for each in answer.findings] == [
        ("unreadable_record", True)
    ]
    with pytest.raises(PageChanged, match="2 of 3 that cannot"):
        read_oai(listed([bad, bad.replace("00001", "00003"), record("2509.00002")]))


def test_a_hole_in_the_versions_makes_no_later_one_the_first() -> None:
    holed = re.sub(r'<version version="v1">.*?</version>', "", record("2509.00001", versions=3))
    (found,) = read_oai(listed([holed, record("2509.00002")])).findings
    assert "all versions in order, from v1" in found.observed


@pytest.mark.parametrize("share", [place / 20 for place in range(1, 20)])
def test_a_cut_answer_is_refused_wherever_it_was_cut(share: float) -> None:
    for body, read in (
        (listed([record(f"2509.{n:05}") for n in range(1, 9)]), read_oai),
        (feed([entry("2509.00001")] * 8), read_api),
    ):
        with pytest.raises((PageCut, PageChanged)):
            read(body[: int(len(body) * share)], *(["2509.00001"] if read is read_api else []))


@pytest.mark.parametrize(
    "head",
    [
        '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE a [<!ENTITY x "ha"><!ENTITY y "&x;&x;&x;&x;">]>',
        '<!DOCTYPE a SYSTEM "http://127.0.0.1:1/a.dtd">',
    ],
)
def test_a_document_type_is_refused_and_nothing_of_it_is_followed(head: str) -> None:
    body = listed([record("2509.00001", title="&x;")]).decode().replace("&amp;x;", "&x;")
    with pytest.raises(PageChanged):
        read_oai(body.replace("<OAI-PMH", f"{head}<OAI-PMH", 1).encode())


@pytest.mark.parametrize("service", SERVICES.values(), ids=lambda service: service.name)
def test_a_service_is_asked_no_more_than_once_in_three_seconds(service: object) -> None:
    assert getattr(service, "requests_per_second_max") == pytest.approx(1 / 3)  # noqa: B009 - a record of any service
