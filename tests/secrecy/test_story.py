"""Nothing that is sealed, and no token, leaves by another way than the documents that must state it."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from tests.secrecy.conftest import HIDDEN
from tests.stories.freelancer import Freelancer

TOKENS = {
    "GIT_BILL_TOKEN": "tok-4f1d9a77c2",
    "GITHUB_TOKEN": "ghs_" + "16C7e42F292c6912E7710c838347Ae178B4a",
    "SMTP_PASSWORD": "correct horse battery",
    "STRIPE_API_KEY": "rk_" + "live_51H8XyzAbCdEfGh",
}
CRASH = """
import git_bill.cli.status as command
def broken(books, vat, today):
    from git_bill.flows import load
    workspace = load.workspace(books.here())
    issuer, client = workspace.settings.issuer, workspace.engagements["acme"].client
    private = [issuer.bank.iban, issuer.phone, issuer.street, client.email, client.attention]
    import os
    raise RuntimeError(" ".join([*private, os.environ["SMTP_PASSWORD"]]))
command.status = broken
from git_bill.cli.main import run
run()
"""


def traces(text: str) -> list[str]:
    """Names of the secrets that a text shows, however they are written."""
    squeezed = re.sub(r"\s+", "", text)
    forms = {**HIDDEN, **TOKENS}
    return [n for n, value in forms.items() if value in text or re.sub(r"\s+", "", value) in squeezed]


def blobs(mira: Freelancer) -> Iterator[tuple[str, str]]:
    """Everything in the object store but issued documents: names and texts, commits and tags too."""
    listed = mira.git(mira.books, "rev-list", "--objects", "--all", "--reflog").splitlines()
    for line in listed:
        name, _, path = line.partition(" ")
        if not path.startswith("billing/invoices/") and "." not in Path(path).suffix.replace(".", "", 1):
            kind = mira.git(mira.books, "cat-file", "-t", name)
            if kind != "tree":
                yield f"{name} {path}", mira.git(mira.books, "cat-file", "-p", name)


def files(top: Path) -> Iterator[tuple[str, str]]:
    """The work tree but issued documents."""
    for path in sorted((top / "billing").rglob("*")):
        if path.is_file() and "invoices" not in path.parts:
            yield str(path), path.read_text(encoding="utf-8")


def test_what_is_hidden_is_found_by_the_search_when_nothing_is_sealed(sealing: Freelancer) -> None:
    found = {name for _, text in files(sealing.books) for name in traces(text)}
    assert found == set(HIDDEN)


def test_no_way_out(sealing: Freelancer, tmp_path: Path, environment: dict[str, str]) -> None:
    mira = sealing
    said: list[tuple[str, str]] = []

    def bill(*words: str, env: Mapping[str, str] | None = None, code: int | None = 0) -> str:
        ran = mira.bill(*words, env={**TOKENS, **(env or {})})
        said.append((" ".join(words), ran.stdout + ran.stderr))
        assert code is None or ran.returncode == code, ran.stdout + ran.stderr
        return ran.stdout

    recovery = tmp_path / "recovery.txt"
    bill("seal", "--recovery", str(recovery))
    bill("seal")
    bill("seal", "--recipients", "--json")
    sealed = {path: path.read_bytes() for path in (mira.books / "billing").rglob("*.toml")}
    bill("seal")
    assert {path: path.read_bytes() for path in sealed} == sealed, "sealed twice is sealed once"
    settings = mira.books / "billing" / "billing.toml"
    assert "roles" in settings.read_text(encoding="utf-8")

    for words in (
        ("status",),
        ("status", "--json"),
        ("check", "--json"),
        ("doctor",),
        ("doctor", "--json"),
        ("whoami", "--json"),
        ("client", "list", "--json"),
        ("client", "add", "Acme GmbH", "--email", HIDDEN["email"] + "x"),
        ("draft", "--period", "2026-10", "--json"),
        ("show", "acme-2026-10"),
        ("show", "acme-2026-10", "--json"),
        ("explain", "acme-2026-10", "--json"),
        ("issue", "acme-2026-10", "--json"),
        ("show", "INV-2026-0001"),
        ("explain", "INV-2026-0001", "--json"),
        ("ledger", "verify", "--json"),
    ):
        bill(*words, code=None)
    invoice = mira.books / "billing" / "invoices" / "2026" / "INV-2026-0001" / "invoice.toml"
    assert set(HIDDEN) <= set(traces(invoice.read_text(encoding="utf-8"))), "the document states what it must"

    wrong = settings.read_bytes()
    settings.write_bytes(wrong.replace(b'country = "DE"', b'country = "Germany"', 1))
    bill("check", code=1)
    bill("status", "--json", code=3)
    settings.write_bytes(wrong)

    (tmp_path / "tmp").mkdir()
    program = [sys.executable, "-c", CRASH, "status"]
    hostile = environment | TOKENS | {"TMPDIR": str(tmp_path / "tmp")}
    crashed = subprocess.run(program, cwd=mira.books, env=hostile, capture_output=True, text=True, check=False)
    assert crashed.returncode == 70, crashed.stderr
    said.append(("a crash", crashed.stdout + crashed.stderr))
    report = next((tmp_path / "tmp").glob("git-bill-report-*")).read_text(encoding="utf-8")
    assert "RuntimeError" in report
    said.append(("its report", report))

    identity = recovery.read_text(encoding="utf-8").splitlines()[1]
    shown = [(where, found) for where, text in said if (found := traces(text)) or (identity in text and ["identity"])]
    assert shown == []
    kept = [(where, found) for where, text in (*blobs(mira), *files(mira.books)) if (found := traces(text))]
    assert kept == []


def test_a_machine_without_a_key_does_all_but_issue(sealing: Freelancer, tmp_path: Path) -> None:
    mira = sealing
    recovery = tmp_path / "recovery.txt"
    mira.json("seal", "--recovery", str(recovery))
    mira.json("seal")
    mira.draft()
    ci = {"HOME": str(tmp_path / "ci")}
    (tmp_path / "ci").mkdir()
    mira.git(mira.books, "merge", "-q", "--no-ff", "-m", "Approve", "bill/acme-2026-10")
    for words in (["status"], ["check"], ["show", "acme-2026-10"], ["show", "acme-2026-10", "--pdf", "x.pdf"]):
        ran = mira.bill(*words, env=ci)
        assert ran.returncode == 0, ran.stdout + ran.stderr
        assert "sealed:" not in ran.stdout
    ran = mira.bill("issue", "--json", env=ci)
    assert ran.returncode == 3, ran.stdout
    [problem] = [p for p in json.loads(ran.stdout)["problems"] if p["file"] == "billing/billing.toml"]
    assert problem["rule"] == "sealed-here"
    assert "issuer.bank.iban" in problem["message"]
    assert "mira or recovery key can" in problem["hint"]
    assert not (mira.books / "billing" / "invoices").exists(), "no number was claimed"

    given = recovery.read_text(encoding="utf-8")
    ran = mira.bill("issue", "--json", env={**ci, "GIT_BILL_IDENTITY": given})
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert json.loads(ran.stdout)["number"] == "INV-2026-0001"
    assert given.splitlines()[1] not in ran.stdout + ran.stderr
    assert recovery.stat().st_mode & 0o077 == 0


def test_a_correction_needs_what_is_sealed_of_the_one_who_pays(sealing: Freelancer, tmp_path: Path) -> None:
    mira = sealing
    mira.draft()
    mira.json("issue", "acme-2026-10")
    mira.json("client", "add", "Globex GmbH", "--id", "globex", "--country", "DE", "--rate", "80.00 EUR")
    file = mira.books / "billing/clients/globex.toml"
    text = file.read_text(encoding="utf-8")
    street = 'country = "DE"\nstreet = "Ring 5"\npostcode = "10115"\ncity = "Berlin"\nvat_id = "DE129274202"\n'
    file.write_text(text.replace('country = "DE"\n', street), encoding="utf-8")
    mira.json("seal", "--alone")
    made = mira.json("correct", "INV-2026-0001", "--client", "globex")
    mira.git(mira.books, "merge", "-q", "--no-ff", "-m", "Approve", f"bill/{made['draft']}")
    (tmp_path / "ci").mkdir()
    ran = mira.bill("issue", "--json", env={"HOME": str(tmp_path / "ci")})
    sealed = [p["file"] for p in json.loads(ran.stdout)["problems"] if p["rule"] == "sealed-here"]
    assert sealed == ["billing/billing.toml", "billing/clients/globex.toml"]
