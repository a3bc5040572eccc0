"""Pull requests: the emulator keeps titles, labels, reviews and comments; heads, files and merges come from git."""

from typing import Any
from urllib.parse import quote

from tests.testbed import merges, protection, pulls
from tests.testbed.accounts import account
from tests.testbed.git_endpoints import changed_files, commit_document
from tests.testbed.hosted import WRITERS, Hosted, Pull
from tests.testbed.routes import Call, Route
from tests.testbed.web import Answer, Refusal, paged, said

MOST_COMMITS = 250
SELF_REVIEW = {
    "APPROVE": "Can not approve your own pull request",
    "REQUEST_CHANGES": "Can not request changes on your own pull request",
}


def _list(call: Call) -> Answer:
    answer = call.forward()
    rows = [pulls.complete(call.site, call.hosted, row) for row in answer.document]
    return said(rows, headers=answer.headers)


def _get(call: Call) -> Answer:
    call.pull()
    return said(pulls.complete(call.site, call.hosted, call.forward().document))


def _create(call: Call) -> Answer:
    _require_setting(call)
    sent, base = call.request.document, call.hosted
    missing = [name for name in ("head", "base", "title") if not sent.get(name)]
    if missing:
        errors = [{"resource": "PullRequest", "code": "missing_field", "field": missing[0]}]
        raise Refusal(422, "Validation Failed", errors=errors)
    head, ref = _head(call, str(sent["head"]))
    tip, base_tip = head.bare.tip(f"refs/heads/{ref}"), base.bare.tip(f"refs/heads/{sent['base']}")
    for name, found in (("head", tip), ("base", base_tip)):
        if found is None:
            errors = [{"resource": "PullRequest", "field": name, "code": "invalid"}]
            raise Refusal(422, "Validation Failed", errors=errors)
    assert tip
    assert base_tip
    if sent.get("draft") and not base.drafts:
        raise Refusal(422, "Draft pull requests are not supported in this repository.")
    if any(one.state == "open" and one.head is head and one.head_ref == ref for one in base.pulls.values()):
        _custom(f"A pull request already exists for {head.owner.login}:{ref}.")
    if head is base and base.bare.reaches(tip, base_tip):
        _custom(f"No commits between {sent['base']} and {sent['head']}")
    _let_emulator_know(call, head, ref)
    document = call.forward().document
    pull = Pull(
        number=document["number"],
        author=call.account,
        head=head,
        head_ref=ref,
        base_ref=str(sent["base"]),
        base_sha=base_tip,
    )
    base.pulls[pull.number] = pull
    pulls.follow(call.site, base, pull, tip)
    return said(pulls.complete(call.site, base, document), 201)


def _custom(message: str) -> None:
    error = {"resource": "PullRequest", "code": "custom", "message": message}
    raise Refusal(422, "Validation Failed", errors=[error])


def _require_setting(call: Call) -> None:
    if call.access.kind == "job" and not call.hosted.actions_may_open:
        raise Refusal(403, "GitHub Actions is not permitted to create or approve pull requests.")


def _head(call: Call, named: str) -> tuple[Hosted, str]:
    """The repository and branch that `branch` or `owner:branch` names."""
    owner, colon, ref = named.rpartition(":")
    if not colon or owner == call.hosted.owner.login:
        return call.hosted, ref
    forks = (one for one in call.site.repositories.values() if one.parent is call.hosted and one.owner.login == owner)
    return next(forks, call.hosted), ref


def _let_emulator_know(call: Call, head: Hosted, ref: str) -> None:
    """It wants branches to exist; where they point is nothing to it."""
    path = f"/repos/{head.full_name}/git"
    tip = call.site.emulate(head.owner, "GET", f"{path}/ref/heads/main")["object"]["sha"]
    known = call.site.emulate(head.owner, "GET", f"{path}/matching-refs/heads/{quote(ref)}")
    if not any(row["ref"] == f"refs/heads/{ref}" for row in known):
        call.site.emulate(head.owner, "POST", f"{path}/refs", {"ref": f"refs/heads/{ref}", "sha": tip})


