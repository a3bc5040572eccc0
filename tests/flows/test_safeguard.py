"""Where money and mail go, and who may say so: a change needs an owner's word of its own."""

from collections.abc import Callable

import pytest
from tests.flows.office import JONAS, MALLORY, MIRA, NAME, OF_MIRA, WITH_ACCOUNTS, KeyedBy, Office
from tests.flows.shelf import ACME, SETTINGS
from tests.laws.bureau import VAT

from git_bill.flows.approve import approve_settings
from git_bill.flows.assent import ROBOT
from git_bill.problem import Stop

BANK = ('iban = "DE02120300000000202051"', 'iban = "DE89370400440532013000"')
KEY = "ssh-ed25519 AAAAmira"


@pytest.fixture
def office() -> Office:
    """One invoice is issued, another draft is merged."""
    made = Office(settings=WITH_ACCOUNTS + JONAS)
    made.drafted()
    made.forge.merge(1)
    assert made.rules() == set()
    made.work(20)
    made.drafted()
    return made


def merge(office: Office) -> None:
    office.forge.merge(2)


def bank(office: Office, author: tuple[str, str] = MALLORY) -> str:
    return office.change(*BANK, author=author)


def mail(office: Office) -> None:
    office.change("ap@acme.example", "pay@evil.example", "billing/clients/acme.toml", MALLORY)


def own_role(office: Office) -> None:
    office.change('roles = ["approver"]', 'roles = ["owner"]', author=MALLORY)


def own_account(office: Office) -> None:
    office.change('accounts = ["mira"]', 'accounts = ["mira", "mallory"]', author=MALLORY)


def new_owner(office: Office) -> None:
    office.change("[[contributors]]", '[guardrails]\nmax_discount = "90%"\n\n[[contributors]]', author=MALLORY)


def by_an_approver(office: Office) -> None:
    bank(office, ("Jonas", "jonas@example.net"))


def back_and_forth(office: Office) -> None:
    """An owner's later commit does not cover what somebody slipped in before."""
    bank(office)
    office.change('city = "Berlin"', 'city = "Bonn"')


def through_a_gap(office: Office) -> None:
    """Nor does an owner who mends a file that somebody broke on purpose."""
    office.commit({"billing/billing.toml": office.text("billing/billing.toml").replace(*BANK) + "broken\n"}, MALLORY)
    office.change("broken\n", "")


def renamed(office: Office) -> None:
    path = "billing/clients/acme.toml"
    text = office.text(path)
    office.commit({path: None}, MALLORY)
    office.commit({path: text.replace("ap@acme.example", "pay@evil.example")}, MALLORY)


@pytest.mark.parametrize(
    ("happens", "rules"),
    [
        (bank, {"payee-changed"}),
        (mail, {"recipient-changed"}),
        (own_role, {"roles-changed"}),
        (own_account, {"roles-changed"}),
        (new_owner, {"roles-changed"}),
        (by_an_approver, {"payee-changed"}),
        (back_and_forth, {"payee-changed"}),
        (through_a_gap, {"payee-changed"}),
        (renamed, {"recipient-changed"}),
    ],
)
def test_what_changed_without_an_owner_is_not_issued(
    office: Office, happens: Callable[[Office], object], rules: set[str]
) -> None:
    happens(office)
    merge(office)
    assert office.rules() == rules
    with pytest.raises(Stop, match="jonas was no owner before"):
        office.approve_settings("jonas")
    office.approve_settings("mira")
    assert office.rules() == set()


def test_an_owners_own_commit_is_enough(office: Office) -> None:
    bank(office, MIRA)
    merge(office)
    assert office.rules() == set()
    assert office.unsanctioned() == ()


def test_who_changes_it_back_changed_nothing(office: Office) -> None:
    bank(office)
    office.change(BANK[1], BANK[0], author=MALLORY)
    merge(office)
    assert office.rules() == set()


@pytest.mark.parametrize(
    ("account", "rules"), [("mira", set()), ("alice", {"payee-changed"}), ("jonas", {"payee-changed"})]
)
def test_who_merged_its_pull_request_counts_and_not_the_mail(office: Office, account: str, rules: set[str]) -> None:
    pull = office.forge.open("new-account")
    commit = office.commit(
        {"billing/billing.toml": office.text("billing/billing.toml").replace(*BANK)},
        MIRA,
        message=f"New account (#{pull.number})",
    )
    office.forge.merge(pull.number, by=account, merged_as=commit)
    merge(office)
    assert office.rules() == rules


def test_a_number_in_a_message_proves_nothing(office: Office) -> None:
    """It names a pull request that Mira merged, and which is another commit."""
    office.commit(
        {"billing/billing.toml": office.text("billing/billing.toml").replace(*BANK)}, MALLORY, message="x (#1)"
    )
    merge(office)
    assert office.rules() == {"payee-changed"}


