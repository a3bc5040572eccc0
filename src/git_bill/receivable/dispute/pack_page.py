"""The evidence pack as a page of the house's design: the disputed lines and sums first, then what shows them."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from git_bill.contract.agreement import term_days
from git_bill.contract.party import Client, Issuer
from git_bill.invoice.document.blank import blank_page
from git_bill.invoice.document.branding import PLAIN, Look
from git_bill.invoice.document.locale import (
    amount_text,
    date_text,
    days_text,
    hours_text,
    money_text,
    price_text,
    quantity_text,
)
from git_bill.invoice.document.page_data import AnnexGroup, AnnexRow, Fact, Line, PageData, Total
from git_bill.invoice.document.postal import address_lines, client_lines, shown
from git_bill.invoice.document.text import FONTS, printable, showable
from git_bill.invoice.document.wording import ENGLISH, Wording
from git_bill.money import Money
from git_bill.receivable.dispute.pack import Pack, PackLine, Piece

_HEAD = 12  # characters of the ledger's head
_NO_FONT = re.compile(f"[^{FONTS}]")


def pack_page(pack: Pack, issuer: Issuer, client: Client, wording: Wording, *, look: Look = PLAIN) -> PageData:
    """In the pack's language."""
    return _Page(pack=pack, issuer=issuer, client=client, wording=wording, look=look).data()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Page:
    pack: Pack
    issuer: Issuer
    client: Client
    wording: Wording
    look: Look

    @property
    def language(self) -> str:
        return self.pack.language

    def say(self, name: str, **facts: object) -> str:
        return self.wording.say(name, self.language, **facts)

    def data(self) -> PageData:
        pack, issuer = self.pack, self.issuer
        blank = blank_page(self.language, self.wording, self.look, country=issuer.country, issuer=issuer.name)
        return {
            **blank,
            "title": self.say("pack_title"),
            "number": printable(pack.invoice),
            "issuer": shown(issuer.name, *address_lines(issuer), issuer.email, issuer.phone),
            "return_line": " · ".join(shown(issuer.name, *address_lines(issuer))),
            "client": client_lines(self.client, issuer.country),
            "facts": list(self._facts()),
            "intro": list(self._intro()),
            "heads": {
                **blank["heads"],
                "no": self.say("no"),
                "description": self.say("description"),
                "quantity": self.say("quantity"),
                "price": self.say("unit_price"),
                "net": self.say("net_head", currency=pack.sums.invoiced.currency),
            },
            "lines": list(self._lines()),
            "totals": list(self._totals()),
            "annex": {"title": self.say("pack_annex"), "heads": ["", ""], "groups": list(self._groups())},
            "footer": shown(issuer.footer),
            "ledger": self.say("ledger", head=pack.proof.head[:_HEAD]),
        }

    def _facts(self) -> Iterator[Fact]:
        pack = self.pack
        told = {
            "issue_date": self.day(pack.issued),
            "period": days_text(pack.first, pack.last, self.language),
            "due_date": self.day(pack.terms.due),
            "order": printable(pack.terms.order),
            "pack_dispute": printable(pack.dispute),
            "pack_as_of": self.day(pack.as_of),
            "pack_due": self.day(pack.evidence_due) if pack.evidence_due else "",
        }
        for name, value in told.items():
            if value:
                yield {"label": self.say(name), "value": value}

    def _intro(self) -> Iterator[str]:
        pack = self.pack
        yield self.say(
            "pack_intro_whole" if pack.whole else "pack_intro",
            client=printable(pack.client.name),
            amount=money_text(pack.sums.disputed, self.language),
            number=printable(pack.invoice),
            date=date_text(pack.on, self.language),
        )
        told = _drawn(pack.provider_reason)
        yield self.say("pack_reason", reason=self._reason() + (f" ({told})" if told else ""))

    def _reason(self) -> str:
        return self.say(f"dispute_reason_{self.pack.reason.replace('-', '_')}")

    def _lines(self) -> Iterator[Line]:
        carried = Money.zero(self.pack.sums.invoiced.currency)
        for line in self.pack.lines:
            carried += line.net
            yield {
                "no": str(line.number),
                "description": _drawn(line.description),
                "detail": self._detail(line),
                "quantity": quantity_text(line.quantity, self.language) if line.quantity is not None else "",
                "unit": self.say(f"unit_{line.unit}") if line.unit is not None else "",
                "price": price_text(line.unit_price, self.language) if line.unit_price is not None else "",
                "tax": "",
                "net": amount_text(line.net, self.language),
                "carried": amount_text(carried, self.language),
            }

    def _detail(self, line: PackLine) -> str:
        """The reason as it was frozen is English; the time behind it is told in every language."""
        minutes = [piece.minutes for piece in line.work if piece.minutes is not None]
        worked = self.say("annex_sum", time=hours_text(sum(minutes))) if minutes else ""
        reason = printable(line.reason) if self.language.partition("-")[0] == ENGLISH else ""
        return " · ".join(filter(None, (reason, worked)))

    def _totals(self) -> Iterator[Total]:
        sums = self.pack.sums
        told = {
            "pack_invoiced": sums.invoiced,
            "pack_settled": -sums.settled,
            "pack_credited": -sums.credited,
            "pack_open": sums.open,
            "pack_undisputed": sums.undisputed,
        }
        for name, amount in told.items():
            if amount or name in {"pack_invoiced", "pack_open"}:
                yield self._total(name, amount, strong=False)
        yield self._total("pack_disputed", sums.disputed, strong=True)

    def _total(self, name: str, amount: Money, *, strong: bool) -> Total:
        text = amount_text(amount, self.language)
        return {"label": self.say(name), "value": text, "currency": amount.currency, "strong": strong}

    def _groups(self) -> Iterator[AnnexGroup]:
        for line in self.pack.lines:
            if line.work:
                head = self.say("annex_head", number=line.number, what=_drawn(line.description))
                yield {"head": head, "rows": [self._piece(each) for each in line.work], "sum": ""}
        sections = {
            "pack_terms": self._terms(),
            "pack_commits": self._commits(),
            "pack_tickets": self._tickets(),
            "pack_reviews": self._reviews(),
            "pack_approvals": self._approvals(),
            "pack_sent": self._sent(),
            "pack_said": self._said(),
            "pack_paid": self._paid(),
            "pack_proof": self._proof(),
        }
        for name, rows in sections.items():
            if listed := list(rows):
                yield {"head": self.say(name), "rows": listed, "sum": ""}

    def _piece(self, piece: Piece) -> AnnexRow:
        words = " ".join(filter(None, (printable(piece.ticket), showable(printable(piece.what)))))
        return {
            "day": self.short(piece.day),
            "what": words or self.say(f"activity_{piece.activity}"),
            "detail": _drawn(" · ".join(filter(None, (piece.by, ", ".join(piece.times), " ".join(piece.facts))))),
            "time": hours_text(piece.minutes) if piece.minutes is not None else "",
        }

    def _terms(self) -> Iterator[AnnexRow]:
        terms = self.pack.terms
        days = term_days(terms.payment_terms)
        facts = {
            "pack_contract": terms.contract,
            "order": terms.order,
            "pack_payable": self.say("client_terms" if days else "client_terms_now", count=days),
            "due_date": date_text(terms.due, self.language),
            "pack_early": terms.early_payment,
        }
        yield from (_row(self.say(name), value) for name, value in facts.items() if value)

    def _commits(self) -> Iterator[AnnexRow]:
        for each in self.pack.commits:
            detail = " · ".join(filter(None, (each.commit, each.author, each.pull)))
            at = f"{self.short(each.at.date())}, {each.at:%H:%M %z}"
            yield _row(at, showable(printable(each.subject)) or each.commit, detail)

    def _tickets(self) -> Iterator[AnnexRow]:
        for each in self.pack.tickets:
            yield _row(each.ticket, showable(printable(each.title)) or each.ticket, self._state(each.state))

    def _reviews(self) -> Iterator[AnnexRow]:
        for each in self.pack.reviews:
            verdict = self._state(each.verdict)
            yield _row(self.short(each.at.date()), f"{each.pull} · {verdict}", each.by)

    def _approvals(self) -> Iterator[AnnexRow]:
        for each in self.pack.approvals:
            day = self.short(each.at.date()) if each.at else ""
            what = self.say(f"pack_approved_{each.what.replace('-', '_')}", who=printable(each.who))
            yield _row(
                day,
                what,
                " · ".join(filter(None, (self._stands(each.ref), f"SHA-256 {each.sha256}" if each.sha256 else ""))),
            )

    def _sent(self) -> Iterator[AnnexRow]:
        for each in self.pack.sent:
            told = f"{self._way(each.via)} · {self._way(each.state)}"
            yield _row(self.short(each.on), told, each.ref)

    def _said(self) -> Iterator[AnnexRow]:
        for each in self.pack.said:
            head = self.say(f"pack_step_{each.what}")
            first, *more = _paragraphs(each.text)
            hashes = " · ".join(f"SHA-256 {digest}" for digest in each.files)
            yield _row(self.short(each.on), f"{head} · {first}" if first else head, "" if more else hashes)
            for at, paragraph in enumerate(more, 1):
                yield _row("", paragraph, hashes if at == len(more) else "")

    def _paid(self) -> Iterator[AnnexRow]:
        for each in self.pack.paid:
            row = _row(self.short(each.on), self.say(f"pack_paid_{each.what.replace('-', '_')}"), each.ref)
            yield {**row, "time": money_text(each.amount, self.language)}

    def _proof(self) -> Iterator[AnnexRow]:
        proof = self.pack.proof
        yield _row("", self.say("pack_printed", head=proof.printed))
        if proof.recorded and proof.at:
            yield _row("", self.say("pack_recorded", date=self.day(proof.at.date())), f"SHA-256 {proof.recorded}")
        yield _row("", self.say("pack_head"), f"SHA-256 {proof.head}")
        for each in proof.files:
            digest, _, name = each.partition("  ")
            yield _row("", name, f"SHA-256 {digest}")
        yield _row("", self.say("pack_check"), " · ".join(proof.verify))

    def _stands(self, ref: str) -> str:
        """Where an approval stands; of a draft that git keeps, in words."""
        kind, _, blob = ref.partition(" ")
        return self.say("pack_blob", blob=blob) if kind == "blob" and blob else ref

    def _state(self, word: str) -> str:
        """A word of ours in the reader's language; another program's as it is."""
        key = word.replace("-", "_")
        return self.wording.found(f"pack_is_{key}", self.language) or word

    def _way(self, word: str) -> str:
        """The same of a delivery; a network has a name of its own."""
        return self.wording.found(f"pack_via_{word}", self.language) or word

    def day(self, day: date) -> str:
        return date_text(day, self.language)

    def short(self, day: date) -> str:
        return days_text(day, day, self.language)


def _paragraphs(text: str) -> list[str]:
    """What an empty line parts; one that is empty where nothing was said."""
    return [each for part in re.split(r"\n[^\S\n]*\n", "\n".join(text.splitlines())) if (each := part.strip())] or [""]


def _row(day: str, what: str, detail: str = "") -> AnnexRow:
    return {"day": printable(day), "what": _drawn(what), "detail": _drawn(detail), "time": ""}


def _drawn(text: str) -> str:
    """What people wrote, with a box for signs that no font here shows for certain: the data has them as they came."""
    shown = printable(text)
    return "".join("▯" if _NO_FONT.match(c) and unicodedata.category(c)[0] == "S" else c for c in shown)
