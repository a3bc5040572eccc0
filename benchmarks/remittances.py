"""Invoices and the remittances that pay them, disguised as payers and banks disguise them. Seeded, with the truth.

    python benchmarks/remittances.py [--many 20] [--seed 1]        # prints some, each with what it pays

What is known of real banks went into it: lines cut at 27 (MT940 `?20`), 35 and 65 characters, names cut at 27, 35 and
70, capitals without umlauts, `EREF+`/`SVWZ+` left in the text, look-alike characters of scanned slips, fees of banks on
the way. The shares are guesses (`TEXTS`, `AMOUNTS`, `PAYERS`, `NOISE` below): nobody publishes them. So read results by
kind, and not just the mean.
"""

import argparse
import random
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from git_bill.contract.exchange import Quote
from git_bill.contract.terms import EarlyPayment, early_amount
from git_bill.invoice.document.reference import creditor_reference
from git_bill.money import Money
from git_bill.problem import Problem
from git_bill.receivable.matching.open import Open
from git_bill.receivable.matching.payer import Habits, account_key
from git_bill.receivable.remittance import Remittance

FIRST_DAY = date(2026, 1, 2)
RATE = {"EUR": Decimal(1), "USD": Decimal("1.09"), "CHF": Decimal("0.94")}
USUAL_FORMS = ("INV-{y}-{n:04}", "RE{y}{n:05}", "{y}-{n:03}", "R-{yy}-{n:04}", "{y}/{n:05}", "F{n:06}", "AC-{n:04}/{y}")

# What the rules of matching were not made with: numbers without zeros, behind the year in one, with letters at the end.
OTHER_FORMS = ("{n}", "{y}-{n}", "{yy}{n:04}", "K{n:03}/{yy}", "RE-{n:05}", "{y}.{n:04}.A", "{n:03}-{y}", "PROJ{n}")

# Kind of text → its share in percent.
TEXTS = {
    "exact": 34, "words": 9, "separators": 7, "no zeros": 3, "no series": 6, "short year": 2, "no year": 2,
    "running": 3, "bare running": 2, "look-alikes": 2, "typo": 3, "line break": 5, "structured": 6,
    "structured text": 2, "end to end": 2, "order": 2, "clutter": 5, "none": 4, "date only": 1,
}  # fmt: skip
AMOUNTS = {"exact": 92, "fee": 4, "part": 2, "over": 1, "swapped digits": 1}  # discount, tax: by the invoice's terms
PAYERS = {
    "exact": 43,
    "capitals": 25,
    "cut": 5,
    "no legal form": 11,
    "initials": 3,
    "typo": 3,
    "stranger": 5,
    "none": 5,
}
ACCOUNTS = {"usual": 75, "new": 15, "none": 10}
# Remittances that pay nothing of this, in percent of those that do.
NOISE = {
    "rent": 2.0, "salary": 2.0, "tax refund": 1.0, "private": 1.5, "foreign number": 1.5, "number paid long ago": 1.0,
    "amount by chance": 1.0, "a cent": 0.5, "crafted": 0.5, "two clients": 0.3, "twice": 0.7, "refund": 0.5,
    "payout": 0.5,
}  # fmt: skip
BY_RULE_PROPOSED = frozenset({"part", "over", "swapped digits"})

_SYLLABLES = "ber nor kel van tor mil sa ri ko lu wen dor hal fis gra bau mer lin sto fel rik ham zo pe ta no vi"
_TRADES = "Software Bau Logistik Media Design Energie Handel Technik Consulting Systems Labs Studio Verlag Solar"
_LEGAL = (
    "GmbH",
    "AG",
    "GmbH & Co. KG",
    "Ltd",
    "S.A.R.L.",
    "B.V.",
    "Sp. z o.o.",
    "e.K.",
    "UG (haftungsbeschränkt)",
    "Inc.",
)
_FIRST = "Mira Jürgen Zoë Håkan Søren François Łukasz Anna Peter Günther Maria Ida Jan Petra Björn Inés".split()  # noqa: SIM905
_ASCII = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "é": "e", "è": "e", "ø": "o", "å": "a", "ł": "l", "Ł": "L"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """What a business is like. `each`: invoices of a client in a year; `monthly`: share of clients that pay the same
    amount each time; `prices`: of how many kinds, 0 for any.
    """

    forms: tuple[str, ...] = USUAL_FORMS
    each: int = 12
    monthly: float = 0.15
    prices: int = 0


