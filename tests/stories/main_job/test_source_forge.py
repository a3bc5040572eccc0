"""Collecting needs neither network nor token, wherever a source was cloned from."""

from tests.stories.freelancer import Freelancer


def test_without_a_token_nobody_is_asked(mira: Freelancer) -> None:
    mira.git(mira.shop, "remote", "add", "origin", "https://github.com/acme/web-shop.git")
    nowhere = {"https_proxy": "http://127.0.0.1:9", "http_proxy": "http://127.0.0.1:9"}
    for words in (("collect",), ("collect", "--offline")):
        ran = mira.bill(*words, env=nowhere)
        assert ran.returncode == 0, ran.stderr
        assert "forge" not in ran.stdout + ran.stderr


def test_a_token_goes_to_the_server_of_the_books_alone(mira: Freelancer) -> None:
    mira.git(mira.shop, "remote", "add", "origin", "https://github.invalid/acme/web-shop.git")
    assert "forge" not in mira.bill("collect", "--json", env={"GIT_BILL_TOKEN": "tok-4f1d9a77c2"}).stdout
    mira.git(mira.books, "remote", "add", "origin", "https://github.invalid/mira/books.git")
    mira.git(mira.books, "config", "branch.main.remote", "origin")
    mira.git(mira.books, "config", "branch.main.merge", "refs/heads/main")
    ran = mira.bill("collect", "--json", env={"GIT_BILL_TOKEN": "tok-4f1d9a77c2"})
    assert ran.returncode == 0, ran.stdout
    assert "tok-4f1d9a77c2" not in ran.stdout + ran.stderr
    assert "forge-not-read" in ran.stdout
    assert mira.bill("collect", "--offline", "--json", env={"GIT_BILL_TOKEN": "tok-4f1d9a77c2"}).returncode == 0
