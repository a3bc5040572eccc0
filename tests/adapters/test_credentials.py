"""Whose token is shown to which server: never one to another host."""

from collections.abc import Mapping

import pytest

from git_bill.adapters.credentials import AppKey, Kind, Token, api_for, find
from git_bill.problem import Exit, Stop

ACTIONS = {
    "GITHUB_ACTIONS": "true",
    "GITHUB_SERVER_URL": "https://github.com",
    "GITHUB_API_URL": "https://api.github.com",
    "GITHUB_TOKEN": "ghs_job",
}
PIPELINE = {
    "GITLAB_CI": "true",
    "CI_SERVER_URL": "https://git.acme.example:8443",
    "CI_API_V4_URL": "https://git.acme.example:8443/api/v4",
    "CI_JOB_TOKEN": "glcbt-job",
}


@pytest.mark.parametrize(
    ("environment", "kind", "host", "secret", "user"),
    [
        ({}, "github", "github.com", None, None),
        (ACTIONS, "github", "github.com", "ghs_job", "x-access-token"),
        (ACTIONS, "github", "github.acme.example", None, None),
        (ACTIONS, "gitlab", "gitlab.com", None, None),
        (ACTIONS | {"GITHUB_ACTIONS": ""}, "github", "github.com", None, None),
        (ACTIONS | {"GIT_BILL_TOKEN": "own"}, "github", "github.com", "own", "x-access-token"),
        ({"GIT_BILL_TOKEN": "own"}, "gitlab", "git.acme.example", "own", "oauth2"),
        ({"GH_TOKEN": "gho_x"}, "github", "github.com", "gho_x", "x-access-token"),
        ({"GH_TOKEN": "gho_x"}, "github", "github.acme.example", None, None),
        (
            {"GH_TOKEN": "gho_x", "GH_HOST": "github.acme.example"},
            "github",
            "github.acme.example",
            "gho_x",
            "x-access-token",
        ),
        ({"GH_TOKEN": "gho_x", "GH_HOST": "github.acme.example"}, "github", "github.com", None, None),
        (PIPELINE, "gitlab", "git.acme.example:8443", "glcbt-job", "gitlab-ci-token"),
        (PIPELINE, "gitlab", "git.acme.example", None, None),
        (PIPELINE, "gitlab", "gitlab.com", None, None),
        (PIPELINE | {"GITLAB_TOKEN": "glpat-x"}, "gitlab", "git.acme.example:8443", "glpat-x", "oauth2"),
        ({"GITLAB_TOKEN": "glpat-x"}, "gitlab", "gitlab.com", "glpat-x", "oauth2"),
        ({"GITLAB_TOKEN": "glpat-x"}, "gitlab", "git.acme.example", None, None),
    ],
)
def test_who_is_shown_what(
    environment: Mapping[str, str], kind: Kind, host: str, secret: str | None, user: str | None
) -> None:
    found = find(environment, kind, host)
    assert found is None if secret is None else isinstance(found, Token)
    assert (getattr(found, "secret", None), getattr(found, "user", None)) == (secret, user)


def test_git_s_helpers_are_asked_last_and_only_for_the_api() -> None:
    found = find({}, "github", "github.com", lambda: "gho_helper")
    assert found == Token(secret="gho_helper", host="github.com", user="x-access-token", transport=False)
    assert find(ACTIONS, "github", "github.com", lambda: pytest.fail("asked")) is not None


def test_a_person_s_token_of_another_program_is_not_for_git() -> None:
    for environment, transport in (({"GH_TOKEN": "x"}, False), (ACTIONS, True), ({"GIT_BILL_TOKEN": "x"}, True)):
        found = find(environment, "github", "github.com")
        assert isinstance(found, Token)
        assert found.transport is transport


def test_a_job_s_token_is_known_as_one() -> None:
    for secret, job in (("ghs_job", True), ("ghp_mira", False)):
        found = find(ACTIONS | {"GITHUB_TOKEN": secret}, "github", "github.com")
        assert isinstance(found, Token)
        assert found.job is job


