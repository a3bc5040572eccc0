"""camt.053 (statement), camt.052 (report of the day) and camt.054 (notification) of ISO 20022, in all versions.

Only what is booked counts. A batch whose details sum to the entry becomes single remittances. Sources: the message
definition reports of camt.05x.001.02 to .13; Swiss and German implementation guidelines for references.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from git_bill.problem import Problem
from git_bill.receivable.feeds.camt_entry import Nodes, booked_entry
from git_bill.receivable.feeds.feed import Chunks, Item, Source, Tally, clean, currency_of
from git_bill.receivable.feeds.xml_stream import drop, elements, name_of, namespace_of

_NAMESPACE = re.compile(r"(camt\.05[234])\.001\.(\d\d)")
_STATEMENTS = ("Stmt", "Rpt", "Ntfctn")
_OPENING, _CLOSING = ("OPBD", "PRCD"), ("CLBD",)
_BOOKED = "BOOK"


def stream(chunks: Chunks, source: Source) -> Iterator[Item]:
    """Entries, then their statement, for each statement of a file."""
    feed, tally, nodes = "", None, Nodes("")
    for event, element in elements(chunks, (*_STATEMENTS, "Acct", "Bal", "Ntry"), source):
        name = name_of(element)
        parent = element.getparent()
        if parent is None:
            feed, nodes = _kind(element, source), Nodes(namespace_of(element))
        elif name in _STATEMENTS:
            if event == "start":
                tally = Tally(source=source, feed=feed, line=element.sourceline)
            elif tally is not None:
                tally.number = tally.number or clean(nodes.text(element, "Id"))
                yield tally.statement()
                drop(element)
        elif event == "end" and tally is not None and name_of(parent) in _STATEMENTS:
            if name == "Acct":
                yield from _account(tally, element, nodes)
            elif name == "Bal":
                yield from _balance(tally, element, nodes)
            else:
                tally.number = tally.number or clean(nodes.text(parent, "Id"))
                yield from _entry(tally, element, nodes)
                drop(element)
    if not feed:
        hint = "download the statement as camt.053, camt.052 or camt.054"
        raise source.unreadable("unknown-format", "this XML is no bank statement: there is no Document in it", hint, 1)


def _kind(root: Any, source: Source) -> str:
    match = _NAMESPACE.search(namespace_of(root))
    if match is None:
        said = namespace_of(root) or "no namespace"
        message = f"this XML is no bank statement: {name_of(root)} of {said}"
        hint = "download the statement as camt.053, camt.052 or camt.054"
        raise source.unreadable("unknown-format", message, hint, root.sourceline)
    return match[1]


def _account(tally: Tally, element: Any, nodes: Nodes) -> Iterator[Problem]:
    stated = nodes.text(element, "Id/IBAN") or nodes.text(element, "Id/Othr/Id")
    tally.account = tally.source.account(clean(stated))
    currency = nodes.text(element, "Ccy")
    try:
        tally.currency = currency_of(currency) if currency else ""
    except ValueError as error:
        yield tally.source.problem("wrong-account", f"account: {error}", "like <Ccy>EUR</Ccy>", element.sourceline)


def _balance(tally: Tally, element: Any, nodes: Nodes) -> Iterator[Problem]:
    """Booked balances; of a camt.052 none, whose entries may be cut anywhere in a day."""
    code = nodes.text(element, "Tp/CdOrPrtry/Cd")
    if code not in _OPENING + _CLOSING or tally.feed == "camt.052":
        return
    try:
        balance = nodes.money(element, "Amt")
    except ValueError as error:
        yield tally.source.problem("wrong-amount", f"balance: {error}", 'like <Amt Ccy="EUR">', element.sourceline)
        return
    balance = -balance if nodes.text(element, "CdtDbtInd") == "DBIT" else balance
    tally.currency = tally.currency or balance.currency
    if code in _CLOSING:
        tally.closing = balance
    elif tally.opening is None or code == "OPBD":
        tally.opening = balance


def _entry(tally: Tally, element: Any, nodes: Nodes) -> Iterator[Item]:
    status = nodes.text(element, "Sts/Cd") or nodes.text(element, "Sts")
    if status != _BOOKED:
        tally.pending += 1
        return
    line = element.sourceline
    try:
        amount = nodes.money(element, "Amt")
        tally.currency = tally.currency or currency_of(amount.currency)
        if amount.currency != tally.currency:
            raise ValueError(f"it is in {amount.currency}, the account in {tally.currency}")
        parts, remark = booked_entry(element, nodes, tally.feed, amount)
    except ValueError as error:
        example = '<Amt Ccy="EUR">1190.00</Amt> and <BookgDt><Dt>2026-11-20</Dt></BookgDt>'
        yield tally.source.problem("wrong-entry", f"this entry can't be read: {error}", f"like {example}", line)
        return
    if not amount:
        return  # banks book some notices with nothing
    if remark:
        hint = "it is taken as one remittance; a camt.054 may have its details"
        told = tally.source.problem("batch-without-details", remark, hint, line)
        yield replace(told, severity="warning")
    yield tally.add(parts, line)
