"""What git's own credential helpers know of a server. Nobody is asked anything."""

from pathlib import Path

from git_bill.adapters.git.run import attempt

# No terminal, no window: an empty askpass is none, and helpers are told so.
_SILENT = {"GIT_ASKPASS": "", "SSH_ASKPASS": "", "GCM_INTERACTIVE": "never"}


def filled(repository: Path, host: str, path: str, scheme: str = "https") -> str | None:
    """The password, which is a token on a forge, that a helper has for a repository on a host; None without one."""
    return _password(repository, protocol=scheme, host=host, path=f"{path}.git")


def known(repository: Path, protocol: str, host: str, user: str) -> str | None:
    """The password that a helper has for an account on a host, which may have a port; None without one."""
    return _password(repository, protocol=protocol, host=host, username=user)


def login(repository: Path, host: str, scheme: str = "https") -> tuple[str, str] | None:
    """The account and password that a helper has for a host; None without them."""
    found = _filled(repository, protocol=scheme, host=host)
    return (found["username"], found["password"]) if found.get("username") and found.get("password") else None


def _password(repository: Path, **asked: str) -> str | None:
    return _filled(repository, **asked).get("password") or None


def _filled(repository: Path, **asked: str) -> dict[str, str]:
    """What helpers say; nothing where they say nothing, or speak of another host."""
    if any("\n" in part or "\0" in part for part in asked.values()):
        return {}
    wanted = "".join(f"{name}={value}\n" for name, value in asked.items()) + "\n"
    ran = attempt(
        repository, "-c", "credential.interactive=false", "credential", "fill", input=wanted.encode(), env=_SILENT
    )
    found = dict(line.split("=", 1) for line in ran.out.decode("utf-8", "replace").splitlines() if "=" in line)
    return found if ran.code == 0 and found.get("host") == asked["host"] else {}
