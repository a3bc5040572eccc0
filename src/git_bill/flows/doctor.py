"""Doctor: what would get in the way, each with its remedy. What is found here fails no command by itself."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from git_bill.clone import Health
from git_bill.custody.ledger import read
from git_bill.effects import Done
from git_bill.flows import load
from git_bill.flows.checklist import Check
from git_bill.flows.init import ATTRIBUTE_LINES
from git_bill.invoice.issuing import pays_somewhere
from git_bill.layout import ATTRIBUTES, SETTINGS, client_file, ledger_file
from git_bill.ports import Books, Snapshot
from git_bill.post import Mailer
from git_bill.problem import Problem, Severity, Stop
from git_bill.workspace import Settings, Workspace

OLDEST_GIT = (2, 34)
_FEW_DAYS = 14  # a reflog that forgets earlier loses amended and dropped commits before they are collected


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """What the machine tells. `typst`: the typesetter's version, None where it can't be loaded; `fonts`: packaged."""

    now: datetime
    git: tuple[int, int] | Problem
    typst: str | None
    fonts: int
    email: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What the books' surroundings tell: their own clone; source → its clone or why it is out of reach; the remote."""

    books: Health | None
    clones: Mapping[str, Health | Problem]
    remote_tip: str | Problem | None


def machine_checks(machine: Machine) -> tuple[Check, ...]:
    """What every command needs, books or not."""
    oldest = ".".join(map(str, OLDEST_GIT))
    if isinstance(machine.git, Problem):
        git = Check(what="git is installed", problems=(machine.git,))
    else:
        old = _found("old-git", f"git is older than {oldest}", "upgrade git", severity="error")
        fine = machine.git >= OLDEST_GIT
        git = Check(what=f"git {'.'.join(map(str, machine.git))} will do", problems=() if fine else (old,))
    missing = _found(
        "no-typesetter",
        "the typesetter or its fonts can't be loaded, so no PDF can be made",
        "install git-bill again: pipx install --force git-bill",
        severity="error",
    )
    able = machine.typst is not None and machine.fonts > 0
    pdf = Check(what=f"typst {machine.typst} and {machine.fonts} fonts are here", problems=() if able else (missing,))
    return git, pdf


def settings_check(state: Snapshot) -> tuple[Workspace | None, Check]:
    """The settings, or all that is wrong with them."""
    what = f"{SETTINGS} and the clients' files can be read"
    try:
        return load.workspace(state), Check(what=what)
    except Stop as stopped:
        return None, Check(what=what, problems=stopped.problems)


def books_checks(books: Books, workspace: Workspace, machine: Machine, around: Around) -> tuple[Check, ...]:
    """What these books need to collect, draft and issue."""
    return (
        Check(what="an invoice has all that it must state", problems=tuple(_parties(workspace))),
        _roles(workspace.settings, machine.email),
        *(_clone(name, found) for name, found in around.clones.items()),
        Check(what=f"the books in {books.top} have their whole history", problems=tuple(_cut(around.books))),
        _clock(books, machine.now),
        Check(what="frozen files stay byte for byte in every clone", problems=tuple(_attributes(books.here()))),
        *_remote(books, around.remote_tip),
    )


def mail_check(mailer: Mailer, settings: Settings) -> Check:
    """Whether mail would be taken: the server is asked to let the caller in, and nothing is sent."""
    server, port = settings.mail.server, settings.mail.at_port
    what = f"{server}:{port} takes mail" if server else "mails become files to be sent by hand"
    found = mailer.check()
    if isinstance(found, Done):
        return Check(what=what)
    return Check(what=what, problems=(_found("no-mail", found.reason, found.remedy, file=SETTINGS),))


def _parties(workspace: Workspace) -> Iterator[Problem]:
    """What Directive 2006/112/EC Art. 226 and EN 16931 want of both parties, as far as it is not written yet."""
    issuer = workspace.settings.issuer
    facts = {
        "street": issuer.street,
        "postcode": issuer.postcode,
        "city": issuer.city,
        "vat_id or tax_number": issuer.vat_id or issuer.tax_number,
        "bank": pays_somewhere(issuer.bank),
    }
    yield from _lacking("[issuer]", facts, SETTINGS)
    for client_id, engagement in workspace.engagements.items():
        client = engagement.client
        facts = {"street": client.street, "postcode": client.postcode, "city": client.city}
        yield from _lacking("[client]", facts, client_file(client_id))
        if not engagement.contracts:
            hint = f'add one: git bill client add "{client.name}" --id {client_id} --rate "95.00 EUR"'
            yield _found("incomplete", "there is no contract", hint, file=client_file(client_id))


def _lacking(table: str, facts: Mapping[str, object], file: str) -> Iterator[Problem]:
    missing = [name for name, value in facts.items() if not value]
    if missing:
        message = f"{table} has no {', no '.join(missing)}"
        example = (
            'iban = "DE02120300000000202051" in [issuer.bank]'
            if missing == ["bank"]
            else f'{missing[0].split()[0]} = "…"'
        )
        yield _found("incomplete", message, f"add it before you issue, like {example}", file=file)


