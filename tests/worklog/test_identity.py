"""Who commits: addresses as compared, and programs told from people."""

import pytest

from git_bill.worklog.identity import address, addresses, is_bot


@pytest.mark.parametrize(
    ("email", "compared"),
    [
        (" Mira@Example.NET ", "mira@example.net"),
        ("12345+mira@users.noreply.github.com", "mira@users.noreply.github.com"),
        ("mira@users.noreply.github.com", "mira@users.noreply.github.com"),
        ("77-mira@users.noreply.gitlab.com", "mira@users.noreply.gitlab.com"),
        ("12345+mira@example.net", "12345+mira@example.net"),
        ("", ""),
    ],
)
def test_addresses_are_compared_without_case_and_account_number(email: str, compared: str) -> None:
    assert address(email) == compared


def test_an_address_belongs_to_the_first_who_has_it() -> None:
    people = {
        "mira": ["Mira@example.net", "1+mira@users.noreply.github.com"],
        "jo": ["jo@example.net", "MIRA@example.net"],
    }
    assert addresses(people) == {
        "mira@example.net": "mira",
        "mira@users.noreply.github.com": "mira",
        "jo@example.net": "jo",
    }


@pytest.mark.parametrize(
    ("name", "email"),
    [
        ("dependabot[bot]", "49699333+dependabot[bot]@users.noreply.github.com"),
        ("dependabot-preview[bot]", "27856297+dependabot-preview[bot]@users.noreply.github.com"),
        ("renovate[bot]", "29139614+renovate[bot]@users.noreply.github.com"),
        ("Renovate Bot", "bot@renovateapp.com"),
        ("github-actions[bot]", "41898282+github-actions[bot]@users.noreply.github.com"),
        ("GitHub Action", "action@github.com"),
        ("github-actions", "github-actions@github.com"),
        ("pre-commit-ci[bot]", "66853113+pre-commit-ci[bot]@users.noreply.github.com"),
        ("semantic-release-bot", "semantic-release-bot@martynus.net"),
        ("snyk-bot", "snyk-bot@snyk.io"),
        ("greenkeeper[bot]", "23040076+greenkeeper[bot]@users.noreply.github.com"),
        ("Hosted Weblate", "hosted@weblate.org"),
        ("Weblate", "noreply@weblate.org"),
        ("pyup-bot", "github-bot@pyup.io"),
        ("Scala Steward", "me@scala-steward.org"),
        ("ImgBotApp", "ImgBotHelp@gmail.com"),
        ("allcontributors[bot]", "46447321+allcontributors[bot]@users.noreply.github.com"),
        ("Travis CI", "builds@travis-ci.org"),
        ("acme-release-bot", "release@acme.example"),
        ("whoever", "deploy-bot@acme.example"),
        ("Jenkins", "ci@acme.example"),
    ],
)
def test_programs(name: str, email: str) -> None:
    assert is_bot(name, email)


@pytest.mark.parametrize(
    ("name", "email"),
    [
        ("Mira Kovac", "mira@example.net"),
        ("Mira Kovac", "12345+mira@users.noreply.github.com"),
        ("Jan Bot", "jan.bot@example.net"),
        ("Travis Example", "travis@example.net"),
        ("Leroy Jenkins", "jenkins@example.net"),
        ("Abbott", "abbott@example.net"),
        ("Talbot", "talbot@example.net"),
        ("", ""),
    ],
)
def test_people(name: str, email: str) -> None:
    assert not is_bot(name, email)
