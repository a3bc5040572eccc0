"""What git's own credential helpers know of a server. Nobody is asked anything."""

from pathlib import Path

from git_bill.adapters.git.run import attempt

# No terminal, no window: an empty askpass is none, and helpers are told so.
_SILENT = {"GIT_ASKPASS": "", "SSH_ASKPASS": "", "GCM_INTERACTIVE": "never"}


def filled(repository: Path, host: str, path: str, scheme: str = "https") -> str | None:
    """The password, which is a token on a forge, that a helper has for a repository on a host; None without one."""
    if any("\n" in part or "\0" in part for part in (host, path)):
        return None
    wanted = f"protocol={scheme}\nhost={host}\npath={path}.git\n\n".encode()
    ran = attempt(repository, "-c", "credential.interactive=false", "credential", "fill", input=wanted, env=_SILENT)
    found = dict(line.split("=", 1) for line in ran.out.decode("utf-8", "replace").splitlines() if "=" in line)
    return found.get("password") or None if ran.code == 0 and found.get("host") == host else None
