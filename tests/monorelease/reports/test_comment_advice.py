from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

from monorelease.formats.fragments import parse_fragment
from monorelease.model.bump import Bump
from monorelease.model.forge import ForgeKind, PullRequest, Site
from monorelease.model.proposal import Proposal
from monorelease.model.value import replace
from monorelease.reports.comment_advice import advice
from proposals import COMMIT, names, proposal, said
from rendered import misdeeds, rendered

HEAD = Site(kind=ForgeKind.GITHUB, url="https://forge.example", repository="ada/tools")
REQUEST = PullRequest(
    number=12,
    address="https://forge.example/acme/tools/pull/12",
    title="fixes #3: @ada's `leak` </details>",
    body="",
    base="main",
    head="fix/leak #1",
    head_commit=COMMIT,
    head_repository="ada/tools",
    author="ada",
)
UNTOLD = proposal(touched=names("app", "core", "web"), untold=names("app", "core"))


def begun(told: Proposal, request: PullRequest | None = REQUEST) -> tuple[str, str]:
    """The name and the content of the file that the link begins."""
    (address,) = rendered(advice(told, HEAD, request)).links
    fields = parse_qs(urlsplit(address).query)
    return fields["filename"][0], fields["value"][0]


def test_the_fragment_is_for_the_untold_and_passes_our_own_check() -> None:
    path, content = begun(UNTOLD)

    assert path == "changes/12.fix.md"
    fragment, findings = parse_fragment(said(path).path, content.encode(), ["fix"])
    assert fragment is not None
    assert {entry.name: entry.bump for entry in fragment.entries} == {
        "app": Bump.PATCH,
        "core": Bump.PATCH,
    }
    assert fragment.text == REQUEST.title
    assert findings == ()


def test_where_all_are_told_it_is_for_those_that_are_changed() -> None:
    told = proposal(touched=names("core"), fragments=(said("changes/12.fix.md", core="patch"),))

    path, content = begun(told)

    assert path == "changes/12.fix.1.md"
    assert content.startswith("---\ncore: patch\n---\n")
    assert advice(told, HEAD, REQUEST).startswith("[Write another fragment here](")


def test_the_title_is_no_markdown_of_ours() -> None:
    text = advice(UNTOLD, HEAD, REQUEST)

    assert misdeeds(text) == []
    assert rendered(text).tags.count("details") == 1


def test_without_a_title_there_are_words_to_replace() -> None:
    _, content = begun(UNTOLD, replace(REQUEST, title=" \n"))

    assert content.endswith("What people who upgrade should know of this change.\n")


def test_without_a_page_there_is_a_command() -> None:
    for head, request in ((None, REQUEST), (HEAD, None), (None, None)):
        text = advice(UNTOLD, head, request)
        assert text.startswith(
            "Write the fragment with `monorelease add --patch app,core --category fix`."
        )


def test_an_address_that_is_too_long_is_none() -> None:
    many = names(*(f"a-member-with-a-long-name-{number}" for number in range(400)))

    text = advice(proposal(untold=many), HEAD, REQUEST)

    assert rendered(text).links == []
    assert text.startswith(
        "Write the fragment with `monorelease add --patch NAMES --category fix`."
    )


def test_where_nothing_is_changed_there_is_nothing_to_write() -> None:
    assert advice(proposal(), HEAD, REQUEST) == ""
    assert advice(proposal(touched=names("core"), releases_itself=True), HEAD, REQUEST) == ""
