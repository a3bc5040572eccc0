"""Law 6: an issued directory never changes; what is billed of an entry was worked; no entry is billed twice."""

import re
from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from tests.flows.shelf import ACME, SETTINGS
from tests.laws.bureau import VAT, Bureau
from tests.worklog.workday import commit

from git_bill.adapters.tables import wording
from git_bill.flows import load
from git_bill.flows.close import close
from git_bill.flows.collect import collect
from git_bill.flows.corrections import Facts, Share, confirm, drop, edit, merge, move, split
from git_bill.flows.credit import correction, credit_note
from git_bill.invoice.billed import standing
from git_bill.invoice.crediting import Wish
from git_bill.invoice.draft import Entries
from git_bill.invoice.issued import Invoice
from git_bill.invoice.replacing import Wish as Other
from git_bill.layout import draft_file
from git_bill.money import Money
from git_bill.worklog.evidence import to_line

CAPPED = ACME.replace('currency = "EUR"\n', 'currency = "EUR"\ncap = "300.00 EUR per month"\n')
GLOBEX = ACME.replace("Acme GmbH", "Globex AG").replace("acme-2026", "globex-2026").replace('"15m"', '"30m"')
FILES = {
    "billing/billing.toml": SETTINGS,
    "billing/clients/acme.toml": CAPPED,
    "billing/clients/globex.toml": GLOBEX,
}
OCTOBER = date(2026, 10, 1)
MINUTES = st.integers(1, 400)
CLIENTS = st.sampled_from(["acme", "globex"])


