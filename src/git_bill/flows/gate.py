"""The gate: everything that `check` says of a draft, and what else must hold before `issue` takes a number for it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from git_bill.custody.signoff import Assent, Signer
from git_bill.flows import load
from git_bill.flows.assent import SIGNING, Heard, Witnesses, able, hear
from git_bill.flows.bringing import Brought, brought
from git_bill.flows.client_word import client_problems
from git_bill.flows.filed import filed
from git_bill.flows.issued_files import attached_files
from git_bill.flows.open_drafts import AtTip
from git_bill.flows.safeguard import settings_problems, vouched_for
from git_bill.flows.signed_timesheet import timesheet_problems
from git_bill.invoice.basis import Basis
from git_bill.invoice.checks import draft_problems
from git_bill.invoice.draft import Draft
from git_bill.invoice.unusual import SIGN_OFF_RULES
from git_bill.layout import SETTINGS, draft_branch, draft_file
from git_bill.ports import Arrival, Books, DraftBranch, Snapshot
from git_bill.problem import Exit, Problem, Stop, errors, located
from git_bill.shape_scalars import quoted
from git_bill.workspace import Workspace, unknown_client, unknown_draft

_DRAFTS = "billing/drafts/"
_CAME_ALONG = "came-along"

# What only a person's word is missing for: `issue` ends with exit 7.
PERSONS_WORD = frozenset(
    {
        _CAME_ALONG,
        "client-approval-missing",
        "not-merged",
        "on-hold",
        "payee-changed",
        "recipient-changed",
        "roles-changed",
        "sign-off-missing",
        "timesheet-missing",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Sign-offs that a draft needs. `able`: who may give them; `why`: in words, empty where none is needed."""

    many: int
    able: tuple[Signer, ...]
    why: tuple[str, ...]

    def missing(self, given: Iterable[Assent]) -> int:
        """How many are missing."""
        ids = {signer.id for signer in self.able}
        return max(0, self.many - len({assent.by for assent in given if assent.by in ids}))


def issue_problems(
    books: Books, state: AtTip, name: str, arrival: Arrival, witnesses: Witnesses
) -> tuple[tuple[Problem, ...], Heard | None]:
    """What keeps an approved draft from being issued, and what people said of it (None where it is wrong anyway).

    Rules, roles and contracts are those of the books branch, which the draft's branch can't have changed.
    """
    found = check_draft(state, state.snapshot, name)
    if errors(found):
        return found, None
    content = state.snapshot.read(draft_file(name)) or b""
    draft = state.approved[name]
    came = brought(books, witnesses.forge, arrival)
    before = _before(books, state, came)
    heard = hear(books, before, name, draft=draft, content=content, witnesses=witnesses, came=came)
    explicit = any(assent.how != "merge" for assent in heard.given)
    came_along = () if explicit else _came_along(books, before, name, came, witnesses)
    asked = sign_offs(before.workspace, (*found, *came_along), heard)
    client = before.client(name) or state.client(name)
    missing = (
        *hold_problems(name, heard),
        *(client_problems(client, name, heard.client_word, heard.blob) if client else ()),
        *_timesheet(books, before, name, draft, witnesses),
        *sign_off_problems(name, asked, heard),
    )
    return (*found, *came_along, *missing), heard


def said_problems(
    books: Books, state: AtTip, names: Iterable[str], witnesses: Witnesses, *, by: str | None = None
) -> tuple[Problem, ...]:
    """What people's words, or the lack of them, keep from being issued: settings, holds, sign-offs.

    Of an open draft those that its merge can't give: the merge by `by`, None for whoever could give one. A warning
    instead where the forge can't be asked.
    """
    found: list[Problem] = []
    try:
        found += settings_problems(books, state, witnesses)
        for name in names:
            if name in state.approved:
                arrival = books.arrivals("billing/drafts", state.tip)[draft_file(name)]
                problems, heard = issue_problems(books, state, name, arrival, witnesses)
                found += (problem for problem in problems if heard and problem.rule in PERSONS_WORD)
            elif name in state.open:
                found += _open_problems(books, state, name, witnesses, by)
    except Stop as stopped:
        if stopped.exit_code != Exit.FORGE:
            raise
        found += (replace(problem, severity="warning") for problem in stopped.problems)
    return tuple(found)


