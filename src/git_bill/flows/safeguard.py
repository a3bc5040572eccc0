"""What a wrong hand in the settings could turn to its profit: where money and mail go, and who may say so.

The settings' first version that names an owner is trusted, and after the first invoice what they were at the
last one. Each later change must have come in a commit or pull request of its own, by who was an owner before it, or be
signed off: `git bill approve settings`. Before the first invoice whoever began the settings may go on with them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from git_bill.custody.signoff import Signer, assents, settings_subject
from git_bill.flows import load
from git_bill.flows.assent import Witnesses
from git_bill.flows.bringing import Brought, alone, brought
from git_bill.flows.filed import filed
from git_bill.flows.guarded import Difference, Fact, Facts, Guarded, differences, facts, owners
from git_bill.flows.open_drafts import AtTip
from git_bill.forge import Forge
from git_bill.layout import SETTINGS
from git_bill.ports import Arrival, Books, Snapshot
from git_bill.problem import Problem, Stop
from git_bill.workspace import Workspace

_CLIENTS = "billing/clients"
_ISSUE = ("billing/invoices/", "billing/drafts/", "billing/ledger/")  # all that issuing changes


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A guarded thing that changed without an owner's word, and the commit that changed it last.

    `old`: as it was last trusted; `new`: as it is; None where there is none. `owners`: whose word is missing.
    """

    guarded: Guarded
    by: Arrival
    old: Fact | None
    new: Fact | None
    owners: tuple[Signer, ...]

    @property
    def parts(self) -> tuple[Difference, ...]:
        """What is another one."""
        return differences(self.old, self.new)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Begin:
    """What is trusted without a word, and the commits after it.

    Before the first invoice: `keyless`, ids of owners who listed no keys at once, and whose e-mail counts until then
    whatever they list; `founder`: who brought the settings, where no contributor has that e-mail yet.
    """

    facts: Facts
    later: tuple[Arrival, ...]
    keyless: frozenset[str] = frozenset()
    founder: tuple[Signer, ...] = ()


def settings_problems(books: Books, state: AtTip, witnesses: Witnesses) -> tuple[Problem, ...]:
    """A problem for each guarded thing that changed without an owner's word. Stops (exit 5) as the forge does."""
    return tuple(_problem(change) for change in unsanctioned(books, state, witnesses))


def unsanctioned(books: Books, state: AtTip, witnesses: Witnesses) -> tuple[Change, ...]:
    """What no owner changed by a commit or pull request of its own, or signed off."""
    begin = _begin(books, state, witnesses.forge)
    if begin is None or not begin.later:
        return ()
    trusted, before, changed_by = dict(begin.facts), begin.facts, dict[Guarded, Arrival]()
    unread = False
    for arrival in begin.later:
        workspace = _workspace(books.at(arrival.commit))
        if workspace is None:  # whoever mends it has not looked at what changed meanwhile
            unread = True
            continue
        now = facts(workspace)
        changed = [key for key in {**before, **now} if before.get(key) != now.get(key)]
        changed_by |= dict.fromkeys(changed, arrival)
        if (
            changed
            and not unread
            and _sanctioned(books, brought(books, witnesses.forge, arrival), owners(trusted), begin)
        ):
            trusted |= {key: now[key] for key in changed if key in now}
            trusted = {key: value for key, value in trusted.items() if key in now or key not in changed}
        trusted |= {key: now[key] for key in now if _new_client(key, trusted)}
        before, unread = now, False
    able = owners(trusted)
    if not able:  # an owner left the books to nobody
        return ()
    wrong = [key for key in {**trusted, **before} if trusted.get(key) != before.get(key) and _matters(key, before)]
    vouched = {file: vouched_for(books, state.snapshot, file, able, witnesses) for file in {k.file for k in wrong}}
    return tuple(
        Change(guarded=key, by=changed_by[key], old=trusted.get(key), new=before.get(key), owners=able)
        for key in wrong
        if not vouched[key.file]
    )


def vouched_for(books: Books, snapshot: Snapshot, file: str, owners: tuple[Signer, ...], witnesses: Witnesses) -> bool:
    """Whether an owner has signed off a settings file as it is."""
    blob = books.blob_id(snapshot.read(file) or b"")
    found = filed(books, snapshot, settings_subject(blob), witnesses.forge)
    return bool(assents(blob, owners, recorded=found.records, signed=found.signed(blob, owners, witnesses.signatures)))


def _begin(books: Books, state: AtTip, forge: Forge | None) -> _Begin | None:
    """From the last issue on, else from the first version with an owner. None: there is nobody whose word to ask."""
    since = _last_issue(books, state, forge)
    landed = books.landed((SETTINGS, _CLIENTS), since, state.tip)
    if since is not None:
        then = _workspace(books.at(since))
        return _Begin(facts=facts(then), later=landed) if then and owners(facts(then)) else None
    for number, first in enumerate(landed, 1):
        workspace = _workspace(books.at(first.commit))
        if workspace is not None and owners(facts(workspace)):
            known = facts(workspace)
            stranger = Signer(id="", emails=(first.email,))
            return _Begin(
                facts=known,
                later=landed[number:],
                keyless=frozenset(owner.id for owner in owners(known) if not owner.keys),
                founder=() if workspace.contributor_of(first.email) else (stranger,),
            )
    return None


def _last_issue(books: Books, state: AtTip, forge: Forge | None) -> str | None:
    """The commit that issued the invoice with the newest claim: until then everything was as it should be.

    An invoice that came with settings, or by a pull request, was issued by nobody and settles nothing.
    """
    issued = [item for item in state.numbered if item.invoice is not None]
    for item in sorted(issued, key=lambda item: item.claim.at, reverse=True):
        arrival = books.arrivals(item.folder, state.tip)[f"{item.folder}/invoice.toml"]
        if alone(books, forge, arrival, _ISSUE):
            return arrival.commit
    return None


def _workspace(snapshot: Snapshot) -> Workspace | None:
    try:
        return load.workspace(snapshot)
    except Stop:
        return None


def _new_client(key: Guarded, trusted: Facts) -> bool:
    """A client who was not there before: nothing of it changed."""
    return key.file != SETTINGS and key not in trusted


def _matters(key: Guarded, now: Facts) -> bool:
    """A client that is gone gets no invoice."""
    return key in now or key.file == SETTINGS


def _sanctioned(books: Books, came: Brought, able: Sequence[Signer], begin: _Begin) -> bool:
    """Whether an owner brought a commit, or who began them, and no draft along whose approval it could ride on."""
    if any(path.startswith("billing/drafts/") for path in came.paths(books)):
        return False
    people = [replace(owner, keys=()) if owner.id in begin.keyless else owner for owner in able]
    merger = came.merger(listed=any(owner.accounts for owner in able))
    return any(person.is_merger(merger) for person in (*people, *begin.founder))


def _problem(change: Change) -> Problem:
    commit, who, file = change.by.commit[:12], change.by.email, change.guarded.file
    whose = " or ".join(owner.id for owner in change.owners) or "an owner"
    told = "; ".join(map(str, change.parts))
    return Problem(
        rule=change.guarded.rule,
        message=f"{change.guarded.about} changed in {commit} ({who}) without the word of an owner: {told}",
        hint=f"look at it: git show {commit} -- {file}; if it is right, {whose} says so: git bill approve settings",
        file=file,
    )
