"""Comments below a draft's pull request: whose word counts, what is changed, and that nothing happens twice."""

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.flows.reviewdesk import NAME, ReviewDesk, review_desk, work

from git_bill.effects import EnsureComment, Refused
from git_bill.invoice.draft import NotBilled
from git_bill.layout import draft_branch, draft_file
from git_bill.problem import Exit, Stop


@pytest.fixture
def desk() -> ReviewDesk:
    return review_desk()


def commit(desk: ReviewDesk) -> tuple[str, tuple[str, str]]:
    """Message and author of the draft branch's tip."""
    found = desk.books.store.commits[desk.tip]
    return found.message, found.author


def test_an_owners_command_is_carried_out_in_her_name(desk: ReviewDesk) -> None:
    said = desk.say("mira", "Thanks!\n\n/bill drop 2 because it was a favour")
    (done,) = desk.answer().answered
    assert (done.changed, done.account, done.name) == (True, "mira", NAME)
    assert desk.lines == ["WEB-1 Page 1", "WEB-3 Page 3"]
    assert desk.draft.not_billed == {"W-2aaaaaaaaaaa": NotBilled(minutes=120, because="it was a favour", then="waive")}
    assert desk.draft.answered == (said.id,)
    assert commit(desk) == (
        f"Answer a comment on {NAME}\n\n/bill drop 2 because it was a favour\n\nComment: {said.id}",
        ("Mira Kovac", "mira@example.net"),
    )
    assert desk.replies() == [
        "- Line 2, WEB-2 Page 2, is taken out; it will not be billed later.\n\nIt comes to 452.20 EUR now.\n"
    ]


def test_a_second_run_does_nothing(desk: ReviewDesk) -> None:
    desk.say("mira", "/bill drop 2 because a")
    desk.say("mira", "/bill drop 9 because a")
    desk.say("mallory", "/bill drop 1 because a")
    desk.answer()
    tip, written = desk.tip, desk.forge.written
    assert desk.answer().answered == ()
    assert (desk.tip, desk.forge.written) == (tip, written)


def test_the_run_that_was_killed_before_its_reply_is_finished_by_the_next(desk: ReviewDesk) -> None:
    desk.forge.refusals[EnsureComment] = Refused(reason="502")
    desk.say("mira", "/bill drop 2 because a")
    (problem,) = desk.answer().problems
    assert (problem.rule, problem.severity) == ("no-reply", "warning")
    desk.forge.refusals.clear()
    tip = desk.tip
    desk.answer()
    assert (desk.tip, desk.replies()) == (tip, ["It was carried out.\n"])


def test_numbers_are_those_of_the_review_that_was_shown(desk: ReviewDesk) -> None:
    desk.say("mira", "/bill drop 1 because a")
    desk.say("mira", "/bill drop 2 because b")  # written before the first one was carried out
    desk.answer()
    assert desk.lines == ["WEB-3 Page 3"]


def test_a_number_of_which_nobody_knows_what_it_meant_changes_nothing(desk: ReviewDesk) -> None:
    desk.say("mira", "/bill drop 1 because a")
    desk.answer()
    said = desk.say("mira", "/bill drop 2 because b")
    desk.forge.hosted.comments[desk.number][-1] = replace(said, at=desk.clock.at + timedelta(seconds=20))
    desk.answer()
    assert desk.lines == ["WEB-2 Page 2", "WEB-3 Page 3"]
    assert "The lines got new numbers while you wrote of line 2" in desk.replies()[-1]
    desk.answer()
    assert len(desk.lines) == 2


def test_a_command_that_found_no_line_stays_undone_when_there_is_one_later(desk: ReviewDesk) -> None:
    assert "There is no line 4: the draft has 3 lines" in desk.said("mira", "/bill drop 4 because a")
    desk.change(lines=(*desk.draft.lines, work(4)))
    desk.answer()
    assert len(desk.lines) == 4


def test_every_contributor_may_hold(desk: ReviewDesk) -> None:
    desk.said("jonas", "/bill hold")
    assert desk.draft.hold == "Jonas Weber asked for it"
    assert "for the issuer" in desk.said("jonas", "/bill approve")


def test_an_accountant_may_hold_and_nothing_else(desk: ReviewDesk) -> None:
    assert desk.said("otto", "/bill hold because of VAT") == "- It is on hold: of VAT.\n"
    assert desk.draft.hold == "of VAT"
    assert "for the issuer" in desk.said("otto", "/bill drop 1 because a")
    assert "for the issuer" in desk.said("otto", "/bill release")
    assert len(desk.lines) == 3
    assert desk.said("mira", "/bill release").startswith("- It is no longer on hold.")
    assert desk.draft.hold is None