def _change(call: Call) -> Answer:
    pull, state = call.pull(), call.request.document.get("state")
    if not (call.writes or call.account == pull.author):
        raise Refusal(403, "Must have write access to Repository.")
    tip = pull.head.bare.tip(f"refs/heads/{pull.head_ref}")
    if state == "open" and (pull.state == "merged" or tip is None):
        raise Refusal(
            422, "Validation Failed", errors=[{"resource": "PullRequest", "field": "state", "code": "invalid"}]
        )
    document = call.forward().document
    if state == "closed" and pull.state == "open":
        pulls.close(call.site, call.hosted, pull)
    elif state == "open" and tip:
        pull.state = "open"
        pulls.follow(call.site, call.hosted, pull, tip)
    return said(pulls.complete(call.site, call.hosted, document))


def _commits(call: Call) -> Answer:
    start, head = pulls.own(call.hosted, call.pull())
    found = merges.own_commits(call.hosted.bare, start, head)[:MOST_COMMITS]
    return paged(call.request, [commit_document(call, commit) for commit in found], call.site.api)


def _of_commit(call: Call) -> Answer:
    """Merged ones that brought a commit of the base branch; one that no branch has yet is not looked for here."""
    sha = call.commit(call.words[0])
    found = [number for number, pull in call.hosted.pulls.items() if sha in pull.landed]
    path = f"/repos/{call.hosted.full_name}/pulls"
    rows = [call.site.emulate(call.hosted.owner, "GET", f"{path}/{number}") for number in found]
    simple = [{key: value for key, value in row.items() if key not in _DETAILS} for row in rows]
    return paged(call.request, [pulls.complete(call.site, call.hosted, row) for row in simple], call.site.api)


def _files(call: Call) -> Answer:
    start, head = pulls.own(call.hosted, call.pull())
    return paged(call.request, changed_files(call, start, head), call.site.api)


def _is_merged(call: Call) -> Answer:
    if call.pull().state != "merged":
        raise Refusal(404, "Not Found")
    return Answer(status=204)


def _merge(call: Call) -> Answer:
    call.require_write()
    pull, base, sent = call.pull(), call.hosted, call.request.document
    head = base.bare.tip(pull.ref) or ""
    if sent.get("sha", head) != head:
        raise Refusal(409, "Head branch was modified. Review and try the merge again.")
    document = call.site.emulate(base.owner, "GET", f"/repos/{base.full_name}/pulls/{pull.number}")
    refusal = "Pull Request is still a draft" if document["draft"] else None
    refusal = refusal or protection.merge_refusal(base, pull.base_ref, head, _approvals(call, pull))
    if pull.state != "open" or refusal:
        raise Refusal(405, refusal or "Pull Request is not mergeable")
    sha = _merged_commit(call, pull, head, document["title"])
    if sha is None:
        raise Refusal(405, "Pull Request is not mergeable")
    base.bare.set_ref(f"refs/heads/{pull.base_ref}", sha)
    pulls.merged(call.site, base, pull, sha, call.account)
    pulls.sync(call.site, base, call.account)
    return said({"sha": sha, "merged": True, "message": "Pull Request successfully merged"})


def _merged_commit(call: Call, pull: Pull, head: str, title: str) -> str | None:
    sent, bare, at = call.request.document, call.hosted.bare, call.site.clock()
    base_tip = call.commit(f"refs/heads/{pull.base_ref}")
    method: merges.Method = sent.get("merge_method", "merge")
    commits = merges.own_commits(bare, base_tip, head)
    subject, _, body = merges.default_message(method, pull.number, title, pull.label, commits).partition("\n")
    body = sent.get("commit_message", body.strip())
    message = f"{sent.get('commit_title', subject)}\n\n{body}".strip()
    if method == "rebase":
        return merges.rebase(bare, base_tip, head, call.account, at)
    if method == "squash":
        return merges.squash(bare, base_tip, head, message, author=pull.author, at=at)
    return merges.merge_commit(bare, base_tip, head, message, by=call.account, at=at)


