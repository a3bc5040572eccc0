"""Thanks: one mail with the receipt for what is paid in full, never twice, never where it would be out of place."""

import email
import email.policy
import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from email.message import EmailMessage
from pathlib import Path

import pytest
from tests.flows.postroom import ended
from tests.flows.shelf import ACME, CLIENT, invoice, shelf
from tests.flows.till import Bureau, euros, paper, row
from tests.mailserver import PASSWORD, USER, Mailbox, certificate, mailserver
from tests.repositories import live_in

from git_bill.adapters import pdf
from git_bill.adapters.jinja import Jinja
from git_bill.adapters.maildrop import MailDrop
from git_bill.adapters.smtp import Smtp
from git_bill.adapters.tables import vat_table, wording
from git_bill.adapters.typst import Typst
from git_bill.cli.session import killer
from git_bill.custody.ledger import short
from git_bill.flows import apply
from git_bill.flows.desk import Desk
from git_bill.flows.dispatched import Delivery
from git_bill.flows.electronic import Electronics
from git_bill.flows.hold import put_on_hold
from git_bill.flows.outbox import Office
from git_bill.flows.paid import Said, by_hand
from git_bill.flows.paid_back import undone
from git_bill.flows.parcel import Stationery
from git_bill.flows.render import Tools
from git_bill.flows.thanks import thank
from git_bill.post import Mailer
from git_bill.press import Typesetter
from git_bill.receivable.pause import Hold
from git_bill.receivable.payment import Payments

NUMBER, OTHER = "INV-2026-0032", "INV-2026-0033"
STATEMENT = paper(row(f"Rechnung {NUMBER}", "226,10"))
TO = "ap@acme.example"
Between = Callable[[str], None]


def nothing(step: str) -> None:
    """No step is noticed."""


def dropped(folder: Path, between: Between = nothing) -> Mailer:
    return MailDrop(folder=folder, machine="desk", between=between)


class Blank:
    """Typesets nothing: a forked process can't use the threads of the real one."""

    def typeset(self, *_: object, **__: object) -> bytes:
        return b"%PDF-1.7"

    def text(self, pdf: bytes) -> str:
        return ""


@dataclass(slots=True)
class Hall:
    """Books of two open invoices whose client has an address, and where mails go."""

    bureau: Bureau
    outbox: Path
    typesetter: Typesetter = Typst(pdf.text)

    def thank(self, mailer: Mailer | None = None, between: Between = nothing) -> tuple[Delivery, ...]:
        """Send what is wanted."""
        bureau, carrier = self.bureau, mailer or dropped(self.outbox, between)
        tools = Tools(
            typesetter=self.typesetter,
            renderer=Jinja(),
            wording=wording(),
            vat=vat_table(),
            electronics=Electronics(),
        )
        office = Office(books=bureau.books, clock=bureau.clock, carrier=carrier, by="mira")
        flow = thank(office, Stationery(renderer=tools.renderer, wording=tools.wording), tools)
        actors = apply.Actors(books=bureau.books, mailer=carrier, roles=bureau.roles, between=between)
        return apply.run(flow, actors)

    @property
    def mails(self) -> list[EmailMessage]:
        files = sorted(self.outbox.glob("*.eml")) if self.outbox.exists() else []
        return [email.message_from_bytes(each.read_bytes(), policy=email.policy.default) for each in files]

    @property
    def told(self) -> list[str]:
        """What the ledger says of thanks."""
        return [kind for kind in self.bureau.ledger() if kind.startswith("thank-")]


@pytest.fixture
def hall(tmp_path: Path, environment: Mapping[str, str], monkeypatch: pytest.MonkeyPatch) -> Hall:
    live_in(environment, monkeypatch)
    return opened(tmp_path)


def opened(folder: Path) -> Hall:
    """In a folder."""
    made = shelf(folder / "books")
    client = replace(CLIENT, email=TO)
    made.put({"billing/clients/acme.toml": ACME.replace('name = "Acme', f'email = "{TO}"\nname = "Acme', 1)})
    for number in (NUMBER, OTHER):
        document = invoice(number, head=short(made.head))
        one = replace(document, client=client, lines=(replace(document.lines[0], entries={}),))
        made.freeze(one)
    return Hall(bureau=Bureau(made), outbox=folder / "outbox")


def test_who_pays_in_full_is_thanked_once_in_its_language(hall: Hall) -> None:
    hall.bureau.reconcile(STATEMENT, thank=True)
    [sent] = hall.thank()
    assert (sent.number, sent.recipient, sent.state) == (NUMBER, TO, "sent")
    [mail] = hall.mails
    assert mail["To"] == TO
    assert mail["Subject"] == f"Vielen Dank: Rechnung {NUMBER} ist bezahlt"
    body = mail.get_body()
    assert body is not None
    assert "Ihre Zahlung von 226,10 EUR zur Rechnung INV-2026-0032 vom 2. November 2026" in body.get_content()
    [attached] = list(mail.iter_attachments())
    assert attached.get_filename() == f"{NUMBER}-Quittung.pdf"
    assert "Bezahlt am 20. November 2026" in " ".join(pdf.text(attached.get_content()).split())
    assert hall.told == ["thank-wanted", "thank-intent", "thank-done"]
    assert hall.thank() == ()
    hall.bureau.reconcile(STATEMENT, thank=True)
    assert hall.thank() == ()
    assert len(hall.mails) == 1