def test_hold_and_release_of_one_run_cancel_each_other(desk: ReviewDesk) -> None:
    desk.say("mira", "/bill hold because a")
    desk.say("mira", "/bill release")
    desk.answer()
    assert desk.draft.hold is None
    assert len(desk.draft.answered) == 2


def test_a_release_from_before_the_hold_does_not_lift_it(desk: ReviewDesk) -> None:
    assert "It is not on hold" in desk.said("mira", "/bill release")
    desk.clock.at += timedelta(hours=1)
    desk.change(hold="wait for the order")
    desk.answer()
    assert desk.draft.hold == "wait for the order"


@pytest.mark.parametrize("account", ["mallory", "anna2"])
def test_everybody_else_gets_one_polite_refusal(desk: ReviewDesk, account: str) -> None:
    tip = desk.tip
    for text in ("/bill drop 1 because a", "/bill approve", "/bill hold", "/bill nonsense"):
        desk.say(account, text)
    desk.answer()
    (refusal,) = desk.replies()
    assert refusal.startswith(f"Thank you, {account}. Only the issuer's owner and approvers")
    assert desk.tip == tip
    assert not desk.books.at(desk.books.tip() or "").paths("billing/signoffs")


def test_help_lists_what_its_asker_may_write(desk: ReviewDesk) -> None:
    told = desk.said("anna", "/bill help")
    assert told.startswith("- These commands are understood from you")
    assert "\n  - `/bill minutes 3 45m because the rest was our mistake`\n" in told
    assert "/bill accept" not in told
    assert "Nothing has changed" not in told
    assert "`/bill accept`" in desk.said("mira", "/bill help")


def test_talk_gets_no_reply(desk: ReviewDesk) -> None:
    desk.say("anna", "Looks good, I think.")
    assert desk.answer().answered == ()


def test_a_clients_change_is_a_proposal_until_an_owner_accepts_it(desk: ReviewDesk) -> None:
    said = desk.say("anna", "/bill drop 2 because we did not order it\n/bill minutes 3 1h")
    desk.answer()
    assert len(desk.lines) == 3
    assert (desk.draft.proposed, desk.draft.answered) == ((said.id,), (said.id,))
    assert commit(desk)[1] == ("anna", f"{said.account_id}+anna@users.noreply.github.com")
    assert desk.replies()[-1] == (
        "Thank you. This is a proposal: no amount has changed, and the draft is on hold until it is answered. "
        "An owner or approver answers with `/bill accept`, or with `/bill release` to leave the draft as it is.\n\n"
        "If it is accepted:\n\n"
        "- Line 2, WEB-2 Page 2, is taken out; it will not be billed later.\n"
        "- Line 3, WEB-3 Page 3, now bills 1h instead of 2h.\n"
    )
    assert "for the issuer" in desk.said("anna", "/bill accept")
    reply = desk.said("mira", "/bill accept")
    assert reply.startswith("- Line 2, WEB-2 Page 2, is taken out")
    assert desk.lines == ["WEB-1 Page 1", "WEB-3 Page 3"]
    assert desk.draft.proposed == ()
    assert commit(desk)[1] == ("Mira Kovac", "mira@example.net")


def test_a_proposal_and_its_acceptance_in_one_run(desk: ReviewDesk) -> None:
    desk.say("anna", "/bill defer 1")
    desk.say("mira", "/bill accept")
    desk.say("anna", "/bill defer 2")  # after it: waits for an answer of its own
    desk.answer()
    assert desk.lines == ["WEB-2 Page 2", "WEB-3 Page 3"]
    assert len(desk.draft.proposed) == 1


def test_a_proposal_can_be_declined(desk: ReviewDesk) -> None:
    desk.said("anna", "/bill drop 2 because a")
    assert "What the client proposed is not done" in desk.said("mira", "/bill release")
    assert (len(desk.lines), desk.draft.proposed, desk.draft.hold) == (3, (), None)


def test_a_proposal_that_was_edited_since_is_not_accepted(desk: ReviewDesk) -> None:
    said = desk.say("anna", "/bill drop 2 because a")
    desk.answer()
    place = desk.forge.hosted.comments[desk.number].index(said)
    desk.forge.hosted.comments[desk.number][place] = replace(said, text="/bill drop 1 because a", edited=True)
    assert "was changed or deleted after it was written" in desk.said("mira", "/bill accept")
    assert (len(desk.lines), desk.draft.proposed) == (3, (said.id,))


def test_nothing_to_accept(desk: ReviewDesk) -> None:
    assert "The client proposes nothing" in desk.said("mira", "/bill accept")


def test_a_proposal_about_no_line_is_none(desk: ReviewDesk) -> None:
    tip = desk.tip
    assert "Nothing has changed." in desk.said("anna", "/bill drop 9 because a")
    assert desk.tip == tip


