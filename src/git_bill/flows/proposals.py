"""Proposals: matches that a person is to confirm, one file on a branch `pay/<name>`. Merging it confirms them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from git_bill.effects import Done, DropBranch, EnsurePullRequest, Flow, Plan, Publish, Refused
from git_bill.flows import load, load_payments
from git_bill.flows.forgoing import Word, merged_word
from git_bill.flows.landing import MOST_RACES, at_tip, busy, landed
from git_bill.flows.pending import is_swept, read_branch
from git_bill.flows.write_off import merged, signed_by
from git_bill.forge import Forge, PullRequest
from git_bill.invoice.document.markdown import markdown, plain
from git_bill.layout import PROPOSALS, proposal_branch, proposal_file
from git_bill.money import total
from git_bill.ports import Books, Clock, Snapshot
from git_bill.problem import Problem, Stop
from git_bill.receivable.payment import WriteOff
from git_bill.receivable.remittance import Remittance
from git_bill.receivable.settling import Proposal, Proposals
from git_bill.receivable.verdict import Verdict
from git_bill.shape import write
from git_bill.workspace import Workspace

_LABELS = ("payment",)
_NOT_THESE = "not for these invoices"


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """What merged proposals say. `files`: to be taken out, as their content goes where payments are."""

    verdicts: tuple[Verdict, ...] = ()
    write_offs: tuple[WriteOff, ...] = ()
    files: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


def merged_files(books: Books, forge: Forge | None, snapshot: Snapshot, workspace: Workspace) -> Merged:
    """Proposals on the books branch. A file that can't be read stays there and is told.

    `forge`: tells whose word it has; while it can't be asked, that file stays there, too, as one does that somebody
    merged who does not keep the accounts.
    """
    paths = [path for path in snapshot.paths(PROPOSALS) if path.endswith(".toml")]
    if not paths:
        return Merged()
    arrivals, paid = books.arrivals(PROPOSALS), load_payments.payments(snapshot)
    verdicts: list[Verdict] = []
    lost: list[WriteOff] = []
    files: list[str] = []
    problems: list[Problem] = []
    for path in paths:
        found = load.read_file(snapshot, Proposals, path)
        if found is None or found.value is None:
            problems += found.problems if found else ()
            continue
        wanted, arrival = found.value.write_offs, arrivals.get(path)
        matches = tuple(each for each in found.value.matches if not paid.is_decided(each.remittance))
        try:
            who = signed_by(books, forge, arrival, path, workspace) if wanted and arrival else frozenset()
            word = merged_word(books, forge, arrival, path, workspace) if matches else Word(by="unknown")
        except Stop as stopped:  # whose word it has, the next run asks
            problems += (replace(each, severity="warning", file=path) for each in stopped.problems)
            continue
        if isinstance(word, Problem):
            problems.append(word)
            continue
        files.append(path)
        verdicts += (verdict_of(each, word, path) for each in found.value.matches)
        signed = [merged(each, who, workspace, path) for each in wanted]
        lost += (each for each in signed if isinstance(each, WriteOff))
        problems += (each for each in signed if isinstance(each, Problem))
    return Merged(verdicts=tuple(verdicts), write_offs=tuple(lost), files=tuple(files), problems=tuple(problems))


def verdict_of(found: Proposal, word: Word, path: str) -> Verdict:
    """What a proposal in a file says, once it is merged."""
    return Verdict(
        remittance=found.remittance,
        invoices=found.invoices if found.take else {},
        by=word.by,
        signed=tuple(sorted(word.signed)),
        rejects=None if found.take else tuple(found.invoices),
        difference=found.difference,
        score=found.score,
        because="" if found.take else _NOT_THESE,
        reasons=found.reasons,
        where=path,
    )


def write_proposals(
    books: Books, clock: Clock, forge: Forge | None, proposed: Sequence[Proposal], *, swept: Collection[str]
) -> Flow[tuple[PullRequest | None, tuple[Problem, ...]]]:
    """One branch and pull request for what is new; branches of which nothing is left to decide are taken away.

    Nothing without a forge: there a person confirms on the terminal. What names no invoice a merge can't confirm.
    `swept`: files that were merged and are booked or told now.
    """
    yield from _drop_decided(books, swept)
    if forge is None:
        return None, ()
    late = yield from _open_missing(books, forge)
    proposed = [each for each in proposed if each.invoices]
    if not proposed:
        return None, late
    why = f"Propose {len(proposed)} {'match' if len(proposed) == 1 else 'matches'} of payments"
    found = Proposals(matches=tuple(proposed))
    name = yield from _publish(books, clock, found, f"{clock.now():%Y-%m-%d}", why)
    pull, problems = yield from _opened(books, forge, name, found)
    return pull, (*late, *problems)


def propose_write_off(
    books: Books, clock: Clock, forge: Forge | None, lost: WriteOff
) -> Flow[tuple[str, PullRequest | None, tuple[Problem, ...]]]:
    """A write-off on a branch of its own, for another person to merge. Its branch comes first."""
    books.settle()
    books.fetch()
    why = f"Propose to write off {lost.amount} of {lost.invoice}"
    stem = f"write-off-{lost.invoice.replace('/', '-')}"
    found = Proposals(write_offs=(lost,))
    name = yield from _publish(books, clock, found, stem, why)
    if forge is None:
        return proposal_branch(name), None, ()
    pull, problems = yield from _opened(books, forge, name, found)
    return proposal_branch(name), pull, problems


def _open_missing(books: Books, forge: Forge) -> Flow[tuple[Problem, ...]]:
    """Pull requests of branches that have none: an earlier run was cut short, or the forge was away."""
    _, snapshot = at_tip(books)
    problems: list[Problem] = []
    for branch in books.proposals():
        found = read_branch(books, branch)
        if found is None or snapshot.read(proposal_file(branch.name)) is not None:
            continue
        try:
            has_one = bool(forge.pull_requests(proposal_branch(branch.name)))
        except Stop as stopped:
            problems.append(_later(branch.name, stopped.problems[0].message))
            continue
        if not has_one:
            problems += (yield from _opened(books, forge, branch.name, found))[1]
    return tuple(problems)


def _opened(
    books: Books, forge: Forge, name: str, found: Proposals
) -> Flow[tuple[PullRequest | None, tuple[Problem, ...]]]:
    known = load_payments.payments(at_tip(books)[1]).remittances
    branch, (title, body) = proposal_branch(name), _told(found, known)
    effect = EnsurePullRequest(branch=branch, base=books.branch, title=title, body=body, labels=_LABELS, draft=False)
    outcome = (yield Plan(why=f"the pull request of {branch}", effects=(effect,)))[0]
    if not isinstance(outcome, Done):
        return None, (_later(name, outcome.reason if isinstance(outcome, Refused) else "it is not known why"),)
    try:
        return next((each for each in forge.pull_requests(branch) if each.state == "open"), None), ()
    except Stop as stopped:
        return None, (_later(name, stopped.problems[0].message),)


def _later(name: str, reason: str) -> Problem:
    message = f"the pull request of {proposal_branch(name)} is opened by the next run: {reason}"
    return Problem(rule="pull-request-later", severity="warning", message=message, hint="or open it by hand")


def _told(found: Proposals, known: Mapping[str, Remittance]) -> tuple[str, str]:
    """Title and text of a pull request."""
    if found.matches:
        return f"Payments to confirm: {len(found.matches)}", _body(found.matches, known)
    lost = found.write_offs[0]
    signed = f"**Merging it signs it off**: {lost.amount} of {markdown(lost.invoice)}."
    return f"Write off {lost.amount} of {plain(lost.invoice)}", f"{markdown(lost.because)}\n\n{signed}"


def settled(found: Proposal, remittance: Remittance | None) -> str:
    """What it takes off each invoice, and how much more that is than came, in words."""
    parts = ", ".join(f"{amount} of {number}" for number, amount in found.invoices.items())
    amounts = tuple(found.invoices.values())
    if remittance is None or found.difference is None or any(each.currency != amounts[0].currency for each in amounts):
        return parts
    if not amounts or amounts[0].currency != remittance.amount.currency:
        return f"{parts}; {found.difference}"
    more = total(amounts, amounts[0].currency) - remittance.amount
    return f"{parts}; {more} more than came: {found.difference}" if more.amount > 0 else parts


def _publish(books: Books, clock: Clock, proposed: Proposals, stem: str, why: str) -> Flow[str]:
    """A new branch with one file; its name. Stops (exit 5) where it can't be pushed."""
    content = write(proposed).encode()
    for _ in range(MOST_RACES):
        tip, _ = at_tip(books)
        taken = {branch.name for branch in books.proposals()}
        name = next(each for n in range(1, MOST_RACES) if (each := stem if n == 1 else f"{stem}-{n}") not in taken)
        publish = Publish(
            branch=proposal_branch(name),
            expect=None,
            also=(tip,),
            files={proposal_file(name): content},
            message=why,
            at=clock.now(),
        )
        outcome = (yield Plan(why=f"{why[0].lower()}{why[1:]}, on {proposal_branch(name)}", effects=(publish,)))[0]
        if landed(books, outcome):
            return name
    raise busy(proposal_branch(stem))


