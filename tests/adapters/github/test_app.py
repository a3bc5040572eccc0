"""A GitHub App of the user's own."""

import pytest
from tests.testbed.apps import NUMBER
from tests.testbed.github import GitHub as Server

from git_bill.adapters.github.app import App
from git_bill.adapters.github.forge import by_app
from git_bill.effects import Done, EnsureComment, EnsurePullRequest
from git_bill.problem import Exit, Stop


@pytest.mark.testbed
def test_it_writes_by_a_token_for_one_repository_that_is_never_printed(github: Server) -> None:
    books, other = (github.repository(name, files={"README.md": "x"}) for name in ("books", "other"))
    books.hosted.app_installed = other.hosted.app_installed = True
    books.commit({"a": "1"}, branch="bill/acme")
    learned: list[str] = []
    app = App(github.api, str(NUMBER), github.app_key, learned=learned.append)
    forge = by_app(books.full_name, api=github.api, app=app)
    effect = EnsurePullRequest(branch="bill/acme", base="main", title="Draft", body="12 h")
    assert isinstance(forge.ensure_pull_request(effect), Done)
    assert isinstance(forge.ensure_comment(EnsureComment(number=1, marker="D-1", body="x")), Done)
    [comment] = forge.comments(1)
    assert (comment.account, comment.ours) == ("git-bill[bot]", True)
    assert learned == [app.token(books.full_name)]
    elsewhere = forge.elsewhere(other.full_name)
    assert elsewhere.pull_requests("bill/acme") == ()
    assert learned == [app.token(books.full_name), app.token(other.full_name)]
    assert learned[0] != learned[1]


@pytest.mark.testbed
def test_where_it_is_not_installed(github: Server) -> None:
    app = App(github.api, str(NUMBER), github.app_key)
    with pytest.raises(Stop, match="mira/none") as stopped:
        app.token("mira/none")
    assert stopped.value.exit_code is Exit.FORGE


@pytest.mark.parametrize("key", ["secret", "-----BEGIN RSA PRIVATE KEY-----\nsecret\n-----END RSA PRIVATE KEY-----"])
def test_a_key_that_is_none(key: str) -> None:
    with pytest.raises(Stop, match="GIT_BILL_APP_KEY") as stopped:
        App("http://127.0.0.1:9", "1", key)
    assert stopped.value.exit_code is Exit.SETTINGS
    assert "secret\n" not in str(stopped.value)