def test_without_being_asked_nobody_is_thanked(hall: Hall) -> None:
    hall.bureau.reconcile(STATEMENT)
    assert (hall.thank(), hall.told) == ((), [])
    hall.bureau.reconcile(thank=True)  # it was paid before this run
    assert (hall.thank(), hall.told) == ((), [])


def test_a_part_is_not_thanked_for_and_the_last_part_is(hall: Hall) -> None:
    def part(amount: str) -> Callable[[Desk], Payments]:
        said = Said(on=hall.bureau.clock.day, amount=euros(amount))
        return lambda desk: by_hand(desk, [NUMBER], said)

    hall.bureau.say(part("100.00"), thank=True)
    assert hall.thank() == ()
    hall.bureau.say(part("126.10"), thank=True)
    assert [each.number for each in hall.thank()] == [NUMBER]


def test_paid_again_after_it_was_taken_back_is_not_thanked_twice(hall: Hall) -> None:
    [matched] = hall.bureau.reconcile(STATEMENT, thank=True).matched
    hall.thank()
    hall.bureau.say(lambda desk: undone(desk, [matched.id], "wrong"))
    found = hall.bureau.say(lambda desk: by_hand(desk, [NUMBER], Said(on=hall.bureau.clock.day)), thank=True)
    assert hall.bureau.open() == "0.00 EUR"
    assert (found.unthanked, hall.thank(), len(hall.mails)) == ({}, (), 1)
    assert hall.told == ["thank-wanted", "thank-intent", "thank-done"]


def test_what_is_open_again_before_the_mail_went_is_not_thanked_for(hall: Hall) -> None:
    [matched] = hall.bureau.reconcile(STATEMENT, thank=True).matched
    hall.bureau.say(lambda desk: undone(desk, [matched.id], "wrong"))
    assert (hall.thank(), hall.mails) == ((), [])


def held(hall: Hall) -> None:
    bureau = hall.bureau
    hold = Hold(invoice=NUMBER, on=date(2026, 11, 30), because="ask first", by="mira", at=bureau.clock.now())
    bureau.run(put_on_hold(bureau.books, bureau.clock, hold))


def insolvent(hall: Hall) -> None:
    path = "billing/clients/acme.toml"
    text = (hall.bureau.shelf.top / path).read_text()
    hall.bureau.shelf.put({path: text.replace("[client]\n", "insolvent = 2026-11-01\n\n[client]\n")})


@pytest.mark.parametrize(("why", "says"), [(held, "on hold"), (insolvent, "insolvent")])
def test_who_is_held_or_insolvent_is_not_thanked(hall: Hall, why: Callable[[Hall], None], says: str) -> None:
    why(hall)
    found = hall.bureau.reconcile(STATEMENT, thank=True)
    assert found.paid == (NUMBER,)
    assert says in found.unthanked[NUMBER]
    assert (hall.thank(), hall.told) == ((), [])


def test_a_hold_that_came_before_the_mail_stops_it(hall: Hall) -> None:
    hall.bureau.reconcile(STATEMENT, thank=True)
    held(hall)
    assert (hall.thank(), hall.told) == ((), ["thank-wanted"])


def test_a_mail_server_that_puts_it_off_gets_it_in_the_next_run(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate()[0]))
    with mailserver(Mailbox(later=1)) as box:
        server = Smtp(
            server="localhost",
            port=box.port,
            security="starttls",
            user=USER,
            password=lambda: PASSWORD,
            sender="mira@example.net",
            between=nothing,
        )
        hall.bureau.reconcile(STATEMENT, thank=True)
        assert [each.state for each in hall.thank(server)] == ["failed"]
        assert [each.state for each in hall.thank(server)] == ["sent"]
        assert hall.thank(server) == ()
        assert [mail["Message-ID"] for mail in box.mails] == [f"<{NUMBER}.D-{NUMBER.lower()}.thank@git-bill>"]


@pytest.mark.slow
def test_killed_at_any_step_it_is_mailed_once(hall: Hall, tmp_path: Path) -> None:
    hall.typesetter = Blank()
    hall.bureau.reconcile(STATEMENT, thank=True)
    shutil.copytree(hall.bureau.shelf.top, tmp_path / "before", symlinks=True)
    for step in range(1, 12):
        shutil.rmtree(hall.bureau.shelf.top)
        shutil.copytree(tmp_path / "before", hall.bureau.shelf.top, symlinks=True)
        shutil.rmtree(hall.outbox, ignore_errors=True)
        child = os.fork()
        if child == 0:
            hall.thank(between=killer(str(step)))
            os._exit(0)
        killed = ended(child) != 0
        hall.thank()
        hall.thank()
        assert len(hall.mails) == 1, f"killed at step {step}"
        assert hall.told == ["thank-wanted", "thank-intent", "thank-done"]
        if not killed:
            break
    assert step > 4