class Books(RuleBasedStateMachine):
    """People work, correct, draft, approve and issue in any order; evidence comes late; drafts are copied by hand."""

    def __init__(self) -> None:
        super().__init__()
        self.bureau = Bureau()
        self.bureau.state(FILES)
        self.frozen: dict[str, bytes] = {}
        self.seen = 0

    @initialize(days=st.lists(st.integers(0, 30), min_size=1, max_size=4), minutes=MINUTES)
    def begin(self, days: list[int], minutes: int) -> None:
        """Work for both clients, and its drafts."""
        for day in days:
            self.bureau.work(OCTOBER + timedelta(days=day), minutes)
            self.bureau.work(OCTOBER + timedelta(days=day), minutes // 2 + 1, "globex")
        self.draft(None, 31)

    @rule(day=st.integers(0, 33), minutes=MINUTES, client=CLIENTS)
    def work(self, day: int, minutes: int, client: str) -> None:
        self.bureau.work(OCTOBER + timedelta(days=day), minutes, client)

    @rule(day=st.integers(0, 30), hour=st.integers(7, 20), gap=st.integers(5, 50), rewritten=st.booleans())
    def evidence(self, day: int, hour: int, gap: int, rewritten: bool) -> None:
        """Two commits are gathered, perhaps with an author second that was there before."""
        self.seen += 0 if rewritten and self.seen else 1
        start = datetime(2026, 10, 1, hour, tzinfo=ZoneInfo("Europe/Berlin")) + timedelta(days=day)
        path = "billing/evidence/web-shop/laptop/2026-10.jsonl"
        old = (self.bureau.books.here().read(path) or b"").decode()
        key = f"{self.seen}{day}{hour}{len(old)}"
        new = [commit(f"{key}-{n}", f"{start + timedelta(minutes=n * gap):%Y-%m-%d %H:%M}", key) for n in (0, 1)]
        self.bureau.state({path: old + "".join(f"{to_line(record)}\n" for record in new)})
        self.bureau.do(collect(self.bureau.books, {}, "laptop"))

    @precondition(lambda self: self.entries)
    @rule(data=st.data(), minutes=MINUTES)
    def correct(self, data: st.DataObject, minutes: int) -> None:
        """One of all the things that people say of an entry; what is billed is refused."""
        ids = st.sampled_from(sorted(self.entries))
        one, other = data.draw(ids), data.draw(ids)
        how = {"by": "mira", "because": "agreed"}
        books, clock = self.bureau.books, self.bureau.clock
        corrections = {
            "longer": lambda: edit(books, clock, [one], Facts(minutes=minutes), **how),
            "another day": lambda: edit(books, clock, [one], Facts(day=OCTOBER), **how),
            "no work": lambda: drop(books, clock, [one], **how),
            "right": lambda: confirm(books, clock, [one], by="mira"),
            "elsewhere": lambda: move(books, clock, [one], "globex", **how),
            "in two": lambda: split(books, clock, one, [Share(minutes=1, text="a part")], **how),
            "in one": lambda: merge(books, clock, [one, other], one, **how),
        }
        self.bureau.may(corrections[data.draw(st.sampled_from(sorted(corrections)))])

    @rule(client=st.none() | CLIENTS, back=st.sampled_from([0, 31]))
    def draft(self, client: str | None, back: int) -> None:
        self.bureau.draft(date(2026, 11, 1) - timedelta(days=back), client)

    @rule(day=st.integers(0, 33), minutes=MINUTES, client=CLIENTS, rivals=st.integers(0, 2), by_git=st.booleans())
    def bill(self, day: int, minutes: int, client: str, rivals: int, by_git: bool) -> None:
        """All in one go."""
        self.work(day, minutes, client)
        self.draft(None, 31)
        for name in self.bureau.open_drafts:
            if by_git:
                self.bureau.books.merge(f"bill/{name}")
            else:
                self.bureau.approve(name)
        self.issue(rivals)

    @precondition(lambda self: self.bureau.open_drafts)
    @rule(data=st.data(), what=st.sampled_from(["close", "merge", "approve"]))
    def decide(self, data: st.DataObject, what: str) -> None:
        name = data.draw(st.sampled_from(self.bureau.open_drafts))
        if what == "close":
            self.bureau.do(close(self.bureau.books, name))
        elif what == "merge":
            self.bureau.books.merge(f"bill/{name}")
        else:
            self.bureau.approve(name)

    @precondition(lambda self: self.bureau.open_drafts)
    @rule(data=st.data(), more=st.booleans())
    def copy_by_hand(self, data: st.DataObject, more: bool) -> None:
        """Somebody puts a second draft of the same entries onto the books branch, perhaps with more minutes."""
        books = self.bureau.books
        branch = data.draw(st.sampled_from(books.drafts()))
        content = books.at(branch.commit).read(draft_file(branch.name))
        text = re.sub(r'id = "D-\w+"', f'id = "D-copy{self.seen:08}"', (content or b"").decode())
        if more:
            text = re.sub(r'^(W-\w+ = )"\w+"', r'\1"90h"', text, count=1, flags=re.MULTILINE)
        self.bureau.put({draft_file(f"copy-{self.seen}"): text})
        self.bureau.books.merge(f"bill/{branch.name}")

    @rule(rivals=st.integers(0, 2))
    def issue(self, rivals: int) -> None:
        self.bureau.issue(rivals=rivals)

    @precondition(lambda self: self.invoices)
    @rule(
        data=st.data(),
        entries=st.sampled_from(["rebill", "waive"]),
        lines=st.sampled_from([(), (1,)]),
        cents=st.none() | st.integers(1, 20_000),
    )
    def credit(self, data: st.DataObject, entries: Entries, lines: tuple[int, ...], cents: int | None) -> None:
        """A credit note is drafted, issued now or later; what is not open is refused."""
        number = data.draw(st.sampled_from(sorted(invoice.number for invoice in self.invoices)))
        amount = None if cents is None else Money(Decimal(cents) / 100, "EUR")
        wish = Wish(entries=entries, lines=lines, amount=amount)
        books, clock = self.bureau.books, self.bureau.clock
        made = self.bureau.may(lambda: credit_note(books, clock, VAT, number, wish, words=wording()))
        if made is not None and data.draw(st.booleans()):
            self.bureau.approve(made.made[0].name)
            self.issue(0)

    @precondition(lambda self: self.invoices)
    @rule(data=st.data())
    def replace(self, data: st.DataObject) -> None:
        """An invoice is cancelled and replaced."""
        number = data.draw(st.sampled_from(sorted(invoice.number for invoice in self.invoices)))
        books, clock, wish = self.bureau.books, self.bureau.clock, Other(set={"order": "4711"})
        made = self.bureau.may(lambda: correction(books, clock, VAT, number, wish, words=wording()))
        if made is not None:
            self.bureau.approve(made.made[0].name)
            self.issue(0)

    @rule(days=st.integers(1, 9))
    def time_passes(self, days: int) -> None:
        self.bureau.clock.at += timedelta(days=days)

    @property
    def entries(self) -> dict[str, int]:
        """Worked minutes by entry."""
        return {item.id: item.entry.minutes for item in load.worked(self.bureau.books.here())}

    @property
    def invoices(self) -> list[Invoice]:
        return [item.invoice for item in self.bureau.numbered if item.invoice is not None]

    @invariant()
    def an_issued_directory_never_changes(self) -> None:
        tip = self.bureau.books.tip()
        if tip is None:
            return
        now = self.bureau.books.at(tip)
        for path, content in self.frozen.items():
            assert now.read(path) == content
        for item in self.bureau.numbered:
            paths = now.paths(item.folder)
            assert {path.rpartition("/")[2] for path in paths} >= {"claim.toml", "invoice.toml", "invoice.pdf"}
            self.frozen |= {path: now.read(path) or b"" for path in paths}

    @invariant()
    def what_is_billed_was_worked(self) -> None:
        """By the books branch. A correction that nobody has recorded yet meets the invoice at the next collect."""
        tip = self.bureau.books.tip()
        if tip is not None:
            self.billed_within({w.id: w.entry.minutes for w in load.worked(self.bureau.books.at(tip))})

    def billed_within(self, worked: Mapping[str, int]) -> None:
        billed: Counter[str] = Counter()
        for invoice in standing(self.invoices):
            for line in invoice.lines:
                billed.update(line.entries)
        assert {entry: minutes for entry, minutes in billed.items() if minutes > worked.get(entry, 0)} == {}

    @invariant()
    def no_entry_is_billed_twice(self) -> None:
        """Only what an invoice said that it carries over comes back."""
        settled: set[str] = set()
        for invoice in standing(self.invoices):
            listed = {entry for line in invoice.lines for entry in line.entries}
            assert listed.isdisjoint(settled)
            settled |= listed - {entry for entry, left in invoice.not_billed.items() if left.then == "carry"}

    @invariant()
    def no_month_is_billed_above_its_cap(self) -> None:
        nets = [
            invoice.totals.net
            for invoice in standing(self.invoices)
            if (invoice.client_id, invoice.last.month) == ("acme", 10)
        ]
        assert sum((net.amount for net in nets), Money.zero("EUR").amount) <= 300

    def teardown(self) -> None:
        assert self.bureau.chain_is_whole
        self.bureau.do(collect(self.bureau.books, {}, "laptop"))
        self.billed_within(self.entries)


TestBooks = Books.TestCase
TestBooks.settings = settings(max_examples=6, stateful_step_count=20, deadline=None)


@pytest.mark.slow
def test_long_runs() -> None:
    run_state_machine_as_test(Books, settings=settings(max_examples=40, stateful_step_count=50, deadline=None))