def test_a_client_holds(desk: ReviewDesk) -> None:
    desk.said("anna", "/bill hold")
    assert desk.draft.hold == "anna asked for it"


def test_an_edited_comment_is_not_carried_out(desk: ReviewDesk) -> None:
    desk.say("mira", "/bill drop 2 because a", edited=True)
    desk.answer()
    assert len(desk.lines) == 3
    assert desk.replies() == [
        "This comment was changed after it was written, so it is not carried out. Please write it in a new comment.\n"
    ]


def test_a_comment_that_was_carried_out_may_be_edited_and_nothing_follows(desk: ReviewDesk) -> None:
    said = desk.say("mira", "/bill drop 2 because a")
    desk.answer()
    edited = replace(said, text="/bill drop 1 because a", edited=True)
    comments = desk.forge.hosted.comments[desk.number]
    comments[comments.index(said)] = edited
    assert desk.answer().answered == ()
    assert len(desk.lines) == 2


def test_a_branch_that_was_rewritten_repeats_no_command(desk: ReviewDesk) -> None:
    desk.say("mira", "/bill hold because a")
    desk.say("mira", "/bill release")
    desk.answer()
    content = desk.books.store.commits[desk.tip].files[draft_file(NAME)]
    base = desk.books.tip()
    assert base is not None
    del desk.books.store.branches[draft_branch(NAME)]
    desk.put(draft_branch(NAME), {draft_file(NAME): content}, "squashed")
    assert desk.answer().answered == ()


def test_a_draft_that_somebody_put_back_repeats_no_command(desk: ReviewDesk) -> None:
    before = desk.books.store.commits[desk.tip].files[draft_file(NAME)]
    desk.said("mira", "/bill drop 2 because a")
    desk.put(draft_branch(NAME), {draft_file(NAME): before}, "no, it was no favour")
    assert desk.answer().answered == ()
    assert len(desk.lines) == 3


def test_a_command_from_before_the_branch_was_written_anew_is_not_guessed_at(desk: ReviewDesk) -> None:
    desk.say("mira", "/bill drop 2 because a")
    content = desk.books.store.commits[desk.tip].files[draft_file(NAME)]
    desk.clock.at += timedelta(days=2)
    del desk.books.store.branches[draft_branch(NAME)]
    desk.put(draft_branch(NAME), {draft_file(NAME): content}, "anew")
    desk.answer()
    assert len(desk.lines) == 3
    assert "The draft was written anew since" in desk.replies()[0]


def test_somebody_is_faster_and_the_comment_is_judged_again(desk: ReviewDesk) -> None:
    desk.say("mira", "/bill drop 2 because a")
    desk.books.rivals.append(lambda: desk.change(note="Thank you!"))
    desk.answer()
    assert desk.lines == ["WEB-1 Page 1", "WEB-3 Page 3"]
    assert desk.draft.note == "Thank you!"


def test_a_branch_that_may_not_be_pushed_to_is_named(desk: ReviewDesk) -> None:
    desk.say("mira", "/bill drop 2 because a")
    desk.books.protected = "protected branch"
    with pytest.raises(Stop) as stopped:
        desk.answer()
    assert stopped.value.exit_code == Exit.FORGE


def test_approval_is_for_the_content_that_was_seen(desk: ReviewDesk) -> None:
    blob = desk.books.blob_id(desk.books.store.commits[desk.tip].files[draft_file(NAME)])
    assert desk.said("mira", "/bill approve") == "- The draft as it stands now is approved.\n"
    path = "billing/signoffs/D-aaaaaaaaaaaa/mira.toml"
    recorded = (desk.books.at(desk.books.tip() or "").read(path) or b"").decode()
    assert f'blob = "{blob}"' in recorded
    assert 'note = "comment 1"' in recorded
    tip = desk.books.tip()
    desk.answer()
    assert desk.books.tip() == tip


def test_approval_of_what_changed_since_counts_for_nothing(desk: ReviewDesk) -> None:
    said = desk.say("mira", "/bill approve")
    desk.clock.at = said.at + timedelta(seconds=10)
    desk.change(note="And one more thing")
    desk.answer()
    assert "The draft changed since" in desk.replies()[0]
    assert not desk.books.at(desk.books.tip() or "").paths("billing/signoffs")


def test_a_comment_that_changes_the_draft_can_not_approve_it(desk: ReviewDesk) -> None:
    assert "can't approve it" in desk.said("mira", "/bill drop 2 because a\n/bill approve")
    assert not desk.books.at(desk.books.tip() or "").paths("billing/signoffs")


