"""What people try who may read and comment, push to draft branches, or are strangers: nothing passes without a word."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from tests.flows.office import GUARDED, JONAS, MALLORY, MIRA, NAME, WITH_ACCOUNTS, WITH_CLIENT, KeyedBy, Office
from tests.flows.test_safeguard import BANK

from git_bill.custody.client_word import ClientWord, client_word_file
from git_bill.custody.signoff import SignOff, settings_subject, signoff_file
from git_bill.layout import draft_branch, draft_file
from git_bill.problem import Stop
from git_bill.shape import write

BRANCH, PATH, STATED = draft_branch(NAME), draft_file(NAME), "billing/billing.toml"
TWO = GUARDED + "sign_offs = 2\n" + JONAS
EVE = """
[[contributors]]
id = "eve"
name = "Eve"
emails = ["mallory@evil.example"]
timezone = "Europe/Berlin"
roles = ["owner"]
accounts = ["eve"]
"""
MISSING = {"sign-off-missing"}


def guarded(settings: str = WITH_ACCOUNTS + TWO, client: str = WITH_CLIENT) -> Office:
    """Two people must sign each draft off."""
    made = Office(settings=settings, client=client)
    made.drafted()
    return made


def forged(office: Office, by: str, *, subject: str = "", blob: str = "") -> dict[str, str | None]:
    """A sign-off that somebody wrote in another's name."""
    text = office.text(PATH, BRANCH)
    draft = next(line.partition('"')[2].rstrip('"') for line in text.splitlines() if line.startswith("id = "))
    record = SignOff(draft=draft, blob=blob or office.books.blob_id(text.encode()), by=by, at=office.bureau.clock.now())
    return {signoff_file(subject or draft, by): write(record)}


def on_the_draft_branch(office: Office) -> None:
    office.commit(forged(office, "jonas"), ("Jonas Weber", "jonas@example.net"), branch=BRANCH)


def merges(how: str) -> Callable[[Office], None]:
    def merge(office: Office) -> None:
        on_the_draft_branch(office)
        office.forge.merge(1, how=how)  # type: ignore[arg-type]

    merge.__name__ = how
    return merge


def by_another_pull_request(office: Office) -> None:
    office.books.store.branches["small-things"] = office.books.tip() or ""
    office.commit(forged(office, "jonas"), ("Jonas Weber", "jonas@example.net"), branch="small-things")
    office.forge.merge(office.forge.open("small-things").number, how="rebase")
    office.forge.merge(1)


@pytest.mark.parametrize("happens", [merges("merge"), merges("squash"), merges("rebase"), by_another_pull_request])
def test_a_sign_off_that_came_by_a_pull_request_is_nobodys(happens: Callable[[Office], None]) -> None:
    office = guarded()
    happens(office)
    assert MISSING <= office.rules() <= {*MISSING, "came-along"}
    office.approve("jonas")  # his own word counts, although a file with the same content is there
    assert office.rules() == set()


def test_the_clients_word_on_the_draft_branch_is_none() -> None:
    reviewed = WITH_CLIENT.replace('accounts = ["alice"]', 'accounts = ["alice"]\nreview = "mail"')
    office = guarded(WITH_ACCOUNTS, reviewed)
    text = office.text(PATH, BRANCH)
    draft = next(line.partition('"')[2].rstrip('"') for line in text.splitlines() if line.startswith("id = "))
    word = ClientWord(
        draft=draft, blob=office.books.blob_id(text.encode()), who="Alice", way="attachment", ref="",
        at=office.bureau.clock.now(),
    )  # fmt: skip
    office.commit({client_word_file(draft): write(word)}, MALLORY, branch=BRANCH)
    office.forge.merge(1, how="rebase")
    assert "client-approval-missing" in office.rules()


@pytest.mark.parametrize("how", ["merge", "squash", "rebase"])
@pytest.mark.parametrize("by", ["eve", "mira"])
def test_a_role_that_came_with_the_draft_counts_for_nothing(how: str, by: str) -> None:
    """Before the first invoice too, when no change is looked at."""
    office = guarded()
    office.commit({STATED: office.text(STATED) + EVE}, MIRA, branch=BRANCH)
    office.forge.review(1, "eve")
    office.forge.merge(1, by=by, how=how)  # type: ignore[arg-type]
    assert office.rules() >= MISSING


@pytest.mark.parametrize("guards", ["", TWO])
def test_a_pull_request_from_another_branch_with_a_forged_author(guards: str) -> None:
    """Rebased, its commits keep the author that they claim; the forge tells who merged it."""
    office = guarded(WITH_ACCOUNTS + guards)
    office.books.store.branches["small-things"] = office.books.tip() or ""
    office.commit({PATH: office.text(PATH, BRANCH)}, MIRA, branch="small-things")
    office.forge.merge(office.forge.open("small-things").number, by="mallory", how="rebase")
    assert office.rules() == MISSING


