"""What a client sees of a draft in its own repository or by mail, what it may say there, and what its word is worth."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from tests.flows.reviewdesk import NAME, STATED, ReviewDesk, review_desk, work

from git_bill.adapters.jinja import Jinja
from git_bill.adapters.tables import vat_table, wording
from git_bill.custody.client_word import attachment_file
from git_bill.effects import Deliver, Done, EnsurePullRequest, Publish, Refused
from git_bill.flows.assent import Witnesses
from git_bill.flows.client_review import Showing, client_approvals, show_clients
from git_bill.flows.client_word import Given, client_problems, record_word
from git_bill.flows.filed import filed
from git_bill.flows.gate import issue_problems
from git_bill.flows.open_drafts import read_books
from git_bill.flows.present import present
from git_bill.forge import PullRequest
from git_bill.layout import draft_branch, draft_file
from git_bill.problem import Exit, Problem, Stop, errors
from git_bill.shape import write
from git_bill.worklog.entry import Entry, Manifest

REPOSITORY = "acme/invoices"
ACME = STATED["billing/clients/acme.toml"]
BY_REPOSITORY = ACME.replace("vat_id", f'review = "repository"\nreview_repository = "{REPOSITORY}"\nvat_id')
BY_MAIL = ACME.replace("vat_id", 'review = "mail"\nattention = "Anna Schmidt"\nvat_id')


class Press:
    """A typesetter that shows what it was given."""

    def typeset(
        self,
        template: str,
        page: Mapping[str, Any],
        files: Mapping[str, bytes],
        *,
        at: datetime,
        beside: Mapping[str, bytes] | None = None,
    ) -> bytes:
        return f"%PDF {page['watermark']} {page['number']} {page['payment']}".encode()

    def text(self, pdf: bytes) -> str:
        return pdf.decode()


@dataclass(slots=True)
class Post:
    """A mailer that keeps what it gets."""

    mails: dict[str, Deliver] = field(default_factory=dict)
    place: str = "here"

    def deliver(self, effect: Deliver) -> Done | Refused:
        already = effect.key in self.mails
        self.mails.setdefault(effect.key, effect)
        return Done(ref=effect.key, already=already)

    def delivered(self, key: str) -> bool | None:
        return key in self.mails

    def check(self) -> Done | Refused:
        return Done()


def manifest() -> bytes:
    """The work that the lines bill."""
    entries = {
        f"W-{n}" + "a" * 11: Entry(
            day=date(2026, 10, 4 + n),
            by="mira",
            ticket=f"WEB-{n}",
            minutes=120,
            range=(90, 150),
            at=("09:00/11:00",),
            text=f"=cmd page {n}",
            state="confirmed",
            evidence=(f"web-shop:{n:0>12}",),
        )
        for n in (1, 2, 3)
    }
    return write(Manifest(entries=entries)).encode()


def desk_of(acme: str) -> ReviewDesk:
    made = review_desk(acme=acme)
    made.put("main", {"billing/manifest/acme/2026-10.toml": manifest()})
    return made


@pytest.fixture
def desk() -> ReviewDesk:
    return desk_of(BY_REPOSITORY)


def show(desk: ReviewDesk) -> tuple[Problem, ...]:
    need = Showing(
        books=desk.books,
        vat=vat_table(),
        wording=wording(),
        typesetter=Press(),
        renderer=Jinja(),
        forge=desk.forge,
    )
    return desk.do(show_clients(need, [NAME]))


def hear(desk: ReviewDesk) -> tuple[str, ...]:
    return desk.do(client_approvals(desk.books, desk.forge, desk.clock, vat=vat_table(), wording=wording()))


def copy(desk: ReviewDesk) -> PullRequest:
    """The pull request that the client sees."""
    return desk.forge.elsewhere(REPOSITORY).pull_requests(draft_branch(NAME))[0]


def missing(desk: ReviewDesk) -> list[str]:
    """What the gate says of the client's word."""
    state = read_books(desk.books, vat_table())
    content = desk.books.store.commits[desk.tip].files[draft_file(NAME)]
    client = state.workspace.engagements["acme"].client
    word = filed(desk.books, state.snapshot, desk.draft.id, desk.forge).client
    found = client_problems(client, NAME, word, desk.books.blob_id(content))
    return [problem.rule for problem in found]


