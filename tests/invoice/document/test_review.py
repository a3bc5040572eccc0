"""The review as its readers see it: prose first, every text escaped, and how to change or reject it."""

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from git_bill.contract.party import Bank
from git_bill.contract.tax.treatment import Tax
from git_bill.invoice.basis import Basis
from git_bill.invoice.checks import draft_problems
from git_bill.invoice.document.review import Review, review_text, review_title
from git_bill.invoice.draft import Draft, NotBilled
from git_bill.invoice.guardrails import Guardrails
from git_bill.period import month

if TYPE_CHECKING:
    from tests.invoice.conftest import World

HOSTILE = "</details>| @octocat #1 `x` <img src=x> [a](http://e.example)\n## head\u202e"


def review(draft: Draft, basis: Basis, **over: Any) -> Review:
    given: dict[str, Any] = {"name": "acme-2026-10", "today": date(2026, 11, 2)} | over
    problems = draft_problems(draft, basis, name=given["name"])
    return Review(draft=draft, basis=basis, problems=problems, **given)


@pytest.fixture
def basis(world: "World") -> Basis:
    """38 confirmed of 47 hours, one of them rounded, one forged."""
    return world.basis(
        world.entry("W-aaaaaaaaaaaa", 2280, text="feat(cart): add totals (#12)"),
        world.entry("W-bbbbbbbbbbbb", 540, 6, ticket="WEB-6", text="search", state="estimated", range=(300, 700)),
        world.entry("W-cccccccccccc", 52, 7, ticket="WEB-7", activity="meeting", text="call about the relaunch"),
        world.entry("W-dddddddddddd", 540, 8, ticket="WEB-8", text="forged", state="unproven"),
    )


@pytest.mark.parametrize(("many", "said"), [(1, "Merging and a sign-off approve it"), (2, "Merging and 2 sign-offs")])
def test_a_merge_alone_is_not_said_to_approve_what_needs_sign_offs(world: "World", many: int, said: str) -> None:
    limits = Guardrails(sign_off_above="1.00 EUR", sign_offs=many)
    basis = world.basis(world.entry("W-aaaaaaaaaaaa", 130), guardrails=limits)
    text = review_text(review(world.draft(basis), basis))
    assert said in text
    assert "Merging approves it" not in text


def test_the_whole_text(world: "World") -> None:
    basis = world.basis(
        world.entry("W-aaaaaaaaaaaa", 130, text="feat(cart): add totals (#12)", evidence=("shop:a1b2c3d4e5f6",)),
        world.entry("W-bbbbbbbbbbbb", 52, 6, ticket="WEB-6", text="search", state="estimated", range=(20, 90)),
    )
    assert review_text(review(world.draft(basis), basis)) == WHOLE


WHOLE = """\
**Acme GmbH pays 339.15 EUR** to Mira Kovac Software within 30 days:
by 2 December 2026, if it is issued on 2 November 2026.

**Merging approves it:** the invoice gets the next number and can't be changed any more.

52m of its 3h2m are estimates that nobody confirmed.
Who merges takes them as right, in their own name.
To confirm them: git bill confirm --client acme

| # | What | Time | Net EUR |
| --: | :-- | --: | --: |
| 1 | WEB-5 Add totals | 2h10m → 2h15m | 213.75 |
| 2 | WEB-6 Search | 52m → 45m | 71.25 |

Time: counted → billed, rounded as agreed.

- Net 285.00 EUR
- VAT 19%: 54.15 EUR
- **Total 339.15 EUR**

### Also worth a look

- This is the first invoice to Acme GmbH (check name, address and VAT id with the client)

### To change it

Correct the work, then draft again (lines that you changed by hand stay):

```
git bill edit W-aaaaaaaaaaaa --minutes 45m --because "agreed on the phone"
git bill drop W-aaaaaaaaaaaa --because "on the house"
git bill draft --client acme --period 2026-10
```

Or edit `billing/drafts/acme-2026-10.toml` on this branch: description, quantity, unit_price.

To reject it: `git bill draft --close acme-2026-10`, or delete the branch `bill/acme-2026-10`.
Its entries are free again.

<details><summary>The work behind each line: 2 entries</summary>

**1. WEB-5 Add totals**

95.00 EUR an hour: rate for development; 2h10m rounded to 2h15m (15m, nearest, per ticket and day)

- 5 Oct 2026, WEB-5 Add totals: 2h10m (`W-aaaaaaaaaaaa`); confirmed, Mira Kovac, `a1b2c3d4`

**2. WEB-6 Search**

95.00 EUR an hour: rate for development; 52m rounded to 45m (15m, nearest, per ticket and day)

- 6 Oct 2026, WEB-6 Search: 52m (`W-bbbbbbbbbbbb`); estimated, Mira Kovac, `bbbbbbbb`

</details>
"""


