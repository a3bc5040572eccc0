"""The part of explain that is about whose a commit is: who signed it, and which one stands behind a keyed name."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from git_bill.flows.proof import asking, holders
from git_bill.ports import RawCommit
from git_bill.worklog import directives
from git_bill.worklog.evidence import Evidence
from git_bill.worklog.proof import signatures, standing
from git_bill.worklog.reason import Reason
from git_bill.workspace import Workspace

Commits = Mapping[str, RawCommit]  # by the name that evidence gives them


def subject(commit: RawCommit) -> str:
    """The first line of its message."""
    return directives.subject(commit.message)


def about(
    named: Mapping[str, Evidence], evidence: Iterable[Evidence], workspace: Workspace, commits: Commits
) -> Mapping[str, tuple[Reason, ...]]:
    """Fact by its name → which commit it is, where the books do not say, and why it is proven or not.

    `evidence`: with the signatures.
    """
    signed, people = signatures(evidence), holders(workspace.settings)
    names = {person.id: person.name for person in workspace.settings.contributors}
    ask = asking(workspace.settings)
    found: dict[str, list[Reason]] = defaultdict(list)
    for name, record in named.items():
        if name in commits:
            commit = commits[name].id
            found[name].append(Reason(text=f"it is the commit {commit}", kind="keyed", ref=commit))
        if record.source in ask and record.kind == "commit":
            fingerprint = signed.get((record.source, record.key))
            text = standing(fingerprint, record, people, names)
            found[name].append(Reason(text=text, kind="signature" if record.proven else "unproven"))
    return {name: tuple(reasons) for name, reasons in found.items()}