def _timesheet(books: Books, state: AtTip, name: str, draft: Draft, witnesses: Witnesses) -> tuple[Problem, ...]:
    """That the signed timesheet is missing, where the contract asks for one."""
    engagement = state.workspace.engagements.get(draft.client)
    contract = next((c for c in (engagement.contracts if engagement else ()) if c.id == draft.contract), None)
    if contract is None or not contract.requires:
        return ()
    sheet = filed(books, state.snapshot, draft.id, witnesses.forge).timesheet
    return timesheet_problems(contract, name, draft, sheet)


def sign_offs(workspace: Workspace, found: Iterable[Problem], heard: Heard) -> Asked:
    """How many sign-offs a draft needs, whose, and why."""
    rules = {problem.rule for problem in found}
    why = []
    many = workspace.settings.guardrails.sign_offs if rules & (SIGN_OFF_RULES | {_CAME_ALONG}) else 0
    if many:
        why.append("a guardrail asks for it" if rules & SIGN_OFF_RULES else "more came with it than a draft")
    if heard.stranger is not None:
        why.append(f"{heard.stranger} merged it, whose role does not allow that")
    if heard.proposal is not None:
        why.append(f"{heard.proposal} changed what it bills")
    roles = frozenset({"owner"}) if heard.proposal is not None else SIGNING
    return Asked(many=max(many, int(bool(why))), able=able(workspace, roles), why=tuple(why))


def sign_off_problems(name: str, asked: Asked, heard: Heard) -> tuple[Problem, ...]:
    """Sign-offs that are missing, and who may give them."""
    if not asked.missing(heard.given):
        return ()
    signed = {assent.by for assent in heard.given}
    who = ", ".join(sorted({signer.id for signer in asked.able} - signed)) or "nobody else"
    count = asked.many - asked.missing(heard.given)
    return (
        Problem(
            rule="sign-off-missing",
            message=f"{name} needs a sign-off and has {count} of {asked.many}: {'; '.join(asked.why)}",
            hint=f"{who} may give it: git bill approve {name}" + _or_else(heard),
            file=draft_file(name),
        ),
    )


def hold_problems(name: str, heard: Heard) -> tuple[Problem, ...]:
    """What people said that keeps it from being issued. Its own `hold` is found by `check_draft`."""
    return tuple(
        Problem(
            rule="on-hold",
            message=f"{name} is on hold: {hold}",
            hint=(f"answer {hold.by}" if hold.kind == "comment" else f"{hold.by} approves, or dismiss the review")
            + (f": {hold.url}" if hold.url else ""),
            file=draft_file(name),
        )
        for hold in heard.holds
        if hold.kind != "draft"
    )


def _open_problems(books: Books, state: AtTip, name: str, witnesses: Witnesses, by: str | None) -> tuple[Problem, ...]:
    """What keeps an open draft back even once it is merged. Known before, a sign-off need not be asked for after."""
    branch, draft = state.open[name]
    snapshot = books.at(branch.commit)
    content = snapshot.read(draft_file(name)) or b""
    heard = hear(books, state, name, draft=draft, content=content, witnesses=witnesses)
    asked = sign_offs(state.workspace, check_draft(state, snapshot, name), heard)
    signed = {assent.by for assent in heard.given}
    on_forge = witnesses.forge is not None
    may = (each.id for each in asked.able if each.id not in signed and each.may_merge(on_forge=on_forge))
    merger = next((each for each in may if by in {None, each}), None)
    given = (*heard.given, Assent(by=merger, how="merge")) if merger else heard.given
    missing = sign_off_problems(name, asked, heard) if asked.missing(given) else ()
    missing = (*missing, *_timesheet(books, state, name, draft, witnesses))
    if by is None:  # not merged yet: nothing is wrong
        missing = tuple(replace(problem, severity="warning") for problem in missing)
    return (*hold_problems(name, heard), *missing)


