"""The git data API: refs, blobs, trees and commits, straight from the bare repository."""

import base64
from typing import Any

from tests.testbed import protection, pulls
from tests.testbed.bare import Person
from tests.testbed.git_endpoints import encoded, person_document, unsigned
from tests.testbed.routes import Call, Route
from tests.testbed.web import Answer, Json, Refusal, said


def _ref_document(call: Call, ref: str, sha: str) -> Json:
    target = {"type": "commit", "sha": sha, "url": f"{call.url}/git/commits/{sha}"}
    return {"ref": ref, "node_id": f"REF_{ref}", "url": f"{call.url}/git/{ref}", "object": target}


def _ref(call: Call) -> Answer:
    ref = f"refs/{call.words[0]}"
    sha = call.hosted.bare.refs(ref).get(ref)
    if sha is None:
        raise Refusal(404, "Not Found")
    return said(_ref_document(call, ref, sha))


def _matching_refs(call: Call) -> Answer:
    refs = call.hosted.bare.refs("refs/")
    prefix = f"refs/{call.words[0]}"
    return said([_ref_document(call, ref, sha) for ref, sha in refs.items() if ref.startswith(prefix)])


def _move_ref(call: Call) -> Answer:
    """Makes a ref (POST), moves it (PATCH) or deletes it (DELETE)."""
    call.require_write()
    sent, bare = call.request.document, call.hosted.bare
    ref = f"refs/{call.words[0]}" if call.words else str(sent["ref"])
    old = bare.refs(ref).get(ref)
    if (old is None) != (call.request.method == "POST"):
        raise Refusal(422, "Reference does not exist" if old is None else "Reference already exists")
    new = call.commit(sent["sha"]) if call.request.method != "DELETE" else None
    if old and new and not sent.get("force") and not bare.reaches(old, new):
        raise Refusal(422, "Update is not a fast forward")
    protection.check(call.hosted, call.access, ref.removeprefix("refs/heads/"), new)
    bare.set_ref(ref, new)
    pulls.sync(call.site, call.hosted, call.account)
    if new is None:
        return Answer(status=204)
    return said(_ref_document(call, ref, new), 201 if old is None else 200)


def _blob(call: Call) -> Answer:
    (sha,) = call.words
    try:
        content = call.hosted.bare.content(sha)
    except LookupError:
        raise Refusal(404, "Not Found") from None
    return said({"sha": sha, "node_id": f"B_{sha}", "url": f"{call.url}/git/blobs/{sha}"} | encoded(content))


def _tree(call: Call) -> Answer:
    return _tree_answer(call, call.words[0], recursive="recursive" in call.request.query, status=200)


def _tree_answer(call: Call, tree: str, *, recursive: bool, status: int) -> Answer:
    options = ["-r", "-t"] if recursive else []
    try:
        rows = call.hosted.bare.git("ls-tree", *options, tree)
        sha = call.hosted.bare.git("rev-parse", f"{tree}^{{tree}}")
    except LookupError:
        raise Refusal(404, "Not Found") from None
    entries: list[Any] = []
    for row in rows.splitlines():
        facts, path = row.split("\t")
        mode, kind, found = facts.split()
        url = f"{call.url}/git/{kind}s/{found}"
        entries.append({"path": path, "mode": mode, "type": kind, "sha": found, "url": url})
    return said({"sha": sha, "url": f"{call.url}/git/trees/{sha}", "tree": entries, "truncated": False}, status)


def _write_blob(call: Call) -> Answer:
    call.require_write()
    sent = call.request.document
    content = sent["content"].encode()
    data = base64.b64decode(content) if sent.get("encoding") == "base64" else content
    sha = call.hosted.bare.git("hash-object", "-w", "--stdin", stdin=data)
    return said({"sha": sha, "url": f"{call.url}/git/blobs/{sha}"}, 201)


def _write_tree(call: Call) -> Answer:
    call.require_write()
    sent, bare = call.request.document, call.hosted.bare
    files: dict[str, bytes | None] = {}
    for entry in sent["tree"]:
        if (entry["mode"], entry["type"]) != ("100644", "blob"):
            raise Refusal(501, "the testbed knows plain files only")
        given = entry.get("content")
        blob = None if "sha" in entry and entry["sha"] is None else entry.get("sha")
        files[entry["path"]] = given.encode() if given is not None else blob and bare.content(blob)
    sha = bare.write_tree(sent.get("base_tree"), files)
    return _tree_answer(call, sha, recursive=False, status=201)


def _write_commit(call: Call) -> Answer:
    call.require_write()
    sent, at = call.request.document, call.site.clock()
    author = Person.of(call.account, at)
    # GitHub signs what an App or a job commits so, and names itself as the committer.
    committer = Person.web(at) if call.access.kind in {"job", "app"} else author
    sha = call.hosted.bare.write_commit(sent["tree"], sent.get("parents", ()), sent["message"], author, committer)
    return _commit_answer(call, sha, 201)


def _git_commit(call: Call) -> Answer:
    return _commit_answer(call, call.commit(call.words[0]), 200)


def _commit_answer(call: Call, sha: str, status: int) -> Answer:
    commit = call.hosted.bare.commit(sha)
    url, html = f"{call.url}/git/commits", f"{call.html}/commit"
    document = {
        "sha": sha,
        "node_id": f"C_{sha}",
        "url": f"{url}/{sha}",
        "html_url": f"{html}/{sha}",
        "author": person_document(commit.author),
        "committer": person_document(commit.committer),
        "message": commit.message,
        "tree": {"sha": commit.tree, "url": f"{call.url}/git/trees/{commit.tree}"},
        "parents": [{"sha": one, "url": f"{url}/{one}", "html_url": f"{html}/{one}"} for one in commit.parents],
        "verification": unsigned(),
    }
    return said(document, status)


ROUTES: tuple[Route, ...] = (
    ("GET", "/git/ref/(.+)", _ref),
    ("GET", "/git/matching-refs/(.+)", _matching_refs),
    ("POST", "/git/refs", _move_ref),
    ("PATCH", "/git/refs/(.+)", _move_ref),
    ("DELETE", "/git/refs/(.+)", _move_ref),
    ("GET", "/git/blobs/([0-9a-f]{40})", _blob),
    ("POST", "/git/blobs", _write_blob),
    ("GET", "/git/trees/(.+)", _tree),
    ("POST", "/git/trees", _write_tree),
    ("GET", "/git/commits/([0-9a-f]{40})", _git_commit),
    ("POST", "/git/commits", _write_commit),
)
