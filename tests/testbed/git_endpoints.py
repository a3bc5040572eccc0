"""Endpoints that answer from the bare repository: branches, commits, comparisons, contents."""

import base64

from tests.testbed import protection, pulls
from tests.testbed.bare import EMPTY_TREE, Commit, Person
from tests.testbed.pulls import stamp
from tests.testbed.routes import Call, Route
from tests.testbed.web import Answer, Json, Refusal, paged, said


def commit_document(call: Call, commit: Commit) -> Json:
    """A commit as the REST API shows it, without its files."""
    url, html = f"{call.url}/commits/{commit.sha}", f"{call.html}/commit/{commit.sha}"
    return {
        "sha": commit.sha,
        "node_id": f"C_{commit.sha}",
        "url": url,
        "html_url": html,
        "comments_url": f"{url}/comments",
        "commit": {
            "url": f"{call.url}/git/commits/{commit.sha}",
            "author": person_document(commit.author),
            "committer": person_document(commit.committer),
            "message": commit.message,
            "tree": {"sha": commit.tree, "url": f"{call.url}/git/trees/{commit.tree}"},
            "comment_count": 0,
            "verification": unsigned(),
        },
        "author": call.site.by_email(commit.author.email),
        "committer": call.site.by_email(commit.committer.email),
        "parents": [
            {"sha": sha, "url": f"{call.url}/commits/{sha}", "html_url": f"{call.html}/commit/{sha}"}
            for sha in commit.parents
        ],
    }


def person_document(person: Person) -> Json:
    """An author or committer line."""
    return {"name": person.name, "email": person.email, "date": stamp(person.at)}


def unsigned() -> Json:
    """What is said of a commit's signature."""
    return {"verified": False, "reason": "unsigned", "signature": None, "payload": None, "verified_at": None}


def changed_files(call: Call, start: str, head: str) -> list[Json]:
    """Files that differ between two commits, with GitHub's words for how."""
    bare = call.hosted.bare
    statuses = {"A": "added", "M": "modified", "D": "removed", "T": "changed"}
    rows = []
    for line in bare.git("diff", "--raw", "--no-renames", "--no-abbrev", "--numstat", start, head).splitlines():
        if line.startswith(":"):
            facts, path = line.split("\t")
            *_, old, new, status = facts.split()
            rows.append((path, old if status == "D" else new, statuses[status]))
    counts = {line.split("\t")[2]: line.split("\t")[:2] for line in _numstat(call, start, head)}
    documents = []
    for path, blob, status in rows:
        added, removed = (0 if count == "-" else int(count) for count in counts[path])
        documents.append(
            {
                "sha": blob,
                "filename": path,
                "status": status,
                "additions": added,
                "deletions": removed,
                "changes": added + removed,
                "blob_url": f"{call.html}/blob/{head}/{path}",
                "raw_url": f"{call.html}/raw/{head}/{path}",
                "contents_url": f"{call.url}/contents/{path}?ref={head}",
                "patch": bare.git("diff", "--no-renames", start, head, "--", path).partition("\n@@")[2] or "",
            }
        )
    return documents


def _numstat(call: Call, start: str, head: str) -> list[str]:
    return call.hosted.bare.git("diff", "--numstat", "--no-renames", start, head).splitlines()


def _branches(call: Call) -> Answer:
    refs = call.hosted.bare.refs()
    return paged(call.request, [_short_branch(call, name, sha) for name, sha in refs.items()], call.site.api)


def _short_branch(call: Call, ref: str, sha: str) -> Json:
    name = ref.removeprefix("refs/heads/")
    commit = {"sha": sha, "url": f"{call.url}/commits/{sha}"}
    return {"name": name, "commit": commit, "protected": name in call.hosted.protection}


def _branch(call: Call) -> Answer:
    (name,) = call.words
    sha = call.hosted.bare.tip(f"refs/heads/{name}")
    if sha is None:
        raise Refusal(404, "Branch not found")
    commit = commit_document(call, call.hosted.bare.commit(sha))
    document = _short_branch(call, name, sha) | {
        "commit": commit,
        "_links": {"self": f"{call.url}/branches/{name}", "html": f"{call.html}/tree/{name}"},
        "protection": _protection(call, name),
        "protection_url": f"{call.url}/branches/{name}/protection",
    }
    return said(document)


def _protection(call: Call, name: str) -> Json:
    found = call.hosted.protection.get(name)
    checks = list(found.checks) if found else []
    level = "everyone" if checks else "off"
    return {
        "enabled": found is not None and found.classic,
        "required_status_checks": {"enforcement_level": level, "contexts": checks, "checks": []},
    }


def _branch_protection(call: Call) -> Answer:
    """The older form of rules, for administrators only."""
    if call.hosted.role(call.account) != "admin" or call.access.kind == "job":
        raise Refusal(403, call.access.refusal if call.access.kind == "job" else "Not Found")
    found = call.hosted.protection.get(call.words[0])
    if found is None or not found.classic:
        raise Refusal(404, "Branch not protected")
    url = f"{call.url}/branches/{call.words[0]}/protection"
    document: Json = {"url": url, "enforce_admins": {"url": f"{url}/enforce_admins", "enabled": False}}
    if "pull_request" in found.rules:
        document["required_pull_request_reviews"] = {
            "url": f"{url}/required_pull_request_reviews",
            "dismiss_stale_reviews": False,
            "require_code_owner_reviews": False,
            "required_approving_review_count": found.approvals,
        }
    if found.checks:
        document["required_status_checks"] = {
            "url": f"{url}/required_status_checks",
            "strict": False,
            "contexts": list(found.checks),
            "contexts_url": f"{url}/required_status_checks/contexts",
            "checks": [{"context": one, "app_id": None} for one in found.checks],
        }
    return said(document)


