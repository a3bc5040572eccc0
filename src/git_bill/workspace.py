"""The workspace: what its settings say and where its files lie. Above the rooms because it names their records."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Literal
from zoneinfo import ZoneInfo

from git_bill.contract.agreement import Engagement
from git_bill.contract.cost import Cost
from git_bill.contract.mail import MailSettings
from git_bill.contract.party import Issuer, zone_problem
from git_bill.custody.client_word import CLIENT
from git_bill.custody.signed_timesheet import TIMESHEET
from git_bill.custody.signoff import Signer
from git_bill.custody.ssh_key import fingerprint
from git_bill.invoice.document.branding import Branding
from git_bill.invoice.guardrails import Guardrails
from git_bill.invoice.numbering import Numbering
from git_bill.problem import Problem, nearest
from git_bill.receivable.export.settings import ExportSettings
from git_bill.receivable.feeds.mapping import Account
from git_bill.receivable.rail import PaypalSettings, StripeSettings
from git_bill.shape import Path, key
from git_bill.worklog.assignment import Route, SourceKind
from git_bill.worklog.holiday import region_problems
from git_bill.worklog.ticket_cost import costly

DRAFTED = "Drafted-by: git-bill"  # a line of the message of a commit that `draft` makes
Role = Literal["owner", "approver", "contributor", "accountant", "auditor"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Contributor:
    """Who works. E-mails are compared without case."""

    id: str = key("short name used in files", example='"mira"', pattern=r"[a-z0-9][a-z0-9_.-]*")
    name: str = key("full name", example='"Mira Kovac"')
    emails: tuple[str, ...] = key("addresses in commits", example='["mira@example.net"]')
    timezone: str = key("IANA time zone; work dates are taken there", example='"Europe/Berlin"')
    roles: tuple[Role, ...] = key("what the person may do", example='["owner"]', default=("contributor",))
    accounts: tuple[str, ...] = key("login names on the forge", example='["mira"]', default=())
    keys: tuple[str, ...] = key(
        "SSH public keys; with one, a sign-off counts by its signature or by the forge", default=()
    )
    from_: date | None = key("first day", name="from", default=None)
    until: date | None = key("last day", default=None)
    holidays: str | None = key("whose public holidays count, by ISO 3166", example='"DE-BE"', default=None)
    costs: tuple[Cost, ...] = key("what an hour costs you; no client sees it", default=())

    @property
    def signer(self) -> Signer:
        """The person as far as sign-offs ask."""
        return Signer(
            id=self.id,
            emails=self.emails,
            accounts=self.accounts,
            keys=self.keys,
            from_=self.from_,
            until=self.until,
        )

    @property
    def signs(self) -> bool:
        """Whether a role of this person allows a sign-off."""
        return "owner" in self.roles or "approver" in self.roles

    def problems(self) -> Iterable[tuple[str, str, str]]:
        """An id of its own, a zone and a region that exist."""
        yield from zone_problem(self.timezone)
        if self.id in {CLIENT, TIMESHEET}:
            yield "id", f"{self.id!r} stands for the client where sign-offs are kept", 'write it like id = "mira"'
        yield from region_problems(self.holidays)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where evidence comes from. Where a clone or a file lies is this machine's git configuration, never said here."""

    kind: SourceKind = key("kind of evidence", example='"git"')
    url: str = key(
        "the repository's address, or a calendar's; `.` is the workspace itself",
        example='"https://git.example.com/acme/web-shop.git"',
        default="",
    )
    client: str = key("id of the client it is for", example='"acme"', default="")
    project: str = key("project its work belongs to", example='"web-shop"', default="")
    contributor: str = key("id of whose recorded time it is", example='"mira"', default="")
    routes: tuple[Route, ...] = key("whose work is, the first that fits", default=())
    id: str | None = key(
        "name of its evidence folder", example='"web-shop"', pattern=r"[a-z0-9][a-z0-9_.-]*", default=None
    )
    since: date | None = key("older work is history, never unbilled", example="2026-10-01", default=None)
    ticket_pattern: str = key(
        "regular expression of ticket ids", example="'[A-Z]+-\\d+'", default=r"[A-Z][A-Z0-9]+-\d+"
    )
    identity: Literal["stated", "proven"] = key(
        "what shows who made a commit: its author line, or a signature by one of the contributor's `keys`",
        default="stated",
    )
    evidence: Literal["full", "keyed"] = key(
        "what is kept of a commit: ids, branch and subject; or none of these, and ids under a key of the issuer's",
        default="full",
    )

    @property
    def is_repository(self) -> bool:
        """Whether its evidence is commits; else it is time that somebody's program recorded."""
        return self.kind == "git"

    def problems(self) -> Iterable[tuple[str, str, str]]:
        """A repository has an address, work a client, and the pattern compiles."""
        if self.is_repository and not self.url:
            yield "url", "is missing", 'write it like url = "https://git.example.com/acme/web-shop.git"'
        if not self.client and not self.routes and self.kind != "busy":
            yield "client", "is missing", 'write it like client = "acme"'
        yield from self._route_problems()
        for name, usual in (("identity", "stated"), ("evidence", "full")):
            if not self.is_repository and getattr(self, name) != usual:
                yield name, "is for repositories; recorded time has no signature and no id", "take it out"
        yield from self._pattern_problems()

    def _route_problems(self) -> Iterable[tuple[str, str, str]]:
        """Commits and recorded time are told apart by different things."""
        keyed = self.evidence == "keyed"
        for route in self.routes:
            given = [each.name for each in fields(route.match) if getattr(route.match, each.name) is not None]
            for name in given:
                if self.is_repository and name in {"project", "client", "tag"}:
                    yield "routes", f"a commit has no {name}", "tell commits apart by path, branch, ticket or text"
                elif not self.is_repository and name in {"path", "branch"}:
                    yield "routes", f"recorded time has no {name}", 'write it like match = { project = "web-*" }'
                elif keyed and name in {"branch", "text"}:
                    yield "routes", f"with keyed evidence no {name} is kept", "tell commits apart by path or ticket"

    def _pattern_problems(self) -> Iterable[tuple[str, str, str]]:
        example = r"write it like ticket_pattern = '[A-Z]+-\d+'"
        try:
            re.compile(self.ticket_pattern)
        except (re.error, OverflowError, RecursionError) as error:
            yield "ticket_pattern", f"'{self.ticket_pattern}' is not a regular expression: {error}", example
            return
        if told := costly(self.ticket_pattern):
            why, hint = told
            yield "ticket_pattern", f"'{self.ticket_pattern}' could search for ever: it {why}", hint

    @property
    def name(self) -> str:
        """Its id; else a repository's project or the last part of its url; else its kind. As a folder name."""
        told = self.project or re.split(r"[/:\\]", self.url.rstrip("/").removesuffix(".git"))[-1]
        text = self.id or (told if self.is_repository else self.kind)
        return re.sub(r"[^a-z0-9_.-]+", "-", text.lower()).strip("-.") or "source"


