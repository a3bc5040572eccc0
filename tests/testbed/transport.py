"""Git over HTTP: the real `git http-backend`, with GitHub's refusals in front of it."""

import base64
import re
import subprocess
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.testbed import pulls
from tests.testbed.accounts import Access
from tests.testbed.bare import ENVIRONMENT
from tests.testbed.hosted import WRITERS, Hosted
from tests.testbed.protection import push_refusal
from tests.testbed.site import Site
from tests.testbed.web import Answer, Request

_PATH = re.compile(r"/([^/]+/[^/]+?)(?:\.git)?/(info/refs|git-upload-pack|git-receive-pack)")
NOBODY = "0" * 40
BAND = 65515  # bytes of a side-band packet


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """What a push asks for. `new` None: a deletion."""

    ref: str
    new: str | None


def serve(site: Site, request: Request) -> Answer:
    """Answer a request for `/owner/name.git/…`, or `/owner/name/…`, as GitHub has it too."""
    found = _PATH.fullmatch(request.path)
    if found is None:
        return _denied(404, "Not Found")
    name, service = found.groups()
    hosted = site.repositories.get(name)
    pushes = "receive-pack" in service or request.query.get("service") == "git-receive-pack"
    access, known = _access(site, request)
    denied = _refusal(hosted, name, access, pushes=pushes, known=known)
    if denied:
        return denied
    path = f"/{name}.git/{service}"
    if not pushes or request.method == "GET":
        return backend(site.folder / "repositories", path, request)
    assert hosted
    assert access
    with site.lock:
        return _receive(site, hosted, access, request, path)


def _refusal(hosted: Hosted | None, name: str, access: Access | None, *, pushes: bool, known: bool) -> Answer | None:
    """Why somebody may not have this, in GitHub's words."""
    if not known:
        return _denied(401, "Invalid username or token. Password authentication is not supported for Git operations.")
    if access is None and (pushes or hosted is None or hosted.private):
        return _denied(401, "Repository not found.")
    if hosted is None or not _may(hosted, access, "read"):
        return _denied(404, "Repository not found.")
    if pushes and not _may(hosted, access, "write"):
        who = access.account.login if access else "?"
        return _denied(403, f"Permission to {name}.git denied to {who}.")
    return None


def _access(site: Site, request: Request) -> tuple[Access | None, bool]:
    """Who asks, and whether the token, if any, is good. Git sends it as a password; any user name will do."""
    kind, _, value = request.headers.get("authorization", "").partition(" ")
    if not kind:
        return None, True
    try:
        _, _, token = base64.b64decode(value).decode().partition(":")
    except ValueError:
        return None, False
    found = site.tokens.get(token)
    return found, kind.lower() == "basic" and found is not None


def _may(hosted: Hosted, access: Access | None, level: str) -> bool:
    if access is None:
        return level == "read" and not hosted.private
    if access.repository not in {None, hosted.full_name}:
        return level == "read" and not hosted.private
    if not access.may("contents", "write" if level == "write" else "read"):
        return False
    if access.kind in {"job", "app"}:
        return True
    role = hosted.role(access.account)
    return role in WRITERS if level == "write" else role is not None


def _denied(status: int, message: str) -> Answer:
    headers = {"content-type": "text/plain"}
    if status == 401:
        headers["www-authenticate"] = 'Basic realm="GitHub"'
    return Answer(status=status, body=message.encode(), headers=headers)


def backend(root: Path, path: str, request: Request, **more: str) -> Answer:
    """What git's own CGI program says of a repository below a folder; `more` is for its hooks."""
    query = "&".join(f"{key}={value}" for key, value in request.query.items())
    variables = {
        "GIT_PROJECT_ROOT": str(root),
        "GIT_HTTP_EXPORT_ALL": "1",
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "REQUEST_METHOD": request.method,
        "CONTENT_TYPE": request.headers.get("content-type", ""),
        "CONTENT_LENGTH": str(len(request.body)),
        "HTTP_CONTENT_ENCODING": request.headers.get("content-encoding", ""),
        "GIT_PROTOCOL": request.headers.get("git-protocol", ""),
        "REMOTE_USER": "somebody",
        "REMOTE_ADDR": "127.0.0.1",
    }
    done = subprocess.run(
        ["git", "http-backend"],
        input=request.body,
        env=ENVIRONMENT | variables | more,
        capture_output=True,
        check=False,
    )
    head, _, body = done.stdout.partition(b"\r\n\r\n")
    headers = dict(line.split(": ", 1) for line in head.decode().splitlines())
    status = int(headers.pop("Status", "200" if done.returncode == 0 else "500").split()[0])
    return Answer(status=status, body=body, headers=headers)


def _receive(site: Site, hosted: Hosted, access: Access, request: Request, path: str) -> Answer:
    """A push: refused in GitHub's words, or done, with what follows from it for pull requests."""
    body = request.body
    if request.headers.get("content-encoding") == "gzip":
        body = zlib.decompress(body, wbits=31)
    updates = tuple(_updates(body))
    refusals = {update.ref: push_refusal(hosted, access, update.ref, update.new, site.origin) for update in updates}
    if any(refusals.values()):
        return _refused(refusals)
    answer = backend(site.folder / "repositories", path, request)
    pulls.sync(site, hosted, access.account)
    return answer


def _updates(body: bytes) -> Iterator[Update]:
    """The commands before the pack: `old new ref`, each in a packet, closed by a flush. Shallow clones say so first."""
    at = 0
    while at + 4 <= len(body) and (size := int(body[at : at + 4], 16)):
        words = body[at + 4 : at + size].split(b"\0")[0].decode().strip().split(" ", 2)
        if words[0] != "shallow":
            yield Update(ref=words[2], new=None if words[1] == NOBODY else words[1])
        at += size


def _refused(refusals: dict[str, tuple[str, str] | None]) -> Answer:
    """GitHub's texts on the second band, and the report of git's protocol on the first. Nothing was pushed."""
    texts = [said for found in refusals.values() if found for said in found[0].split("\n")]
    report = _packet(b"unpack ok\n")
    for ref, found in refusals.items():
        reason = found[1] if found else "atomic push failed"
        report += _packet(f"ng {ref} {reason}\n".encode())
    report += b"0000"
    body = b"".join(_packet(b"\x02" + f"{text}\n".encode()) for text in texts)
    body += _packet(b"\x01" + report[:BAND]) + b"0000"
    return Answer(body=body, headers={"content-type": "application/x-git-receive-pack-result"})


def _packet(content: bytes) -> bytes:
    return f"{len(content) + 4:04x}".encode() + content
