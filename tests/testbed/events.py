"""Events that start workflows: recorded payloads (payloads/README.md), made to fit a repository of the testbed."""

import json
from dataclasses import dataclass
from typing import Any

from tests.testbed.accounts import Account
from tests.testbed.bare import EMPTY_TREE, Commit
from tests.testbed.github import Repository
from tests.testbed.tools import PAYLOADS

Json = dict[str, Any]
NOBODY = "0" * 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What a run is started for. `changed`: paths, for `paths:` filters."""

    name: str
    payload: Json
    ref: str
    sha: str
    actor: str
    head_ref: str = ""
    base_ref: str = ""
    changed: tuple[str, ...] = ()

    @property
    def fork(self) -> bool:
        """Whether it is a pull request from another repository: no secrets, and a token that only reads."""
        pull = self.payload.get("pull_request")
        return pull is not None and pull["head"]["repo"]["full_name"] != pull["base"]["repo"]["full_name"]


def recorded(name: str) -> Json:
    """A payload as it was recorded: `push-books`, `issue-comment`, …"""
    payload: Json = json.loads((PAYLOADS / f"{name}.json").read_text(encoding="utf-8"))
    return payload


def _fitted(name: str, repository: Repository, sender: Account) -> Json:
    """A recorded payload with another repository, server and sender in its place."""
    github, hosted = repository.github, repository.hosted
    payload = recorded(name)
    text = json.dumps(payload).replace(payload["repository"]["full_name"], repository.full_name)
    text = text.replace("https://api.github.com", github.api).replace("https://github.com", github.origin)
    fitted: Json = json.loads(text)
    owner = github.site.users[hosted.owner.login]
    settings = {"name": hosted.name, "private": hosted.private, "fork": hosted.parent is not None, "owner": owner}
    fitted["repository"] |= settings | {"default_branch": "main"}
    return fitted | {"sender": github.site.users[sender.login]}


def push(
    repository: Repository, before: str | None = None, *, branch: str = "main", by: Account | None = None
) -> Event:
    """A push that left a branch where it is now. `before`: where it was; None for its first parent."""
    sender, bare = by or repository.hosted.owner, repository.hosted.bare
    after = repository.tip(branch)
    parents = bare.commit(after).parents
    before = before or (parents[0] if parents else NOBODY)
    commits = bare.commits("--reverse", after, *([] if before == NOBODY else [f"^{before}"]))
    rows = [_pushed(repository, commit) for commit in commits]
    payload = _fitted("push-books", repository, sender) | {
        "ref": f"refs/heads/{branch}",
        "before": before,
        "after": after,
        "created": before == NOBODY,
        "commits": rows,
        "head_commit": rows[-1] if rows else None,
        "pusher": {"name": sender.login, "email": sender.email},
    }
    changed = bare.git("diff", "--name-only", EMPTY_TREE if before == NOBODY else before, after).splitlines()
    ref = f"refs/heads/{branch}"
    return Event(name="push", payload=payload, ref=ref, sha=after, actor=sender.login, changed=tuple(changed))


def _pushed(repository: Repository, commit: Commit) -> Json:
    """Actions leaves out which files a commit changed."""
    people = {
        role: {"name": person.name, "email": person.email}
        for role, person in (("author", commit.author), ("committer", commit.committer))
    }
    return people | {
        "id": commit.sha,
        "tree_id": commit.tree,
        "distinct": True,
        "message": commit.message,
        "timestamp": commit.committer.at.isoformat(),
        "url": f"{repository.github.origin}/{repository.full_name}/commit/{commit.sha}",
    }


def tag(repository: Repository, name: str, *, by: Account | None = None) -> Event:
    """A tag that was pushed; makes it at main when there is none."""
    sender, ref = by or repository.hosted.owner, f"refs/tags/{name}"
    if repository.hosted.bare.tip(ref) is None:
        repository.hosted.bare.set_ref(ref, repository.tip())
    sha = repository.tip(ref)
    head = _pushed(repository, repository.hosted.bare.commit(sha))
    payload = _fitted("push-tag", repository, sender) | {"ref": ref, "after": sha, "head_commit": head}
    return Event(name="push", payload=payload, ref=ref, sha=sha, actor=sender.login)


def pull_request(repository: Repository, number: int, action: str, *, by: Account | None = None) -> Event:
    """Something happened to a pull request: `opened`, `synchronize`, `closed` (merged or not), `labeled` …"""
    pull = repository.pull(number)
    sender = by or repository.hosted.pulls[number].author
    payload = _fitted("pull-request-opened", repository, sender)
    payload |= {"action": action, "number": number, "pull_request": pull}
    head = repository.hosted.bare.commits("-2", f"refs/pull/{number}/head")
    if action == "synchronize":
        payload |= {"before": head[-1].sha, "after": head[0].sha}
    merge = repository.hosted.bare.tip(f"refs/pull/{number}/merge")
    ref = f"refs/pull/{number}/merge" if merge else f"refs/heads/{pull['base']['ref']}"
    base = repository.hosted.pulls[number].base_sha
    changed = repository.hosted.bare.git("diff", "--name-only", base, head[0].sha).splitlines()
    return Event(
        name="pull_request",
        payload=payload,
        ref=ref,
        sha=merge or repository.tip(ref),
        actor=sender.login,
        head_ref=pull["head"]["ref"],
        base_ref=pull["base"]["ref"],
        changed=tuple(changed),
    )


def schedule(repository: Repository, cron: str) -> Event:
    """The clock; runs on the default branch."""
    payload = _fitted("schedule", repository, repository.hosted.owner) | {"schedule": cron}
    return _on_main("schedule", repository, payload)


def dispatch(repository: Repository, *, by: Account | None = None, **inputs: str) -> Event:
    """Somebody pressed "Run workflow"."""
    payload = _fitted("workflow-dispatch", repository, by or repository.hosted.owner) | {"inputs": inputs}
    return _on_main("workflow_dispatch", repository, payload)


def release(repository: Repository, name: str) -> Event:
    """A release was published, with its tag."""
    tagged = tag(repository, name)
    payload = _fitted("release-published", repository, repository.hosted.owner)
    payload["release"] |= {"tag_name": name, "name": name}
    return Event(name="release", payload=payload, ref=tagged.ref, sha=tagged.sha, actor=tagged.actor)


def issue_comment(
    repository: Repository, number: int, text: str, *, by: Account, action: str = "created", comment: int | None = None
) -> Event:
    """A comment below an issue or a pull request; written by this call unless `comment` names one that is there."""
    written = repository.comment(number, by, text) if comment is None else comment
    if action == "edited":
        repository.edit_comment(written, by, text)
    owner, call = repository.hosted.owner, repository.github.call
    payload = _fitted("issue-comment", repository, by) | {
        "action": action,
        "issue": call(owner, "GET", f"{repository.path}/issues/{number}"),
        "comment": call(owner, "GET", f"{repository.path}/issues/comments/{written}"),
    }
    return _on_main("issue_comment", repository, payload)


def _on_main(name: str, repository: Repository, payload: Json) -> Event:
    sender: str = payload["sender"]["login"]
    return Event(name=name, payload=payload, ref="refs/heads/main", sha=repository.tip(), actor=sender)