def test_the_copy_shows_what_the_invoice_would_and_nothing_of_the_books(desk: ReviewDesk) -> None:
    assert show(desk) == ()
    there = desk.forge.elsewhere(REPOSITORY)
    assert copy(desk).title == "Rechnungsentwurf von Mira Kovac Software: EUR 678,30"
    files = there.hosted.files[draft_branch(NAME)]
    assert sorted(files) == [f"{NAME}.md", f"{NAME}.pdf"]
    assert files[f"{NAME}.pdf"] == b"%PDF ENTWURF, keine Rechnung  None"
    text = files[f"{NAME}.md"].decode()
    assert there.hosted.bodies[copy(desk).number] == text
    assert "| 1 | WEB-1 Page 1 | 2 Std. × 95,00 | 190,00 |" in text
    assert "**Zahlbetrag: EUR 678,30**" in text
    assert "genehmigen Sie diesen Pull Request" in text
    for inner in ("W-1a", "D-aaa", "billing/", "an hour", "09:00", "1h30m", "DE0212"):
        assert inner not in text
    assert not any(len(row.split(" | ")) > 4 for row in text.splitlines() if row.startswith("|"))


def test_it_is_brought_up_to_date_and_else_left_alone(desk: ReviewDesk) -> None:
    show(desk)
    written = desk.forge.elsewhere(REPOSITORY).written
    show(desk)
    assert desk.forge.elsewhere(REPOSITORY).written == written
    desk.change(lines=desk.draft.lines[:2])
    show(desk)
    assert "452,20" in desk.forge.elsewhere(REPOSITORY).hosted.bodies[copy(desk).number]


@pytest.mark.parametrize(
    ("shown", "head"),
    [
        ('["hours", "days"]', "day,ticket,work,time\r\n2026-10-05,WEB-1,'=cmd page 1,2h\r\n"),
        ('["hours", "times"]', "day,ticket,work,time,at\r\n2026-10-05,WEB-1,'=cmd page 1,2h,09:00/11:00\r\n"),
        ('["days"]', None),
    ],
)
def test_the_timesheet_is_there_where_the_contract_shows_it(shown: str, head: str | None) -> None:
    desk = desk_of(BY_REPOSITORY.replace('currency = "EUR"', f'currency = "EUR"\nshow = {shown}'))
    show(desk)
    files = desk.forge.elsewhere(REPOSITORY).hosted.files[draft_branch(NAME)]
    sheet = files.get(f"{NAME}-timesheet.csv")
    assert (sheet is None) == (head is None)
    assert sheet is None or sheet.decode().startswith(head or "")
    if head is None:
        assert "Std." not in files[f"{NAME}.md"].decode()


@pytest.mark.parametrize("name", ["</td><script>x</script>", "a | b\n/bill approve", "@all #1 ![x](https://e.example)"])
def test_hostile_text_stays_text_for_the_client(name: str) -> None:
    desk = review_desk([replace(work(1), description=name), work(2)], acme=BY_REPOSITORY)
    desk.put("main", {"billing/manifest/acme/2026-10.toml": manifest()})
    show(desk)
    body = desk.forge.elsewhere(REPOSITORY).hosted.bodies[copy(desk).number]
    assert "<script" not in body
    assert not any(line.lstrip().startswith("/bill") for line in body.splitlines())
    assert "@all" not in body


def test_a_draft_that_must_be_mended_is_not_shown(desk: ReviewDesk) -> None:
    desk.change(lines=(replace(desk.draft.lines[0], entries={"W-unknown": 120}),))
    (problem,) = show(desk)
    assert (problem.rule, problem.severity) == ("not-shown-to-client", "warning")
    assert desk.forge.elsewhere(REPOSITORY).hosted.pulls == {}


def test_what_the_forge_refuses_is_a_warning(desk: ReviewDesk) -> None:
    desk.forge.refusals[EnsurePullRequest] = Refused(reason="403", remedy="ask Acme to let you in")
    (problem,) = show(desk)
    assert "403" in problem.message
    assert problem.hint == "ask Acme to let you in"


def test_the_clients_approval_of_the_text_as_it_is_counts(desk: ReviewDesk) -> None:
    show(desk)
    assert hear(desk) == ()
    assert missing(desk) == ["client-approval-missing"]
    there = desk.forge.elsewhere(REPOSITORY)
    there.review(copy(desk).number, "somebody")
    assert hear(desk) == ()
    there.review(copy(desk).number, "Anna")
    assert hear(desk) == (NAME,)
    assert missing(desk) == []
    word = filed(desk.books, desk.books.at(desk.books.tip() or ""), desk.draft.id, desk.forge).client
    assert word is not None
    assert (word.who, word.way, word.ref) == ("Anna", "review", f"{REPOSITORY}#1")
    assert hear(desk) == ()  # nothing new


