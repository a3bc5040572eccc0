"""An estimate as the sheet that its PDF states."""

from git_bill.cli.entry_text import day_text
from git_bill.cli.estimate_view import View, listed, range_text
from git_bill.flows.estimate_rows import Row
from git_bill.invoice.document.estimate_page import Item, Sheet


def sheet(view: View, country: str | None) -> Sheet:
    """The rows that were asked for, else by ticket; of one person with name and address, else of how many."""
    whose = tuple(view.person(row) for row in view.people)
    one = whose[0] if len(whose) == 1 else None
    rows = view.rows if view.by else view.rows_by("ticket")
    return Sheet(
        author=(*one.names[:1], one.id) if one else (view.whose(),),
        country=country,
        period=view.when(),
        where=listed(view.sources) if len(view.sources) < 5 else view.where(),
        commits=view.commits,
        minutes=view.whole.expected,
        range=(view.whole.low, view.whole.high),
        rate=view.rate,
        net=view.net,
        items=tuple(_item(view, row) for row in rows if row.minutes.expected),
    )


def _item(view: View, row: Row) -> Item:
    group = row.group
    span = range_text(row.minutes.low, row.minutes.high)
    commits = f"{row.commits:,} commit{'' if row.commits == 1 else 's'}"
    detail = f"{span} · {commits}"
    if group.commit:
        record = row.evidence[0]
        description = record.text or group.commit[:10]
        detail = f"{group.commit[:10]} · {day_text(record.at.date(), view.today)} · {span}"
    elif group.contributor:
        person = view.person(row)
        description = person.names[0] if person.names else person.id
    elif group.day:
        description = day_text(group.day, view.today)
    else:
        description = group.ticket or f"{group.source}, without a ticket"
    return Item(description=description, detail=detail, minutes=row.minutes.expected, net=row.net)
