"""`git bill init` in real repositories."""

import json
import os
import pty
import select
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., subprocess.CompletedProcess[str]]
Git = Callable[..., str]

AGREED = (
    *("init", "--yes", "--here", "--issuer", "Mira Kovac", "--email", "mira@example.net", "--country", "DE"),
    *("--vat-id", "DE136695976", "--iban", "DE02120300000000202051", "--client", "Acme GmbH"),
    *("--client-country", "DE", "--client-vat-id", "DE129274202", "--rate", "95.00 EUR"),
)


def commit(git: Git, repository: Path, day: str, who: str = "Mira Kovac <mira@example.net>") -> None:
    """A commit of that day."""
    git(
        repository,
        *(
            "-c",
            "user.name=Any",
            "-c",
            "user.email=any@example.net",
            "commit",
            "-q",
            "--allow-empty",
            "-m",
            f"WEB-1 work of {day}",
            "--author",
            who,
        ),
        at=f"{day}T09:00:00+02:00",
    )


def files(folder: Path) -> dict[str, bytes]:
    return {
        str(p.relative_to(folder)): p.read_bytes()
        for p in sorted(folder.rglob("*"))
        if p.is_file() and ".git" not in p.relative_to(folder).parts
    }


def test_the_agreed_command_writes_a_working_set_up(git_bill: Run, git: Git, clone: Path) -> None:
    commit(git, clone, "2026-10-05")
    ran = git_bill(*AGREED, cwd=clone)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert (clone / "billing/billing.toml").read_text() == (
        'schema = 1\n\n[issuer]\nname = "Mira Kovac"\ncountry = "DE"\ntimezone = "Europe/Berlin"\n'
        'email = "mira@example.net"\nvat_id = "DE136695976"\n\n[issuer.bank]\niban = "DE02120300000000202051"\n\n'
        '[[contributors]]\nid = "mira"\nname = "Mira Kovac"\nemails = ["mira@example.net"]\n'
        'timezone = "Europe/Berlin"\nroles = ["owner"]\n\n'
        '[[sources]]\nkind = "git"\nurl = "."\nclient = "acme"\nproject = "web-shop"\nsince = 2026-10-01\n'
    )
    assert (clone / "billing/clients/acme.toml").read_text() == (
        'schema = 1\n\n[client]\nname = "Acme GmbH"\ncountry = "DE"\nvat_id = "DE129274202"\nlanguage = "de"\n\n'
        '[[contracts]]\nid = "acme-2026"\nfrom = 2026-01-01\ncurrency = "EUR"\n\n'
        '[[contracts.rates]]\nhourly = "95.00 EUR"\n'
    )
    assert git(clone, "log", "--format=%s") == "WEB-1 work of 2026-10-05", "init never commits"
    assert git_bill("whoami", "--json", cwd=clone).returncode == 0


def test_git_keeps_line_ends_and_refuses_to_merge_manifests(git_bill: Run, git: Git, clone: Path) -> None:
    git_bill(*AGREED, cwd=clone)
    paths = ("billing/billing.toml", "billing/invoices/2026/X/invoice.toml", "billing/manifest/acme/2026-10.toml")
    asked = git(clone, "check-attr", "text", "eol", "merge", "--", *paths)
    assert asked.splitlines() == [
        "billing/billing.toml: text: set",
        "billing/billing.toml: eol: lf",
        "billing/billing.toml: merge: unspecified",
        "billing/invoices/2026/X/invoice.toml: text: unset",
        "billing/invoices/2026/X/invoice.toml: eol: lf",
        "billing/invoices/2026/X/invoice.toml: merge: unspecified",
        "billing/manifest/acme/2026-10.toml: text: set",
        "billing/manifest/acme/2026-10.toml: eol: lf",
        "billing/manifest/acme/2026-10.toml: merge: binary",
    ]


def test_twice_is_once(git_bill: Run, clone: Path) -> None:
    git_bill(*AGREED, cwd=clone)
    before = files(clone)
    ran = git_bill(*AGREED, "--json", cwd=clone)
    assert json.loads(ran.stdout)["written"] == []
    assert json.loads(ran.stdout)["new"] is False
    assert files(clone) == before