def test_an_app() -> None:
    app = {"GIT_BILL_APP_ID": "12", "GIT_BILL_APP_KEY": "pem"}
    assert find(ACTIONS | app, "github", "github.com") == AppKey(number="12", secret="pem", host="github.com")
    assert find(app, "gitlab", "gitlab.com") is None
    assert "pem" not in repr(find(app, "github", "github.com"))
    assert "ghs_job" not in repr(find(ACTIONS, "github", "github.com"))


@pytest.mark.parametrize(
    ("environment", "kind", "scheme", "host", "said", "api"),
    [
        ({}, "github", "https", "github.com", None, "https://api.github.com"),
        ({}, "github", "https", "ghe.acme.example", None, "https://ghe.acme.example/api/v3"),
        ({}, "github", "https", "acme.ghe.com", "https://api.acme.ghe.com", "https://api.acme.ghe.com"),
        (
            {},
            "github",
            "https",
            "ghe.acme.example",
            "https://GHE.acme.example/api/v3",
            "https://GHE.acme.example/api/v3",
        ),
        ({}, "github", "http", "127.0.0.1:4001", None, "http://127.0.0.1:4001/api/v3"),
        (ACTIONS, "github", "https", "github.com", None, "https://api.github.com"),
        ({}, "gitlab", "https", "gitlab.com", None, "https://gitlab.com"),
        ({}, "gitlab", "https", "gitlab.com", "https://gitlab.com:443", "https://gitlab.com:443"),
        (PIPELINE, "gitlab", "https", "git.acme.example:8443", None, "https://git.acme.example:8443/api/v4"),
        (
            ACTIONS | {"GITHUB_SERVER_URL": "https://a.example", "GITHUB_API_URL": "https://b.example/v3"},
            "github",
            "https",
            "a.example",
            None,
            "https://b.example/v3",
        ),
    ],
)
def test_where_the_api_is(  # noqa: PLR0917
    environment: Mapping[str, str], kind: Kind, scheme: str, host: str, said: str | None, api: str
) -> None:
    assert api_for(environment, kind, scheme, host, said) == api


@pytest.mark.parametrize(
    ("host", "said", "rule"),
    [
        ("github.com", "https://evil.example/api/v3", "foreign-api"),
        ("github.com", "https://github.com.evil.example", "foreign-api"),
        ("github.com", "https://github.com@evil.example", "bad-api"),
        ("github.com", "https://github.com:8443/api", "foreign-api"),
        ("github.com", "https://api.github.com:8443", "foreign-api"),
        ("github.com", "not an address", "bad-api"),
        ("github.com", "github.com", "bad-api"),
        ("github.com", "https://[", "bad-api"),
        ("github.com", "https://evil.example\\@github.com", "bad-api"),  # Python and its libraries differ in the host
        ("github.com", "https://evil.example@github.com", "bad-api"),
        ("github.com", "https://github.com?@evil.example/", "bad-api"),
        ("github.com", "https://github.com\t.evil.example", "bad-api"),
        ("ghe.acme.example", "http://ghe.acme.example/api/v3", "clear-api"),
        ("github.com", "ftp://github.com", "bad-api"),
    ],
)
def test_a_file_can_t_send_the_token_elsewhere(host: str, said: str, rule: str) -> None:
    with pytest.raises(Stop) as stopped:
        api_for(ACTIONS, "github", "https", host, said)
    assert stopped.value.exit_code is Exit.SETTINGS
    assert stopped.value.problems[0].rule == rule


def test_a_token_may_end_with_a_line_and_hold_none() -> None:
    found = find({"GIT_BILL_TOKEN": " ghp_x\r\n"}, "github", "github.com")
    assert isinstance(found, Token)
    assert found.secret == "ghp_x"
    assert find({"GIT_BILL_TOKEN": "\n"}, "github", "github.com") is None
    for wrong in ("ghp_x\nX-Other: y", "ghp x", "ghp_€", "ghp\x00x"):
        with pytest.raises(Stop, match="GIT_BILL_TOKEN is no token") as stopped:
            find({"GIT_BILL_TOKEN": wrong}, "github", "github.com")
        assert wrong not in f"{stopped.value} {stopped.value.problems}"
