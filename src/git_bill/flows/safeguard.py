"""What a wrong hand in the settings could turn to its profit: where money and mail go, and who may say so.

Each change of it since the last invoice must have come in a commit or pull request of its own, by who was an owner
before it, or be signed off: `git bill approve settings`. Before the first invoice nothing is a change yet.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from git_bill.custody.signoff import Signer, assents, settings_subject
from git_bill.flows import load
from git_bill.flows.assent import Witnesses, able
from git_bill.flows.bringing import Brought, alone, brought
from git_bill.flows.filed import filed
from git_bill.flows.open_drafts import AtTip
from git_bill.forge import Forge
from git_bill.ports import Arrival, Books, Snapshot
from git_bill.problem import Problem, Stop
from git_bill.workspace import SETTINGS, Workspace, client_file

_CLIENTS = "billing/clients"
_ISSUE = ("billing/invoices/", "billing/drafts/", "billing/ledger/")  # all that issuing changes
_POWERS = frozenset({"owner", "approver", "accountant"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Guarded:
    """One thing that is guarded. `about`: in words; the rule that its change breaks; the file it stands in."""

    file: str
    rule: str
    about: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A guarded thing that changed without an owner's word, and the commit that changed it last."""

    guarded: Guarded
    by: Arrival


Facts = Mapping[Guarded, object]


def settings_problems(books: Books, state: AtTip, witnesses: Witnesses) -> tuple[Problem, ...]:
    """A problem for each guarded thing that changed without an owner's word. Stops (exit 5) as the forge does."""
    return tuple(_problem(change) for change in unsanctioned(books, state, witnesses))


def unsanctioned(books: Books, state: AtTip, witnesses: Witnesses) -> tuple[Change, ...]:
    """Changes since the last invoice that no owner made by themselves or signed off."""
    since = _last_issue(books, state, witnesses.forge)
    begin = _workspace(books.at(since)) if since else None
    owners = able(begin, frozenset({"owner"})) if begin else ()
    landed = books.landed((SETTINGS, _CLIENTS), since, state.tip) if owners else ()
    if begin is None or not landed:
        return ()
    trusted, before, changed_by = dict(_facts(begin)), _facts(begin), dict[Guarded, Arrival]()
    unread = False
    for arrival in landed:
        workspace = _workspace(books.at(arrival.commit))
        if workspace is None:  # whoever mends it has not looked at what changed meanwhile
            unread = True
            continue
        now = _facts(workspace)
        changed = [key for key in {**before, **now} if before.get(key) != now.get(key)]
        changed_by |= dict.fromkeys(changed, arrival)
        if changed and not unread and _by_an_owner(books, brought(books, witnesses.forge, arrival), owners):
            trusted |= {key: now[key] for key in changed if key in now}
            trusted = {key: value for key, value in trusted.items() if key in now or key not in changed}
            owners = _owners(trusted)
        trusted |= {key: now[key] for key in now if _new_client(key, trusted)}
        before, unread = now, False
    wrong = [key for key in {**trusted, **before} if trusted.get(key) != before.get(key) and _matters(key, before)]
    vouched = {file: vouched_for(books, state.snapshot, file, owners, witnesses) for file in {k.file for k in wrong}}
    return tuple(Change(guarded=key, by=changed_by[key]) for key in wrong if not vouched[key.file])


def vouched_for(books: Books, snapshot: Snapshot, file: str, owners: tuple[Signer, ...], witnesses: Witnesses) -> bool:
    """Whether an owner has signed off a settings file as it is."""
    blob = books.blob_id(snapshot.read(file) or b"")
    found = filed(books, snapshot, settings_subject(blob), witnesses.forge)
    return bool(assents(blob, owners, recorded=found.records, signed=found.signed(blob, owners, witnesses.signatures)))


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


def _facts(workspace: Workspace) -> Facts:
    """Everything guarded, as it is."""
    settings = workspace.settings
    found: dict[Guarded, object] = {
        _of("payee-changed", "the account that clients pay to"): settings.issuer.bank,
        _of("roles-changed", "a guardrail"): settings.guardrails,
        _of("roles-changed", "where the books and their reviews are"): (settings.books, settings.forge),
        _of("roles-changed", "who opens what is sealed"): settings.sealing,
    }
    for person in settings.contributors:
        if _POWERS & set(person.roles):
            found[_of("roles-changed", f"what {person.id} may do, or how {person.id} is known")] = (
                person.signer,
                frozenset(person.roles),
            )
    for client, engagement in workspace.engagements.items():
        file, party = client_file(client), engagement.client
        where = (party.email, party.review, party.review_repository)
        found[_of("recipient-changed", f"where invoices to {client} go", file)] = where
        found[_of("roles-changed", f"which accounts speak for {client}", file)] = party.accounts
    return found


def _of(rule: str, about: str, file: str = SETTINGS) -> Guarded:
    return Guarded(file=file, rule=rule, about=about)


def _owners(trusted: Facts) -> tuple[Signer, ...]:
    """The owners, as far as changes are trusted."""
    people = [value for value in trusted.values() if isinstance(value, tuple) and isinstance(value[0], Signer)]
    return tuple(person for person, roles in people if "owner" in roles)


def _new_client(key: Guarded, trusted: Facts) -> bool:
    """A client who was not there before: nothing of it changed."""
    return key.file != SETTINGS and key not in trusted


def _matters(key: Guarded, now: Facts) -> bool:
    """A client that is gone gets no invoice."""
    return key in now or key.file == SETTINGS


def _by_an_owner(books: Books, came: Brought, owners: tuple[Signer, ...]) -> bool:
    """Whether an owner brought a commit, and no draft along whose approval it could ride on."""
    if any(path.startswith("billing/drafts/") for path in came.paths(books)):
        return False
    merger = came.merger(listed=any(owner.accounts for owner in owners))
    return any(owner.is_merger(merger) for owner in owners)


def _problem(change: Change) -> Problem:
    commit, who, file = change.by.commit[:12], change.by.email, change.guarded.file
    return Problem(
        rule=change.guarded.rule,
        message=f"{change.guarded.about} changed in {commit} ({who}) without the word of an owner",
        hint=f"look at it: git show {commit} -- {file}; if it is right: git bill approve settings",
        file=file,
    )
