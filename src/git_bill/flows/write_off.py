"""Write-offs: who may sign one off, and those that wait on a branch for a second person.

Rule. An owner or approver signs a write-off off by making it. Above [guardrails] sign_off_above, where sign_offs asks
for more than one, it becomes a proposal; it counts once merged, with the word of who proposed it and of who merged it,
where they may sign. Whose word it is, a line in a file can't tell: who merged and who opened or approved the pull
request, the forge tells; without one, git's authors do, for people who list no keys.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from git_bill.custody.signoff import Merger, Signer
from git_bill.flows.assent import able, tells
from git_bill.flows.bringing import Brought, brought
from git_bill.forge import Forge
from git_bill.money import Money
from git_bill.ports import Arrival, Books
from git_bill.problem import Exit, Problem, stop
from git_bill.receivable.payment import WriteOff
from git_bill.workspace import Contributor, Workspace


def must_ask(workspace: Workspace, person: str, amount: Money) -> bool:
    """Whether a second person must sign it off. Stops (exit 7) where this one may not and none is asked."""
    people = workspace.settings.contributors
    if not people:
        return False
    many = asked(workspace, amount)
    if many > 1:
        return True
    if not _signs(people, person):
        able = ", ".join(each.id for each in people if each.signs) or "nobody"
        message = f"a write-off is signed off by an owner or approver, which {person} is not"
        raise stop(Exit.SIGN_OFF_MISSING, "no-sign-off", message, f"ask one of them: {able}; or propose it: --propose")
    return False


def asked(workspace: Workspace, amount: Money) -> int:
    """How many people must sign an amount off."""
    guardrails = workspace.settings.guardrails
    if guardrails.sign_off_above is None:
        return 1
    limit = Money.parse(guardrails.sign_off_above)
    beyond = limit.currency != amount.currency or limit < amount
    return max(1, guardrails.sign_offs) if beyond else 1


def _signs(people: Sequence[Contributor], person: str) -> bool:
    return any(each.id == person and each.signs for each in people)


def merged(found: WriteOff, signed: Collection[str], workspace: Workspace, path: str) -> WriteOff | Problem:
    """A proposed write-off that was merged, with who signed it off; a problem where that is not enough."""
    people = workspace.settings.contributors
    many = asked(workspace, found.amount) if people else 0
    if len(signed) >= many:
        return replace(found, by=", ".join(sorted(signed)) or found.by)
    lacks = "an owner or approver" if many == 1 else f"{many} people who may sign off"
    who = ", ".join(each.id for each in people if each.signs and each.id not in signed) or "nobody else"
    return Problem(
        rule="no-sign-off",
        severity="warning",
        message=f"the write-off of {found.amount} of {found.invoice} was merged without the word of {lacks}",
        hint=f"{who} may give it: git bill write-off {found.invoice} --because …",
        file=path,
    )


def signed_by(books: Books, forge: Forge | None, arrival: Arrival, path: str, workspace: Workspace) -> frozenset[str]:
    """Ids of those who may sign off and did, by merging, proposing or approving. Stops (exit 5) at an absent forge."""
    came, people = brought(books, forge, arrival), able(workspace)
    merger = came.merger(listed=tells(workspace, came.pull.merged_by if came.pull else None))
    signed = {each.id for each in people if each.is_merger(merger)}
    if forge is not None and came.pull is not None:
        accounts = [came.pull.author, *_approving(forge, came, path)]
        signed |= {each.id for each in people for account in accounts if each.has_account(account)}
    return frozenset(signed | {each.id for each in _proposers(books, came, path, people)})


def approvers(forge: Forge | None, came: Brought, path: str, workspace: Workspace) -> frozenset[str]:
    """Ids of those who may sign off and approved this very content in its pull request."""
    accounts = tuple(_approving(forge, came, path)) if forge is not None else ()
    return frozenset(each.id for each in able(workspace) for account in accounts if each.has_account(account))


def _approving(forge: Forge, came: Brought, path: str) -> Iterator[str]:
    """Accounts that approved this very content."""
    pull = came.pull
    content = forge.blob(pull.merged_as, path) if pull is not None and pull.merged_as else None
    for review in forge.reviews(pull.number) if pull is not None and content is not None else ():
        if review.verdict == "approved" and review.commit and forge.blob(review.commit, path) == content:
            yield review.account


def _proposers(books: Books, came: Brought, path: str, people: Sequence[Signer]) -> Iterator[Signer]:
    """Who wrote this content on its branch, while that is there: the author of the newest commit that changed it."""
    name = path.rpartition("/")[2].removesuffix(".toml")
    branch = next((each for each in books.proposals() if each.name == name), None)
    content = books.at(came.arrival.commit).read(path)
    if branch is None or books.at(branch.commit).read(path) != content:
        return
    newest = books.landed([path], came.start, branch.commit)[-1:]
    for each in newest:
        yield from (person for person in people if person.is_merger(Merger(email=each.email, at=each.at)))


def sign_off_note(found: WriteOff, workspace: Workspace) -> Problem:
    """Who may merge a proposed write-off; an error where there are too few."""
    people = workspace.settings.contributors
    others = [each.id for each in people if each.signs and each.id != found.by]
    own = _signs(people, found.by)
    many = asked(workspace, found.amount) if people else 0
    if many > len(others) + own:
        message = f"{found.amount} of {found.invoice} needs {many} people who may sign off, and there are fewer"
        hint = 'give another one the role: roles = ["approver"], below [[contributors]]'
        return Problem(rule="no-sign-off", message=message, hint=hint)
    who = ", ".join(others) if many > 1 else ", ".join([*others, *([found.by] if own else [])])
    message = f"merging it writes off {found.amount} of {found.invoice}, by the word of {who or 'whoever merges it'}"
    return Problem(rule="sign-off", severity="info", message=message)