def _approvals(call: Call, pull: Pull) -> int:
    """Accounts with write access whose last verdict is an approval."""
    path = f"/repos/{call.hosted.full_name}/pulls/{pull.number}/reviews?per_page=100"
    verdicts: dict[str, Any] = {
        review["user"]["login"]: review["state"]
        for review in call.site.emulate(call.hosted.owner, "GET", path)
        if review["state"] != "COMMENTED"
    }
    approving = [account(login) for login, state in verdicts.items() if state == "APPROVED"]
    return sum(call.hosted.role(one) in WRITERS for one in approving)


def _review(call: Call) -> Answer:
    pull, sent = call.pull(), dict(call.request.document)
    event = sent.get("event")
    if event in SELF_REVIEW and call.account == pull.author:
        raise Refusal(422, "Unprocessable Entity", errors=[SELF_REVIEW[event]])
    if event in {"REQUEST_CHANGES", "COMMENT"} and not sent.get("body") and not sent.get("comments"):
        raise Refusal(422, "Unprocessable Entity", errors=["Body can not be blank"])
    if event == "APPROVE":
        _require_setting(call)
    sent.setdefault("commit_id", call.hosted.bare.tip(pull.ref))
    path = f"/repos/{call.hosted.full_name}/pulls/{pull.number}/reviews"
    return said(_dated(call.site.emulate(call.account, "POST", path, sent)))


def _reviews(call: Call) -> Answer:
    answer = call.forward()
    return said([_dated(row) for row in answer.document], headers=answer.headers)


def _one_review(call: Call) -> Answer:
    return said(_dated(call.forward().document))


def _dated(review: Any) -> Any:
    """A pending review has no date on GitHub, null in the emulator."""
    return {key: value for key, value in review.items() if (key, value) != ("submitted_at", None)}


def _dismiss(call: Call) -> Answer:
    call.require_write()
    return call.forward()


def _review_comments(call: Call) -> Answer:
    answer = call.forward()
    rows = answer.document
    rows = [_placed(row) for row in rows] if isinstance(rows, list) else _placed(rows)
    return said(rows, answer.status, answer.headers)


def _placed(comment: Any) -> Any:
    """A comment at a line, where the emulator leaves out what GitHub counts."""
    kept = {key: value for key, value in comment.items() if (key, value) != ("in_reply_to_id", None)}
    position = kept["position"] or kept.get("line") or 1
    return kept | {"position": position, "original_position": position}


_DETAILS = {"merged", "merged_by", "mergeable", "rebaseable", "mergeable_state"}  # that no list tells
ROUTES: tuple[Route, ...] = (
    ("GET", "/commits/([^/]+)/pulls", _of_commit),
    ("GET", "/pulls", _list),
    ("POST", "/pulls", _create),
    ("GET", r"/pulls/(\d+)", _get),
    ("PATCH", r"/pulls/(\d+)", _change),
    ("GET", r"/pulls/(\d+)/commits", _commits),
    ("GET", r"/pulls/(\d+)/files", _files),
    ("GET", r"/pulls/(\d+)/merge", _is_merged),
    ("PUT", r"/pulls/(\d+)/merge", _merge),
    ("GET", r"/pulls/(\d+)/reviews", _reviews),
    ("POST", r"/pulls/(\d+)/reviews", _review),
    ("GET", r"/pulls/(\d+)/reviews/\d+", _one_review),
    ("PUT", r"/pulls/(\d+)/reviews/\d+/dismissals", _dismiss),
    ("GET", r"/pulls/(\d+)/comments", _review_comments),
    ("POST", r"/pulls/(\d+)/comments", _review_comments),
)