def test_existing_attributes_are_kept(git_bill: Run, clone: Path) -> None:
    (clone / ".gitattributes").write_bytes(b"*.png binary")
    git_bill(*AGREED, cwd=clone)
    git_bill(*AGREED, cwd=clone)
    assert (clone / ".gitattributes").read_text() == (
        "*.png binary\nbilling/** text eol=lf\nbilling/invoices/** -text\nbilling/manifest/** merge=binary\n"
        "billing/**/*.png -text\nbilling/**/*.jp*g -text\n"
    )


def test_a_second_time_adds_what_is_new_and_overwrites_nothing(git_bill: Run, clone: Path) -> None:
    git_bill(*AGREED, cwd=clone)
    settings = clone / "billing/billing.toml"
    settings.write_text("# by hand\n" + settings.read_text().replace("[issuer]", "[issuer]  # me"))
    ran = git_bill(
        *("init", "--yes", "--here", "--issuer", "Other", "--bic", "BYLADEM1001", "--client", "Acme GmbH"),
        *("--client-city", "Berlin", "--rate", "120 EUR"),
        cwd=clone,
    )
    assert ran.returncode == 0
    text = settings.read_text()
    assert text.startswith("# by hand\nschema = 1\n\n[issuer]  # me\n")
    assert 'iban = "DE02120300000000202051"\nbic = "BYLADEM1001"\n' in text
    client = (clone / "billing/clients/acme.toml").read_text()
    assert 'city = "Berlin"' in client
    assert 'hourly = "95.00 EUR"' in client
    assert ran.stderr == (
        "billing/billing.toml:5: warning: issuer.name stays Mira Kovac; Other was not written [kept]\n"
        "  change it there by hand if you mean it; issued invoices never change\n"
        "billing/clients/acme.toml:15: warning: contracts.rates.hourly stays 95.00 EUR; 120.00 EUR was not written "
        "[kept]\n"
        "  change it there by hand if you mean it; issued invoices never change\n"
    )


def test_every_option_is_optional(git_bill: Run, clone: Path) -> None:
    answer = json.loads(git_bill("init", "--yes", "--here", "--json", cwd=clone).stdout)
    assert answer["ok"] is True
    assert answer["issuer"] == {"name": "Mira Kovac", "country": "DE", "timezone": "Europe/Berlin"}
    assert answer["client"] is None
    assert answer["source"] is None


def test_the_series_goes_on_after_the_last_number(git_bill: Run, clone: Path) -> None:
    git_bill("init", "--yes", "--here", "--last-number", "RE-2026-031", cwd=clone)
    assert (
        '[numbering]\ninvoice = "RE-{year}-{seq:03}"\nlast = "RE-2026-031"\n'
        in (clone / "billing/billing.toml").read_text()
    )


@pytest.mark.parametrize(
    ("days", "since"),
    [
        (["2026-10-20"], "2026-10-01"),
        (["2026-09-08", "2026-10-20"], "2026-09-08"),
        (["2024-02-01", "2026-09-08", "2026-10-20"], "2026-10-01"),
    ],
)
def test_a_decade_of_old_work_is_history(git_bill: Run, git: Git, clone: Path, days: list[str], since: str) -> None:
    for day in days:
        commit(git, clone, day)
    answer = json.loads(git_bill(*AGREED, "--json", cwd=clone).stdout)
    assert answer["source"]["since"] == since


def test_a_first_day_without_a_source_is_kept_nowhere_and_said(git_bill: Run, tmp_path: Path, clone: Path) -> None:
    books = tmp_path / "apart"
    ran = git_bill(*AGREED, "--books", str(books), "--since", "2026-10-01", "--json", cwd=tmp_path)
    [warning] = [each for each in json.loads(ran.stdout)["problems"] if each["rule"] == "since-unkept"]
    assert warning["hint"].endswith("git bill source add PATH --client acme --since 2026-10-01")
    kept = git_bill(*AGREED, "--since", "2026-10-01", "--json", cwd=clone)
    assert [each for each in json.loads(kept.stdout)["problems"] if each["rule"] == "since-unkept"] == []


