"""Answer: what people ask for in comments about a draft is carried out on its branch, in their names.

Whose word counts is read from the books branch. What was carried out stands in the draft and in its history, so that no
comment is carried out twice; our replies are renderings, and nothing follows from them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from git_bill.contract.tax.table import VatTable
from git_bill.effects import Done, EnsureComment, Flow, Plan, Publish
from git_bill.flows.approve import approve
from git_bill.flows.assent import Witnesses, comment_note
from git_bill.flows.client_word import Given, record_word
from git_bill.flows.landing import MOST_RACES, busy, landed
from git_bill.flows.open_drafts import AtTip, draft_on, read_books
from git_bill.flows.threads import Request, history, newest, requests, threads
from git_bill.forge import Forge
from git_bill.invoice.answering import Said, Seen, rule
from git_bill.invoice.command import Command
from git_bill.invoice.conversion import restated
from git_bill.invoice.document import reply
from git_bill.invoice.draft import Draft
from git_bill.layout import draft_branch, draft_file
from git_bill.ports import Books, Clock, DraftBranch
from git_bill.problem import Exit, Problem, Stop
from git_bill.shape import write
from git_bill.workspace import unknown_draft


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """A comment that was answered in this run. `changed`: the draft is another one now; `approved`: it was signed off.

    `account`: who wrote it; `text`: our reply, as Markdown.
    """

    name: str
    account: str
    comment: str
    text: str
    changed: bool = False
    approved: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """All comments that were answered, and replies that could not be written."""

    answered: tuple[Answered, ...] = ()
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Need:
    """What answering needs, and what the books say where it started."""

    books: Books
    forge: Forge
    clock: Clock
    state: AtTip


def answer(
    books: Books, forge: Forge, clock: Clock, vat: VatTable, *, only: str | None = None, number: int | None = None
) -> Flow[Answers]:
    """Carry out and answer what is asked for about drafts that are not issued; `only` of one.

    `number`: of the pull request that an event names, whatever became of its draft. Stops (exit 5) where the forge
    can't be read.
    """
    books.settle()
    books.fetch()
    state = read_books(books, vat, clock=clock)
    need = _Need(books=books, forge=forge, clock=clock, state=state)
    names = state.waiting if number is None else _named(forge, books.branch, number)
    if only is not None and number is None and only not in names:
        raise Stop(Exit.PROBLEMS, [unknown_draft(only, names)])
    answered: list[Answered] = []
    problems: list[Problem] = []
    for name in (name for name in names if only in {None, name}):
        client = state.client(name)
        pull = newest(forge, books.branch, name)
        found = [each for each in threads(forge, name, client) if each.repository or each.pull == pull]
        asked = requests(found, state.workspace, client)
        for request in asked:
            one = yield from _one(need, name, request, asked)
            if one is not None:
                answered.append(one)
                problems += yield from _reply(request, one)
    return Answers(answered=tuple(answered), problems=tuple(problems))


def _named(forge: Forge, base: str, number: int) -> tuple[str, ...]:
    """The draft that a pull request is about."""
    pull, prefix = forge.pull_request(number), draft_branch("")
    if pull is None or pull.fork or pull.base != base or not pull.branch.startswith(prefix):
        return ()
    return (pull.branch.removeprefix(prefix),)


def _one(need: _Need, name: str, request: Request, asked: Sequence[Request]) -> Flow[Answered | None]:
    """Carry one comment out; again where the draft moved meanwhile. None where there is nothing new to say."""
    for _ in range(MOST_RACES):
        branch = next((branch for branch in need.books.drafts() if branch.name == name), None)
        draft = draft_on(need.books.at(branch.commit), name) if branch else None
        now = need.state.approved.get(name, draft)
        seen, carried = _history(need, name, branch, asked)
        if now is not None and request.said.ref in {*now.answered, *carried}:
            return _told(name, request, "It was carried out.\n")
        if branch is not None and now is None:  # and for whom it is can't be told
            known = request.said.standing in {"signer", "contributor"}
            return _told(name, request, reply.UNREADABLE + "\n") if known else None
        early = _without_ruling(need, name, request, open_=branch is not None)
        if early is not None:
            return _told(name, request, early)
        if now is None or not seen:
            return None
        ruling = rule(request.said, seen, now, _proposals(asked))
        if ruling.draft is not None:
            engagement = need.state.workspace.engagements.get(ruling.draft.client)
            contracts = engagement.contracts if engagement else ()
            ruling = replace(ruling, draft=restated(ruling.draft, contracts))
        if ruling.draft is not None and branch is not None:
            outcome = (yield _plan(need, name, branch.commit, ruling.draft, request))[0]
            if not landed(need.books, outcome):
                continue
        signed = ruling.approves and (yield from _approved(need, name, request, seen[-1].blob))
        new = signed or ruling.draft is not None
        text = reply.ruling_text(request.said, ruling, ruling.draft or now)
        told = _told(name, request, text, anyway=new)
        return told and replace(told, changed=ruling.draft is not None, approved=ruling.approves)
    raise busy(draft_branch(name))


def _told(name: str, request: Request, text: str, *, anyway: bool = False) -> Answered | None:
    """A reply, unless there is one and nothing new to say."""
    if request.replied and not anyway:
        return None
    return Answered(name=name, account=request.comment.account, comment=request.said.ref, text=text)


def _history(
    need: _Need, name: str, branch: DraftBranch | None, asked: Sequence[Request]
) -> tuple[tuple[Seen, ...], frozenset[str]]:
    """The versions that people saw: of the branch, and of what was merged, which has the last word."""
    books, said = need.books, {request.said.ref: request.said.at for request in asked}
    if name not in need.state.approved:
        return (
            history(books, name, branch.commit, books.fork_point(branch.commit), said) if branch else ((), frozenset())
        )
    path = draft_file(name)
    arrival = books.arrivals("billing/drafts", need.state.snapshot.revision)[path]
    merged, carried = history(books, name, need.state.tip, arrival.parent, said)
    if branch is None or not merged or books.at(branch.commit).read(path) != need.state.snapshot.read(path):
        return merged, carried
    earlier, others = history(books, name, branch.commit, arrival.parent, said)
    return earlier or merged, carried | others


def _without_ruling(need: _Need, name: str, request: Request, *, open_: bool) -> str | None:
    """What is said without looking at the draft: by whom it was written, and what became of the draft."""
    if request.said.standing == "stranger":
        return reply.refusal_text(request.comment.account)
    issued = need.state.issued(name)
    verbs = {command.verb for command in request.said.commands if isinstance(command, Command)}
    if issued and name not in need.state.approved:
        return reply.issued_text(issued.claim.number)
    if request.comment.edited:
        return reply.EDITED + "\n"
    if name in need.state.approved:
        return None if verbs <= {"approve", "help"} else reply.merged_text(request.said)
    closed = not request.thread.repository and request.thread.pull.state != "open"
    return reply.CLOSED + "\n" if closed or not open_ else None


def _proposals(asked: Sequence[Request]) -> list[Said]:
    """What the client asked for and still says as it said it."""
    return [request.said for request in asked if request.said.standing == "client" and not request.comment.edited]


def _plan(need: _Need, name: str, commit: str, draft: Draft, request: Request) -> Plan:
    """The commit that carries a comment out, in its writer's name."""
    asked = "\n".join(str(command) for command in request.said.commands if isinstance(command, Command))
    publish = Publish(
        branch=draft_branch(name),
        expect=commit,
        files={draft_file(name): write(draft).encode()},
        message=f"Answer a comment on {name}\n\n{asked}\n\nComment: {request.said.ref}",
        at=need.clock.now(),
        author=request.author,
    )
    return Plan(why=f"carry out what {request.said.by} asked for on {name}", effects=(publish,), then="reply to it")


