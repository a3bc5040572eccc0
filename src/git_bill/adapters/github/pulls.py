"""Writing to a pull request on GitHub: itself, our comment, a commit's status. Each may be repeated as a whole."""

from dataclasses import replace
from urllib.parse import quote

from git_bill.adapters import mishaps
from git_bill.adapters.github import records
from git_bill.adapters.github.client import Fields, Place
from git_bill.adapters.github.failure import Failure
from git_bill.adapters.github.laying import lay
from git_bill.adapters.rendering import fitting, line, marked, opening
from git_bill.effects import Done, EnsureComment, EnsurePullRequest, PostStatus, Refused
from git_bill.forge import PullRequest

_TITLE, _DESCRIPTION, _BODY = 256, 140, 65_536  # characters that GitHub takes
_LABEL = {"color": "1f6feb", "description": "Made by git-bill"}


def of_branch(there: Place, branch: str) -> tuple[PullRequest, ...]:
    """The pull requests of a branch of this very repository, open first, then newest first."""
    listed = there.client.all(f"{there.path}/pulls", state="all", head=f"{there.owner}:{branch}")
    found = [records.pull_request(_whole(there, each), there.name) for each in listed]
    own = (pull for pull in found if pull.branch == branch and not pull.fork)
    return tuple(sorted(own, key=lambda pull: (pull.state != "open", -pull.number)))


def of_commit(there: Place, commit: str) -> tuple[PullRequest, ...]:
    """The merged pull requests that a commit came by, forks' too."""
    try:
        listed = there.client.all(f"{there.path}/commits/{quote(commit, safe='')}/pulls")
    except Failure as failure:
        if failure.status != 422:  # GitHub has no such commit
            raise
        return ()
    merged = (_whole(there, each) for each in listed if each.maybe("merged_at") is not None)
    return tuple(records.pull_request(each, there.name) for each in merged)


def ensure(there: Place, effect: EnsurePullRequest) -> Done | Refused:
    """Open the pull request of a branch, or bring the open one up to date."""
    if not effect.base:
        effect = replace(effect, base=there.client.get(there.path).text("default_branch"))
    known = of_branch(there, effect.branch)
    pull = _open(known)
    if pull is None and (closed := _declined(there, known)) is not None:
        return mishaps.closed(f"pull request #{closed.number} of {effect.branch}", closed.url)
    laid = bool(effect.files) and lay(there, effect, going_on=pull is not None)
    opened = None if pull else _opened(there, effect)
    if opened is not None:
        _labelled(there, records.pull_request(opened, there.name), effect.labels)
        return Done(ref=opened.text("html_url"))
    pull = pull or _open(of_branch(there, effect.branch))
    if pull is None:
        raise Failure("answer", status=409, words="it has one, but does not show it yet")
    changed = _updated(there, pull, effect)
    labelled = _labelled(there, pull, effect.labels)
    return Done(ref=pull.url, already=not (laid or changed or labelled))


def ensure_comment(there: Place, effect: EnsureComment, account: str) -> Done | Refused:
    """Write or change our one comment with a marker. Somebody else's comment with it is not ours."""
    path = f"{there.path}/issues/{effect.number}/comments"
    body = fitting(marked(effect.marker, effect.body), _BODY, "GitHub")
    begun = opening(effect.marker)
    listed = there.client.all(path)
    ours = [found for found in listed if (c := records.comment(found, account)).ours and c.text.startswith(begun)]
    if not ours:
        return Done(ref=there.client.post(path, {"body": body}).text("html_url"))
    first, *repeated = ours  # two runs at once can have written one each
    for found in repeated:
        there.client.send("DELETE", f"{there.path}/issues/comments/{found.number('id')}")
    same = _stored(first.maybe("body") or "") == _stored(body)
    if not same:
        there.client.patch(f"{there.path}/issues/comments/{first.number('id')}", {"body": body})
    return Done(ref=first.text("html_url"), already=same and not repeated)