def test_addresses_of_the_same_name_belong_to_the_contributor(git_bill: Run, git: Git, clone: Path) -> None:
    commit(git, clone, "2026-10-05", "Mira Kovac <mira@users.noreply.example.com>")
    commit(git, clone, "2026-10-06", "Bob <bob@example.org>")
    answer = json.loads(git_bill(*AGREED, "--json", cwd=clone).stdout)
    emails = ["mira@example.net", "mira@users.noreply.example.com"]
    assert answer["contributors"] == [{"id": "mira", "emails": emails}]


def test_a_shared_repository_gets_private_books_beside_it(git_bill: Run, git: Git, clone: Path, tmp_path: Path) -> None:
    commit(git, clone, "2026-10-05", "Bob <bob@example.org>")
    git(clone, "remote", "add", "origin", "https://mira:secret@git.example.com/acme/web-shop.git")
    before = files(clone)
    ran = git_bill("init", "--yes", "--client", "Acme GmbH", "--rate", "95", cwd=clone)
    assert (ran.returncode, ran.stderr) == (0, "")
    books = tmp_path / "books"
    assert files(clone) == before, "nothing is written into the shared repository"
    text = (books / "billing/billing.toml").read_text()
    assert 'url = "https://git.example.com/acme/web-shop.git"' in text
    assert "secret" not in text
    assert str(tmp_path) not in text
    assert git(clone, "config", "bill.workspace") == str(books)
    assert git(books, "config", "bill.source.web-shop.path") == str(clone)
    assert git(books, "for-each-ref") == "", "nothing is committed"
    assert json.loads(git_bill("whoami", "--json", cwd=clone).stdout)["workspace"] == str(books)
    again = json.loads(git_bill("init", "--yes", "--client", "Acme GmbH", "--rate", "95", "--json", cwd=clone).stdout)
    assert (again["workspace"], again["written"]) == (str(books), [])


def test_private_books_take_a_second_clone(git_bill: Run, git: Git, clone: Path, tmp_path: Path) -> None:
    commit(git, clone, "2026-10-05", "Bob <bob@example.org>")
    git_bill("init", "--yes", "--client", "Acme GmbH", cwd=clone)
    second = tmp_path / "api"
    git(tmp_path, "init", "-q", "api")
    git(second, "config", "user.name", "Mira Kovac")
    git(second, "config", "user.email", "mira@example.net")
    commit(git, second, "2026-10-05", "Eve <eve@example.org>")
    answer = json.loads(git_bill("init", "--yes", "--client", "Globex Ltd", "--json", cwd=second).stdout)
    assert answer["workspace"] == str(tmp_path / "books")
    assert answer["source"]["name"] == "api"
    listed = json.loads(git_bill("source", "--json", cwd=second).stdout)["sources"]
    assert [(s["name"], s["client"], s["path"]) for s in listed] == [
        ("web-shop", "acme", str(clone)),
        ("api", "globex", str(second)),
    ]


def test_here_in_a_shared_repository_warns_plainly(git_bill: Run, git: Git, clone: Path) -> None:
    commit(git, clone, "2026-10-05", "Bob <bob@example.org>")
    ran = git_bill(*AGREED, cwd=clone)
    assert ran.returncode == 0
    assert ran.stderr == (
        "warning: Bob can read this repository: rates, bank data and every invoice in it [shared-repository]\n"
        "  to keep them private, remove billing/ and run: git bill init --books ../books\n"
    )


def test_bots_and_local_remotes_make_no_repository_shared(git_bill: Run, git: Git, clone: Path, tmp_path: Path) -> None:
    commit(git, clone, "2026-10-05", "renovate[bot] <29139614+renovate[bot]@users.noreply.example.com>")
    git(tmp_path, "init", "-q", "--bare", "server.git")
    git(clone, "remote", "add", "origin", str(tmp_path / "server.git"))
    answer = json.loads(git_bill("init", "--yes", "--client", "Acme GmbH", "--json", cwd=clone).stdout)
    assert answer["workspace"] == str(clone)
    assert '[books]\nremote = "origin"\n' in (clone / "billing/billing.toml").read_text()


