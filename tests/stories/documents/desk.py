"""Every kind of document that one issuer makes for one client, through the rooms and flows that issue real ones."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from tests.stories.documents.parties import CURRENCIES

from git_bill.adapters import pdf as reader
from git_bill.adapters.hybrid import Hybrid
from git_bill.adapters.jinja import Jinja
from git_bill.adapters.schematron import OfficialRules
from git_bill.adapters.tables import einvoicing, vat_table, wording
from git_bill.adapters.typst import Typst
from git_bill.contract.agreement import Contract, Engagement
from git_bill.contract.party import Client, Issuer
from git_bill.contract.tax.treatment import Tax, decide
from git_bill.flows.electronic import Electronics
from git_bill.flows.freeze import Frozen, freeze
from git_bill.flows.render import Subject, Tools
from git_bill.invoice.allowance import Allowance
from git_bill.invoice.crediting import Wish, cancellation, credit
from git_bill.invoice.draft import Draft, Line
from git_bill.invoice.issued import Claim
from git_bill.invoice.issuing import preview
from git_bill.invoice.replacing import Wish as Change
from git_bill.invoice.replacing import replacement
from git_bill.money import Money
from git_bill.period import Period
from git_bill.problem import Problem

OCTOBER = Period(date(2026, 10, 1), date(2026, 10, 31))
ISSUED = date(2026, 11, 2)
HEAD = "abcdefghijkl"


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Two parties, what is between them, and the tools that make documents."""

    issuer: Issuer
    client: Client
    tools: Tools
    first: int = 1

    @property
    def currency(self) -> str:
        return CURRENCIES.get(self.issuer.country, "EUR")

    @property
    def tax(self) -> Tax:
        """As the law decides it."""
        found = decide(self.issuer, self.client, OCTOBER, self.tools.vat)
        assert not isinstance(found, Problem), found
        return found

    @property
    def engagement(self) -> Engagement:
        contract = Contract(id="acme-2026", from_=date(2026, 1, 1), currency=self.currency)
        return Engagement(client=self.client, contracts=(contract,))

    def line(self, words: str, quantity: str, price: str, unit: Any = "C62", **more: Any) -> Line:
        """One of October."""
        money = Money.parse(f"{price} {self.currency}")
        days: dict[str, Any] = {"first": OCTOBER.first, "last": OCTOBER.last}
        return Line(description=words, quantity=Decimal(quantity), unit=unit, unit_price=money, **days, **more)

    def draft(self, *lines: Line, **more: Any) -> Draft:
        """Of October."""
        return Draft(
            id="D-aaaaaaaaaaaa",
            client="acme",
            contract="acme-2026",
            first=OCTOBER.first,
            last=OCTOBER.last,
            currency=self.currency,
            payment_terms="30 days",
            tax=self.tax,
            lines=lines,
            **more,
        )

    def hours(self) -> Draft:
        """Two rates, an odd quantity, a discount on a line and one on the whole."""
        loyal = Allowance(percent=Decimal("7.5"), reason="Loyalty")
        whole = Allowance(percent=Decimal(3), reason="Volume")
        return self.draft(
            self.line("WEB-12 Checkout", "12.25", "95.17", "HUR", detail="6 commits", raw=731),
            self.line("WEB-15 Review of the search", "3", "80.00", "HUR", allowances=(loyal,)),
            self.line("Domain for a year", "1", "1234.56"),
            allowances=(whole,),
            order="4500-17",
        )

    def freeze(self, draft: Draft, number: str) -> Frozen:
        """As the sweep does it."""
        at = datetime(2026, 11, 2, 9, tzinfo=UTC)
        claim = Claim(number=number, draft=draft.id, name="acme-2026-10", blob="0" * 40, issue_date=ISSUED, at=at)
        return freeze(
            draft,
            claim,
            issuer=self.issuer,
            engagement=self.engagement,
            worked={},
            evidence=(),
            ledger_head=HEAD,
            payment_link=None,
            typesetter=self.tools.typesetter,
            wording=self.tools.wording,
            vat=self.tools.vat,
            made_with="test",
            electronics=self.tools.electronics,
        )

    def documents(self) -> Iterator[tuple[str, Frozen]]:
        """Every kind that is issued; the simplified one where the law has it."""
        invoice = self.freeze(self.hours(), "INV-2026-0001")
        yield "invoice", invoice
        deposit = self.line("Deposit for the shop", "1", "3000.00", bills=("deposit:shop",))
        yield "deposit", self.freeze(self.draft(deposit, kind="deposit"), "INV-2026-0002")
        part = self.line("Shop, first part", "1", "4500.00", bills=("milestone:first",))
        yield "part", self.freeze(self.draft(part, kind="part"), "INV-2026-0003")
        rest = self.line("Shop, last part", "1", "5500.00", bills=("milestone:last",))
        back = self.line("Deposit of INV-2026-0002", "-1", "3000.00", bills=("deduct:shop",))
        yield "final", self.freeze(self.draft(rest, back, kind="final"), "INV-2026-0004")
        paid = self.line("Deposit of INV-2026-0002", "-1", "5500.00", bills=("deduct:shop",))
        yield "final of nothing", self.freeze(self.draft(rest, paid, kind="final"), "INV-2026-0005")
        some = Wish(entries="waive", amount=Money.parse(f"100.00 {self.currency}"), because="A day less", words="Less")
        partly = credit(invoice.invoice, (), some, draft_id="D-bbbbbbbbbbbb")
        assert isinstance(partly, Draft), partly
        yield "credit note", self.freeze(partly, "CN-2026-0001")
        cancelled = cancellation(invoice.invoice, draft_id="D-cccccccccccc", because="The order was missing")
        yield "cancellation", self.freeze(cancelled, "CN-2026-0002")
        new = replacement(invoice.invoice, Change(set={"order": "4711"}), draft_id="D-dddddddddddd")
        assert isinstance(new, Draft), new
        assert new.corrects is not None
        named = replace(new, corrects=replace(new.corrects, credit_note="CN-2026-0002"))
        yield "replacement", self.freeze(named, "INV-2026-0006")
        if self.may_be_simplified():
            small = self.line("Hosting", "1", "20.00")
            yield "simplified", self.freeze(self.draft(small, kind="simplified"), "INV-2026-0007")

    def may_be_simplified(self) -> bool:
        """Directive 2006/112/EC Art. 220a: where a limit is known, and the client does not owe the tax."""
        country = self.tools.vat.countries.get(self.tools.vat.code(self.issuer.country))
        return bool(country and country.legal.simplified_on(ISSUED)) and self.tax.category not in {"AE", "K"}

    def drafted(self) -> Subject:
        """A draft, to be rendered as what is no invoice."""
        draft = self.hours()
        return Subject(
            name="acme-2026-10",
            invoice=preview(draft, self.issuer, self.engagement, today=ISSUED),
            at=datetime(2026, 11, 2, 9, tzinfo=UTC),
            draft=draft,
            engagement=self.engagement,
        )


def tools(rules: OfficialRules | None) -> Tools:
    """The product's own."""
    return Tools(
        typesetter=Typst(reader.text),
        renderer=Jinja(),
        wording=wording(),
        vat=vat_table(),
        electronics=Electronics(known=einvoicing(), combiner=Hybrid(), rules=rules),
    )