def test_the_title_names_client_period_and_amount(world: "World", basis: Basis) -> None:
    assert review_title(review(world.draft(basis), basis)) == "Invoice to Acme GmbH for October 2026: 5,384.75 EUR"


def test_a_title_is_no_markdown(world: "World", basis: Basis) -> None:
    client = replace(world.client, name="Smith & Sons *Ltd* @acme #12")
    named = replace(basis, engagement=replace(basis.engagement, client=client))
    title = review_title(review(world.draft(basis), named))
    assert title.startswith("Invoice to Smith & Sons *Ltd* @\u200bacme #\u200b12 for October 2026:")


def test_what_is_left_out_says_why_and_whether_it_comes_back(world: "World", basis: Basis) -> None:
    draft = world.draft(replace(basis, pins={"W-cccccccccccc": "acme-extra"}))
    left = {**draft.not_billed, "W-bbbbbbbbbbbb": NotBilled(minutes=540, because="goodwill", then="waive")}
    text = review_text(review(replace(draft, not_billed=left), replace(basis, pins={"W-cccccccccccc": "acme-extra"})))
    assert "- **9h**, who did it is not proven: it comes back with the next draft" in text
    assert "  - 8 Oct 2026, WEB-8 Forged: 9h (`W-dddddddddddd`)" in text
    assert "- **9h**, “goodwill”: it will not be billed later" in text
    assert "- 7 Oct 2026, WEB-7 Call about the relaunch: 52m (`W-cccccccccccc`): on the open draft acme-extra" in text


def test_ranges_and_times_are_shown_only_where_that_was_agreed(world: "World", basis: Basis) -> None:
    draft = world.draft(basis)
    assert "5h to" not in review_text(review(draft, basis))
    open_book = world.contract(show=("hours", "range", "times"))
    shown = replace(basis, engagement=replace(basis.engagement, contracts=(open_book,)))
    assert "5h to 11h40m" in review_text(review(draft, shown))


def test_a_new_account_and_errors_stand_at_the_top(world: "World", basis: Basis) -> None:
    draft = world.draft(basis)
    earlier = replace(basis, invoices=(world.issue(draft, basis),))
    moved = replace(earlier, issuer=replace(world.issuer, bank=Bank(iban="DE75512108001245126199")))
    top = review_text(review(draft, moved)).partition("| # |")[0]
    assert top.startswith(
        "**It pays to a NEW account:** `DE75…6199`, other than INV-2026-0032.\nMake sure that the issuer"
    )
    assert top.count("NEW") == review_text(review(draft, moved)).count("NEW") == 1
    assert "Merging" not in top
    assert "**It can't be issued as it is:** see below what must be mended first." in top
    assert "**Must be mended:** Entry W-aaaaaaaaaaaa" in review_text(review(draft, moved))


def test_no_vat_says_why_and_mail_says_to_whom(world: "World", basis: Basis) -> None:
    draft = replace(world.draft(basis), tax=Tax(category="AE", note="Reverse charge"), payment_terms="on receipt")
    text = review_text(review(draft, basis))
    assert "- No VAT: Reverse charge" in text
    assert "to Mira Kovac Software on receipt:\nby 2 November 2026" in text
    right = replace(review(draft, basis, mail_to="ap@acme.example"), problems=())
    assert "any more.\nIt is then mailed to ap@&#8203;acme.example.\n" in review_text(right)


def test_where_comments_are_read_nobody_needs_a_terminal(world: "World", basis: Basis) -> None:
    text = review_text(review(world.draft(basis), basis, commands=True))
    assert "- `/bill minutes 1 45m because " in text
    assert "git bill " not in text
    assert max(len(row) for row in text.splitlines() if "/bill" in row) <= 100


def test_where_comments_are_read_no_id_of_an_entry_is_shown(world: "World", basis: Basis) -> None:
    draft = replace(world.draft(basis), hold="because")
    text = review_text(review(draft, basis, commands=True))
    assert "W-" not in text
    assert "toml" not in text
    assert "first comment below" in text
    assert text.index("### To change it") < text.index("<details>")  # what a forge cuts off is the evidence


def test_a_line_that_a_person_set_is_not_called_rounded(world: "World", basis: Basis) -> None:
    draft = world.draft(basis)
    changed = replace(draft.lines[0], quantity=Decimal(1), set=("quantity",))
    text = review_text(review(replace(draft, lines=(changed, *draft.lines[1:])), basis))
    assert "Time: counted → billed, rounded as agreed or set by a person." in text