def test_something_else_beside_is_not_taken_for_books(git_bill: Run, git: Git, clone: Path, tmp_path: Path) -> None:
    commit(git, clone, "2026-10-05", "Bob <bob@example.org>")
    (tmp_path / "books").mkdir()
    (tmp_path / "books" / "dune.epub").write_text("")
    ran = git_bill("init", "--yes", cwd=clone)
    assert ran.returncode == 2
    assert "say where the books are to be: git bill init --books ~/books, or --here" in ran.stderr
    assert not (tmp_path / "books" / ".git").exists()


def test_a_plain_folder_becomes_a_repository(git_bill: Run, tmp_path: Path) -> None:
    folder = tmp_path / "new"
    folder.mkdir()
    ran = git_bill("init", "--yes", "--issuer", "Mira Kovac", "--email", "mira@example.net", cwd=folder)
    assert ran.returncode == 0
    assert (folder / ".git").is_dir()
    assert (folder / "billing/billing.toml").is_file()


def test_dry_run_writes_nothing(git_bill: Run, git: Git, clone: Path, tmp_path: Path) -> None:
    ran = git_bill(*AGREED, "--dry-run", cwd=clone)
    assert ran.returncode == 0
    assert ran.stdout == (
        "Would set up the books:\n"
        "  write billing/billing.toml\n"
        "  write .gitattributes\n"
        "  write billing/clients/acme.toml\n"
        "Nothing was done.\n"
    )
    assert files(clone) == {}
    answer = json.loads(git_bill("init", "--dry-run", "--json", "--books", "../books", cwd=clone).stdout)
    assert answer["plan"]["effects"][0]["effect"] == "FoundRepository"
    assert not (tmp_path / "books").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--country", "Germany"], "'Germany' is not a country code; write it like DE"),
        (["--iban", "DE00 1203 0000 0000 2020 51"], "issuer.bank.iban: 'DE00120300000000202051' is not a valid IBAN"),
        (["--vat-id", "DE123"], "issuer.vat_id: 'DE123' is not a valid VAT id"),
        (["--timezone", "Berlin"], "'Berlin' is not a time zone; write it like Europe/Berlin"),
        (["--client", "Acme GmbH", "--rate", "cheap"], "'CHEAP EUR' is not an amount; write it like \"95.00 EUR\""),
        (["--client", "Acme GmbH", "--rate", "0"], "the rate '0' is not a positive amount; write it like 95.00 EUR"),
        (["--rate", "95"], "--rate is a client's; name the client too"),
        (["--payment-terms", "soon"], "'soon' are no payment terms"),
        (["--since", "last year"], "'last year' is not a date; write it like 2026-10-05"),
        (["--client", "Acme GmbH", "--ticket-pattern", "(", "--since", "2026-10-01"], "is not a regular expression"),
    ],
)
def test_wrong_values_are_told_before_anything_is_written(
    git_bill: Run, clone: Path, arguments: list[str], message: str
) -> None:
    ran = git_bill("init", "--yes", "--here", *arguments, cwd=clone)
    assert ran.returncode == 2
    assert message in ran.stderr
    assert files(clone) == {}


def test_a_machine_that_tells_no_country_is_warned(git_bill: Run, clone: Path) -> None:
    ran = git_bill("init", "--yes", "--here", cwd=clone, env={"TZ": "UTC"})
    assert ran.returncode == 0
    assert "[unknown-country]" in ran.stderr
    assert 'country = "ZZ"' in (clone / "billing/billing.toml").read_text()


def test_ids_tell_the_country(git_bill: Run, clone: Path) -> None:
    git_bill("init", "--yes", "--here", "--iban", "AT61 1904 3002 3457 3201", cwd=clone, env={"TZ": "UTC"})
    assert 'country = "AT"' in (clone / "billing/billing.toml").read_text()


def test_nobody_s_books_are_not_made(git_bill: Run, git: Git, clone: Path) -> None:
    git(clone, "config", "--unset", "user.name")
    ran = git_bill("init", "--yes", "--here", cwd=clone)
    assert ran.returncode == 2
    assert 'git bill init --issuer "Mira Kovac"' in ran.stderr


