"""An estimate as the sheet that its PDF states."""

import re

from git_bill.cli.entry_text import day_text
from git_bill.cli.estimate_view import View, listed, range_text
from git_bill.flows.estimate_rows import Row
from git_bill.invoice.document.estimate_page import Item, Sheet
from git_bill.invoice.document.locale import days_text
from git_bill.worklog.activity import summary


def sheet(view: View, country: str | None) -> Sheet:
    """The rows that were asked for, else by ticket; of one person with name and address, else of how many."""
    whose = tuple(view.person(row) for row in view.people)
    one = whose[0] if len(whose) == 1 else None
    rows = view.rows if view.by else view.tickets
    return Sheet(
        author=(*one.names[:1], one.id) if one else (view.whose(),),
        country=country,
        period=view.when(),
        where=listed(view.sources) if len(view.sources) < 5 else view.where(),
        commits=view.commits,
        minutes=view.whole.expected,
        range=range_text(view.whole.low, view.whole.high),
        rate=view.rate,
        net=view.net,
        items=tuple(_item(view, row) for row in rows if row.minutes.expected),
    )


def _item(view: View, row: Row) -> Item:
    group = row.group
    days = [record.at.date() for record in row.evidence]
    details = [days_text(min(days), max(days), "en"), "1 commit" if row.commits == 1 else f"{row.commits:,} commits"]
    if group.commit:
        description = row.evidence[0].text or group.commit[:10]
        details[1] = group.commit[:10]
    elif group.contributor:
        person = view.person(row)
        description = person.names[0] if person.names else person.id
    elif group.day:
        description = day_text(group.day, view.today)
        del details[0]
    else:
        description = f"{group.ticket}: {_what(row)}" if group.ticket else f"{group.source}, without a ticket"
    details.append(range_text(row.minutes.low, row.minutes.high))
    return Item(description=description, detail=" · ".join(details), minutes=row.minutes.expected, net=row.net)


def _what(row: Row) -> str:
    """The subject of the first change for a ticket, without the ticket."""
    subjects = (summary([record.text]) for record in row.evidence if record.parents < 2)
    untold = re.compile(rf"[(\[]?{re.escape(row.group.ticket)}[)\]]?[\s:-]*")
    return next((told for subject in subjects if (told := untold.sub("", subject).strip())), "merges")
