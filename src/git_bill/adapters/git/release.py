"""Which commit of git-bill this program is, so that a workflow can name exactly it."""

import json
from importlib import import_module, metadata
from pathlib import Path
from urllib.parse import unquote, urlsplit

from git_bill.adapters.git.clone import asked


def own_commit() -> str | None:
    """The release's commit, else what pip noted or the source folder is at; None where nothing tells."""
    try:
        return str(import_module("git_bill._build").COMMIT)  # written by the release job before the wheel is built
    except ModuleNotFoundError:
        return _noted(metadata.distribution("git-bill").read_text("direct_url.json"))


def _noted(direct_url: str | None) -> str | None:
    """By PEP 610: the commit of an installation from git, the HEAD of one from a folder."""
    found = json.loads(direct_url) if direct_url else {}
    commit = found.get("vcs_info", {}).get("commit_id")
    if commit or "dir_info" not in found:
        return str(commit) if commit else None
    folder = Path(unquote(urlsplit(found["url"]).path))
    ran = asked(folder, "rev-parse", "--verify", "--quiet", "HEAD") if folder.is_dir() else None
    return ran.out.decode("ascii").strip() if ran is not None and ran.code == 0 else None