def post_status(there: Place, effect: PostStatus) -> Done | Refused:
    """Set a commit's status, unless it is the same already."""
    content = {
        "state": effect.state,
        "context": effect.context,
        "description": line(effect.description, _DESCRIPTION),
        **({"target_url": effect.url} if effect.url else {}),
    }
    commit = quote(effect.commit, safe="")
    listed = there.client.all(f"{there.path}/commits/{commit}/statuses")  # newest first
    last = next((found for found in listed if found.maybe("context") == effect.context), None)
    names = ("state", "description", "target_url")
    if last is not None and all((last.maybe(name) or "") == content.get(name, "") for name in names):
        return Done(ref=effect.commit, already=True)
    there.client.post(f"{there.path}/statuses/{commit}", content)
    return Done(ref=effect.commit)


def _whole(there: Place, found: Fields) -> Fields:
    """A list does not tell who merged."""
    if found.maybe("merged_at") is None or "merged_by" in found.data:
        return found
    return there.client.get(f"{there.path}/pulls/{found.number('number')}")


def _open(known: tuple[PullRequest, ...]) -> PullRequest | None:
    return known[0] if known and known[0].state == "open" else None


def _declined(there: Place, known: tuple[PullRequest, ...]) -> PullRequest | None:
    """The newest closed one whose last commit the branch still has: a branch made anew is another proposal."""
    closed = next((pull for pull in known if pull.state == "closed"), None)
    if closed is None:
        return None
    branch, head = (quote(name, safe="") for name in (closed.branch, closed.head))
    try:
        status = there.client.get(f"{there.path}/compare/{head}...{branch}").text("status")
    except Failure as failure:
        if failure.status not in {404, 422}:  # neither branch nor commit needs to be there any more
            raise
        return None
    return closed if status in {"ahead", "identical"} else None


def _opened(there: Place, effect: EnsurePullRequest) -> Fields | None:
    """The new pull request; None where somebody has opened one meanwhile."""
    content = {
        "title": line(effect.title, _TITLE),
        "body": fitting(effect.body, _BODY, "GitHub"),
        "head": effect.branch,
        "base": effect.base,
    }
    if effect.draft:
        try:
            return there.client.post(f"{there.path}/pulls", {**content, "draft": True})
        except Failure as failure:
            if not _rejected(failure, "draft pull requests are not supported"):
                raise
    try:
        return there.client.post(f"{there.path}/pulls", content)
    except Failure as failure:
        if not _rejected(failure, "a pull request already exists"):
            raise
        return None


def _rejected(failure: Failure, sign: str) -> bool:
    return failure.status == 422 and sign in " ".join((failure.words, *failure.fields)).lower()


def _updated(there: Place, pull: PullRequest, effect: EnsurePullRequest) -> bool:
    wanted = {"title": line(effect.title, _TITLE), "base": effect.base}
    body = fitting(effect.body, _BODY, "GitHub")
    stored = there.client.get(f"{there.path}/pulls/{pull.number}").maybe("body") or ""
    changes: dict[str, object] = {name: text for name, text in wanted.items() if getattr(pull, name) != text}
    if _stored(stored) != _stored(body):
        changes["body"] = body
    if changes:
        there.client.patch(f"{there.path}/pulls/{pull.number}", changes)
    return bool(changes)


def _labelled(there: Place, pull: PullRequest, labels: tuple[str, ...]) -> bool:
    """Add the labels that it lacks, and make those that the repository lacks. What people added stays.

    A token that may not is told so: a pull request without its label is one all the same.
    """
    has = {label.lower() for label in pull.labels}
    missing = [label for label in labels if label.lower() not in has]
    if not missing:
        return False
    try:
        for label in missing:
            _have(there, label)
        there.client.send("POST", f"{there.path}/issues/{pull.number}/labels", content={"labels": missing})
    except Failure as failure:
        if failure.limited or failure.status not in {403, 404, 410, 422}:
            raise
        there.client.say(f"GitHub sets no label {', '.join(missing)} on #{pull.number}: {failure.words}")
        return False
    return True


def _have(there: Place, label: str) -> None:
    """Let the repository have a label."""
    if there.found(f"/labels/{quote(label, safe='')}") is not None:
        return
    try:
        there.client.post(f"{there.path}/labels", {"name": label, **_LABEL})
    except Failure as failure:
        if failure.status != 422:  # another run was faster
            raise


def _stored(body: str) -> str:
    """A body apart from what GitHub does to line ends."""
    return body.replace("\r\n", "\n").strip()
