"""Law 4 for both syntaxes: what is written reads back as the same model."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from git_bill.invoice.en16931.cii import read_cii, write_cii
from git_bill.invoice.en16931.model import (
    Account,
    Attribute,
    Card,
    Change,
    Delivery,
    DirectDebit,
    Document,
    Embedded,
    Item,
    Line,
    Model,
    Note,
    Payment,
    Period,
    Preceding,
    Price,
    TaxGroup,
    Totals,
)
from git_bill.invoice.en16931.parties import Address, Contact, Identifier, Party, Payee, TaxRepresentative
from git_bill.invoice.en16931.ubl import read_ubl, write_ubl

LETTERS = st.characters(exclude_categories=("Cc", "Cs", "Cn", "Co"), exclude_characters="\ufffe\uffff")
TEXT = st.text(LETTERS, min_size=1, max_size=12).map(str.strip).filter(bool)
# UBL has no other place for a subject than the text: "#AAI#…" is one there (CEN/TS 16931-3-2, BT-21)
PLAIN = TEXT.filter(lambda text: not text.startswith("#"))
CODE = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", min_size=2, max_size=8)
DAYS = st.dates(date(1900, 1, 1), date(2100, 1, 1))
AMOUNTS = st.decimals(Decimal(-9_999_999), Decimal(9_999_999), places=2)
NUMBERS = st.decimals(Decimal(-99_999), Decimal(99_999), places=5)
POSITIVE = st.decimals(Decimal("0.01"), Decimal(99_999), places=4)


def maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | strategy


def few(strategy: st.SearchStrategy[Any], least: int = 0) -> st.SearchStrategy[Any]:
    return st.lists(strategy, min_size=least, max_size=3).map(tuple)


LOCAL = st.builds(Identifier, id=TEXT)
SCHEMED = st.builds(Identifier, id=TEXT, scheme=st.sampled_from(["0002", "0088", "9930"]))
ADDRESS = st.builds(
    Address,
    street=maybe(TEXT),
    more=maybe(TEXT),
    third=maybe(TEXT),
    city=maybe(TEXT),
    postcode=maybe(TEXT),
    region=maybe(TEXT),
    country=st.just("DE"),
)
CONTACT = st.builds(Contact, name=TEXT, phone=maybe(TEXT), email=maybe(TEXT))
# CII writes ids without a scheme before those with one
IDS = st.tuples(few(LOCAL), few(SCHEMED)).map(lambda two: (*two[0], *two[1]))
PARTY = st.builds(
    Party,
    name=TEXT,
    trading_name=maybe(TEXT),
    ids=IDS,
    registration=maybe(LOCAL | SCHEMED),
    vat_id=maybe(CODE),
    tax_number=maybe(CODE),
    legal_form=maybe(TEXT),
    endpoint=maybe(SCHEMED),
    address=maybe(ADDRESS),
    contact=maybe(CONTACT),
)
CHANGE = st.builds(
    Change, amount=AMOUNTS, base=maybe(AMOUNTS), percent=maybe(POSITIVE), reason=maybe(TEXT), code=maybe(CODE)
)
DOCUMENT_CHANGE = st.builds(
    Change, amount=AMOUNTS, base=maybe(AMOUNTS), category=st.just("S"), rate=maybe(POSITIVE), reason=maybe(TEXT)
)
PERIOD = st.builds(Period, first=DAYS, last=maybe(DAYS))
ACCOUNT = st.builds(
    Account, id=CODE | st.just("DE02120300000000202051"), holder=maybe(TEXT), bic=maybe(st.just("BYLADEM1001"))
)
PAYMENT = st.builds(
    Payment,
    means=st.sampled_from(["30", "58", "59", "1"]),
    text=maybe(TEXT),
    reference=maybe(TEXT),
    accounts=few(ACCOUNT),
    card=maybe(st.builds(Card, number=CODE, holder=maybe(TEXT))),
    debit=maybe(st.builds(DirectDebit, mandate=TEXT, creditor=maybe(CODE), account=maybe(CODE))),
)
EMBEDDED = st.builds(Embedded, content=st.binary(min_size=1, max_size=40), mime=st.just("text/csv"), name=TEXT)
DOCUMENTS = st.builds(Document, reference=TEXT, description=maybe(TEXT), url=maybe(TEXT), embedded=maybe(EMBEDDED))
GROSS = st.tuples(POSITIVE, AMOUNTS)
CLASS = st.builds(Identifier, id=TEXT, scheme=maybe(CODE), version=maybe(TEXT))


@st.composite
def prices(draw: st.DrawFn) -> Price:
    gross, base = draw(maybe(GROSS)), draw(maybe(POSITIVE))
    return Price(
        net=draw(POSITIVE),
        gross=gross[0] if gross else None,
        discount=gross[1] if gross else None,
        base_quantity=base,
        base_unit=draw(maybe(st.just("MIN"))) if base else None,
    )


LINE = st.builds(
    Line,
    id=TEXT,
    note=maybe(TEXT),
    object=maybe(LOCAL | SCHEMED),
    quantity=NUMBERS,
    unit=st.sampled_from(["HUR", "C62"]),
    net=AMOUNTS,
    order_line=maybe(TEXT),
    accounting=maybe(TEXT),
    period=maybe(PERIOD),
    allowances=few(CHANGE),
    charges=few(CHANGE),
    price=prices(),
    category=st.sampled_from(["S", "O"]),
    rate=maybe(POSITIVE),
    item=st.builds(
        Item,
        name=TEXT,
        description=maybe(TEXT),
        seller_id=maybe(TEXT),
        buyer_id=maybe(TEXT),
        standard_id=maybe(SCHEMED),
        classes=few(CLASS),
        origin=maybe(st.just("FR")),
        attributes=few(st.builds(Attribute, name=TEXT, value=TEXT)),
    ),
)
TOTALS = st.builds(
    Totals,
    lines=AMOUNTS,
    allowances=maybe(AMOUNTS),
    charges=maybe(AMOUNTS),
    net=AMOUNTS,
    gross=AMOUNTS,
    prepaid=maybe(AMOUNTS),
    rounding=maybe(AMOUNTS),
    payable=AMOUNTS,
)
GROUP = st.builds(
    TaxGroup,
    base=AMOUNTS,
    tax=AMOUNTS,
    category=st.sampled_from(["S", "E"]),
    rate=maybe(POSITIVE),
    reason=maybe(TEXT),
    reason_code=maybe(CODE),
)


@st.composite
def models(draw: st.DrawFn) -> Model:
    foreign = draw(maybe(AMOUNTS))
    payment = draw(maybe(PAYMENT))
    kind = draw(st.sampled_from(["380", "381", "384"]))
    coded = draw(st.booleans())
    return Model(
        number=draw(TEXT),
        issue_date=draw(DAYS),
        type=kind,
        currency="EUR",
        tax_currency=None if foreign is None else "DKK",
        tax_date=None if coded else draw(maybe(DAYS)),
        tax_date_code=draw(st.sampled_from(["3", "35", "432"])) if coded else None,
        # In UBL it stands at the way of payment of a credit note
        due_date=draw(maybe(DAYS)) if payment or kind != "381" else None,
        buyer_reference=draw(maybe(TEXT)),
        project=draw(maybe(TEXT)),
        contract=draw(maybe(TEXT)),
        order=draw(maybe(TEXT)),
        sales_order=draw(maybe(TEXT)),
        receipt=draw(maybe(TEXT)),
        despatch=draw(maybe(TEXT)),
        tender=draw(maybe(TEXT)),
        object=draw(maybe(LOCAL | SCHEMED)),
        accounting=draw(maybe(TEXT)),
        terms=draw(maybe(TEXT)),
        notes=draw(few(st.builds(Note, text=PLAIN, subject=maybe(st.just("AAI"))))),
        process=draw(maybe(TEXT)),
        specification=draw(TEXT),
        preceding=draw(few(st.builds(Preceding, number=TEXT, issue_date=maybe(DAYS)))),
        seller=draw(PARTY),
        buyer=draw(PARTY),
        payee=draw(maybe(st.builds(Payee, name=TEXT, id=maybe(SCHEMED), registration=maybe(SCHEMED)))),
        representative=draw(maybe(st.builds(TaxRepresentative, name=TEXT, vat_id=CODE, address=maybe(ADDRESS)))),
        delivery=draw(
            maybe(
                st.builds(Delivery, name=maybe(TEXT), location=maybe(LOCAL | SCHEMED), on=DAYS, address=maybe(ADDRESS))
            )
        ),
        period=draw(maybe(PERIOD)),
        payment=payment,
        allowances=draw(few(DOCUMENT_CHANGE)),
        charges=draw(few(DOCUMENT_CHANGE)),
        totals=draw(TOTALS),
        tax=draw(AMOUNTS),
        exchanged_tax=foreign,
        tax_scheme="VAT",
        groups=draw(few(GROUP, 1)),
        documents=draw(few(DOCUMENTS)),
        lines=draw(few(LINE, 1)),
    )


@pytest.mark.parametrize(("write", "read"), [(write_ubl, read_ubl), (write_cii, read_cii)], ids=["ubl", "cii"])
@settings(max_examples=40, deadline=None)
@given(model=models())
def test_what_is_written_reads_back(
    write: Callable[[Model], bytes], read: Callable[[bytes, str], Any], model: Model
) -> None:
    written = write(model)
    found = read(written, "invoice.xml")
    assert found.problems == ()
    assert found.value == model
    assert write(found.value) == written