def test_an_owner_s_new_address_is_added(git_bill: Run, git: Git, clone: Path) -> None:
    git_bill(*AGREED, cwd=clone)
    git(clone, "config", "user.email", "mira@new.example")
    git_bill("init", "--yes", "--here", cwd=clone)
    assert 'emails = ["mira@example.net", "mira@new.example"]' in (clone / "billing/billing.toml").read_text()


def conversation(environment: dict[str, str], folder: Path, answers: list[tuple[str, str]]) -> str:
    """Run `init` on a terminal; answer each expected question. Returns all that was shown."""
    child, terminal = pty.fork()
    if child == 0:
        os.chdir(folder)
        code = "from git_bill.cli.main import run; run()"
        os.execve(sys.executable, [sys.executable, "-c", code, "init"], environment | {"TERM": "dumb"})  # noqa: S606
    seen, waiting = "", list(answers)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if not select.select([terminal], [], [], 0.5)[0]:
            continue
        try:
            seen += os.read(terminal, 4096).decode()
        except OSError:  # the other end is closed
            break
        if waiting and waiting[0][0] in seen.rpartition("\n")[2]:
            os.write(terminal, f"{waiting.pop(0)[1]}\n".encode())
    os.close(terminal)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0, seen
    assert waiting == [], seen
    return seen


def test_on_a_terminal_it_asks_little_with_good_defaults(
    git: Git, environment: dict[str, str], clone: Path, tmp_path: Path
) -> None:
    commit(git, clone, "2026-10-05", "Bob <bob@example.org>")
    git(clone, "remote", "add", "origin", "git@git.example.com:acme/web-shop.git")
    shown = conversation(
        environment,
        clone,
        [
            ("Number [1]", ""),
            ("Folder of the private books [../books]", ""),
            ("Your name on invoices [Mira Kovac]", ""),
            ("Your e-mail address [mira@example.net]", ""),
            ("Your country [DE]", "Germany"),
            ("Your country [DE]", ""),
            ("The last invoice number you gave", "RE-2026-031"),
            ("The client that this work is for (- for later) [Acme]", "Acme GmbH"),
            ("Its country [DE]", ""),
            ("Net price of an hour in EUR", "95"),
            ("Bill work from which day on? Older work is history [2026-11-01]", ""),
        ],
    )
    assert "'Germany' is not a country code; write it like DE" in shown
    text = (tmp_path / "books/billing/billing.toml").read_text()
    assert "since = 2026-11-01" in text
    assert 'last = "RE-2026-031"' in text
    assert 'hourly = "95.00 EUR"' in (tmp_path / "books/billing/clients/acme.toml").read_text()
    assert "git bill draft --client acme --period this-month" in shown


def test_on_a_terminal_a_repository_of_one_s_own_keeps_its_books(environment: dict[str, str], clone: Path) -> None:
    conversation(
        environment,
        clone,
        [
            ("Number [2]", ""),
            ("Your name", ""),
            ("Your e-mail", ""),
            ("Your country", ""),
            ("The last invoice number", ""),
            ("The client that this work is for (- for later) [-]", ""),
        ],
    )
    assert (clone / "billing/billing.toml").is_file()


def test_where_no_work_tree_has_the_books_branch_it_is_committed_and_says_so(
    git_bill: Run, git: Git, tmp_path: Path
) -> None:
    git(tmp_path, "init", "-q", "--bare", "-b", "main", "books.git")
    bare = tmp_path / "books.git"
    ran = git_bill("init", "--yes", "--here", "--issuer", "Mira Kovac", "--email", "mira@example.net", cwd=bare)
    assert "It is committed on main, which is not checked out." in ran.stdout
    assert git(bare, "ls-tree", "-r", "--name-only", "main").splitlines() == [".gitattributes", "billing/billing.toml"]
    again = git_bill("init", "--yes", "--here", cwd=bare)
    assert "nothing changed" in again.stdout
    assert git(bare, "rev-list", "--count", "main") == "1"
