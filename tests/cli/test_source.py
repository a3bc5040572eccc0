"""`git bill source` and `git bill client` on real settings files."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.cli.mirasbooks import Books

Run = Callable[..., subprocess.CompletedProcess[str]]
Git = Callable[..., str]


@pytest.fixture
def books(git_bill: Run, git: Git, tmp_path: Path) -> Path:
    """Mira's private books with one client."""
    folder = tmp_path / "books"
    folder.mkdir()
    git(folder, "init", "-q", "-b", "main")
    git(folder, "config", "user.name", "Mira Kovac")
    git(folder, "config", "user.email", "mira@example.net")
    ran = git_bill("init", "--yes", "--client", "Acme GmbH", "--rate", "95", cwd=folder)
    assert ran.returncode == 0, ran.stderr
    return folder


def add(git_bill: Run, books: Path, *args: str) -> dict[str, object]:
    ran = git_bill("source", "add", "--json", *args, cwd=books)
    answer: dict[str, object] = json.loads(ran.stdout)
    assert ran.returncode == (0 if answer["ok"] else ran.returncode or 1)
    return answer


def test_books_of_their_own_are_no_source_of_themselves(books: Path) -> None:
    assert "[[sources]]" not in (books / "billing/billing.toml").read_text()


def test_add_joins_in_where_a_person_wrote(git_bill: Run, git: Git, books: Path, clone: Path) -> None:
    settings = books / "billing/billing.toml"
    text = settings.read_text().replace("[[contributors]]", "# people\n[[contributors]]")
    text += (
        '\n# web things\n[[sources]]\nkind = "git"\nurl = "git@git.example.com:acme/site"\nclient = "acme"\n\n# end\n'
    )
    settings.write_text(text)
    git(clone, "remote", "add", "origin", "https://git.example.com/acme/web-shop.git")
    answer = add(git_bill, books, str(clone), "--since", "2026-10-01", "--ticket-pattern", r"[A-Z]+-\d+")
    assert (answer["new"], answer["name"], answer["client"]) == (True, "web-shop", "acme")
    assert settings.read_text() == text.replace(
        "\n# end\n",
        '\n[[sources]]\nkind = "git"\nurl = "https://git.example.com/acme/web-shop.git"\nclient = "acme"\n'
        'project = "web-shop"\nsince = 2026-10-01\nticket_pattern = "[A-Z]+-\\\\d+"\n\n# end\n',
    )
    assert git(clone, "config", "bill.workspace") == str(books)
    assert git(books, "config", "bill.source.web-shop.path") == str(clone)


def test_twice_is_once_whatever_form_the_address_has(git_bill: Run, git: Git, books: Path, clone: Path) -> None:
    add(git_bill, books, "https://git.example.com/acme/web-shop.git")
    before = (books / "billing/billing.toml").read_text()
    git(clone, "remote", "add", "origin", "git@git.example.com:acme/web-shop")
    answer = add(git_bill, books, str(clone))
    assert answer["new"] is False
    assert answer["path"] == str(clone)
    assert (books / "billing/billing.toml").read_text() == before
    assert add(git_bill, books, "ssh://git@git.example.com/acme/web-shop/")["new"] is False


def test_a_clone_without_remote_is_known_by_its_folder(git_bill: Run, git: Git, books: Path, tmp_path: Path) -> None:
    for parent in ("acme", "globex"):
        (tmp_path / parent / "api").mkdir(parents=True)
        git(tmp_path / parent / "api", "init", "-q")
        add(git_bill, books, str(tmp_path / parent / "api"))
    listed = json.loads(git_bill("source", "list", "--json", cwd=books).stdout)["sources"]
    assert [(s["name"], s["url"], s["path"]) for s in listed] == [
        ("api", "api", str(tmp_path / "acme" / "api")),
        ("api-2", "globex/api", str(tmp_path / "globex" / "api")),
    ]
    assert str(tmp_path) not in (books / "billing/billing.toml").read_text()
    for parent in ("acme", "globex"):
        assert add(git_bill, books, str(tmp_path / parent / "api"))["new"] is False


def test_a_password_never_reaches_the_settings(git_bill: Run, books: Path) -> None:
    add(git_bill, books, "https://mira:token123@git.example.com/acme/web-shop.git")
    text = (books / "billing/billing.toml").read_text()
    assert 'url = "https://git.example.com/acme/web-shop.git"' in text