def _drop_decided(books: Books, swept: Collection[str]) -> Flow[None]:
    """Branches that were merged and swept, or whose remittances are all decided otherwise meanwhile."""
    _, snapshot = at_tip(books)
    paid = load_payments.payments(snapshot)
    lost = {each.id for each in paid.write_offs}
    for branch in books.proposals():
        found = read_branch(books, branch)
        if found is None or snapshot.read(proposal_file(branch.name)) is not None:
            continue
        said = all(
            paid.is_decided(each.remittance) or paid.is_rejected(each.remittance, each.invoices)
            for each in found.matches
        )
        decided = said and lost.issuperset(each.id for each in found.write_offs)
        if decided or is_swept(books, branch, swept):
            drop = DropBranch(branch=proposal_branch(branch.name), expect=branch.commit)
            yield Plan(why=f"{branch.name} is decided: its branch is no longer needed", effects=(drop,))


def _body(proposed: Sequence[Proposal], known: Mapping[str, Remittance]) -> str:
    """What a reviewer reads; the file is what counts."""
    rows = [
        f"| {markdown(each.money)} | {markdown(settled(each, known.get(each.remittance)) or '–')} |"
        f" {f'{each.score:.0%}' if each.score is not None else ''} | {markdown(each.because)} |"
        for each in proposed
    ]
    return "\n".join(
        [
            "These payments came in, and it is not sure what they are for. **Merging confirms what the file says.**",
            "",
            "| Payment | Settles | Probability | Why it is asked |",
            "| --- | --- | ---: | --- |",
            *rows,
            "",
            "To change one, edit its `invoices` in the file; to say that it is for none of them, write `take = false`;",
            "to leave it undecided, take it out.",
        ]
    )