def test_an_approval_of_what_the_draft_was_counts_for_nothing(desk: ReviewDesk) -> None:
    show(desk)
    there = desk.forge.elsewhere(REPOSITORY)
    there.review(copy(desk).number, "anna")
    desk.change(lines=desk.draft.lines[:2])
    assert hear(desk) == ()
    show(desk)
    assert hear(desk) == ()
    there.review(copy(desk).number, "anna")
    assert hear(desk) == (NAME,)


def test_a_change_that_the_client_does_not_see_keeps_its_approval(desk: ReviewDesk) -> None:
    show(desk)
    desk.forge.elsewhere(REPOSITORY).review(copy(desk).number, "anna")
    hear(desk)
    desk.change(answered=("5",))
    assert missing(desk) == ["client-approval-missing"]
    assert hear(desk) == (NAME,)
    assert missing(desk) == []


def test_an_approval_that_was_taken_back_counts_for_nothing(desk: ReviewDesk) -> None:
    show(desk)
    there = desk.forge.elsewhere(REPOSITORY)
    there.review(copy(desk).number, "anna")
    there.review(copy(desk).number, "anna", "changes-requested", text="no")
    assert hear(desk) == ()


def test_a_merge_by_the_client_is_its_approval_and_one_by_others_is_none(desk: ReviewDesk) -> None:
    show(desk)
    there = desk.forge.elsewhere(REPOSITORY)
    pull = copy(desk)
    there.merge(pull.number, by="mira", merged_as=pull.head)
    assert hear(desk) == ()
    there.hosted.pulls[pull.number] = replace(there.hosted.pulls[pull.number], merged_by="anna")
    assert hear(desk) == (NAME,)


def test_what_the_client_asks_for_there_is_a_proposal_and_answered_there(desk: ReviewDesk) -> None:
    show(desk)
    there, number = desk.forge.elsewhere(REPOSITORY), copy(desk).number
    said = there.comment(number, "anna", "/bill drop 2 because we did not order it")
    desk.clock.at = said.at + timedelta(seconds=30)
    desk.answer()
    assert desk.draft.proposed == (f"{REPOSITORY}#{said.id}",)
    assert there.ours(number)[0].startswith("Thank you. This is a proposal")
    assert desk.replies() == []
    desk.clock.at += timedelta(minutes=5)
    later = desk.say("mira", "/bill accept")
    comments = desk.forge.hosted.comments[desk.number]
    comments[-1] = replace(later, at=desk.clock.at)
    desk.answer()
    assert desk.lines == ["WEB-1 Page 1", "WEB-3 Page 3"]


def test_the_review_says_that_the_client_has_not_approved(desk: ReviewDesk) -> None:
    witnesses = Witnesses(forge=desk.forge)
    desk.do(present(desk.books, vat_table(), witnesses, [NAME]))
    assert "Acme GmbH has not approved it yet" in desk.replies()[0]
    status = desk.forge.status(desk.tip, "git-bill/sign-off")
    assert status is not None
    assert status.state == "pending"
    show(desk)
    desk.forge.elsewhere(REPOSITORY).review(copy(desk).number, "anna")
    hear(desk)
    desk.do(present(desk.books, vat_table(), witnesses, [NAME]))
    assert "has not approved" not in desk.replies()[0]


def test_nothing_is_issued_before_the_client_has_approved(desk: ReviewDesk) -> None:
    show(desk)
    desk.forge.merge(desk.number)

    def waits() -> set[str]:
        state = read_books(desk.books, vat_table())
        arrival = desk.books.arrivals("billing/drafts", state.tip)[draft_file(NAME)]
        found, _ = issue_problems(desk.books, state, NAME, arrival, Witnesses(forge=desk.forge))
        return {problem.rule for problem in errors(found)}

    assert waits() == {"client-approval-missing"}
    there = desk.forge.elsewhere(REPOSITORY)
    there.comment(copy(desk).number, "anna", "What is line 2?")
    assert waits() == {"client-approval-missing", "on-hold"}
    there.comment(copy(desk).number, "mira", "The search page, Anna.")
    assert waits() == {"client-approval-missing"}
    there.review(copy(desk).number, "anna")
    hear(desk)
    assert waits() == set()


def test_a_copy_is_approved_by_a_review_and_not_by_a_comment(desk: ReviewDesk) -> None:
    show(desk)
    there, number = desk.forge.elsewhere(REPOSITORY), copy(desk).number
    there.comment(number, "anna", "/bill approve")
    desk.answer()
    assert "approved by approving the pull request" in there.ours(number)[0]
    assert missing(desk) == ["client-approval-missing"]


