"""What token, settings and rules of the forge let a job do, told before the first draft. What can't be seen is said."""

from git_bill.flows.checklist import Check
from git_bill.forge import Forge, Standing
from git_bill.problem import Problem, Severity, Stop
from git_bill.workspace import Settings

# Rules that a plain push of one more commit meets by itself; every other one keeps a job's token out.
_HARMLESS = frozenset({"deletion", "non_fast_forward", "required_linear_history"})
_UNSEEN = "not visible to this token"
_TOO_MUCH = ("admin:", "delete_repo", "write:packages", "site_admin", "sudo")


def standing_checks(forge: Forge | Problem | None, branch: str, settings: Settings) -> tuple[Check, ...]:
    """The checks of `doctor --ci`. No forge, and one that does not answer, is a finding and never a stop."""
    what = "tells what token, settings and rules allow"
    if forge is None:
        return (Check(what="what a forge allows", skipped="the books are on none"),)
    if isinstance(forge, Problem):
        return (Check(what=f"a forge {what}", problems=(forge,)),)
    try:
        found = forge.standing(branch)
    except Stop as stopped:
        return (Check(what=f"{forge.name} {what}", problems=stopped.problems),)
    return (
        _push(forge, found),
        _scopes(found),
        _rules(forge, found, branch),
        _pull_requests(forge, found),
        _readers(forge, found),
        _writers(found, settings),
        _fork(forge, found),
    )


def _push(forge: Forge, found: Standing) -> Check:
    what = f"the token is {found.account}'s and may push to {forge.repository}"
    remedy = "in the workflow: permissions: {contents: write}; a token of your own needs: Contents, read and write"
    problem = _found("may-not-push", f"{found.account} may not push to {forge.repository}", remedy)
    return _told(what, found.may_push, problem)


def _scopes(found: Standing) -> Check:
    if found.scopes is None:
        return Check(what="the token's scopes", skipped=_UNSEEN)
    excess = [scope for scope in found.scopes if scope.startswith(_TOO_MUCH)]
    wide = _found(
        "wide-token",
        f"the token may do more than it needs: {', '.join(excess)}",
        "use the job's own token, or a fine-grained one for this repository alone",
        severity="warning",
    )
    return Check(what=f"the token's scopes are {', '.join(found.scopes) or 'none'}", problems=(wide,) if excess else ())


def _rules(forge: Forge, found: Standing, branch: str) -> Check:
    """The remedies: plain rules, who may bypass them, GitLab's own switch."""
    what = f"the rules of {branch} let a job push to it"
    if found.rules is None:
        return Check(what=what, skipped=_UNSEEN)
    hindering = sorted(set(found.rules) - _HARMLESS - {"protected"}) or sorted(set(found.rules) & {"protected"})
    if forge.name == "GitLab":
        remedy = (
            "let the token's role push to it (Settings, Repository, Protected branches),\n"
            "or add a deploy key that may write, and allow it there"
        )
    else:
        remedy = (
            f"(a) let the rules of {branch} forbid deletion and force pushes alone: the job's token is enough then;\n"
            "(b) or let a deploy key that may write bypass the rules: gh secret set GIT_BILL_KEY < key;\n"
            "(c) or let an App bypass them, and give the job its token: GIT_BILL_TOKEN"
        )
    problem = _found("branch-protected", f"{branch} demands of a push: {', '.join(hindering)}", remedy)
    return Check(what=what, problems=(problem,) if hindering else ())


def _pull_requests(forge: Forge, found: Standing) -> Check:
    where = (
        "give the job a token with the scope api: GIT_BILL_TOKEN"
        if forge.name == "GitLab"
        else "Settings, Actions, General: Allow GitHub Actions to create and approve pull requests"
    )
    problem = _found("may-not-open", f"{found.account} may not open pull requests", where)
    return _told("the token may open pull requests", found.may_open_pull_requests, problem)


def _readers(forge: Forge, found: Standing) -> Check:
    public = _found(
        "public-books",
        f"everybody can read {forge.repository}: rates, bank data and every invoice",
        "make it private, or keep the books in a private repository of their own: git bill init --books ../books",
        severity="warning",
    )
    return _told(f"{forge.repository} is private", found.private, public)


def _writers(found: Standing, settings: Settings) -> Check:
    """Who can write can issue, whatever the roles in the settings say."""
    if found.writers is None:
        return Check(what="who can write, and so can issue", skipped=_UNSEEN)
    able = {"owner", "accountant", "approver"}
    known = {a.lower() for c in settings.contributors if able & set(c.roles) for a in c.accounts}
    others = [name for name in found.writers if name.lower() not in known and not name.endswith("[bot]")]
    if len(found.writers) == 1:
        others = []  # nobody but who owns the repository
    problem = _found(
        "other-writers",
        f"who can write can issue: {', '.join(others)} can, and no listed person with such a role has the account",
        'list the account, accounts = ["mira"] in [[contributors]], or let them read only',
        severity="warning",
    )
    names = ", ".join(found.writers) or "nobody"
    return Check(what=f"{names} can write, and so can issue", problems=(problem,) if others else ())


def _fork(forge: Forge, found: Standing) -> Check:
    problem = _found(
        "fork",
        f"{forge.repository} is a fork: nothing is issued here",
        "if these are the books all the same, say so: [books] repository",
        severity="warning",
    )
    return _told(f"{forge.repository} is no fork", None if found.fork is None else not found.fork, problem)


def _told(what: str, fine: bool | None, otherwise: Problem) -> Check:
    if fine is None:
        return Check(what=what, skipped=_UNSEEN)
    return Check(what=what, problems=() if fine else (otherwise,))


def _found(rule: str, message: str, hint: str, *, severity: Severity = "error") -> Problem:
    return Problem(rule=rule, severity=severity, message=message, hint=hint)