def test_an_address_given_in_its_clone_finds_it(git_bill: Run, git: Git, books: Path, clone: Path) -> None:
    git(clone, "config", "bill.workspace", str(books))
    git(clone, "remote", "add", "origin", "https://git.example.com/acme/web-shop.git")
    ran = git_bill("source", "add", "https://git.example.com/acme/web-shop", "--json", cwd=clone)
    assert json.loads(ran.stdout)["path"] == str(clone)


def test_what_is_stated_stays(git_bill: Run, books: Path) -> None:
    add(git_bill, books, "https://git.example.com/acme/web-shop.git", "--since", "2026-10-01")
    answer = add(git_bill, books, "https://git.example.com/acme/web-shop.git", "--since", "2026-01-01")
    assert answer["since"] == "2026-10-01"
    assert answer["problems"] == [
        {
            "rule": "kept",
            "severity": "warning",
            "message": "sources.since stays 2026-10-01; 2026-01-01 was not written",
            "hint": "change it there by hand if you mean it; issued invoices never change",
            "file": "billing/billing.toml",
            "line": 21,
        }
    ]


def test_an_unknown_client_is_told_the_nearest(git_bill: Run, books: Path) -> None:
    ran = git_bill("source", "add", ".", "--client", "amce", cwd=books)
    assert ran.returncode == 1
    assert ran.stderr == ("error: there is no client 'amce' (known: acme) [unknown-client]\n  did you mean acme?\n")


def test_which_of_two_clients_must_be_said(git_bill: Run, books: Path) -> None:
    git_bill("client", "add", "Globex Ltd", cwd=books)
    ran = git_bill("source", "add", ".", cwd=books)
    assert ran.returncode == 2
    assert "whose work is it? Say --client with one of acme, globex" in ran.stderr


@pytest.mark.parametrize(("where", "rule"), [("nowhere", "no-repository"), ("..", "not-a-repository")])
def test_what_is_no_repository_is_told(git_bill: Run, books: Path, where: str, rule: str) -> None:
    ran = git_bill("source", "add", where, cwd=books)
    assert ran.returncode == 4
    assert f"[{rule}]" in ran.stderr


def test_settings_that_can_not_be_added_to_say_what_to_write(git_bill: Run, books: Path) -> None:
    settings = books / "billing/billing.toml"
    text = settings.read_text().replace(
        "schema = 1\n",
        'schema = 1\nsources = [{ kind = "git", url = "https://git.example.com/a/b", client = "acme" }]\n',
    )
    settings.write_text(text)
    ran = git_bill("source", "add", "https://git.example.com/acme/web-shop", "--since", "2026-10-01", cwd=books)
    assert ran.returncode == 3
    assert ran.stderr == (
        "billing/billing.toml: error: this file is laid out in a way that nothing can be added to it [unamendable]\n"
        "  add these lines by hand:\n"
        "  [[sources]]\n"
        '  kind = "git"\n'
        '  url = "https://git.example.com/acme/web-shop"\n'
        '  client = "acme"\n'
        '  project = "web-shop"\n'
        "  since = 2026-10-01\n"
    )
    assert settings.read_text() == text


def test_dry_run_of_a_source(git_bill: Run, books: Path, clone: Path, git: Git) -> None:
    before = (books / "billing/billing.toml").read_text()
    ran = git_bill("source", "add", str(clone), "--dry-run", cwd=books)
    assert ran.stdout == (
        "Would add the source web-shop:\n"
        "  write billing/billing.toml\n"
        f"Then git's configuration says that it lies in {clone}\n"
        "Nothing was done.\n"
    )
    assert (books / "billing/billing.toml").read_text() == before
    assert "bill" not in git(clone, "config", "--list", "--local").replace("billing", "")