def _commits(call: Call) -> Answer:
    query = call.request.query
    selection = [f"--{name}={query[name]}" for name in ("since", "until", "author") if name in query]
    path = ["--", query["path"]] if "path" in query else []
    found = call.hosted.bare.commits(*selection, call.commit(query.get("sha", "main")), *path)
    return paged(call.request, [commit_document(call, commit) for commit in found], call.site.api)


def _commit(call: Call) -> Answer:
    commit = call.hosted.bare.commit(call.commit(call.words[0]))
    start = commit.parents[0] if commit.parents else EMPTY_TREE
    files = changed_files(call, start, commit.sha)
    added, removed = sum(row["additions"] for row in files), sum(row["deletions"] for row in files)
    stats = {"additions": added, "deletions": removed, "total": added + removed}
    return said(commit_document(call, commit) | {"stats": stats, "files": files})


def _compare(call: Call) -> Answer:
    base, head = (call.commit(ref.rpartition(":")[2]) for ref in call.words)
    bare = call.hosted.bare
    start = bare.merge_base(base, head)
    if start is None:
        raise Refusal(404, "Not Found")
    ahead, behind = (bare.commits("--reverse", one, f"^{other}") for one, other in ((head, base), (base, head)))
    status = "diverged" if ahead and behind else "ahead" if ahead else "behind" if behind else "identical"
    html = f"{call.html}/compare/{base}...{head}"
    document = {
        "url": f"{call.url}/compare/{base}...{head}",
        "html_url": html,
        "permalink_url": html,
        "diff_url": f"{html}.diff",
        "patch_url": f"{html}.patch",
        "base_commit": commit_document(call, bare.commit(base)),
        "merge_base_commit": commit_document(call, bare.commit(start)),
        "status": status,
        "ahead_by": len(ahead),
        "behind_by": len(behind),
        "total_commits": len(ahead),
        "commits": [commit_document(call, commit) for commit in ahead],
        "files": changed_files(call, start, head),
    }
    return said(document)


def _contents(call: Call) -> Answer:
    path = call.words[0].strip("/")
    ref = call.request.query.get("ref", "main")
    sha = call.hosted.bare.tip(ref)
    blob = sha and call.hosted.bare.blob(sha, path)
    if blob:
        return said(_file(call, path, ref, blob) | encoded(call.hosted.bare.content(blob)))
    rows = call.hosted.bare.git("ls-tree", sha, "--", f"{path}/" if path else ".").splitlines() if sha else []
    if not rows:
        raise Refusal(404, "Not Found" if sha else f"No commit found for the ref {ref}")
    listed = [(row.split("\t")[1], row.split()[1], row.split()[2]) for row in rows]
    kinds = {"blob": "file", "tree": "dir", "commit": "submodule"}
    return said([_file(call, name, ref, found) | {"type": kinds[kind]} for name, kind, found in listed])


def _file(call: Call, path: str, ref: str, blob: str) -> Json:
    url, html = f"{call.url}/contents/{path}?ref={ref}", f"{call.html}/blob/{ref}/{path}"
    git = f"{call.url}/git/blobs/{blob}"
    return {
        "type": "file",
        "size": 0,
        "name": path.rpartition("/")[2],
        "path": path,
        "sha": blob,
        "url": url,
        "git_url": git,
        "html_url": html,
        "download_url": None,
        "_links": {"self": url, "git": git, "html": html},
    }


def encoded(content: bytes) -> Json:
    """A blob's bytes as the API carries them."""
    return {"size": len(content), "encoding": "base64", "content": base64.encodebytes(content).decode()}


def _put_contents(call: Call) -> Answer:
    call.require_write()
    sent = call.request.document
    path, branch, hosted = call.words[0], sent.get("branch", "main"), call.hosted
    tip = call.commit(f"refs/heads/{branch}")
    blob = hosted.bare.blob(tip, path)
    if blob is not None and "sha" not in sent:
        raise Refusal(422, 'Invalid request.\n\n"sha" wasn\'t supplied.')
    if "sha" in sent and sent["sha"] != blob:
        raise Refusal(409, f"{path} does not match {sent['sha']}")
    protection.check(hosted, call.access, branch, tip)
    tree = hosted.bare.write_tree(tip, {path: base64.b64decode(sent["content"])})
    at = call.site.clock()
    author = Person.of(call.account, at)
    sha = hosted.bare.write_commit(tree, (tip,), sent["message"], author, Person.web(at))
    hosted.bare.set_ref(f"refs/heads/{branch}", sha)
    pulls.sync(call.site, hosted, call.account)
    document = commit_document(call, hosted.bare.commit(sha))
    new = hosted.bare.blob(sha, path) or ""
    commit = document.pop("commit") | {key: document[key] for key in ("sha", "node_id", "html_url", "parents")}
    return said({"content": _file(call, path, branch, new), "commit": commit}, 200 if blob else 201)


ROUTES: tuple[Route, ...] = (
    ("GET", "/branches", _branches),
    ("GET", "/branches/(.+)/protection", _branch_protection),
    ("GET", "/branches/(.+)", _branch),
    ("GET", "/commits", _commits),
    ("GET", "/commits/(.+)", _commit),
    ("GET", r"/compare/(.+?)\.\.\.(.+)", _compare),
    ("GET", "/contents/?(.*)", _contents),
    ("PUT", "/contents/(.+)", _put_contents),
)
