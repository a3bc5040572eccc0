"""Public SSH keys as the settings list them: `ssh-ed25519 AAAA… mira@laptop`."""

import base64
import hashlib
import re
from binascii import Error as NotBase64

_KEY = re.compile(r"\s*(?P<kind>(?:ssh|ecdsa|sk)-[A-Za-z0-9@.-]+)\s+(?P<body>[A-Za-z0-9+/]+={0,3})(?:\s.*)?")


def plain(line: str) -> str | None:
    """Kind and body of a public key; None where it is none. Comments and options are left out: they are not ours."""
    match = _KEY.fullmatch(line.strip())
    return f"{match['kind']} {match['body']}" if match else None


def fingerprint(line: str) -> str | None:
    """`SHA256:` and 43 characters, as `ssh-keygen -l` and git's `%GF` tell it; None where the line is no key."""
    key = plain(line)
    try:
        body = base64.b64decode(key.split()[1], validate=True) if key else None
    except (NotBase64, ValueError):
        return None
    if body is None:
        return None
    return "SHA256:" + base64.b64encode(hashlib.sha256(body).digest()).decode("ascii").rstrip("=")