def test_a_merge_by_an_account_that_is_gone_since_is_by_nobody_known() -> None:
    office = guarded(WITH_ACCOUNTS)
    office.forge.merge(1, by=None, how="rebase")
    assert office.rules() == MISSING


@pytest.mark.parametrize("day", ["2026-10-31", "2026-11-30"])
def test_who_has_left_signs_nothing_off(day: str) -> None:
    office = guarded(WITH_ACCOUNTS + TWO.replace('id = "jonas"\n', f'id = "jonas"\nuntil = {day}\n'))
    office.forge.review(1, "jonas")
    office.forge.merge(1)
    assert office.rules() == (MISSING if day < "2026-11-02" else set())


def test_who_has_left_merges_as_a_stranger() -> None:
    office = guarded(WITH_ACCOUNTS + JONAS.replace('id = "jonas"\n', 'id = "jonas"\nuntil = 2026-10-31\n'))
    office.forge.merge(1, by="jonas")
    assert office.rules() == MISSING


def test_a_review_of_an_older_commit_counts_for_the_content_that_it_had() -> None:
    office = guarded()
    old = office.books.store.branches[BRANCH]
    office.edit_draft(MALLORY, note="Thank you")
    office.forge.review(1, "jonas", commit=old)
    office.forge.merge(1)
    assert office.rules() == MISSING


def test_a_review_whose_commit_is_gone_counts_for_nothing() -> None:
    office = guarded()
    given = office.forge.review(1, "jonas")
    office.forge.hosted.reviews[1][-1] = replace(given, commit="")
    office.forge.merge(1)
    assert office.rules() == MISSING


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        (STATED, 'accounts = ["jonas"]', 'accounts = ["Mira"]'),
        (STATED, 'accounts = ["jonas"]', 'accounts = ["ALICE"]'),
        ("billing/clients/acme.toml", 'accounts = ["alice"]', 'accounts = ["alice", "mira"]'),
    ],
)
def test_one_account_of_two_people_is_nobodys_word(path: str, old: str, new: str) -> None:
    office = guarded()
    office.change(old, new, path)
    office.forge.merge(1)
    with pytest.raises(Stop) as stopped:
        office.rules()
    assert "belongs to both" in stopped.value.problems[0].message


def edited_question(office: Office) -> None:
    """Who may push may edit comments of others."""
    said = office.forge.comment(1, "alice", "This is not what we agreed on.")
    office.forge.hosted.comments[1] = [replace(said, text="/bill help", edited=True)]


def dismissed_objection(office: Office) -> None:
    given = office.forge.review(1, "alice", "changes-requested", text="too much")
    office.forge.hosted.reviews[1] = [replace(given, verdict="dismissed")]


def closed_and_opened_anew(office: Office) -> None:
    office.forge.review(1, "alice", "changes-requested", text="too much")
    office.forge.close(1)
    office.edit_draft(MALLORY, note="Thank you")
    office.forge.open(BRANCH)


def turned_to_another_branch(office: Office) -> None:
    office.forge.review(1, "alice", "changes-requested", text="too much")
    office.forge.hosted.pulls[1] = replace(office.forge.hosted.pulls[1], base="elsewhere")
    office.forge.open(BRANCH)


def held_after_approving(office: Office) -> None:
    office.forge.review(1, "alice")
    office.forge.comment(1, "alice", "/bill hold because the order number is wrong")


def drowned(office: Office) -> None:
    office.forge.comment(1, "alice", "What is line 1?")
    for number in range(2000):
        office.forge.comment(1, "mallory", f"Never mind {number}\n/bill release")


@pytest.mark.parametrize(
    "happens",
    [
        edited_question,
        dismissed_objection,
        closed_and_opened_anew,
        turned_to_another_branch,
        held_after_approving,
        drowned,
    ],
)
def test_nobody_but_who_may_lifts_a_hold(happens: Callable[[Office], None]) -> None:
    office = guarded(WITH_ACCOUNTS)
    happens(office)
    office.forge.merge(max(office.forge.hosted.pulls))
    assert office.rules() == {"on-hold"}
    (refused,) = office.issue().refused
    assert "https://forge.example/mira/books/pull/1" in refused.problems[-1].hint


def test_an_approval_that_somebody_wrote_into_a_comment_counts_for_nothing() -> None:
    office = guarded()
    office.approve("jonas")
    said = office.forge.comment(1, "jonas", "Hm.")
    office.forge.hosted.comments[1][-1] = replace(said, text="/bill approve", edited=True)
    office.commit({signoff: None for signoff in office.books.store.files if "signoffs" in signoff})
    office.forge.merge(1)
    assert office.rules() == MISSING


# Settings


