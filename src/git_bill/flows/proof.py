"""Proof of who made the commits of a source: which signatures are gathered, and whose keys count."""

from collections.abc import Iterable

from git_bill.custody.ssh_key import fingerprint
from git_bill.flows.checklist import counted
from git_bill.ports import History
from git_bill.problem import Problem, Stop
from git_bill.sources.commit import Found, in_order
from git_bill.worklog.evidence import Evidence
from git_bill.worklog.proof import Holder, Holders, judged, proves, signature, unsigned
from git_bill.workspace import Settings, Source, Workspace

_SIGN = "git config gpg.format ssh; git config user.signingkey ~/.ssh/id_ed25519.pub; git config commit.gpgsign true"


def facts(evidence: Iterable[Evidence], workspace: Workspace) -> tuple[Evidence, ...]:
    """The evidence as the settings judge it: see `worklog.proof.judged`."""
    return judged(evidence, asking(workspace.settings), holders(workspace.settings))


def asking(settings: Settings) -> frozenset[str]:
    """The sources that believe no author line."""
    return frozenset(source.name for source in settings.sources if source.identity == "proven")


def holders(settings: Settings) -> Holders:
    """Fingerprint of a listed key → whose it is. The days that people serve are those that their keys count on."""
    return {
        name: Holder(contributor=person.id, first=person.from_, last=person.until)
        for person in settings.contributors
        for each in person.keys
        if (name := fingerprint(each))
    }


def signed(source: Source, history: History, on_file: Iterable[Evidence], new: Found, settings: Settings) -> Found:
    """What is new, with the good signatures of it and of what is on file. One look at all commits that have none yet.

    Where this machine can't tell, a warning says so, and the next run looks again.
    """
    keys = {person.id: person.keys for person in settings.contributors if person.keys}
    waiting = {record.key: record for record in unsigned((*on_file, *new.evidence))}
    try:
        told = history.signers(tuple(waiting), keys)
    except Stop as unable:
        return Found(evidence=new.evidence, problems=(*new.problems, *(_untold(source, p) for p in unable.problems)))
    found = [signature(waiting[commit], by) for commit, by in told.items() if commit in waiting]
    people = holders(settings)
    bare = sum(
        not proves(told[record.key].fingerprint if record.key in told else None, record, people)
        for record in new.evidence
        if record.key in waiting
    )
    problems = (*new.problems, *((_bare(source, bare),) if bare else ()))
    return Found(evidence=(*new.evidence, *in_order(found)), problems=problems)


def _bare(source: Source, count: int) -> Problem:
    what = "is" if count == 1 else "are"
    return Problem(
        rule="unproven-commits",
        severity="warning",
        message=f"{counted(count, 'new commit')} of {source.name!r} {what} not signed by a listed SSH key "
        "of the author, so not billed",
        hint=f"sign from now on: {_SIGN}; work that you know of: git bill confirm",
    )


def _untold(source: Source, problem: Problem) -> Problem:
    return Problem(
        rule=UNTOLD,
        severity="warning",
        message=f"nothing new of {source.name!r} is billed, for signatures can't be verified here: {problem.message}",
        hint=problem.hint,
    )


UNTOLD = "signatures-not-read"
