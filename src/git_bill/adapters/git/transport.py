"""What lets git's transport in where git alone has no credentials, as in a CI job: a token or a deploy key.

They reach git's children by the environment alone, never by argument, address or file, and only for the remote's own
address.
"""

import base64
import os
import shlex
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path

from git_bill.adapters.git.address import configured, parse, reached
from git_bill.problem import Exit, Stop, stop

Transport = Callable[[Path, str], AbstractContextManager[Mapping[str, str]]]
"""(repository, remote) → what is added to the environment of git while it speaks to the remote."""

# Published at https://docs.github.com/en/authentication/keeping-your-account-and-data-secure/githubs-ssh-key-fingerprints
# and https://docs.gitlab.com/user/gitlab_com/#ssh-known_hosts-entries: a job's machine knows no hosts.
_KNOWN_HOSTS = """\
github.com ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl
gitlab.com ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAfuCHKVTjquxvt6CM6tdG4SLp1Btn/nOeHHE5UOzRdf
"""
_START = 5.0  # seconds in which an agent must be there
_LIFE = 3600  # seconds after which an agent forgets the key: it outlives a run that was killed


def as_git_does(repository: Path, remote: str) -> AbstractContextManager[Mapping[str, str]]:
    """By what git itself is configured with."""
    return nullcontext({})


def by_token(user: str, token: Callable[[], str], host: str, given: Mapping[str, str] = os.environ) -> Transport:
    """By a token for one host, sent as a header; `given`: the environment whose git settings stay."""

    def transport(repository: Path, remote: str) -> AbstractContextManager[Mapping[str, str]]:
        urls = [url for url in reached(repository, remote) if _is_of(url, host)]
        if not urls:
            return nullcontext({})
        basic = base64.b64encode(f"{user}:{token()}".encode()).decode("ascii")
        # The empty value forgets what a checkout has left: two Authorization headers are refused. Once redirected, git
        # would send them to any host; so none is followed, and what GitLab redirects to is asked at once.
        headers = ["", f"Authorization: Basic {basic}"]
        whole = {url: url if url.endswith(".git") else f"{url.rstrip('/')}.git" for url in urls}
        settings = [(f"url.{named}.insteadOf", url) for url, named in whole.items() if named != url]
        for named in map(_bare, whole.values()):
            settings += [(f"http.{named}.extraheader", value) for value in headers]
            settings.append((f"http.{named}.followRedirects", "false"))
        return nullcontext({**_configured(settings, given), "GIT_TRACE_REDACT": "1"})

    return transport


def by_key(key: str, given: Mapping[str, str] = os.environ) -> Transport:
    """By a deploy key (private key text) in an agent that lives as long as git speaks to the remote."""

    @contextmanager
    def transport(repository: Path, remote: str) -> Iterator[Mapping[str, str]]:
        places = [(url, place) for url in configured(repository, remote) if (place := parse(url)) is not None]
        rewritten = [
            (f"url.ssh://git@{place.name}/{place.path}.git.insteadOf", url) for url, place in places if place.web
        ]
        with _agent(key) as spoken:
            yield {**_configured(rewritten, given), **spoken}

    return transport


@contextmanager
def _agent(key: str) -> Iterator[Mapping[str, str]]:
    with tempfile.TemporaryDirectory(prefix="git-bill-") as folder:
        socket, known = Path(folder, "agent"), Path(folder, "known_hosts")
        known.write_text(_KNOWN_HOSTS, encoding="ascii")
        child = _started(socket)
        try:
            _add(key, socket)
            options = (
                "BatchMode=yes",
                "ForwardAgent=no",
                "IdentityAgent=SSH_AUTH_SOCK",
                f"UserKnownHostsFile=~/.ssh/known_hosts {known}",
            )
            command = " ".join(["ssh", *(f"-o {shlex.quote(option)}" for option in options)])
            yield {"SSH_AUTH_SOCK": str(socket), "GIT_SSH_COMMAND": command, "GIT_SSH_VARIANT": "ssh"}
        finally:
            child.terminate()
            child.wait()


def _started(socket: Path) -> subprocess.Popen[bytes]:
    try:
        child = subprocess.Popen(
            ["ssh-agent", "-D", "-a", str(socket)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=_plain(),
        )
    except FileNotFoundError:
        raise _unusable("the program ssh-agent was not found", "install OpenSSH: apt install openssh-client") from None
    end = time.monotonic() + _START
    while not socket.exists() and child.poll() is None and time.monotonic() < end:
        time.sleep(0.005)
    return child


def _add(key: str, socket: Path) -> None:
    done = subprocess.run(
        ["ssh-add", "-q", "-t", str(_LIFE), "-"],
        input=key.replace("\r\n", "\n").strip().encode() + b"\n",
        capture_output=True,
        env={**_plain(), "SSH_AUTH_SOCK": str(socket), "SSH_ASKPASS_REQUIRE": "never"},
        check=False,
    )
    if done.returncode:
        raise _unusable(
            "GIT_BILL_KEY is not a private SSH key without passphrase",
            "make one, then store it: ssh-keygen -t ed25519 -N '' -f key && gh secret set GIT_BILL_KEY < key",
        )


def _plain() -> dict[str, str]:
    """An environment without our secrets: what a child needs is given to it."""
    return {name: value for name, value in os.environ.items() if not name.startswith("GIT_BILL_")}


def _configured(settings: list[tuple[str, str]], given: Mapping[str, str]) -> dict[str, str]:
    """Git settings by environment, after those that are there already."""
    count = given.get("GIT_CONFIG_COUNT", "")
    first = int(count) if count.isdigit() else 0
    found = {"GIT_CONFIG_COUNT": str(first + len(settings))} if settings else {}
    for number, (name, value) in enumerate(settings, first):
        found |= {f"GIT_CONFIG_KEY_{number}": name, f"GIT_CONFIG_VALUE_{number}": value}
    return found


def _is_of(url: str, host: str) -> bool:
    place = parse(url)
    return place is not None and place.web and place.host == host.lower()


def _bare(url: str) -> str:
    """An address without user and password."""
    scheme, _, rest = url.partition("://")
    place, slash, path = rest.partition("/")
    return f"{scheme}://{place.rpartition('@')[2]}{slash}{path}"


def _unusable(message: str, hint: str) -> Stop:
    return stop(Exit.REPOSITORY, "unusable-key", message, hint)