@pytest.fixture
def office() -> Office:
    """One invoice is issued, another draft is merged."""
    made = Office(settings=WITH_ACCOUNTS + JONAS)
    made.drafted()
    made.forge.merge(1)
    assert made.rules() == set()
    made.work(20)
    made.drafted()
    made.forge.merge(2)
    return made


def proposed(office: Office, files: dict[str, str | None], author: tuple[str, str] = MIRA) -> int:
    """A pull request with a commit for each file, under a name of somebody's choosing."""
    office.books.store.branches["small-things"] = office.books.tip() or ""
    for path, text in files.items():
        office.commit({path: text}, author, branch="small-things", message="Small things (#1)")
    return office.forge.open("small-things").number


def changed(office: Office) -> str:
    return office.text(STATED).replace(*BANK)


@pytest.mark.parametrize("how", ["merge", "squash", "rebase"])
@pytest.mark.parametrize(
    ("by", "rules"), [("mira", set()), ("jonas", {"payee-changed"}), ("mallory", {"payee-changed"})]
)
def test_an_account_by_pull_request_needs_the_owners_merge(office: Office, how: str, by: str, rules: set[str]) -> None:
    """However it is merged, whatever author and number its commits claim."""
    office.forge.merge(proposed(office, {STATED: changed(office)}), by=by, how=how)  # type: ignore[arg-type]
    assert office.rules() == rules


@pytest.mark.parametrize("how", ["merge", "squash", "rebase"])
def test_nobody_vouches_for_a_change_in_the_change_itself(office: Office, how: str) -> None:
    blob = office.books.blob_id(changed(office).encode())
    word = SignOff(draft="settings", blob=blob, by="mira", at=office.bureau.clock.now())
    files: dict[str, str | None] = {
        STATED: changed(office),
        signoff_file(settings_subject(blob), "mira"): write(word),
    }
    office.forge.merge(proposed(office, files), by="jonas", how=how)  # type: ignore[arg-type]
    assert office.rules() == {"payee-changed"}
    office.approve_settings()
    assert office.rules() == set()


@pytest.mark.parametrize("how", ["merge", "squash", "rebase"])
def test_an_account_that_rides_on_a_draft_needs_a_word_of_its_own(how: str) -> None:
    office = Office(settings=WITH_ACCOUNTS + JONAS)
    office.drafted()
    office.forge.merge(1)
    assert office.rules() == set()
    office.work(20)
    office.drafted()
    office.commit({STATED: changed(office)}, MIRA, branch=f"{BRANCH}-2")
    office.forge.merge(2, how=how)  # type: ignore[arg-type]
    assert office.rules() == {"payee-changed", "came-along"}


@pytest.mark.parametrize("how", ["merge", "squash", "rebase"])
def test_an_invoice_that_nobody_issued_settles_nothing(office: Office, how: str) -> None:
    """Changes are looked at since the last invoice: a made-up one would hide them."""
    folder = next(p.rpartition("/")[0] for p in office.books.store.files if p.endswith("/invoice.toml"))
    copies: dict[str, str | None] = {
        f"{folder[:-1]}9/{name}": office.text(f"{folder}/{name}").replace(folder[-13:], folder[-13:-1] + "9")
        .replace("2026-11-02", "2026-11-30")
        for name in ("claim.toml", "invoice.toml")
    }  # fmt: skip
    office.forge.merge(proposed(office, {STATED: changed(office), **copies}), by="jonas", how=how)  # type: ignore[arg-type]
    with pytest.raises(Stop):  # the ledger does not know it
        office.rules()
    assert {change.guarded.rule for change in office.unsanctioned()} == {"payee-changed"}


@pytest.mark.parametrize("path", ["billing/manifest/acme/2026-10.toml", "billing/edits/acme/2026-10.toml"])
def test_work_that_came_with_a_draft_needs_a_word(path: str) -> None:
    office = guarded(WITH_ACCOUNTS)
    before = office.text(path) if path in office.books.store.files else "schema = 1\n"
    office.commit({path: before + "# more\n"}, MALLORY, branch=BRANCH)
    office.forge.merge(1)
    assert office.rules() == {"came-along"}
    office.approve()
    assert office.rules() == set()


def test_a_signature_by_a_key_that_was_removed_is_none() -> None:
    keyed = WITH_ACCOUNTS.replace('accounts = ["mira"]\n', 'keys = ["ssh-ed25519 AAAAmira"]\n')
    office = Office(settings=keyed + GUARDED, on_forge=False, signatures=KeyedBy(own="ssh-ed25519 AAAAmira"))
    office.drafted()
    office.approve()
    office.change('keys = ["ssh-ed25519 AAAAmira"]', 'keys = ["ssh-ed25519 AAAAnew"]')
    office.books.merge(BRANCH)
    assert office.rules() == MISSING | {"roles-changed"}