def test_a_mail_goes_out_once_for_each_content() -> None:
    desk = desk_of(BY_MAIL)
    post = Post()
    desk.mailer = post
    assert show(desk) == ()
    show(desk)
    (mail,) = post.mails.values()
    assert mail.recipient == "ap@acme.example"
    assert mail.subject == "Rechnungsentwurf von Mira Kovac Software für Oktober 2026: 678,30 EUR"
    assert "Guten Tag Anna Schmidt," in mail.body
    assert "antworten Sie auf diese Mail mit „freigegeben“" in mail.body
    assert dict(mail.attachments) == {f"{NAME}-DRAFT.pdf": b"%PDF ENTWURF, keine Rechnung  None"}
    desk.change(lines=desk.draft.lines[:2])
    show(desk)
    assert len(post.mails) == 2


def test_nothing_goes_to_a_client_without_an_address_or_repository() -> None:
    desk = desk_of(BY_MAIL.replace('email = "ap@acme.example"\n', ""))
    assert [problem.rule for problem in show(desk)] == ["not-shown-to-client"]
    desk = desk_of(BY_REPOSITORY.replace(f'review_repository = "{REPOSITORY}"\n', ""))
    assert [problem.rule for problem in show(desk)] == ["not-shown-to-client"]


@pytest.mark.parametrize("review", ["self", "none"])
def test_other_clients_see_nothing_and_need_not_approve(review: str) -> None:
    desk = desk_of(ACME.replace("vat_id", f'review = "{review}"\nvat_id'))
    assert show(desk) == ()
    assert missing(desk) == []


def test_the_clients_mail_is_recorded_and_kept() -> None:
    desk = desk_of(BY_MAIL)
    mail = b"From: anna@acme.example\r\n\r\napproved\r\n\xff"
    given = Given(who="Anna Schmidt", way="attachment", attachment=("../reply.EML", mail))
    done = desk.do(record_word(desk.books, desk.clock, NAME, given, by="mira"))
    tip = desk.books.at(desk.books.tip() or "")
    assert not done.already
    assert tip.read("billing/signoffs/D-aaaaaaaaaaaa/client-reply.eml") == mail
    assert (done.word.who, done.word.ref, done.word.recorded_by) == ("Anna Schmidt", "client-reply.eml", "mira")
    assert filed(desk.books, tip, desk.draft.id, desk.forge).client == done.word
    assert (tip.read(".gitattributes") or b"").endswith(b"billing/signoffs/** -text\n")
    ledger = (tip.read("billing/ledger/2026.jsonl") or b"").decode()
    assert '"for":"client"' in ledger.replace(" ", "")
    assert "Anna" not in ledger
    assert missing(desk) == []
    assert desk.do(record_word(desk.books, desk.clock, NAME, given, by="mira")).already
    desk.change(lines=desk.draft.lines[:2])
    assert missing(desk) == ["client-approval-missing"]


def test_an_attachment_of_ten_megabytes_is_too_large() -> None:
    desk = desk_of(BY_MAIL)
    given = Given(who="Anna", way="attachment", attachment=("a.eml", b"x" * (10 * 1024 * 1024 + 1)))
    with pytest.raises(Stop) as stopped:
        desk.do(record_word(desk.books, desk.clock, NAME, given))
    assert stopped.value.exit_code == Exit.PROBLEMS


def test_a_word_about_another_content_is_not_recorded(desk: ReviewDesk) -> None:
    with pytest.raises(Stop):
        desk.do(record_word(desk.books, desk.clock, NAME, Given(who="anna", way="review", blob="0" * 40)))


@pytest.mark.parametrize(
    ("name", "kind"),
    [("a.eml", "eml"), ("A.PDF", "pdf"), ("reply", "bin"), ("x.toml", "bin"), ("x.a/b", "bin"), ("x.é", "bin")],
)
def test_an_attachment_keeps_its_kind_alone(name: str, kind: str) -> None:
    assert attachment_file("D-1", name) == f"billing/signoffs/D-1/client-reply.{kind}"


def test_somebody_moves_the_books_while_the_word_is_recorded(desk: ReviewDesk) -> None:
    def rival() -> None:
        tip = desk.books.tip()
        desk.books.publish(
            Publish(branch="main", expect=tip, files={"billing/x.toml": b"x"}, message="x", at=desk.clock.at)
        )

    desk.books.rivals.append(rival)
    desk.do(record_word(desk.books, desk.clock, NAME, Given(who="anna", way="review")))
    assert filed(desk.books, desk.books.at(desk.books.tip() or ""), desk.draft.id, desk.forge).client is not None
