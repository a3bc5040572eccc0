"""Who a commit's author line speaks of: a contributor with several addresses, or a bot."""

import functools
import re
from collections.abc import Iterable, Mapping

# A forge's placeholder address: `12345+mira@users.noreply.github.com`, `12345-mira@users.noreply.gitlab.com`.
_PLACEHOLDER = re.compile(r"\d+[+-](?P<rest>[^@]+@users\.noreply\..+)")

# Accounts that commit on their own. Surnames are left alone: neither Jan Bot nor travis@example.net is a program.
_PRODUCTS = r"""
    .*\[bot\] | .+[-_]bot | dependabot.* | renovate.* | greenkeeper.* | snyk[-_ ].* | depfu | pyup.*
    | scala[- ]steward.* | pre-commit-ci.* | semantic-release.* | release-please.* | release-drafter.*
    | changesets?[-_]release.* | weblate | hosted[ ]weblate | crowdin.* | transifex.* | imgbot.*
    | allcontributors.* | mergify.* | codecov.*
    | (?:github|gitlab|gitea|forgejo)[-_ ]actions?.* | actions[-_]user | (?:travis|gitlab|drone|woodpecker)[-_ ]ci
    | circleci | azure[-_ ]pipelines | buildkite.* | netlify.* | bors | homu
"""
_BOT_NAME = re.compile(
    _PRODUCTS + r"| bot | jenkins | .+[ ]bot[ ]\(.*\) | \w+[ ](?:ci|release|deploy)[ ]bot", re.VERBOSE | re.IGNORECASE
)
_BOT_ADDRESS = re.compile(_PRODUCTS, re.VERBOSE | re.IGNORECASE)
_FORGES = frozenset({"noreply@github.com", "noreply@gitlab.com", "noreply@codeberg.org"})  # commit for whoever clicks


@functools.lru_cache(maxsize=4096)
def address(email: str) -> str:
    """An e-mail as it is compared: lower case, a forge's placeholder address without the account's number."""
    lower = email.strip().lower()
    placeholder = _PLACEHOLDER.fullmatch(lower)
    return placeholder["rest"] if placeholder else lower


def addresses(people: Mapping[str, Iterable[str]]) -> dict[str, str]:
    """Contributor id → e-mails, turned round: address as compared → id. An address belongs to the first who has it."""
    owners: dict[str, str] = {}
    for person, emails in people.items():
        for email in emails:
            owners.setdefault(address(email), person)
    return owners


@functools.lru_cache(maxsize=4096)
def is_bot(name: str, email: str) -> bool:
    """Whether an author is a program: by its name, or by the part of its address before the @."""
    told = address(email)
    account = told.partition("@")[0]
    return bool(told in _FORGES or _BOT_NAME.fullmatch(name.strip()) or _BOT_ADDRESS.fullmatch(account))