def test_clients_are_added_and_listed(git_bill: Run, books: Path) -> None:
    ran = git_bill(
        *("client", "add", "Glöbex Ltd.", "--country", "gb", "--rate", "100 GBP", "--payment-terms", "14"), cwd=books
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    assert (books / "billing/clients/globex.toml").read_text() == (
        'schema = 1\n\n[client]\nname = "Glöbex Ltd."\ncountry = "GB"\nlanguage = "en-GB"\n\n'
        '[[contracts]]\nid = "globex-2026"\nfrom = 2026-01-01\ncurrency = "GBP"\npayment_terms = "14 days"\n\n'
        '[[contracts.rates]]\nhourly = "100.00 GBP"\n'
    )
    assert git_bill("client", cwd=books).stdout.splitlines() == [
        "id      name         country  contract       per hour",
        "acme    Acme GmbH    DE       acme-2026     95.00 EUR",
        "globex  Glöbex Ltd.  GB       globex-2026  100.00 GBP",
    ]


def test_a_client_added_again_gains_what_is_new(git_bill: Run, books: Path) -> None:
    file = books / "billing/clients/acme.toml"
    file.write_text(file.read_text().replace("[client]", "[client]\n# our oldest"))
    ran = git_bill("client", "add", "Acme GmbH", "--vat-id", "DE 129 274 202", "--rate", "95", cwd=books)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "[client]\n# our oldest\nname" in file.read_text()
    assert 'language = "de"\nvat_id = "DE129274202"\n' in file.read_text()
    again = json.loads(git_bill("client", "add", "Acme GmbH", "--vat-id", "DE129274202", "--json", cwd=books).stdout)
    assert (again["new"], again["written"]) == (False, [])


def test_two_clients_never_become_one(git_bill: Run, books: Path) -> None:
    ran = git_bill("client", "add", "Acme AG", "--rate", "120", cwd=books)
    assert ran.returncode == 2
    assert ran.stderr == (
        "billing/clients/acme.toml: error: the id acme belongs to Acme GmbH [client-exists]\n"
        '  add Acme AG with an id of its own: git bill client add "Acme AG" --id acme-2\n'
    )
    assert git_bill("client", "add", "Acme AG", "--id", "acme-2", cwd=books).returncode == 0
    assert git_bill("client", "add", "Acme AG", "--id", "../acme", cwd=books).returncode == 2


def test_a_wrong_vat_id_is_told_and_not_written(git_bill: Run, books: Path) -> None:
    ran = git_bill("client", "add", "Acme GmbH", "--vat-id", "DE123", cwd=books)
    assert ran.returncode == 2
    assert ran.stderr.startswith("error: client.vat_id: 'DE123' is not a valid VAT id [wrong-value]\n")
    assert "DE123" not in (books / "billing/clients/acme.toml").read_text()


def test_no_clients_and_no_sources_say_how_to_add_one(git_bill: Run, clone: Path) -> None:
    git_bill("init", "--yes", "--here", cwd=clone)
    assert "git bill source add PATH --client ID" in git_bill("source", cwd=clone).stdout
    assert "git bill client add" in git_bill("client", cwd=clone).stdout


ROUTES = """
[[sources.routes]]
match = { path = "globex/" }
client = "globex"

[[sources.routes]]
match = { branch = "hobby/*" }
client = "internal"

[[sources.routes]]
match = { ticket = "GLX-*" }
client = "globex"
"""


def test_routes_split_one_repository_among_clients(mira: Books, git: Git) -> None:
    settings = mira.top / "billing/billing.toml"
    settings.write_text(settings.read_text().rstrip() + "\n" + ROUTES)
    (mira.top / "globex").mkdir()

    def commit(day: int, subject: str, file: str) -> None:
        (mira.top / file).write_text(subject)
        git(mira.top, "add", file)
        git(mira.top, "commit", "-q", "-m", subject, at=f"2026-10-{day}T10:00:00+02:00")

    commit(12, "Their page", "globex/page.html")
    commit(13, "GLX-4 Their part of the shop", "shop.txt")
    commit(14, "Our part", "shop.txt")
    git(mira.top, "checkout", "-q", "-b", "hobby/game")
    commit(15, "A game", "game.txt")
    mira.bill("collect")
    whose = {entry["text"]: entry["client"] for entry in mira.entries("--period", "2026-10-12..2026-10-15")}
    assert whose == {
        "Their page": "globex",
        "GLX-4 Their part of the shop": "globex",
        "Our part": "acme",
        "A game": "internal",
    }
    mira.bill("confirm", "--yes")
    assert {draft["client"] for draft in mira.json("draft", "--period", "2026-10")["drafts"]} == {"acme", "globex"}