SHAPES = {
    "usual": Shape(),
    "retainers": Shape(forms=OTHER_FORMS, each=24, monthly=0.8),
    "few prices": Shape(forms=OTHER_FORMS, each=4, monthly=0.1, prices=6),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """Who pays; `told`: whether the settings know the account, `seen`: payments that were confirmed before."""

    id: str
    name: str
    account: str
    told: bool
    seen: int
    subscription: Money | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A remittance, the numbers that it pays (none for noise), and how it is disguised."""

    remittance: Remittance
    pays: frozenset[str]
    text: str
    amount: str
    payer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """All invoices, all remittances, and what was confirmed before."""

    opens: tuple[Open, ...]
    cases: tuple[Case, ...]
    habits: Habits


def quotes(base: str, currency: str, day: date) -> Quote | Problem:
    """The published rates of this world: they never move; the banks' do."""
    return Quote(base=base, currency=currency, rate=round(RATE[currency] / RATE[base], 6), on=day, source="bench")


def pick(rng: random.Random, shares: Mapping[str, float]) -> str:
    """One of the kinds by its share."""
    return rng.choices(list(shares), list(shares.values()))[0]


def cents(rng: random.Random) -> Decimal:
    """What freelancers bill: hours at a rate, fixed prices, or anything; mostly with VAT on top."""
    kind = rng.random()
    if kind < 0.6:
        net = Decimal(rng.choice((70, 80, 85, 90, 95, 100, 110, 120))) * rng.randint(4, 700) / 4
    elif kind < 0.8:
        net = Decimal(rng.choice((100, 250, 490, 500, 750, 1000, 1200, 1500, 2000, 2500, 4800)))
    else:
        net = Decimal(rng.randint(1_000, 900_000)) / 100
    return round(net * rng.choice((Decimal("1.19"), Decimal("1.19"), Decimal(1), Decimal("1.2"))), 2)


def clients(rng: random.Random, many: int, monthly: float) -> list[Client]:
    """Companies and people; surnames and trades repeat, as they do."""
    made = []
    for at in range(many):
        root = "".join(rng.choice(_SYLLABLES.split()) for _ in range(rng.randint(2, 4))).capitalize()
        root = root.replace("o", "ö", 1) if rng.random() < 0.2 else root
        name = (
            f"{rng.choice(_FIRST)} {root}"
            if rng.random() < 0.2
            else f"{root} {rng.choice(_TRADES.split())} {rng.choice(_LEGAL)}"
        )
        account = f"DE{rng.randint(10, 99)}{rng.randint(10**17, 10**18 - 1)}"
        fixed = Money(cents(rng), "EUR") if rng.random() < monthly else None
        told, seen = rng.random() < 0.3, rng.choice((0, 0, 1, 2, 3, 8))
        made.append(Client(id=f"c{at}", name=name, account=account, told=told, seen=seen, subscription=fixed))
    return made


def invoices(rng: random.Random, many: int, parties: Sequence[Client], shape: Shape) -> list[tuple[Open, Client]]:
    """One series over a year."""
    number = rng.choice(shape.forms)
    prices = [cents(rng) for _ in range(shape.prices)]
    made = []
    for at in range(many):
        client = rng.choice(parties)
        issued = FIRST_DAY + timedelta(days=at * 300 // many)
        currency = rng.choices(("EUR", "USD", "CHF"), (92, 5, 3))[0]
        amount = client.subscription or Money(rng.choice(prices) if prices else cents(rng), currency)
        named = number.format(y=issued.year, yy=issued.year % 100, n=at + 1)
        early = EarlyPayment(percent=Decimal(rng.choice((2, 3))), days=10) if rng.random() < 0.2 else None
        reference = creditor_reference(named)
        invoice = Open(
            number=named,
            client=client.id,
            names=(client.name,),
            accounts=(client.account,) if client.told else (),
            open=amount,
            gross=amount,
            issued=issued,
            due=issued + timedelta(days=rng.choice((14, 30))),
            early=early,
            withheld=(amount * Decimal("0.15")).rounded() if rng.random() < 0.03 else None,
            order=f"PO-{rng.randint(10_000, 99_999)}" if rng.random() < 0.2 else "",
            references=(reference,) if reference else (),
        )
        made.append((invoice, client))
    return made


def settled(  # noqa: PLR0911  one line a kind
    rng: random.Random, of: Sequence[Open], booked: date, kind: str
) -> tuple[str, Money]:
    """What is paid for some invoices, and why it is that."""
    amount = sum((each.open for each in of[1:]), of[0].open)
    early = all(e.early is not None and booked <= e.issued + timedelta(days=e.early.days) for e in of)
    if kind == "fee":
        return kind, amount - Money(
            min(Decimal(rng.choice(("1.50", "5", "7.50", "12", "15", "25"))), amount.amount / 25), amount.currency
        ).rounded()
    if kind == "part":
        return kind, (amount * rng.choice((Decimal("0.5"), Decimal("0.25"), Decimal("0.4")))).rounded()
    if kind == "over":
        return kind, amount + Money(Decimal(rng.choice(("0.50", "10", "100"))), amount.currency)
    if kind == "swapped digits":
        digits = str(amount.amount)
        at = next(
            (i for i in range(1, len(digits) - 3) if digits[i] != digits[i + 1] and "." not in digits[i : i + 2]), None
        )
        if at is not None:
            return kind, Money(Decimal(digits[:at] + digits[at + 1] + digits[at] + digits[at + 2 :]), amount.currency)
    if early and rng.random() < 0.7:
        paid = [early_amount(e.early, e.open) for e in of if e.early is not None]
        return "discount", sum(paid[1:], paid[0])
    if len(of) == 1 and of[0].withheld is not None:
        return "withholding", amount - of[0].withheld
    return "exact", amount


def listed(rng: random.Random, of: Sequence[Open]) -> str:
    """Several numbers in one text."""
    numbers = [each.number for each in of]
    tails = [re.search(r"\d+$", number) for number in numbers]
    how = rng.random()
    if how < 0.4 and all(tails) and len({n[: t.start()] for n, t in zip(numbers, tails, strict=True) if t}) == 1:
        shorts = [str(int(t[0])) for t in tails[1:] if t] if how < 0.2 else [t[0][-4:] for t in tails[1:] if t]
        return numbers[0] + "".join(rng.choice(("/", ", ", "+")) + short for short in shorts)
    return rng.choice((" ", ", ", " und ", "; ", "/", " + ")).join(numbers)


def broken(rng: random.Random, text: str) -> str:
    """As banks put it: a space, a line or nothing where a line of 27, 35 or 65 characters ends."""
    size = rng.choice((27, 35, 65))
    padded = rng.choice(("Ihre Rechnung vom Monat ", "Zahlung gemaess Ihrer Rechnung ", "", "Danke! ")) + text
    return rng.choice((" ", "\n")).join(padded[i : i + size] for i in range(0, len(padded), size))


def _swap_looks(rng: random.Random, text: str) -> str:
    return "".join({"0": "O", "1": "I", "I": "l", "5": "S"}.get(c, c) if rng.random() < 0.5 else c for c in text)


def _typo(rng: random.Random, text: str) -> str:
    at = rng.choice([i for i, c in enumerate(text) if c.isdigit()])
    return rng.choice((
        text[:at] + str((int(text[at]) + rng.randint(1, 9)) % 10) + text[at + 1 :],
        text[:at] + text[at + 1 :],
        text[:at] + text[at] + text[at:],
    ))  # fmt: skip


def _running(each: Open) -> str:
    runs = re.findall(r"\d+", each.number)
    year = str(each.issued.year)
    rest = [run for run in runs if run not in {year, year[2:]}] or runs
    return rest[-1][4:] if rest[-1].startswith(year) and len(rest[-1]) > 5 else rest[-1]


def _short_year(each: Open) -> str:
    return each.number.replace(str(each.issued.year), str(each.issued.year)[2:], 1)


def _cluttered(rng: random.Random, each: Open) -> str:
    day = each.issued.strftime(rng.choice(("%d.%m.%Y", "%d.%m.%y", "%Y-%m-%d", "%d/%m/%Y")))
    return rng.choice((
        f"Kd-Nr {rng.randint(1000, 99999)} RG {each.number} vom {day} EUR {each.gross.amount}",
        f"EREF+{rng.randint(10**9, 10**10)} SVWZ+{each.number} {day} KREF+NONREF",
        f"{day} {each.number} Vertrag {rng.randint(10**5, 10**6)} DANKE",
        f"Ueberweisung {each.gross.amount} Rechn.Nr. {each.number}/Kunde {rng.randint(100, 999)}",
    ))  # fmt: skip


_WRITTEN: Mapping[str, Callable[[random.Random, Open], str]] = {
    "words": lambda r, e: r.choice(
        (
            "Rechnung Nr. {}",
            "Invoice no. {} thank you",
            "facture {}",
            "Factuur: {}",
            "fv {} oplata",
            "zahlung zu re {}",
            "Fattura n. {} saldo",
        )
    ).format(e.number.lower() if r.random() < 0.4 else e.number),
    "separators": lambda r, e: re.sub(r"[-/]", r.choice((" ", ".", "_", "", " - ", "/")), e.number),
    "no zeros": lambda r, e: re.sub(r"(?<=\D)0+(?=\d)", "", e.number),
    "no series": lambda r, e: re.sub(r"^[A-Z]+-?", "", e.number),
    "short year": lambda r, e: "Rechnung " + _short_year(e),
    "no year": lambda r, e: re.sub(r"[-/]?20\d\d[-/]?", "-", e.number).strip("-"),
    "running": lambda r, e: r.choice(("Rechnung {}", "Rg.Nr. {}", "invoice {}", "facture no {}")).format(
        int(_running(e))
    ),
    "bare running": lambda r, e: _running(e),
    "look-alikes": lambda r, e: _swap_looks(r, e.number),
    "typo": lambda r, e: _typo(r, e.number),
    "line break": lambda r, e: broken(r, r.choice(("", "Auftrag Ihr Angebot ")) + "Rechnung " + e.number),
    "structured text": lambda r, e: " ".join(re.findall(".{1,4}", e.references[0])) if e.references else e.number,
    "order": lambda r, e: f"{e.order or e.number} Lieferung",
    "clutter": _cluttered,
    "none": lambda r, e: r.choice(("Rechnung Oktober", "Danke", "", "Ihre Leistungen", "payment")),
    "date only": lambda r, e: f"Rechnung vom {e.issued:%d.%m.%Y}",
}


def payer_name(rng: random.Random, name: str, kind: str) -> str:
    """A name as the bank shows it."""
    capitals = name.translate(_ASCII).upper()
    bare = re.split(r" (?:GmbH|AG|Ltd|S\.A|B\.V|Sp\.|e\.K|UG|Inc)", name)[0]
    return {
        "exact": name,
        "capitals": capitals,
        "cut": (capitals + " NIEDERLASSUNG DEUTSCHLAND")[:27],
        "no legal form": rng.choice((bare, bare.upper())),
        "initials": f"{bare[0]}. {bare.split()[-1]}" if len(bare.split()) == 2 else bare,
        "typo": bare[:2] + bare[3:],
        "stranger": rng.choice(
            ("Familie Schulz", "PAYPAL EUROPE SARL", "Holding Nord SE", "Steuerkanzlei Behrens", "WISE PAYMENTS")
        ),
        "none": "",
    }[kind]


def _sent(rng: random.Random, paid: Money) -> tuple[Money, Money | None]:
    """What arrives of an invoice in another currency: a third is paid in euros, half of these say what was sent."""
    if paid.currency == "EUR" or rng.random() > 0.3:
        return paid, None
    spread = Decimal(str(1 - rng.uniform(0, 0.02)))
    arrived = Money(paid.amount / RATE[paid.currency] * spread, "EUR").rounded()
    return arrived, paid if rng.random() < 0.5 else None


def payment(rng: random.Random, at: int, of: Sequence[Open], client: Client, kinds: Mapping[str, float]) -> Case:
    """One remittance for some invoices of a client."""
    kind, how = pick(rng, kinds), pick(rng, PAYERS)
    last = max(each.issued for each in of)
    booked = last + timedelta(days=min(90, max(1, round(rng.gauss(14, 9)))))
    why, paid = settled(rng, of, booked, pick(rng, AMOUNTS))
    arrived, original = _sent(rng, paid)
    text = listed(rng, of) if len(of) > 1 else _WRITTEN[kind](rng, of[0]) if kind in _WRITTEN else of[0].number
    account = {"usual": client.account, "new": f"DE{rng.randint(10, 99)}{rng.randint(10**17, 10**18 - 1)}", "none": ""}
    which = "new" if how == "stranger" else pick(rng, ACCOUNTS)
    made = Remittance(
        id=f"R-{at:012}",
        rail="bank",
        booked=booked,
        amount=arrived,
        original=original,
        payer=payer_name(rng, client.name, how),
        payer_account=account[which],
        text=text,
    )
    if len(of) == 1 and kind == "structured" and of[0].references:
        made = replace(made, reference=of[0].references[0], text="")
    if len(of) == 1 and kind == "end to end":
        made = replace(made, end_to_end=of[0].number, text="Zahlung")
    named = kind if len(of) == 1 else "several"
    return Case(remittance=made, pays=frozenset(e.number for e in of), text=named, amount=why, payer=how)


def noise(  # noqa: C901, PLR0912  one line a kind
    rng: random.Random, at: int, kind: str, made: Sequence[tuple[Open, Client]], paid: Sequence[Case]
) -> Case:
    """A remittance that pays nothing that is open."""
    (one, client), (other, _) = rng.choice(made), rng.choice(made)
    day = FIRST_DAY + timedelta(days=rng.randint(0, 320))
    stranger = payer_name(rng, "", "stranger")
    amount, payer, account, text, what = Money(cents(rng), "EUR"), stranger, "", "", "payment"
    match kind:
        case "rent" | "salary":
            amount, text = -amount, f"{kind} {day:%m/%Y}"
        case "refund":
            amount, text, payer, account, what = (
                -one.open,
                f"refund {one.number}",
                client.name,
                client.account,
                "refund",
            )
        case "payout":
            text, payer, what = "STRIPE PAYOUT", "Stripe", "payout"
        case "tax refund":
            payer, text = "FINANZAMT NORD", f"ST.NR. {rng.randint(10**9, 10**10)} UMSATZST {day:%m}.2026 ERSTATTUNG"
        case "private":
            payer, text = (
                f"{rng.choice(_FIRST)} Schulz",
                rng.choice(("Danke", "Miete 2026", "Geburtstag", "Nebenkosten 0026")),
            )
        case "foreign number":
            payer, text = (
                "Unbekannt Handels GmbH",
                f"Rechnung {rng.randint(100_000, 999_999)} Kd {rng.randint(100, 999)}",
            )
        case "number paid long ago":
            payer, account, text = client.name, client.account, one.number.replace("2026", "2024")
            if "2024" not in text:
                text = f"Rechnung {rng.randint(10**7, 10**8)}"
        case "amount by chance":
            amount, text = one.open, rng.choice(("Danke", "Rueckzahlung", "Verkauf Fahrrad"))
        case "a cent":
            amount, text = Money(Decimal("0.01"), "EUR"), f"{one.number} {other.number}"
        case "crafted":
            amount, text = Money(Decimal(rng.randint(1, 90)), "EUR"), one.number
        case "two clients":
            amount, text = one.open, f"{one.number} {other.number}"
        case "twice":
            first = rng.choice(paid).remittance
            again = replace(first, id=f"R-{at:012}", booked=first.booked + timedelta(days=2))
            return Case(remittance=again, pays=frozenset(), text="twice", amount="", payer="")
    who = {"payer": payer, "payer_account": account, "text": text}
    it = Remittance(id=f"R-{at:012}", rail="bank", booked=day, amount=amount, kind=what, **who)
    return Case(remittance=it, pays=frozenset(), text=kind, amount="", payer="")


def world(seed: int, many: int, texts: Mapping[str, float] = TEXTS, shape: Shape = SHAPES["usual"]) -> World:
    """`many` invoices, nine of ten of them paid, with the noise of one account. The same seed gives the same world."""
    rng = random.Random(seed)  # noqa: S311  a benchmark
    parties = clients(rng, max(3, many // shape.each), shape.monthly)
    made = invoices(rng, many, parties, shape)
    waiting: dict[str, list[Open]] = {}
    cases: list[Case] = []
    for invoice, client in made:
        if rng.random() < 0.1:
            continue
        held = waiting.setdefault(client.id, [])
        held.append(invoice)
        same = {each.open.currency for each in held} == {invoice.open.currency}
        if same and len(held) < 4 and rng.random() < 0.08:
            continue  # it is paid together with the next
        groups = [held] if same else [[each] for each in held]
        cases += [payment(rng, len(cases) + n, group, client, texts) for n, group in enumerate(groups)]
        waiting[client.id] = []
    paid = list(cases)
    for kind, share in NOISE.items():
        cases += [noise(rng, len(cases) + n, kind, made, paid) for n in range(round(len(paid) * share / 100))]
    known = {account_key(each.account): {each.id: each.seen} for each in parties if each.seen}
    return World(opens=tuple(invoice for invoice, _ in made), cases=tuple(cases), habits=known)


def main() -> None:
    """Some remittances, and what they pay."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--many", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_known_args()[0]
    for case in world(given.seed, given.many).cases:
        it = case.remittance
        print(
            f"{it.booked} {it.amount!s:>14} {it.payer[:28]:28} {it.text[:50]!r:52} {case.text}: {', '.join(case.pays)}"
        )


if __name__ == "__main__":
    main()
