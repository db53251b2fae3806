"""One search page as each tool prints it: what the tool did, on the day given, to a page of the real shape.

Every form was compared with its tool's own output for such a page, or with a capture that the tool made.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from flows.demo.pages import SITE, ListedText, listing_dump

_BY = "and the research community"
_MENU = ("Models", "Datasets", "Spaces", "Community", "Docs", "Enterprise", "Pricing", "Log In", "Sign Up")
_BANNER = ("new", "Get trending papers in your email inbox once a day!", "Get trending papers in your email inbox!")
_TABS = ("Daily", "Weekly", "Monthly")
_FOOT = ("Previous Next", "System theme", "Company", "TOS Privacy About Careers", "Website", "Models Datasets Docs")
_LINKED_FOOT = ("[Previous](/papers/date/2026-05-29) [Next](/papers/date/2026-06-02)", "System theme", "Company")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One paper on the page: `who` is a count of authors, or (account, name); without `dated` it has no block."""

    arxiv_id: str
    title: str
    abstract: str
    votes: str
    who: int | tuple[str, str] = 1
    dated: str | None = None
    comments: int | None = None
    pictures: int = 0


Papers = Sequence[Found]
Form = Callable[[Papers], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Parts:
    """What a tool prints for each part of a paper, with the line ends behind it."""

    votes: str
    title: str
    abstract: str
    authors: str
    organization: str
    picture: str = ""
    dot: str = "\u00b7\n\n"
    dated: str = "{dated}\n\n"
    with_comments: str = "{dated} {comments}\n\n"


def _papers(papers: Papers, parts: _Parts, base: str = "") -> str:
    return "".join(_paper(paper, parts, base) for paper in papers)


def _paper(paper: Found, parts: _Parts, base: str) -> str:
    is_count = isinstance(paper.who, int)
    block = (
        parts.authors if is_count else parts.organization,
        parts.dot,
        parts.with_comments if paper.comments else parts.dated,
    )
    account, name = ("", "") if isinstance(paper.who, int) else paper.who
    facts = {
        "votes": paper.votes,
        "title": paper.title,
        "abstract": paper.abstract,
        "paper": f"{base}/papers/{paper.arxiv_id}",
        "login": f"{base}/login?next=%2Fpapers%2F{paper.arxiv_id}",
        "count": paper.who,
        "account": account,
        "name": name,
        "page": f"{base}/{account}",
        "pictures": "".join(parts.picture.format(at=at, base=base) for at in range(paper.pictures)),
        "dated": paper.dated,
        "comments": paper.comments,
    }
    return "".join(
        part.format(**facts) for part in (parts.votes, parts.title, parts.abstract, *block[: 3 * bool(paper.dated)])
    )


def plain(papers: Papers) -> str:
    """The dump of 2026-06-01, whose tool is not known: no links, no votes, one blank line between parts."""
    return listing_dump("Jun 1", [_listed(paper) for paper in papers])


def _listed(paper: Found) -> ListedText:
    who = f"  \u2022 {paper.who} authors" if isinstance(paper.who, int) else " ".join(paper.who)
    dated = f"{paper.dated} {paper.comments}" if paper.dated and paper.comments else paper.dated
    return ListedText(title=paper.title, abstract=paper.abstract, who=who if dated else None, dated=dated)


# Without links --------------------------------------------------------------------------------------------------------


def html_text(papers: Papers) -> str:
    """As html-text 0.7.1 on 2026-11-25."""
    parts = _Parts(
        votes="{votes}\n\n",
        title="{title}\n\n",
        abstract="{abstract}\n\n",
        authors="{count} authors\n\n",
        organization="{name}\n",
        dot="\u00b7\n",
        dated="{dated}\n",
        with_comments="{dated} {comments}\n",
    )
    top = "\n\n".join(
        ("Daily Papers - Hugging Face", "Hugging Face", "\n".join(_MENU), *_BANNER, "Subscribe", "Daily Papers")
    )
    tabs = "\n".join(_TABS)
    return f"{top}\n\nby AK {_BY}\n\n{tabs}\n\nJun 1\n{_papers(papers, parts)}" + "\n".join(_FOOT)


def inscriptis(papers: Papers) -> str:
    """As inscriptis 2.7.6 on 2026-11-25: everything indented, a bullet for each picture."""
    parts = _Parts(
        votes="              {votes}\n\n",
        title="          {title}\n\n",
        abstract="          {abstract}\n\n",
        authors="{pictures}              * {count} authors\n",
        organization="            {name}\n",
        picture="              * \n",
        dot="              \u00b7\n",
        dated="              {dated}\n",
        with_comments="              {dated} {comments}\n",
    )
    menu = "\n".join(f"        * {word}" for word in _MENU)
    top = "\n\n".join(f"        {line}" for line in (*_BANNER[1:], "Subscribe", "  Daily Papers", f"by AK {_BY}"))
    tabs = "\n".join(f"              * {tab}" for tab in _TABS)
    foot = "\n".join(f"      {line}" for line in _FOOT)
    head = f"        Hugging Face\n{menu}\n          new\n\n{top}\n\n{tabs}"
    return f"{head}\n              Jun 1\n{_papers(papers, parts)}{foot}"


def elinks(papers: Papers) -> str:
    """As elinks 0.13.2 -dump -dump-width 9999 -no-references -no-numbering on 2026-11-25: boxes, hard blanks."""
    parts = _Parts(
        votes="   [\u00a0]\n   {votes}\n\n",
        title="  {title}\n\n",
        abstract="   {abstract}\n\n",
        authors="{pictures}     \u2022\u00a0{count} authors\n\n",
        organization="   {account} {name}\n",
        picture="     \u2022\u00a0[IMG]\n",
        dot="   \u00b7\n",
        dated="   {dated}\n",
        with_comments="   {dated} {comments}\n",
    )
    menu = "\n".join(f"     \u2022\u00a0{word}" for word in _MENU)
    top = "\n\n".join(f"   {line}" for line in (*_BANNER, "Subscribe", f"{' ' * 90}Daily Papers"))
    tabs = "\n".join(f"     \u2022\u00a0{tab}" for tab in _TABS)
    head = (
        f"   Link: preconnect\n   Link: preload\n   Hugging Face's logo Hugging Face\n   {'_' * 21}\n\n{menu}\n\n{top}"
    )
    foot = "\n".join(f"   {line}" for line in _FOOT)
    rule = "   _____________________ _____________________"
    return f"{head}\n\nby[IMG]AK {_BY}\n\n{rule}\n\n{tabs}\n\n   Jun 1\n{_papers(papers, parts)}{foot}\n"


def pandoc(papers: Papers) -> str:
    """As pandoc 2.17.1.1 -t plain --wrap=none on 2026-11-25: brackets in the places of pictures, accounts in them."""
    parts = _Parts(
        votes="[]\n\n{votes}\n\n",
        title="{title}\n\n",
        abstract="{abstract}\n\n",
        authors="{pictures}-   {count} authors\n\n",
        organization="[{account}] {name}\n\n",
        picture="-   []\n",
        with_comments="{dated} [] {comments}\n\n",
    )
    menu = "\n\n".join(f"-   [] {word}" for word in _MENU)
    head = "\n\n".join(
        ("[Hugging Face's logo] Hugging Face", "[]", menu, f"-   \n\n    {'-' * 72}", *_BANNER, "Subscribe")
    )
    tabs = "\n".join(f"-   {tab}" for tab in _TABS)
    foot = "[]Previous Next[]\n\n[] System theme\n\nCompany\n\nTOS Privacy About Careers []"
    return f"{head}\n\nDaily Papers\n\nby[]AK {_BY}\n\n[]\n\n{tabs}\n\n[]\n\nJun 1\n\n{_papers(papers, parts)}{foot}\n"


def html2text_text(papers: Papers) -> str:
    """As html2text 2025.4.15 with body width 0, without links and images, on 2026-11-25."""
    parts = _Parts(
        votes="{votes}\n\n",
        title="### {title}\n\n",
        abstract="{abstract}\n\n",
        authors="  {pictures}* {count} authors\n\n\n\n",
        organization="{name}\n\n",
        picture="*   ",
        with_comments="{dated}  {comments}\n\n",
    )
    menu = "\n".join(f"  * {word}" for word in _MENU)
    return f"Hugging Face\n\n{menu}\n\n{_hashed_top('Subscribe', 'AK', '  * ')}{_papers(papers, parts)}" + "\n\n".join(
        _FOOT
    )


def markdownify_text(papers: Papers) -> str:
    """As markdownify 1.2.3 without links and images on 2026-11-25: headings underlined but for titles."""
    parts = _Parts(
        votes="{votes}\n\n",
        title="### {title}\n\n",
        abstract="{abstract}\n\n",
        authors="* {count} authors\n\n",
        organization="{name}\n\n",
        with_comments="{dated}  {comments}\n\n",
    )
    top = _underlined(_hashed_top("Subscribe", "AK", "* "))
    return f"Daily Papers - Hugging Face\n\n\n\nHugging Face\n\n{top}{_papers(papers, parts)}" + "\n\n".join(_FOOT)


def _hashed_top(subscribe: str, name: str, bullet: str) -> str:
    tabs = "\n".join(f"{bullet}{tab}" for tab in _TABS)
    lines = (*_BANNER, subscribe, "# Daily Papers", f"## by{name} {_BY}", tabs, "Jun 1")
    return "\n\n".join(lines) + "\n\n"


def _underlined(text: str) -> str:
    lines = text.split("\n")
    for place, line in enumerate(lines):
        if line.startswith(("# ", "## ")):
            words = line.lstrip("# ")
            lines[place] = f"{words}\n{('=' if line.startswith('# ') else '-') * len(words)}"
    return "\n".join(lines)


# With links -----------------------------------------------------------------------------------------------------------

_INLINE = _Parts(
    votes="[{votes}]({login})\n\n",
    title="### [{title}]({paper})\n\n",
    abstract="[{abstract}]({paper})\n\n",
    authors="[{pictures}- {count} authors]({paper})\n\n",
    organization="[![{account}](https://avatars.example/x.png) {name}]({page})\n\n",
    with_comments="{dated} [{comments}]({paper}#community)\n\n",
)


def html2text(papers: Papers) -> str:
    """As html2text 2025.4.15 with body width 0 on 2026-11-25: addresses without the site, a list inside a link."""
    return _html2text(papers, "")


def html2text_based(papers: Papers) -> str:
    """The same with the site as its base."""
    return _html2text(papers, SITE)


def _html2text(papers: Papers, base: str) -> str:
    parts = replace(
        _INLINE,
        votes="[ {votes}]({login})\n\n",
        authors="[\n\n{pictures}  * {count} authors\n\n]({paper})\n\n",
        picture="  * ![]({base}/avatars/{at}.svg)\n",
        with_comments="{dated} [ {comments}]({paper}#community)\n\n",
    )
    top = _hashed_top(f"[Subscribe]({base}/login?next=%2Fpapers)", f"[![]({base}/by.png)AK]({base}/akhaliq)", "  * ")
    trending = (
        f"[]({base}/papers/trending)\n\n[]({base}/papers/date/2026-05-29)\n\nJun 1\n\n[]({base}/papers/date/2026-06-02)"
    )
    foot = "\n\n".join(_LINKED_FOOT)
    return f"[ Models]({base}/models)\n\n{top.replace('Jun 1', trending)}{_papers(papers, parts, base)}{foot}\n\n"


def markitdown(papers: Papers) -> str:
    """As markitdown 0.1.9 on 2026-11-25: a box before each number of votes, on a line of its own within the link."""
    parts = replace(
        _INLINE,
        votes="[[ ]\n\n{votes}]({login})\n\n",
        authors="[{pictures}* {count} authors]({paper})\n\n",
        picture="* ![](/avatars/{at}.svg)\n",
        with_comments="{dated}  [{comments}]({paper}#community)\n\n",
    )
    top = _hashed_top("[Subscribe](/login?next=%2Fpapers)", "[![](/by.png)AK](/akhaliq)", "* ")
    return f"* [Models](/models)\n* ---\n\n{top}{_papers(papers, parts)}" + "\n\n".join(_LINKED_FOOT)


def markdownify(papers: Papers) -> str:
    """As markdownify 1.2.3 on 2026-11-25: headings underlined."""
    parts = replace(
        _INLINE,
        authors="[{pictures}* {count} authors]({paper})\n\n",
        picture="* ![](/avatars/{at}.svg)\n",
        with_comments="{dated}  [{comments}]({paper}#community)\n\n",
    )
    top = _underlined(_hashed_top("[Subscribe](/login?next=%2Fpapers)", "[AK](/akhaliq)", "* "))
    return f"Daily Papers - Hugging Face\n\n\n\n{top}{_papers(papers, parts)}" + "\n\n".join(_LINKED_FOOT)


def node_html_markdown(papers: Papers) -> str:
    """As node-html-markdown 2 on 2026-11-25: escapes, pictures beside the text, a blank behind a link of a block."""
    parts = replace(
        _INLINE,
        votes="[ {votes}]({login})\n\n",
        authors="[{pictures} {count} authors ]({paper}) \n\n",
        organization="[![{account}](https://avatars.example/x.png) {name}]({page}) \n\n",
        picture="![](/avatars/{at}.svg)",
        with_comments="{dated} [ {comments}]({paper}#community)\n\n",
    )
    top = _hashed_top("[Subscribe](/login?next=%2Fpapers)", "[![](/by.png)AK](/akhaliq)", "* ")
    escaped = [
        replace(
            paper,
            votes=paper.votes.replace("-", "\\-"),
            abstract=re.sub(r"(?<=\d)\. ", r"\\. ", paper.abstract),
            title=paper.title.replace("_", "\\_"),
        )
        for paper in papers
    ]
    return f" \n\n* [ Models](/models)\n\n{top}{_papers(escaped, parts)}" + "\n\n".join(_LINKED_FOOT)


def turndown(papers: Papers) -> str:
    """As turndown 7.2.5 with hashes for headings on 2026-11-25: the brackets of a link on lines of their own."""
    parts = replace(
        _INLINE,
        votes="[\n\n{votes}\n\n  \n\n]({login})\n\n",
        abstract="[\n\n{abstract}\n\n]({paper})\n\n",
        authors="[\n\n{pictures}*   {count} authors\n\n]({paper})\n\n",
        organization=" [![{account}](https://avatars.example/x.png) {name}]({page})\n\n",
        picture="*   ![](/avatars/{at}.svg)\n",
    )
    top = _hashed_top("[Subscribe](/login?next=%2Fpapers)", "[![](/by.png)AK](/akhaliq)", "*   ")
    escaped = [
        replace(paper, votes=paper.votes.replace("-", "\\-"), title=paper.title.replace("_", "\\_")) for paper in papers
    ]
    return f"    \n\n*   [Models](/models)\n\n*   * * *\n    \n\n{top}{_papers(escaped, parts)}" + "\n\n".join(
        _LINKED_FOOT
    )


def inscriptis_linked(papers: Papers) -> str:
    """As inscriptis 2.7.6 with links on 2026-11-25: indented, brackets of links around blocks on lines of their own."""
    parts = _Parts(
        votes="          [\n              {votes}\n          ]({login})\n\n",
        title="          [{title}]({paper})\n\n",
        abstract="          [\n\n          {abstract}\n\n          ]({paper})\n",
        authors="            [\n{pictures}              * {count} authors\n            ]({paper})\n",
        organization="            [ {name} ]({page})\n",
        picture="              * \n",
        dot="              \u00b7\n",
        dated="              {dated}\n",
        with_comments="              {dated} [ {comments}]({paper}#community)\n",
    )
    top = "\n\n".join(f"        {line}" for line in (*_BANNER, "[Subscribe](/login?next=%2Fpapers)", "  Daily Papers"))
    tabs = "\n".join(f"              * {tab}" for tab in _TABS)
    foot = "\n".join(f"        {line}" for line in _LINKED_FOOT)
    by = f"        by[ AK ](/akhaliq) {_BY}"
    trending = "            [](/papers/trending)\n            [](/papers/date/2026-05-29)"
    return f"{top}\n\n{by}\n\n{tabs}\n{trending}\n              Jun 1\n{_papers(papers, parts)}{foot}"


def firecrawl(papers: Papers) -> str:
    """A firecrawl scrape of the main content as it was kept on 2026-10-02: facts of the scrape above, a glued foot."""
    parts = replace(
        _INLINE,
        authors="[{pictures}- {count} authors]({paper})\n\n",
        organization="[![{account}](https://avatars.example/x.png){name}]({page})\n\n",
        picture="- ![]({base}/avatars/{at}.svg)\\\\\n",
        with_comments="{dated}[{comments}]({paper}#community)\n\n",
    )
    top = _hashed_top(f"[Subscribe]({SITE}/login?next=%2Fpapers)", f" [![]({SITE}/by.png)AK]({SITE}/akhaliq)", "- ")
    trending = f"[Trending Papers]({SITE}/papers/trending)\n\nJun 1"
    facts = "---\nurl: https://huggingface.co/papers?q=tides\nretrieved: 2026-06-01\nstatusCode: 200\n---\n"
    foot = f"[Previous]({SITE}/papers/date/2026-05-29)\n\nTrending Papers ranked by GitHub stars activity\n"
    return f"{facts}{top.replace('Jun 1', trending)}{_papers(papers, parts, SITE)}{foot}"


def notebook(papers: Papers) -> str:
    """A notebook's export as it was kept on 2026-07-28: each address below its text, comments below their date."""
    parts = _Parts(
        votes=" [-] {votes}\n\n{login}\n\n",
        title="{title}\n\n{paper}\n\n",
        abstract="{abstract}\n\n{paper}\n\n",
        authors="[\n\n{count} authors]({paper})\n\n",
        organization=" \n\n{paper}\n\n {name}\n\n{page}\n\n",
        with_comments="{dated} \n\n{comments}\n\n{paper}#community\n\n",
    )
    menu = "\n\n".join(f"{word}\n\n{SITE}/{word.lower()}" for word in ("Models", "Docs"))
    top = "\n\n".join(
        (*_BANNER, f"Subscribe\n\n{SITE}/login?next=%2Fpapers", "Daily Papers", "by ", f"AK\n\n{SITE}/akhaliq")
    )
    tabs = "\n\n".join(_TABS)
    foot = f"Previous\n\n{SITE}/papers/date/2026-05-29\n\nSystem theme\n\nTOS\n\n{SITE}/terms-of-service\n"
    dates = f"{SITE}/papers/trending\n\n \n\n{SITE}/papers/date/2026-05-29\n\nJun 1"
    head = f"# Daily Papers - Hugging Face\n{menu}\n\n{top}\n\n {_BY}\n\ntides\n\n{tabs} \n\n{dates}"
    return f"{head}\n\n{_papers(papers, parts, SITE)}{foot}"