def _roles(settings: Settings, email: str | None) -> Check:
    """Who may issue, and whether the caller is somebody."""
    people = settings.contributors
    if not people:
        return Check(what="nobody is listed, so everybody may do everything")
    able = [person.id for person in people if {"owner", "accountant"} & set(person.roles)]
    known = any(email and email.lower() in (e.lower() for e in person.emails) for person in people)
    nobody = _found(
        "nobody-issues",
        "nobody has a role that may issue",
        f'give one: [[contributors]] id = "{people[0].id}" roles = ["owner"]',
        file=SETTINGS,
    )
    stranger = _found(
        "unknown-caller",
        f"git calls you {email}, which belongs to no contributor" if email else "git does not know your e-mail",
        f'add the address to your emails in {SETTINGS}, or tell git: git config user.email "{people[0].emails[0]}"'
        if people[0].emails
        else f"add an address to {people[0].id} in {SETTINGS}",
    )
    problems = (*(() if able else (nobody,)), *(() if known else (stranger,)))
    return Check(what=f"{' and '.join(able) or 'nobody'} may issue", problems=problems)


def _clone(name: str, found: Health | Problem) -> Check:
    if isinstance(found, Problem):
        return Check(what=f"source {name} is in reach", problems=(found,))
    path = found.path
    problems = []
    if found.shallow:
        hint = f"git -C {path} fetch --unshallow"
        problems.append(_found("shallow", f"the clone of {name} is shallow: older commits can't be seen", hint))
    if found.partial:
        hint = f"git -C {path} fetch --refetch --no-filter"
        problems.append(_found("partial", f"the clone of {name} is partial: sizes of changes can't be seen", hint))
    if not found.graph:
        hint = f"git -C {path} commit-graph write --reachable"
        message = f"{name} has a long history and no commit-graph: every look at it takes longer than it need to"
        problems.append(_found("no-commit-graph", message, hint, severity="info"))
    if not found.reflog:
        hint = f"git -C {path} config core.logAllRefUpdates true"
        problems.append(_found("no-reflog", f"{name} keeps no reflog: amended and dropped commits are lost", hint))
    elif found.reflog_days is not None and found.reflog_days < _FEW_DAYS:
        hint = f"git -C {path} config gc.reflogExpireUnreachable 90.days, or collect more often"
        message = f"{name} forgets amended and dropped commits after {found.reflog_days} days"
        problems.append(_found("short-reflog", message, hint))
    return Check(what=f"source {name} lies in {path}", problems=tuple(problems))


def _cut(books: Health | None) -> Iterator[Problem]:
    """CI systems check out one commit unless they are told otherwise."""
    if books is not None and books.shallow:
        hint = f"git -C {books.path} fetch --unshallow; in CI, check out with depth 0"
        message = "the clone of the books is shallow: who approved a draft, and what the ledger was, can't be seen"
        yield _found("shallow-books", message, hint, severity="error")


def _clock(books: Books, now: datetime) -> Check:
    """A clock behind the ledger would date the next line before the last one."""
    tip = books.tip()
    what = "the clock is not behind the ledger"
    try:
        files = load.ledger(books.at(tip)) if tip else {}
    except Stop as stopped:
        return Check(what=what, problems=stopped.problems)
    records, _ = read(files, {year: ledger_file(year) for year in files})
    if not records or records[-1].at <= now:
        return Check(what=what)
    last = records[-1]
    late = _found(
        "clock-behind",
        f"the clock says {now:%Y-%m-%d %H:%M}, the ledger's last line is of {last.at:%Y-%m-%d %H:%M}",
        "set the machine's clock before you issue, for example: timedatectl set-ntp true",
        severity="error",
        file=last.file,
    )
    return Check(what=what, problems=(replace(late, line=last.line),))


def _attributes(state: Snapshot) -> Iterator[Problem]:
    """A clone that converts line ends would hold other bytes than those that were hashed."""
    lines = (state.read(ATTRIBUTES) or b"").decode("utf-8", "replace").splitlines()
    missing = [line for line in ATTRIBUTE_LINES if line not in lines]
    if missing:
        message = f"{ATTRIBUTES} does not say: {missing[0]}"
        yield _found("attributes", message, "let it be written again: git bill init --yes", file=ATTRIBUTES)


def _remote(books: Books, there: str | Problem | None) -> Iterator[Check]:
    name = books.remote
    if name is None:
        hint = "keep a copy elsewhere, in a private repository: git remote add origin URL && git push -u origin HEAD"
        alone = _found("no-remote", "the books have no remote: this disk holds the only copy", hint, severity="info")
        yield Check(what="the books are kept in more than one place", problems=(alone,))
        return
    if isinstance(there, Problem):
        yield Check(what=f"{name} can be reached", problems=(there,))
    elif there != books.tip():
        behind = _found("behind", f"{name} has other commits than were fetched", f"git fetch {name}", severity="info")
        yield Check(what=f"{name} can be reached", problems=(behind,))
    else:
        yield Check(what=f"{name} can be reached, and what it has is here")
    ahead = books.ahead()
    unpushed = _found(
        "not-pushed",
        f"{books.branch} has commits that {name} lacks; what counts is what {name} has",
        f"git push {name} {books.branch}",
    )
    yield Check(what=f"everything on {books.branch} is pushed", problems=(unpushed,) if ahead else ())


def _found(rule: str, message: str, hint: str, *, severity: Severity = "warning", file: str | None = None) -> Problem:
    return Problem(rule=rule, severity=severity, message=message, hint=hint, file=file)