def branch_problems(books: Books, branch: DraftBranch) -> tuple[Problem, ...]:
    """A draft's branch adds its one file; with anything else in it a reviewer would approve what no review shows."""
    path = draft_file(branch.name)
    base = books.fork_point(branch.commit)
    others = [p for p in books.changed(base, branch.commit) if p != path] if base else []
    if base is not None and not others:
        return ()
    what = ", ".join(others[:5]) or "an unrelated history"
    return (
        Problem(
            rule="more-than-a-draft",
            message=f"the branch {draft_branch(branch.name)} changes more than its draft: {what}",
            hint=f"a draft branch changes {path} alone; merge the rest by itself first",
            file=path,
        ),
    )


def _before(books: Books, state: AtTip, came: Brought) -> AtTip:
    """The state with roles and rules as they were before the draft came: none that came with it counts for it."""
    if came.start is None or not any(map(_is_settings, came.paths(books))):
        return state
    try:
        return replace(state, workspace=load.workspace(books.at(came.start)))
    except Stop:  # there were none before, or nobody can read them
        return state


def _came_along(books: Books, state: AtTip, name: str, came: Brought, witnesses: Witnesses) -> tuple[Problem, ...]:
    """What came with an approved draft and could change what is billed, unless an owner signed settings off since.

    A new account, rate or entry must not ride on the approval of an invoice.
    """
    others = [path for path in came.paths(books) if path.startswith("billing/") and not path.startswith(_DRAFTS)]
    owners = able(state.workspace, frozenset({"owner"}))
    settings = [path for path in others if _is_settings(path)]
    if settings == others and all(vouched_for(books, state.snapshot, file, owners, witnesses) for file in settings):
        return ()
    file = next(iter(settings), others[0])
    return (
        Problem(
            rule=_CAME_ALONG,
            message=f"{file} changed in what approved {name} ({came.end[:12]})",
            hint=f"look at it: git show {came.end[:12]} -- billing; if it is right: git bill approve {name}",
            file=file,
        ),
    )


def _is_settings(path: str) -> bool:
    return path == SETTINGS or path.startswith("billing/clients/")


def check_draft(state: AtTip, snapshot: Snapshot, name: str) -> tuple[Problem, ...]:
    """All findings about a draft as a snapshot has it, with file and line."""
    path = draft_file(name)
    found = load.read_file(snapshot, Draft, path)
    if found is None:
        return (unknown_draft(name, (), file=path),)
    if found.value is None:
        return found.problems
    draft = found.value
    if draft.client not in state.workspace.engagements:
        unknown = unknown_client(draft.client, state.workspace.engagements, path)
        return (located(replace(unknown, at=("client",)), {path: found.where}),)
    basis = state.basis(draft.client, without=name)
    problems = draft_problems(draft, basis, name=name, file=path, where=found.where, final=True)
    gone = (replace(problem, file=path) for problem in attached_files(state.snapshot, draft)[1])
    told = (located(problem, {path: found.where}) for problem in (*_held(draft, name), *gone))
    return (*found.problems, *told, *problems)


def draft_findings(books: Books, basis: Basis, name: str, commit: str) -> tuple[Problem, ...]:
    """Findings about a draft as a commit of its branch has it."""
    path = draft_file(name)
    found = load.read_file(books.at(commit), Draft, path)
    if found is None or found.value is None:
        return () if found is None else found.problems
    return draft_problems(found.value, basis, name=name, file=path, where=found.where)


def _held(draft: Draft, name: str) -> tuple[Problem, ...]:
    """A draft that was put on hold, or that waits for an answer to what its client proposed."""
    if draft.hold is None and not draft.proposed:
        return ()
    reason = " ".join(draft.hold.split()) if draft.hold is not None else "its client proposed other amounts"
    return (
        Problem(
            rule="on-hold",
            message=f"{name} is on hold: {reason}" if reason else f"{name} is on hold",
            hint="comment /bill release (or /bill accept) on its pull request, or take the line out of the file",
            file=draft_file(name),
            at=("hold",) if draft.hold is not None else ("proposed",),
        ),
    )


def _or_else(heard: Heard) -> str:
    """Where a sign-off can be given without a terminal, and what to do if the stranger is none."""
    said = f", or approve it at {heard.pull.url}" if heard.pull else ""
    if heard.stranger is not None:
        said += f"; if {heard.stranger} is one of you, say so: accounts = [{quoted(heard.stranger)}]"
    return said