def _approved(need: _Need, name: str, request: Request, blob: str) -> Flow[bool]:
    """Record an approval; whether it is new."""
    if request.person is None:
        given = Given(who=request.comment.account, way="comment", ref=request.said.ref, blob=blob)
        word = yield from record_word(need.books, need.clock, name, given, forge=need.forge)
        return not word.already
    note = comment_note(request.said.ref)
    heard = Witnesses(forge=need.forge)  # it is recorded: nobody signs here
    found = yield from approve(
        need.books, need.clock, name, by=request.person.id, note=note, blob=blob, witnesses=heard
    )
    return not found.already


def _reply(request: Request, one: Answered) -> Flow[list[Problem]]:
    """Write the reply; a stranger gets a single one. That it can't be written undoes nothing."""
    effect = EnsureComment(
        number=request.thread.pull.number,
        marker=request.marker,
        body=one.text,
        repository=request.thread.repository,
    )
    outcome = (yield Plan(why=f"reply to {one.account} on {one.name}", effects=(effect,)))[0]
    if isinstance(outcome, Done):
        return []
    reason = getattr(outcome, "reason", "")
    message = f"no reply to the comment {one.comment} on {one.name}: {reason}"
    return [Problem(rule="no-reply", severity="warning", message=message, hint=getattr(outcome, "remedy", ""))]
