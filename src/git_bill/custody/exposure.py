"""Exposure: secrets that pay or mail, in a job of a repository that the client can write, are the client's to use."""

from collections.abc import Collection, Mapping

from git_bill.problem import Problem

# Who can push a workflow can print these.
_PAY_OR_MAIL = ("STRIPE_", "PAYPAL_", "GIT_BILL_STRIPE", "GIT_BILL_PAYPAL", "SMTP_", "GIT_BILL_SMTP", "GIT_BILL_MAIL")
_SECRET = ("KEY", "SECRET", "TOKEN", "PASSWORD")


def paying_secrets(environment: Mapping[str, str]) -> tuple[str, ...]:
    """Names of the variables that let their holder take money or send mail."""
    return tuple(
        sorted(
            name
            for name, value in environment.items()
            if value and name.startswith(_PAY_OR_MAIL) and any(part in name for part in _SECRET)
        )
    )


def exposed(secrets: Collection[str], writers: Collection[str] | None, clients: Mapping[str, str]) -> Problem | None:
    """An error where an account of a client (login name → client) can write the repository; a warning where unknown.

    `writers`: accounts that can push; None where the forge does not tell.
    """
    if not secrets:
        return None
    names = ", ".join(sorted(secrets))
    hint = 'keep the books in a private repository of your own; the client reviews in another: review = "repository"'
    if writers is None:
        if not clients:
            return None
        message = f"who can write this repository can't be told here; {names} must not be where a client can"
        return Problem(rule="secrets-exposed", severity="warning", message=message, hint=hint)
    lowered = {account.lower(): client for account, client in clients.items()}
    found = sorted({account for account in writers if account.lower() in lowered})
    if not found:
        return None
    who = ", ".join(f"{account} of {lowered[account.lower()]}" for account in found)
    message = f"{who} can write this repository, and so read {names}: nothing is issued here with it"
    return Problem(rule="secrets-exposed", message=message, hint=hint)