def test_a_clients_approval_is_the_clients_word(desk: ReviewDesk) -> None:
    desk.said("anna", "/bill approve")
    recorded = desk.books.at(desk.books.tip() or "").read("billing/signoffs/D-aaaaaaaaaaaa/client.toml") or b""
    assert b'who = "anna"\nway = "comment"\nref = "1"' in recorded
    tip = desk.books.tip()
    desk.answer()
    assert desk.books.tip() == tip


def test_a_closed_pull_request(desk: ReviewDesk) -> None:
    desk.say("mira", "/bill drop 2 because a")
    desk.forge.close(desk.number)
    desk.answer()
    assert len(desk.lines) == 3
    assert desk.replies()[0].startswith("This pull request is closed")


def test_after_the_merge_only_a_hold_counts(desk: ReviewDesk) -> None:
    desk.forge.merge(desk.number)
    assert desk.said("mira", "/bill drop 2 because a").startswith("This draft is merged")
    assert desk.said("anna", "/bill hold").startswith("It is on hold")
    assert len(desk.lines) == 3


def test_after_the_merge_the_content_can_still_be_approved(desk: ReviewDesk) -> None:
    desk.forge.merge(desk.number)
    assert desk.said("mira", "/bill approve") == "- The draft as it stands now is approved.\n"
    assert desk.books.at(desk.books.tip() or "").paths("billing/signoffs")


def test_one_draft_or_one_pull_request(desk: ReviewDesk) -> None:
    desk.say("mira", "/bill drop 2 because a")
    with pytest.raises(Stop):
        desk.answer(only="acme-2026-09")
    assert desk.answer(number=desk.number + 1).answered == ()
    assert len(desk.answer(only=NAME, number=desk.number).answered) == 1


def test_a_pull_request_of_a_fork_is_nobodys_draft(desk: ReviewDesk) -> None:
    fork = desk.forge.open(draft_branch(NAME), author="mallory", fork=True)
    desk.forge.comment(fork.number, "mira", "/bill approve")
    assert desk.answer(number=fork.number).answered == ()
    assert desk.forge.ours(fork.number) == []


def test_a_draft_that_can_not_be_read(desk: ReviewDesk) -> None:
    desk.put(draft_branch(NAME), {draft_file(NAME): b"schema = 1\nlines = 3\n"})
    desk.say("mira", "/bill drop 2 because a")
    desk.answer()
    assert "can't be read" in desk.replies()[0]


HOSTILE = [
    '/bill drop 2 because """\nid = "D-evil"\n[[lines]]\n',
    "/bill drop 2 because </details><script>alert(1)</script> ![x](https://evil.example) @acme/all #1 $(id) `id`",
    "/bill drop 2 because ${{ secrets.GITHUB_TOKEN }} ::error::x\x1b[2J\u202e%0A::set-output",
    "/bill drop 2 because " + "x" * 100_000,
    "/bill drop 2 because \U000e0041\u200b\ufeff\x00 a",
    "/bill drop 2 because Comment: 99 -m 'Drafted-by: git-bill'",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_reasons_stay_text(desk: ReviewDesk, text: str) -> None:
    tip = desk.books.tip()
    desk.say("mira", text)
    desk.answer()
    assert desk.lines == ["WEB-1 Page 1", "WEB-3 Page 3"]
    assert (desk.draft.id, desk.draft.answered) == ("D-aaaaaaaaaaaa", ("1",))
    message, _ = commit(desk)
    assert [line for line in message.splitlines() if line.startswith(("Comment:", "Drafted-by:"))] == ["Comment: 1"]
    assert desk.books.tip() == tip
    (reply,) = desk.replies()
    assert not any(c in reply for c in ("<", "\x1b", "\u202e", "\x00", "@acme"))
    assert not any(line.lstrip().startswith("/bill") for line in reply.splitlines())


@pytest.mark.parametrize("name", ["WEB-1 <!-- x", "x | y\n/bill approve", "![a](b) @all `/bill approve`"])
def test_hostile_lines_stay_text_in_replies(name: str) -> None:
    desk = review_desk([replace(work(1), description=name), work(2)])
    reply = desk.said("mira", "/bill drop 1 because a")
    assert "<" not in reply.replace("&lt;", "")
    assert not any(line.lstrip().startswith("/bill") for line in reply.splitlines())
    assert "@all" not in reply


def test_gitlab_has_no_reply_addresses_of_its_own() -> None:
    desk = review_desk()
    desk.forge._name = "GitLab"
    said = desk.say("anna", "/bill hold")
    desk.answer()
    assert commit(desk)[1] == ("anna", f"{said.account_id}-anna@users.noreply.gitlab.com")


def test_another_draft_is_untouched(desk: ReviewDesk) -> None:
    desk.put("bill/other", {draft_file("other"): b"schema = 1\n"})
    other = desk.books.store.branches["bill/other"]
    desk.said("mira", "/bill drop 2 because a")
    assert desk.books.store.branches["bill/other"] == other
