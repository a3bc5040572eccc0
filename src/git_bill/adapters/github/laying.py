"""Files on a branch of a repository that has no clone here, by GitHub's git data API. Never forced."""

import base64
from urllib.parse import quote

from git_bill.adapters.github.client import Fields, Place
from git_bill.adapters.rendering import blob_id
from git_bill.effects import EnsurePullRequest


def lay(there: Place, effect: EnsurePullRequest, *, going_on: bool) -> bool:
    """Make the branch hold the files of a pull request; whether it had to change.

    `going_on`: the branch is under review, so its next commit stands on it. Else it is new, or left over from an
    earlier review: then the files stand on the base's newest state.
    """
    base = _commit(there, effect.base)
    old = _ref(there, effect.branch)
    if old is not None and _holds(there, old, effect):
        return False
    newest = base.text("sha")
    parents = [newest] if old is None else [old] if going_on else [old, newest]
    below = _commit(there, effect.branch) if old is not None and going_on else base
    tree = there.client.post(
        f"{there.path}/git/trees",
        {
            "base_tree": below.text("commit", "tree", "sha"),
            "tree": [_entry(there, path, content) for path, content in sorted(effect.files.items())],
        },
    )
    made = there.client.post(
        f"{there.path}/git/commits", {"message": effect.title, "tree": tree.text("sha"), "parents": parents}
    ).text("sha")
    if old is None:
        there.client.post(f"{there.path}/git/refs", {"ref": f"refs/heads/{effect.branch}", "sha": made})
    else:
        ref = quote(f"heads/{effect.branch}")
        there.client.patch(f"{there.path}/git/refs/{ref}", {"sha": made, "force": False})
    return True


def _entry(there: Place, path: str, content: bytes) -> dict[str, object]:
    """A tree's entry. Text goes along with the tree; a blob of its own is made of what is no text."""
    entry: dict[str, object] = {"path": path, "mode": "100644", "type": "blob"}
    try:
        return entry | {"content": content.decode("utf-8")}
    except UnicodeDecodeError:
        text = base64.b64encode(content).decode("ascii")
        blob = there.client.post(f"{there.path}/git/blobs", {"content": text, "encoding": "base64"})
        return entry | {"sha": blob.text("sha")}


def _holds(there: Place, commit: str, effect: EnsurePullRequest) -> bool:
    """Whether a commit has all the files as they should be."""
    for path, content in effect.files.items():
        found = there.found(f"/contents/{quote(path)}", ref=commit)
        if found is None or found.maybe("sha") != blob_id(content):
            return False
    return True


def _commit(there: Place, branch: str) -> Fields:
    """The newest commit of a branch that is there."""
    return there.client.get(f"{there.path}/commits/{quote(f'heads/{branch}', safe='')}")


def _ref(there: Place, branch: str) -> str | None:
    found = there.found(f"/git/ref/{quote(f'heads/{branch}')}")
    return None if found is None else found.text("object", "sha")