def test_it_does_not_ride_on_a_draft(office: Office) -> None:
    branch = f"bill/{NAME}-2"
    text = office.text("billing/billing.toml").replace(*BANK)
    office.commit({"billing/billing.toml": text}, MIRA, branch=branch)
    merge(office)
    assert office.rules() == {"payee-changed", "came-along"}
    office.approve_settings()
    assert office.rules() == set()


def by_mira(office: Office) -> None:
    """She goes on setting up by hand: a key, which she has no need for yet, then another account and another limit."""
    office.change('roles = ["owner"]', f'roles = ["owner"]\nkeys = ["{KEY}"]')
    bank(office, MIRA)
    office.change("[[contributors]]", '[guardrails]\nmax_discount = "90%"\n\n[[contributors]]')


def by_an_owner(office: Office) -> None:
    office.change('roles = ["approver"]', 'roles = ["owner"]')
    bank(office, ("Jonas", "jonas@example.net"))


@pytest.mark.parametrize(
    ("happens", "rules"),
    [
        (by_mira, set()),
        (by_an_owner, set()),
        (bank, {"payee-changed"}),
        (by_an_approver, {"payee-changed"}),
        (own_role, {"roles-changed"}),
        (mail, {"recipient-changed"}),
    ],
)
def test_before_the_first_invoice_who_began_goes_on_and_nobody_else(
    happens: Callable[[Office], object], rules: set[str]
) -> None:
    office = Office(settings=WITH_ACCOUNTS + JONAS, on_forge=False)
    office.drafted()
    happens(office)
    office.books.merge(f"bill/{NAME}")
    assert office.rules() == rules
    if rules:
        office.approve_settings()
        assert office.rules() == set()


def test_who_began_need_not_be_listed_and_whose_keys_were_listed_at_once_signs() -> None:
    for author, rules in ((("git-bill", ROBOT), set()), (MIRA, {"payee-changed"})):
        office = Office(settings=SETTINGS.replace(OF_MIRA, f'{OF_MIRA}keys = ["{KEY}"]\n'), on_forge=False)
        office.drafted()  # by who has no e-mail
        bank(office, author)
        office.books.merge(f"bill/{NAME}")
        assert office.rules() == rules


@pytest.mark.parametrize("new", [f'keys = ["{KEY}"]', 'accounts = ["mira"]'])
def test_an_owner_whom_a_client_file_without_accounts_follows_changes_herself(new: str) -> None:
    office = Office(settings=SETTINGS, client=ACME, on_forge=False)
    office.drafted()
    office.books.merge(f"bill/{NAME}")
    assert office.rules() == set()
    office.change(OF_MIRA, f"{OF_MIRA}{new}\n")
    office.work(20)
    office.drafted()
    office.books.merge(f"bill/{NAME}-2")
    assert office.rules() == set()


def test_what_changed_is_told_part_by_part_and_never_a_whole_account(office: Office) -> None:
    bank(office)
    office.change('accounts = ["mira"]', 'accounts = ["mira", "mallory"]', author=MALLORY)
    told = [str(part) for change in office.unsanctioned() for part in change.parts]
    assert told == ["iban: DE02…2051 → DE89…3000", 'accounts: ["mira"] → ["mira", "mallory"]']


def test_what_was_not_looked_at_is_not_signed_off(office: Office) -> None:
    bank(office)
    seen = office.unsanctioned()
    own_account(office)
    with pytest.raises(Stop, match="changed since"):
        office.do(approve_settings(office.books, office.bureau.clock, VAT, seen, by="mira", witnesses=office.witnesses))


def test_an_owner_with_keys_signs_it() -> None:
    keyed = WITH_ACCOUNTS.replace('accounts = ["mira"]\n', f'keys = ["{KEY}"]\n')
    office = Office(settings=keyed, on_forge=False, signatures=KeyedBy(own=KEY))
    office.drafted()
    office.books.merge(f"bill/{NAME}")
    assert office.rules() == set()
    office.work(20)
    office.drafted()
    bank(office, MIRA)
    office.books.merge(f"bill/{NAME}-2")
    assert office.rules() == {"payee-changed"}
    office.approve_settings()
    assert office.rules() == set()


def test_the_next_review_says_new_account_and_new_address_first(office: Office) -> None:
    bank(office, MIRA)
    office.change("ap@acme.example", "new@acme.example", "billing/clients/acme.toml")
    office.present()
    first, second = office.forge.hosted.bodies[2].split("\n\n")[:2]
    assert first.startswith("**It pays to a NEW account:** `DE89…3000`, other than INV-2026-0032.\nMake sure that ")
    assert second.startswith("**It is mailed to a NEW address:** new@&#8203;acme.example, other than")
