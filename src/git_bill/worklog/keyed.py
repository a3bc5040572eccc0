"""Keyed evidence: commits that the books do not name (`evidence = "keyed"`), as who reads the books must not see them.

Ids are HMAC-SHA256 under a key that stays with the issuer: who has it tells which commit is meant, and every machine
that has it comes to the same ids; to anybody else they say nothing, whatever they guess.
"""

import hmac
import re
from collections.abc import Iterable
from dataclasses import replace

from git_bill.worklog import proof
from git_bill.worklog.activity import activity_of
from git_bill.worklog.entry import Activity
from git_bill.worklog.evidence import Evidence
from git_bill.worklog.measured import MEASURED
from git_bill.worklog.point import BY_GIT

VARIABLE = "GIT_BILL_EVIDENCE_KEY"  # of the environment: the key, in place of a file
_BETWEEN = r"(?<![0-9a-z]){}(?![0-9a-z])"
_PLAIN = re.compile(_BETWEEN.format("(?:[0-9a-f]{64}|[0-9a-f]{40})"))
_KEYED = re.compile(_BETWEEN.format("k[0-9a-f]{40}([0-9a-f]{8})"))


class EvidenceKey:
    """The issuer's key: 32 secret bytes."""

    __slots__ = ("_secret", "fingerprint", "lines")

    def __init__(self, secret: bytes) -> None:
        self._secret = secret
        self.lines = bytes.fromhex(self._digest("lines", ""))  # the secret that changed lines are hashed under
        self.fingerprint = self._digest("key", "")[:8]  # stands at the end of every id: which key it was made with

    def commit(self, commit: str) -> str:
        """A commit's keyed id: `k`, 40 hexadecimal digits, and the key's fingerprint."""
        return f"k{self._digest('commit', commit)[:40]}{self.fingerprint}"

    def ids(self, text: str) -> str:
        """A text with every commit id in it keyed."""
        return _PLAIN.sub(lambda found: self.commit(found[0]), text)

    def patch(self, patch: str | None) -> str | None:
        """A patch id, keyed in another way than a commit's."""
        if not patch or _KEYED.fullmatch(patch):
            return patch
        return f"k{self._digest('patch', patch)[:40]}{self.fingerprint}"

    def keyed(self, record: Evidence) -> Evidence:
        """A record as it may be kept: times, minutes, sizes, people, tickets and activity stay; texts and names go."""
        return replace(
            record,
            key=self._key(record),
            text=_text(record),
            activity=record.activity or (_activity(record.text) if record.kind == "commit" else None),
            branch=None,
            patch=self.patch(record.patch),
            sketch=record.sketch if _KEYED.match(record.key) else "",  # of a plain record it has other hashes
            covers=tuple(map(self.ids, record.covers)),
            partly=tuple(map(self.ids, record.partly)),
            commit=record.commit and self.ids(record.commit),
            labels=(),
            milestone=None,
        )

    def _key(self, record: Evidence) -> str:
        """What a forge says is digested in its key: that would confirm a guess, so the digest is keyed too.

        A booking's is of what stays in clear. It is left as it is, for the next look compares it.
        """
        name, at, digest = record.key.partition("@")
        if digest and record.kind not in MEASURED and not digest.startswith("k"):
            digest = f"k{self._digest('said', digest)[:11]}"
        return f"{self.ids(name)}{at}{digest}"

    def _digest(self, what: str, text: str) -> str:
        return hmac.digest(self._secret, f"{what}\n{text}".encode(), "sha256").hex()


def fingerprints(evidence: Iterable[Evidence]) -> frozenset[str]:
    """Of the keys that records were made with; none where all are plain."""
    texts = (text for record in evidence for text in (record.key, *record.covers, *record.partly))
    return frozenset(found[1] for text in texts for found in _KEYED.finditer(text))


def named_as(text: str, names: dict[str, str]) -> str:
    """A text with the `names` of keyed ids: what was on file before the source was keyed keeps its name."""
    return names.get(text) or _KEYED.sub(lambda found: names.get(found[0], found[0]), text)


def _text(record: Evidence) -> str:
    if record.kind == proof.KIND:  # a public key's fingerprint
        return record.text
    if record.kind == "commit":  # what git changed by itself is no work: that must still be told
        return next((f'{begin}…"' for begin in BY_GIT if record.text.startswith(begin)), "")
    return ""


def _activity(subject: str) -> Activity | None:
    found = activity_of(subject)
    return None if found == "development" else found