def test_many_entries_that_are_not_billed_are_listed_with_the_evidence(world: "World", basis: Basis) -> None:
    left = {f"W-{n:0>12}": NotBilled(minutes=10, because="cap") for n in range(8)}
    text = review_text(review(replace(world.draft(basis), not_billed=left), basis, commands=True))
    assert "- **1h20m**, more than the agreed cap: it comes back with the next draft\n" in text
    assert "  - and 3 more, listed below" in text
    assert text.partition("<details>")[2].count("`W-0000") == 8


def test_a_long_word_makes_no_table_wide(world: "World") -> None:
    path = "src/shop/checkout/payment/invoice_controller.py" + "x" * 60
    basis = world.basis(world.entry("W-aaaaaaaaaaaa", 60, text=f"Fix {path}"))
    rows = [row for row in review_text(review(world.draft(basis), basis)).splitlines() if row.startswith("| 1 ")]
    assert max(map(len, re.split(r"&#8203;|\s", rows[0]))) <= 21


def test_a_new_address_stands_at_the_top(world: "World", basis: Basis) -> None:
    draft = world.draft(basis)
    old, new = (replace(basis.engagement, client=replace(world.client, email=f"{at}@acme.example")) for at in "ab")
    before = replace(basis, engagement=old)
    moved = replace(before, engagement=new, invoices=(world.issue(draft, before),))
    assert review_text(review(draft, moved)).startswith(
        "**It is mailed to a NEW address:** b@&#8203;acme.example, other than INV-2026-0032.\n"
    )


def test_hostile_text_is_only_text(world: "World") -> None:
    work = world.entry("W-aaaaaaaaaaaa", 60, text=HOSTILE, ticket="`x`\n# y", evidence=("shop:`rm`\n<b>",))
    basis = world.basis(work, client=replace(world.client, name=HOSTILE))
    draft = replace(world.draft(basis), note=HOSTILE, not_billed={HOSTILE: NotBilled(minutes=5, because=HOSTILE)})
    text = review_text(review(draft, basis, name="x`\n```\nrm -rf /"))
    body = re.sub(r"</?(?:details|summary)>", "", text)
    assert not re.search(r"[<>]", body.replace("-->", ""))
    assert not re.search(r"@\w|(?<!&)#\d", text)
    assert text.count("</details>") == 1
    assert [row for row in text.splitlines() if row.startswith(("## ", "# "))] == []
    assert "rm -rf" not in text
    assert all(len(re.findall(r"(?<!\\)\|", row)) == 5 for row in text.splitlines() if row.startswith("|"))
    assert "\u202e" not in text


def test_prose_lines_stay_short(world: "World", basis: Basis) -> None:
    prose = [
        row
        for row in review_text(review(world.draft(basis), basis)).splitlines()
        if not row.startswith(("|", "<", "- "))
    ]
    assert max(map(len, prose)) <= 100


@pytest.mark.parametrize("broken", [{"currency": "USD"}, {"last": date(2026, 9, 1)}])
def test_a_draft_without_totals_is_told_what_must_be_mended(world: "World", basis: Basis, broken: Any) -> None:
    text = review_text(review(replace(world.draft(basis), **broken), basis))
    assert text.startswith(
        "**This draft can't be read as an invoice.**\n\n### Worth a look\n\n- **Must be mended:** The"
    )
    assert review_title(review(replace(world.draft(basis), **broken), basis)) == "Invoice to Acme GmbH"


def test_late_work_and_recorded_time_are_told_apart(world: "World") -> None:
    first = world.basis(world.entry("W-aaaaaaaaaaaa", 60))
    october = world.issue(world.draft(first), first)
    late = world.entry("W-bbbbbbbbbbbb", 60, 8)
    timed = world.entry("W-cccccccccccc", 30, date(2026, 11, 3), state="estimated")
    basis = world.basis(late, timed, invoices=(october,))
    text = review_text(review(world.draft(basis, month(date(2026, 11, 1))), basis))
    assert "| 1 | WEB-5 Add totals (2026-10), **late** | 1h | 95.00 |" in text
    assert "| 2 | WEB-5 Add totals | 30m | 47.50 |" in text
    assert "confirmed, Mira Kovac, late, " in text
    assert "not confirmed, Mira Kovac, " in text
    assert "30m of its 1h30m were recorded or stated, and nobody confirmed them." in text
    assert "estimates" not in text
