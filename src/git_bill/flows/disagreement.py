"""What the settings and the clients' files say of each other that can't be so."""

from collections.abc import Iterator

from git_bill.contract.agreement import Contract
from git_bill.layout import SETTINGS, client_file
from git_bill.problem import Problem, located, nearest
from git_bill.workspace import Workspace


def disagreements(workspace: Workspace) -> Iterator[Problem]:
    """Every one, with its line."""
    yield from _accounts_of_both_sides(workspace)
    for client, engagement in workspace.engagements.items():
        for number, contract in enumerate(engagement.contracts):
            for problem in _rates_of_nobody(workspace, client, number, contract):
                yield located(problem, workspace.where)


def _accounts_of_both_sides(workspace: Workspace) -> Iterator[Problem]:
    """Accounts that would speak for the issuer and for a client."""
    people = workspace.settings.contributors
    whose = {account.lower(): person.id for person in people for account in person.accounts}
    for client, engagement in workspace.engagements.items():
        for account in engagement.client.accounts:
            if account.lower() in whose:
                yield Problem(
                    rule="account-of-both",
                    message=f"the account {account} belongs to both {client} and {whose[account.lower()]}",
                    hint=f"an account speaks for one side: take it out here, or in {SETTINGS}",
                    file=client_file(client),
                )


def _rates_of_nobody(workspace: Workspace, client: str, number: int, contract: Contract) -> Iterator[Problem]:
    """Rates for a contributor that there is not: the default rate would count in their place, and nobody be told."""
    people = [person.id for person in workspace.settings.contributors]
    for place, rate in enumerate(contract.rates):
        if rate.contributor is None or rate.contributor in people:
            continue
        near = nearest(rate.contributor, people)
        listed = f" (known: {', '.join(people)})" if people else ""
        yield Problem(
            rule="unknown-contributor",
            message=f"rate {place + 1} of {contract.id} is for {rate.contributor!r}, who is not listed{listed}",
            hint=f'write it like contributor = "{near}"'
            if near
            else f'list them in {SETTINGS}: [[contributors]] id = "{rate.contributor}"',
            file=client_file(client),
            at=("contracts", number, "rates", place, "contributor"),
        )
