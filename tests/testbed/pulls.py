"""Pull requests follow git: heads, test merges, merging by push, closing with the branch."""

from datetime import datetime
from typing import Any

from tests.testbed import merges
from tests.testbed.accounts import Account
from tests.testbed.bare import Bare
from tests.testbed.hosted import Hosted, Pull
from tests.testbed.site import Site
from tests.testbed.web import Json


def sync(site: Site, hosted: Hosted, actor: Account) -> None:
    """After refs of a repository moved: what GitHub then does with pull requests."""
    hosted.pushed_at = site.clock()
    for base, pull in site.open_pulls(hosted):
        tip = pull.head.bare.tip(f"refs/heads/{pull.head_ref}")
        if _merged_by_push(site, base, pull, actor, tip):
            continue
        if tip is None:
            close(site, base, pull)
        else:
            follow(site, base, pull, tip)


def follow(site: Site, base: Hosted, pull: Pull, tip: str) -> None:
    """Bring head and test merge up to date with the branch and the base."""
    before = base.bare.tip(pull.ref)
    base_tip = base.bare.tip(f"refs/heads/{pull.base_ref}")
    if before != tip:
        if pull.head is not base:
            base.bare.git("fetch", "-q", str(pull.head.bare.path), f"refs/heads/{pull.head_ref}")
        base.bare.set_ref(pull.ref, tip)
        pull.base_sha = base_tip or pull.base_sha
        if before is not None:
            touch(site, base, pull)
    trial = base_tip and merges.test_merge(base.bare, base_tip, tip, site.clock())
    base.bare.set_ref(pull.merge_ref, trial)


def touch(site: Site, base: Hosted, pull: Pull) -> None:
    """Something of it changed: `updated_at` tells."""
    site.emulate(base.owner, "PATCH", f"/repos/{base.full_name}/pulls/{pull.number}", {})


def close(site: Site, base: Hosted, pull: Pull) -> None:
    """Without merging."""
    site.emulate(base.owner, "PATCH", f"/repos/{base.full_name}/pulls/{pull.number}", {"state": "closed"})
    pull.state = "closed"
    base.bare.set_ref(pull.merge_ref, None)


def merged(site: Site, base: Hosted, pull: Pull, sha: str, by: Account) -> None:
    """Note that it became a commit of its base branch."""
    pull.merged_by, pull.merged_at, pull.merge_sha = by, site.clock(), sha
    pull.landed = tuple(base.bare.git("rev-list", sha, f"^{pull.base_sha}").splitlines())
    close(site, base, pull)
    pull.state = "merged"
    if base.delete_branch_on_merge and pull.head is base:
        base.bare.set_ref(f"refs/heads/{pull.head_ref}", None)


def _merged_by_push(site: Site, base: Hosted, pull: Pull, actor: Account, tip: str | None) -> bool:
    """A head that its base branch reaches counts as merged, whoever pushed; the last known head if it is gone."""
    head = tip or base.bare.tip(pull.ref)
    base_tip = base.bare.tip(f"refs/heads/{pull.base_ref}")
    if head is None or base_tip is None or not base.bare.reaches(head, base_tip):
        return False
    base.bare.set_ref(pull.ref, head)
    merged(site, base, pull, _arrival(base.bare, head, base_tip), actor)
    return True


def _arrival(bare: Bare, head: str, tip: str) -> str:
    """The commit of the first-parent line by which a head arrived."""
    for sha in bare.git("rev-list", "--first-parent", "--reverse", tip, f"^{head}").splitlines():
        if head in bare.commit(sha).parents[1:]:
            return sha
    return head


def complete(site: Site, base: Hosted, document: Json) -> Json:
    """The emulator's document of a pull request with what git and we know better."""
    pull = base.pulls[document["number"]]
    head = base.bare.tip(pull.ref) or ""
    trial = base.bare.tip(pull.merge_ref)
    document["head"] |= {"sha": head, "label": pull.label}
    document["base"] |= {"sha": pull.base_sha}
    document["labels"] = [label | {"description": label["description"] or ""} for label in document["labels"]]
    document["state"] = "open" if pull.state == "open" else "closed"
    document["merged_at"] = stamp(pull.merged_at)
    document["merge_commit_sha"] = pull.merge_sha or trial
    document["_links"]["statuses"]["href"] = document["statuses_url"] = (
        f"{site.api}/repos/{base.full_name}/statuses/{head}"
    )
    if "merged" in document:
        document |= _details(site, base, pull, head, trial)
    return document


def _details(site: Site, base: Hosted, pull: Pull, head: str, trial: str | None) -> Json:
    """What only the document of a single pull request holds."""
    numbers = _numbers(base, pull, head)
    is_open = pull.state == "open"
    return numbers | {
        "merged": pull.state == "merged",
        "merged_by": site.users[pull.merged_by.login] if pull.merged_by else None,
        "mergeable": trial is not None if is_open else None,
        "rebaseable": trial is not None if is_open else None,
        "mergeable_state": ("clean" if trial else "dirty") if is_open else "unknown",
    }


def own(base: Hosted, pull: Pull) -> tuple[str, str]:
    """Where its own commits begin and end."""
    head = base.bare.tip(pull.ref) or ""
    return base.bare.merge_base(pull.base_sha, head) or pull.base_sha, head


def _numbers(base: Hosted, pull: Pull, head: str) -> Json:
    start, _ = own(base, pull)
    lines = base.bare.git("diff", "--numstat", start, head).splitlines()
    counts = [line.split("\t") for line in lines]
    return {
        "commits": len(merges.own_commits(base.bare, start, head)),
        "changed_files": len(counts),
        "additions": sum(int(added) for added, *_ in counts if added != "-"),
        "deletions": sum(int(removed) for _, removed, *_ in counts if removed != "-"),
    }


def stamp(at: datetime | None) -> Any:
    """An instant as GitHub writes it."""
    return at and at.strftime("%Y-%m-%dT%H:%M:%SZ")
