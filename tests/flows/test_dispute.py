"""Disputes on real books: by a chargeback, from an issue, resolved; and what their evidence shows and never shows."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from tests.flows.desk import CLOCK, GLOBEX
from tests.flows.shelf import SETTINGS, Shelf, invoice, line, shelf
from tests.repositories import live_in, run
from tests.worklog.workday import commit, name

from git_bill.adapters.tables import vat_table, wording
from git_bill.custody.ledger import read, short
from git_bill.effects import Flow
from git_bill.flows import apply, load, load_payments
from git_bill.flows.attach import Attachment
from git_bill.flows.charged_back import Chargeback
from git_bill.flows.dispute import Objection, open_dispute, opening, step
from git_bill.flows.dispute_answer import Answer, answered
from git_bill.flows.dispute_from import from_issue, raised
from git_bill.flows.dispute_pack import evidence_of
from git_bill.flows.dispute_resolve import Ruling, resolve
from git_bill.flows.disputes_at import contested, dispute_problems, disputes, issued_in, rows
from git_bill.flows.hold import put_on_hold
from git_bill.layout import ledger_file, payments_file
from git_bill.money import Money
from git_bill.ports import Snapshot
from git_bill.problem import Stop
from git_bill.receivable.dispute.record import Dispute, Step
from git_bill.receivable.pause import Hold
from git_bill.receivable.payment import Payments, WriteOff
from git_bill.receivable.remittance import Remittance, provider_id
from git_bill.shape import write
from git_bill.shape_json import write_json
from git_bill.worklog.entry import Entry, Manifest, Worked
from git_bill.worklog.evidence import Evidence, to_line
from git_bill.worklog.timesheet import TimesheetRow, write_timesheet
from git_bill.workspace import Role

NUMBER = "INV-2026-0032"
ONE = f"DS-{NUMBER}-1"
TODAY = date(2026, 11, 24)
FEED = '\n[[sources]]\nkind = "calendar"\nurl = "https://cal.example.net/x.ics"\nclient = "acme"\nid = "diary"\n'
API = '\n[[sources]]\nkind = "git"\nurl = "https://git.example.com/globex/api.git"\nclient = "globex"\nid = "api"\n'
ENTRIES = {
    "W-aaaaaaaaaaaa": Entry(
        day=date(2026, 10, 5),
        by="mira",
        ticket="WEB-5",
        minutes=120,
        range=(47, 317),
        at=("09:10/11:10",),
        text="WEB-5 Add totals",
        state="confirmed",
        evidence=(name("totals"),),
    ),
    "W-bbbbbbbbbbbb": Entry(
        day=date(2026, 10, 6),
        by="mira",
        activity="meeting",
        minutes=60,
        text="Interview at Rival Inc",
        state="confirmed",
        evidence=("diary:abcdefghijkl",),
    ),
}


@pytest.fixture(autouse=True)
def _alone(environment: Mapping[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    live_in(environment, monkeypatch)


def ticket(key: str, title: str, *labels: str, source: str = "web-shop", state: str = "open") -> Evidence:
    at = datetime(2026, 11, 20, 9, tzinfo=UTC)
    found = Evidence(key=f"ticket:{key}@1", kind="ticket", source=source, contributor="", at=at, text=title, ticket=key)
    return replace(found, labels=labels, state=state)


@pytest.fixture
def books(tmp_path: Path) -> Shelf:
    """An invoice of two lines: coding, and a meeting that a private calendar named."""
    made = shelf(tmp_path / "books")
    at = datetime(2026, 10, 6, 9, tzinfo=UTC)
    meeting = Evidence(
        key="abcdefghijkl@1", kind="calendar", source="diary", contributor="mira", at=at, text="Interview at Rival Inc"
    )
    told = (
        commit("totals", "2026-10-05 10:00", "WEB-5 Add totals"),
        meeting,
        ticket("WEB-5", "Totals are wrong"),
        ticket("WEB-5", "Globex secret plan", source="api"),
        ticket("#12", f"{NUMBER} has too many hours", "dispute", "hours"),
        ticket("#13", f"see {NUMBER}0", "dispute"),
        ticket("#14", f"{NUMBER} of another client", "dispute", source="api"),
        ticket("#15", f"{NUMBER} is settled", "dispute", state="closed"),
        ticket("#16", f"{NUMBER} without the label", "bug"),
    )
    folder = "billing/evidence/{}/laptop/2026-10.jsonl"
    made.put(
        {
            "billing/billing.toml": SETTINGS + FEED + API,
            "billing/clients/globex.toml": GLOBEX,
            "billing/manifest/acme/2026-10.toml": write(Manifest(entries=ENTRIES)),
            **{
                folder.format(source): "".join(f"{to_line(each)}\n" for each in told if each.source == source)
                for source in ("web-shop", "diary", "api")
            },
        },
        "work",
    )
    lines = (
        line("2", entries={"W-aaaaaaaaaaaa": 120}),
        line("1", description="Meeting", entries={"W-bbbbbbbbbbbb": 60}),
    )
    worked = [Worked(id=name, client="acme", entry=entry) for name, entry in ENTRIES.items()]
    rows = [TimesheetRow.of(each, billed=each.entry.minutes) for each in worked]
    made.freeze(invoice(NUMBER, *lines, head=short(made.head)), timesheet=write_timesheet(rows))
    return made


def do(books: Shelf, flow: Flow[Any], roles: tuple[Role, ...] | None = None) -> Any:
    return apply.run(flow, apply.Actors(books=books.books(), roles=roles))


def tip(books: Shelf) -> Snapshot:
    found = books.books()
    return found.at(found.tip() or "")


def objection(**changed: Any) -> Objection:
    return Objection(**{"number": NUMBER, "reason": "hours", "lines": (1,), "on": TODAY, **changed})


def opened(books: Shelf, **changed: Any) -> Dispute:
    found: Dispute = do(books, open_dispute(books.books(), CLOCK, objection(**changed), by="mira")).dispute
    return found


def kinds(books: Shelf) -> list[tuple[str, Mapping[str, Any]]]:
    files = load.ledger(tip(books))
    records, problems = read(files, {year: ledger_file(year) for year in files})
    assert problems == ()
    return [(record.kind, record.facts) for record in records]


def chargeback(reason: str = "product_not_received", due: date | None = date(2026, 12, 5)) -> Chargeback:
    remittance = Remittance(
        id=provider_id("stripe", "dp_1"),
        rail="stripe",
        booked=date(2026, 11, 20),
        amount=Money.parse("-238.10 EUR"),
        kind="chargeback",
        text="chargeback: \x1b[31mnot received\u202e",
        reason=reason,
        answer_by=due,
        bank_reference="dp_1",
        reverses="ch_1",
    )
    return Chargeback(remittance=remittance, number=NUMBER, amount=Money.parse("238.10 EUR"))


def test_a_chargeback_opens_one_dispute_with_its_deadline(books: Shelf) -> None:
    first = do(books, open_dispute(books.books(), CLOCK, chargeback().objection, by="mira"))
    assert do(books, open_dispute(books.books(), CLOCK, chargeback().objection, by="mira")).already
    found = first.dispute
    assert (found.id, found.reason, found.opened_by, found.lines) == (ONE, "not-received", "chargeback", ())
    assert (found.amount, found.evidence_due) == (Money.parse("238.10 EUR"), date(2026, 12, 5))
    (told,) = [facts for kind, facts in kinds(books) if kind == "dispute-opened"]
    assert (told["number"], told["remittance"], told["amount"]) == (NUMBER, found.remittance, "238.10 EUR")
    (row,) = rows([found], issued_in(tip(books)), TODAY)
    assert (row.state, row.days, row.overdue) == ("open", 4, False)
    assert rows([found], issued_in(tip(books)), date(2026, 12, 6))[0].overdue


@pytest.mark.parametrize("reason", ["", "REVERSAL", "a;b;c"])
def test_what_a_rail_does_not_tell_is_left_open(reason: str) -> None:
    found = chargeback(reason, None).objection
    assert (found.reason, found.evidence_due) == ("other", None)


def test_the_evidence_on_a_chargeback_names_the_providers_reason_and_day(books: Shelf) -> None:
    do(books, open_dispute(books.books(), CLOCK, chargeback().objection, by="mira"))
    found = evidence_of(books.books(), wording(), ONE, language="en")
    assert (found.pack.provider_reason, found.pack.evidence_due) == ("product_not_received", date(2026, 12, 5))
    assert found.page["intro"][1] == "Reason given: the work was not received (product_not_received)."
    assert {"label": "To be submitted by", "value": "5 December 2026"} in found.page["facts"]
    assert found.pack.said[0].text == "chargeback: not received"


def test_the_files_of_a_chargeback_go_into_another_commit(books: Shelf) -> None:
    made = opening(tip(books), {}, chargeback().objection, by="mira", at=CLOCK.now())
    assert list(made.files) == [f"billing/disputes/{ONE}.toml"]
    assert made.facts["dispute"] == ONE


def test_only_issues_of_the_same_client_that_name_the_invoice_are_proposed(books: Shelf) -> None:
    (found,) = raised(tip(books))
    assert (found.ref, found.number, found.reason) == ("web-shop:#12", NUMBER, "hours")
    for word in ("#12", "web-shop:#12", "https://git.example.com/acme/web-shop/issues/12"):
        assert from_issue(tip(books), word) == found
    for word in ("#13", "#14", "#15", "https://git.example.com/other/web-shop/issues/12"):
        with pytest.raises(Stop) as refused:
            from_issue(tip(books), word)
        assert refused.value.problems[0].rule == "no-issue"
    do(books, open_dispute(books.books(), CLOCK, found.objection, by="mira"))
    assert do(books, open_dispute(books.books(), CLOCK, found.objection, by="mira")).already
    assert raised(tip(books)) == ()


def test_what_is_wrong_is_refused_before_anything_is_written(books: Shelf) -> None:
    before = tip(books).paths("billing")
    cases: tuple[tuple[str, dict[str, Any]], ...] = (
        ("not-issued", {"number": "INV-2026-0099"}),
        ("no-such-line", {"lines": (3,)}),
        ("wrong-amount", {"amount": Money.parse("226.11 EUR")}),
        ("wrong-amount", {"amount": Money.parse("1.00 USD")}),
        ("attachment-too-large", {"files": (Attachment(name="x", content=bytes(11 * 1024 * 1024)),)}),
    )
    for rule, changed in cases:
        with pytest.raises(Stop) as refused:
            opened(books, **changed)
        assert refused.value.problems[0].rule == rule
        assert refused.value.problems[0].hint
    with pytest.raises(Stop):
        do(books, open_dispute(books.books(), CLOCK, objection(), by="jonas"), roles=("contributor",))
    assert tip(books).paths("billing") == before


def test_attachments_are_kept_as_they_came_and_a_changed_one_is_told(books: Shelf) -> None:
    given = Attachment(name="../../../etc/über brief.pdf", content=b"%PDF\r\n\x00")
    (kept,) = opened(books, files=(given,)).files
    assert kept.file == f"billing/disputes/{ONE}/{kept.sha256[:12]}-ber-brief.pdf"
    assert tip(books).read(kept.file) == given.content
    assert tuple(dispute_problems(tip(books))) == ()
    books.put({kept.file: b"another"}, "tamper")
    (problem,) = dispute_problems(tip(books))
    assert problem.rule == "dispute-file"
    with pytest.raises(Stop) as refused:
        evidence_of(books.books(), wording(), ONE)
    assert refused.value.problems[0].rule == "dispute-file"


def test_a_file_that_was_changed_by_hand_is_told_with_its_line(books: Shelf) -> None:
    text = write(opened(books))
    path = f"billing/disputes/{ONE}.toml"
    for old, new, said in (
        ("lines = [1]", "lines = [7]", "no line 7"),
        ('invoice = "INV-2026-0032"', 'invoice = "INV-2026-0099"', "was not issued"),
        (" EUR", " USD", "is not in EUR"),
        (f'id = "{ONE}"', f'id = "DS-{NUMBER}-9"', "the file's name says"),
        ('reason = "hours"', 'reason = "moods"', "reason"),
    ):
        books.put({path: text.replace(old, new, 1)}, "by hand")
        problem = next(dispute_problems(tip(books)))
        assert said in problem.message
        assert (problem.file, bool(problem.line), bool(problem.hint)) == (path, True, True)


def test_what_was_given_up_rests_until_its_credit_note_is_issued(books: Shelf) -> None:
    opened(books)
    ruling = Ruling(result="upheld", on=TODAY, because="you are right")
    flow = resolve(books.books(), CLOCK, ONE, ruling, vat=vat_table(), words=wording(), by="mira")
    found = do(books, flow)
    assert found.drafts.made[0].name == f"credit-{NUMBER}"
    end = found.recorded.dispute.steps[-1]
    assert (end.amount, end.credit) == (Money.parse("226.10 EUR"), f"credit-{NUMBER}")
    (told,) = [facts for kind, facts in kinds(books) if kind == "dispute-resolved"]
    assert (told["result"], told["days"], told["amount"]) == ("upheld", 0, "226.10 EUR")
    state = tip(books)
    part = contested(state, load.workspace(state), issued_in(state), load_payments.payments(state), TODAY)[NUMBER].part
    assert (part.disputed, part.conceded, part.undisputed) == (
        Money.parse("226.10 EUR"),
        Money.parse("226.10 EUR"),
        Money.parse("113.05 EUR"),
    )
    assert "bill/credit-INV-2026-0032" in run(books.top, "branch", "--format=%(refname:short)").split()


def test_a_run_that_was_killed_before_it_recorded_the_end_is_finished(books: Shelf) -> None:
    opened(books)
    ruling = Ruling(result="partly", on=TODAY, because="half", amount=Money.parse("59.50 EUR"))

    def once() -> Flow[Any]:
        return resolve(books.books(), CLOCK, ONE, ruling, vat=vat_table(), words=wording(), by="mira")

    flow, actors = once(), apply.Actors(books=books.books())
    plan = next(flow)
    while plan.effects[0].key.startswith("publish:bill/") is False:
        plan = flow.send(tuple(apply._act_all(plan, actors)))
    flow.send(tuple(apply._act_all(plan, actors)))  # the draft is made; now it is killed
    flow.close()
    assert disputes(tip(books))[ONE].steps == ()
    assert do(books, once()).recorded.dispute.steps[-1].credit == f"credit-{NUMBER}"
    assert run(books.top, "branch", "--list", "bill/*").split() == [f"bill/credit-{NUMBER}"]


def test_the_pack_shows_what_the_client_may_see_and_nothing_else(books: Shelf) -> None:
    opened(books, lines=(), said="too much")
    found = evidence_of(books.books(), wording(), NUMBER)
    data = json.loads(write_json(found.pack))
    coding, meeting = (each["work"][0] for each in data["lines"])
    assert (coding["what"], coding["minutes"], coding["facts"]) == ("Add totals", "2h", [name("totals")])
    assert "times" not in coding  # the contract shows hours alone
    assert (meeting["activity"], "what" in meeting, "facts" in meeting) == ("meeting", False, False)
    assert [each["subject"] for each in data["commits"]] == ["WEB-5 Add totals"]
    assert [each["title"] for each in data["tickets"]] == ["Totals are wrong"]
    assert [each["who"] for each in data["approvals"]] == ["Mira Kovac"]
    assert found.page["language"] == "de"
    everything = json.dumps(data) + json.dumps(found.page)
    for private in ("Rival", "Globex", "47m", "5h17m", "317", "80.00", "range"):
        assert private not in everything, private


def test_the_pack_of_a_fixed_price_has_no_hours(books: Shelf) -> None:
    fixed = replace(invoice("INV-2026-0033", line("2", entries={"W-aaaaaaaaaaaa": 120}), head="0" * 12), show=("days",))
    books.freeze(fixed)
    opened(books, number="INV-2026-0033", lines=())
    text = write_json(evidence_of(books.books(), wording(), "INV-2026-0033").pack).decode()
    for hours in ("minutes", "quantity", "unit_price", "95.00", "2h"):
        assert hours not in text, hours
    assert "Add totals" in text


def test_what_was_written_off_is_nobody_elses_business(books: Shelf) -> None:
    opened(books)
    lost = WriteOff(
        id="O-aaaaaaaaaaaa",
        invoice=NUMBER,
        amount=Money.parse("39.15 EUR"),
        as_="goodwill",
        because="they never pay",
        on=TODAY,
        by="mira",
        at=CLOCK.now(),
    )
    books.put({payments_file("2026-11"): write(Payments(write_offs=(lost,)))}, "write off")
    pack = evidence_of(books.books(), wording(), ONE).pack
    assert (pack.sums.invoiced, pack.sums.open) == (Money.parse("339.15 EUR"), Money.parse("339.15 EUR"))
    assert "39.15 EUR" not in write_json(pack).decode().replace("339.15", "")


def test_offers_to_settle_are_between_the_two(books: Shelf) -> None:
    opened(books)

    def said(template: str, text: str) -> None:
        told = Step(do="answer", on=TODAY, text=text, template=template, by="mira", at=CLOCK.now())
        do(books, step(books.books(), CLOCK, ONE, told, by="mira"))

    said("offer-neutral", "fifty off")
    said("evidence-firm", "here is the work")
    own = Answer(on=TODAY, text="let us say forty", offer=Money.parse("40.00 EUR"))
    do(books, answered(books.books(), CLOCK, ONE, own, words=wording(), by="mira"))
    texts = [each.text for each in evidence_of(books.books(), wording(), ONE).pack.said]
    assert texts == ["", "here is the work"]
    more = replace(own, offer=Money.parse("4000.00 EUR"))
    with pytest.raises(Stop, match="is no part of"):
        do(books, answered(books.books(), CLOCK, ONE, more, words=wording(), by="mira"))


def test_a_hold_is_a_line_of_the_ledger(books: Shelf) -> None:
    hold = Hold(
        invoice=NUMBER, on=TODAY, until=date(2026, 12, 31), because="their accountant is ill", by="mira", at=CLOCK.now()
    )
    assert do(books, put_on_hold(books.books(), CLOCK, hold))[1]
    assert not do(books, put_on_hold(books.books(), CLOCK, hold))[1]
    assert [facts["until"] for kind, facts in kinds(books) if kind == "hold"] == ["2026-12-31"]
    assert "accountant" not in json.dumps([facts for _, facts in kinds(books)])
    with pytest.raises(Stop):
        do(books, put_on_hold(books.books(), CLOCK, replace(hold, invoice="INV-2026-0099")))