@dataclass(frozen=True, slots=True, kw_only=True)
class BooksSettings:
    """Where the books are kept. Without `remote`, git's own upstream of the branch; `""` means none."""

    remote: str | None = key("name of the books remote", example='"origin"', default=None)
    branch: str | None = key("the books branch", example='"main"', default=None)
    repository: str | None = key(
        "address of the books; nothing is issued in another repository",
        example='"https://github.com/mira/books.git"',
        default=None,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ForgeSettings:
    """Where drafts are reviewed. Without `kind`, told by the host of the books remote."""

    kind: Literal["github", "gitlab", "none"] | None = key("which forge", example='"github"', default=None)
    api: str | None = key("address of its API, for one of your own", default=None)
    draft_pull_requests: bool = key("open them in the forge's draft state, where it has one", default=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class SealingSettings:
    """Who opens sealed values beside the owners and accountants with `keys`: a recovery key, a CI system."""

    recipients: tuple[str, ...] = key("age recipients", example='["age1…"]', default=())

    def problems(self) -> Iterable[tuple[str, str, str]]:
        """Public keys: an identity here would open everything."""
        if any(not re.fullmatch(r"age1[02-9ac-hj-np-z]{58}", each) for each in self.recipients):
            hint = "make one and keep its identity elsewhere: git bill seal --recovery FILE"
            yield "recipients", "each must be an age recipient: age1 and 58 more characters", hint


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """`billing/billing.toml`."""

    schema: int = key("version of this file's form", default=1)
    issuer: Issuer = key("who bills")
    numbering: Numbering = key("numbers", default=Numbering())
    books: BooksSettings = key("where the books are kept", default=BooksSettings())
    forge: ForgeSettings = key("where drafts are reviewed", default=ForgeSettings())
    contributors: tuple[Contributor, ...] = key("who works", default=())
    sources: tuple[Source, ...] = key("where evidence comes from", default=())
    guardrails: Guardrails = key("limits", default=Guardrails())
    mail: MailSettings = key("mail", default=MailSettings())
    sealing: SealingSettings = key("who opens what is sealed", default=SealingSettings())
    branding: Branding = key("how documents look", default=Branding())
    accounts: tuple[Account, ...] = key("own accounts that statements are of", default=())
    stripe: StripeSettings | None = key("payments by Stripe", default=None)
    paypal: PaypalSettings | None = key("payments by PayPal", default=None)
    export: ExportSettings = key("how books are handed on", default=ExportSettings())

    @property
    def has_rail(self) -> bool:
        """Whether a payment provider is set up."""
        return self.stripe is not None or self.paypal is not None

    @property
    def zones(self) -> Mapping[str, ZoneInfo]:
        """Contributor → where their days and times of day are."""
        return {person.id: ZoneInfo(person.timezone) for person in self.contributors}

    def problems(self) -> Iterable[tuple[str, str, str]]:
        """Ids are unique, what tells people belongs to one of them, and guardrails can be satisfied."""
        owners: dict[tuple[str, str], str] = {}
        for person in self.contributors:
            told = [("an address", each.lower()) for each in person.emails]
            told += [("an account", each.lower()) for each in person.accounts]
            told += [("a key", " ".join(each.split()[:2])) for each in person.keys]
            for kind, each in told:
                if owners.setdefault((kind, each), person.id) != person.id:
                    yield (
                        "contributors",
                        f"{each} belongs to both {owners[kind, each]!r} and {person.id!r}",
                        f"{kind} belongs to one contributor; remove it from the other",
                    )
        for what, names in (
            ("contributors", [c.id for c in self.contributors]),
            ("sources", [s.name for s in self.sources]),
        ):
            for name in sorted({n for n in names if names.count(n) > 1}):
                yield what, f"two {what} have the id {name!r}", f'give one of them another id = "{name}-2"'
        asking = [s.name for s in self.sources if s.identity == "proven"]
        if asking and not any(fingerprint(each) for person in self.contributors for each in person.keys):
            yield (
                "contributors",
                f"nobody has an SSH key here, and {asking[0]!r} counts only what one of them signed",
                'add keys = ["ssh-ed25519 AAAA…"] to [[contributors]]; OpenPGP keys are not supported',
            )
        able = sum(c.signs for c in self.contributors)
        if self.guardrails.sign_off_above is not None and self.guardrails.sign_offs > able:
            yield (
                "guardrails",
                f"{self.guardrails.sign_offs} people must sign off, but only {able} may",
                f'set sign_offs = {max(1, able)}, or give someone roles = ["approver"]',
            )
        for _, message, hint in self.numbering.problems_in(self.issuer.country):
            yield "numbering", message, hint


@dataclass(frozen=True, slots=True, kw_only=True)
class Workspace:
    """The settings as loaded: billing.toml and each client's file. `where`: file → key path → line."""

    settings: Settings
    engagements: Mapping[str, Engagement]
    where: Mapping[str, Mapping[Path, int]] = field(default_factory=dict)

    def contributor_of(self, email: str) -> Contributor | None:
        """The contributor an address belongs to."""
        return next((c for c in self.settings.contributors if email.lower() in (e.lower() for e in c.emails)), None)

    def contributor_with(self, account: str) -> Contributor | None:
        """The contributor that an account of the forge belongs to; login names have no case."""
        return next((c for c in self.settings.contributors if account.lower() in map(str.lower, c.accounts)), None)


def unknown_client(client: str, known: Iterable[str], file: str | None = None) -> Problem:
    """A client that there is not, with those that there are and the nearest of them."""
    names = sorted(known)
    near = nearest(client, names)
    listed = f" (known: {', '.join(names)})" if names else ""
    return Problem(
        rule="unknown-client",
        message=f"there is no client {client!r}{listed}",
        hint=f"did you mean {near}?" if near else f'add it with: git bill client add "Acme GmbH" --id {client}',
        file=file,
    )


def unknown_draft(name: str, known: Iterable[str], *, file: str | None = None) -> Problem:
    """A draft that there is not, with the nearest of those that there are."""
    near = nearest(name, known)
    return Problem(
        rule="no-draft",
        message=f"there is no draft {name!r}",
        hint=f"did you mean {near!r}?" if near else "see them with: git bill show --open",
        file=file,
    )
