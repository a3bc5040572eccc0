"""Protected branches and rules, in the words that GitHub answers a push, a merge or a call with."""

from tests.testbed.accounts import Access
from tests.testbed.hosted import Hosted, Protection
from tests.testbed.web import Refusal


def hindrances(hosted: Hosted, access: Access, branch: str, new: str | None) -> tuple[Protection, list[str]] | None:
    """What keeps a direct push from a branch; None when nothing does. `new` None: a deletion."""
    found = hosted.protection.get(branch)
    if found is None or access.account.login in found.bypass:
        return None
    if found.classic and access.kind == "classic" and hosted.role(access.account) == "admin":
        return None
    said = []
    if new is None:
        said += ["Cannot delete this branch"] if "deletion" in found.rules else []
    else:
        said += ["Changes must be made through a pull request."] if "pull_request" in found.rules else []
        missing = [one for one in found.checks if hosted.combined(new).get(one, {}).get("state") != "success"]
        if missing:
            count = f"{len(missing)} of {len(found.checks)} required status checks are expected."
            said.append(f'Required status check "{missing[0]}" is expected.' if len(found.checks) == 1 else count)
    return (found, said) if said else None


def check(hosted: Hosted, access: Access, branch: str, new: str | None) -> None:
    """For calls that move a branch."""
    found = hindrances(hosted, access, branch, new)
    if found:
        raise Refusal(409 if found[0].classic else 422, f"Repository rule violations found\n\n{found[1][0]}\n\n")


def push_refusal(hosted: Hosted, access: Access, ref: str, new: str | None, origin: str) -> tuple[str, str] | None:
    """What git shows as `remote:` lines, and the reason behind `[remote rejected]`."""
    found = hindrances(hosted, access, ref.removeprefix("refs/heads/"), new)
    if found is None:
        return None
    protection, said = found
    if protection.classic:
        lines = [f"error: GH006: Protected branch update failed for {ref}.", *(f"error: {one}" for one in said)]
        return "\n".join(lines), "protected branch hook declined"
    where = f"{origin}/{hosted.full_name}/rules?ref={ref.replace('/', '%2F')}"
    lines = [
        f"error: GH013: Repository rule violations found for {ref}.",
        f"Review all repository rules at {where}",
        "",
        *(f"- {one}\n" for one in said),
    ]
    return "\n".join(lines), "push declined due to repository rule violations"


def merge_refusal(hosted: Hosted, branch: str, head: str, approvals: int) -> str | None:
    """Why a pull request may not be merged by button or call."""
    found = hosted.protection.get(branch)
    if found is None:
        return None
    for one in found.checks:
        if hosted.combined(head).get(one, {}).get("state") != "success":
            return f'Required status check "{one}" is expected.'
    if approvals < found.approvals:
        return f"At least {found.approvals} approving review is required by reviewers with write access."
    return None
