"""Redaction: what must not be printed or sent, taken out of text; and what looks like a live secret."""

import functools
import json
import re
from collections.abc import Collection, Mapping

MASK = "[sealed]"
_SHORTEST = 5  # shorter values stand in ordinary words
_CUT = "…"  # stands where a text was cut to fit
_SHORTEST_CUT = 8  # characters of a secret before it that are too many
_SECRETS: Mapping[str, str] = {
    "a Stripe key": r"\b[sr]k_live_[A-Za-z0-9]{8,}",
    "a Stripe webhook secret": r"\bwhsec_[A-Za-z0-9+/=]{8,}",
    "a GitHub token": r"\bgh[pousr]_[A-Za-z0-9]{20,}|\bgithub_pat_[A-Za-z0-9_]{20,}",
    "a GitLab token": r"\bgl(?:pat|ptt|dt|rt|cbt|soat)-[A-Za-z0-9_-]{16,}(?:\.[A-Za-z0-9_-]+)*",
    "a Slack token": r"\bxox[abeoprs]-[A-Za-z0-9-]{8,}",
    "an AWS key": r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b",
    "an age identity": r"\bAGE-SECRET-KEY-1[A-Z0-9]{8,}",
    "a private key": r"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY-----(?:[\s\S]*?-----END (?:[A-Z0-9]+ )*PRIVATE KEY-----)?",
}
# One of these is in every text that a pattern fits; to look for them is quick.
_PARTS = (
    *("k_live_", "whsec_", "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "xox", "AKIA", "ASIA", "AGE-SECRET"),
    *("glpat-", "glptt-", "gldt-", "glrt-", "glcbt-", "glsoat-", "PRIVATE KEY", "://", "sealed:"),
)
_BEGUN = re.compile(
    r"\b(?:[sr]k_live_|whsec_|gh[pousr]_|github_pat_|gl(?:pat|ptt|dt|rt|cbt|soat)-|xox[abeoprs]-|AKIA|ASIA"
    r"|AGE-SECRET-KEY-1)[\w+/=.-]{4,}\Z"
)
_KINDS = {kind: re.compile(pattern) for kind, pattern in _SECRETS.items()}
_IN_URL = r"(?<=://)[^\s/@:]*:[^\s/@]+(?=@)"
_SEALED = r"sealed:[0-9a-f.]{8,}:[A-Za-z0-9+/]+={0,2}"
_NAMES = re.compile(
    r"GIT_BILL_(?:.*_)?(?:TOKEN|IDENTITY|KEY)|(?:.*_)?(?:TOKEN|SECRET|PASSWORD|PASSPHRASE|API_KEY|SECRET_KEY)"
)
_BANK_ACCOUNT = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{10,30}")


def masked(text: str, secrets: Collection[str]) -> str:
    """The text without secrets, without what looks like one, and with sealed values as short as opened ones.

    Of a secret that was cut (`DE0212030…`), what stands before the `…` is taken out too.
    """
    forms, pattern = _compiled(frozenset(secrets))
    if any(part in text for part in (*forms, *_PARTS)):
        text = pattern.sub(MASK, text)
    if _CUT not in text:
        return text
    *cut, rest = text.split(_CUT)
    return _CUT.join([*(_without_beginning(part, forms) for part in cut), rest])


def live_secret(text: str) -> str | None:
    """What kind of secret a text looks like; None where it is none."""
    return next((kind for kind, pattern in _KINDS.items() if pattern.search(text)), None)


def in_environment(environment: Mapping[str, str]) -> frozenset[str]:
    """Values of variables whose names say that they are secret."""
    named = (value for name, value in environment.items() if _NAMES.fullmatch(name))
    return frozenset(part for value in named for part in (value, *value.splitlines()) if len(part.strip()) >= 8)


def _without_beginning(text: str, forms: Collection[str]) -> str:
    """A text without the secret that begins at its end."""
    text = _BEGUN.sub(MASK, text)
    lengths = (n for form in forms for n in range(_SHORTEST_CUT, len(form)) if text.endswith(form[:n]))
    longest = max(lengths, default=0)
    return text[:-longest] + MASK if longest else text


@functools.lru_cache(maxsize=4)
def _compiled(secrets: frozenset[str]) -> tuple[tuple[str, ...], re.Pattern[str]]:
    """The secrets as they may be written, the longest first, and one pattern for them and all that looks like one."""
    forms = sorted({form for secret in secrets for form in _forms(secret)}, key=len, reverse=True)
    pattern = re.compile("|".join((*map(re.escape, forms), _SEALED, _IN_URL, *_SECRETS.values())))
    return tuple(forms), pattern


def _forms(secret: str) -> tuple[str, ...]:
    """A secret as it may be written: as it is, as in JSON, and an account number in groups of four."""
    if len(secret.strip()) < _SHORTEST:
        return ()
    grouped = " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
    account = (grouped, secret.replace(" ", "")) if _BANK_ACCOUNT.fullmatch(secret.replace(" ", "")) else ()
    return (secret, json.dumps(secret)[1:-1], *account)
