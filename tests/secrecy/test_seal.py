"""`git bill seal` and `unseal`: who can open what, stable bytes, and what is refused before anything is written."""

import json
from pathlib import Path
from typing import Any

import pyrage
import pytest
from tests.secrecy.conftest import HIDDEN, key
from tests.stories.freelancer import Freelancer

from git_bill.custody.sealing import Sealed, fingerprint

SK = "sk-ssh-ed25519@openssh.com AAAAGnNrLXNzaC1lZDI1NTE5QG9wZW5zc2guY29t mira@stick"


def settings(mira: Freelancer) -> Path:
    return mira.books / "billing" / "billing.toml"


def add(mira: Freelancer, *lines: str) -> None:
    """Another contributor."""
    person = "\n".join(("", "[[contributors]]", *lines, 'timezone = "Europe/Berlin"', ""))
    path = settings(mira)
    path.write_text(path.read_text(encoding="utf-8") + person, encoding="utf-8")


def refused(mira: Freelancer, *words: str, code: int, env: dict[str, str] | None = None) -> dict[str, Any]:
    """The one error of a command that changes nothing."""
    before = settings(mira).read_bytes()
    ran = mira.bill(*words, "--json", env=env)
    assert ran.returncode == code, ran.stdout + ran.stderr
    assert settings(mira).read_bytes() == before
    [problem] = [p for p in json.loads(ran.stdout)["problems"] if p["severity"] == "error"]
    found: dict[str, Any] = problem
    return found


def test_one_reader_is_not_enough_unless_said(sealing: Freelancer) -> None:
    problem = refused(sealing, "seal", code=1)
    assert problem["rule"] == "one-reader"
    assert "--alone" in problem["hint"]
    done = sealing.json("seal", "issuer.bank", "--alone")
    assert done["sealed"] == ["issuer.bank.iban"]
    text = settings(sealing).read_text(encoding="utf-8")
    assert f'phone = "{HIDDEN["phone"]}"  # mobile' in text, "what was not named stays, comments too"
    assert "[issuer.bank]  # where they pay" in text
    [found] = [p for p in sealing.json("check")["problems"] if p["rule"] == "one-reader"]
    assert "only mira can open issuer.bank.iban" in found["message"]


def test_keys_that_cannot_open_are_said_before_sealing(sealing: Freelancer) -> None:
    text = settings(sealing).read_text(encoding="utf-8")
    start = text.index("keys = [")
    end = text.index("\n", start)
    settings(sealing).write_text(f'{text[:start]}keys = ["{SK}"]{text[end:]}', encoding="utf-8")
    [listed] = sealing.json("seal", "--recipients")["readers"]
    assert "hardware key" in listed["why_not"]
    assert refused(sealing, "seal", "--alone", code=3)["rule"] == "no-reader"
    ran = sealing.bill("seal", "--alone")
    assert "can't open anything: a hardware key signs and can't decrypt" in ran.stderr


def test_who_could_not_open_it_again_is_told_so(sealing: Freelancer, environment: dict[str, str]) -> None:
    key(Path(environment["HOME"]))  # another key than the one that the settings list
    problem = refused(sealing, "seal", "--alone", code=1)
    assert problem["rule"] == "sealed-to-others"
    assert "ssh-agent" in problem["message"]
    assert sealing.json("seal", "--alone", "--blind")["sealed"]


def test_the_same_readers_give_the_same_bytes_without_a_key(sealing: Freelancer, tmp_path: Path) -> None:
    sealing.json("seal", "--alone")
    sealing.draft()  # records the books
    before = settings(sealing).read_bytes()
    nobody = {"HOME": str(tmp_path / "nobody")}
    (tmp_path / "nobody").mkdir()
    ran = sealing.bill("seal", "--alone", "--json", env=nobody)
    assert ran.returncode == 0, ran.stdout
    assert json.loads(ran.stdout)["sealed"] == []
    assert refused(sealing, "unseal", "issuer", code=3, env=nobody)["rule"] == "sealed-here"

    assert set(sealing.json("unseal", "issuer")["unsealed"]) >= {"issuer.phone", "issuer.bank.iban"}
    assert HIDDEN["iban"] in settings(sealing).read_text(encoding="utf-8")
    assert f'phone = "{HIDDEN["phone"]}"  # mobile' in settings(sealing).read_text(encoding="utf-8")
    sealing.json("seal", "--alone")
    assert settings(sealing).read_bytes() == before, "opened and sealed again, it is as it was committed"
    assert sealing.git(sealing.books, "status", "--porcelain") == ""


def test_a_changed_role_seals_anew(sealing: Freelancer, tmp_path: Path) -> None:
    jan = key(tmp_path)  # whose private half is not on this machine
    sealing.json("seal", "issuer.phone", "--alone")
    first = settings(sealing).read_bytes()
    add(
        sealing,
        'id = "jan"',
        'name = "Jan"',
        'emails = ["jan@example.net"]',
        'roles = ["accountant"]',
        f'keys = ["{jan}"]',
    )
    assert {"one-reader", "other-readers"} <= {p["rule"] for p in sealing.json("check")["problems"]}
    done = sealing.json("seal", "issuer.phone")
    assert (done["sealed"], done["readers"]) == (["issuer.phone"], ["jan", "mira"])
    phone = [line for line in settings(sealing).read_bytes().splitlines() if line.startswith(b"phone")]
    assert phone
    assert not set(phone) & set(first.splitlines())
    assert not [p for p in sealing.json("check")["problems"] if p["rule"] in {"one-reader", "other-readers"}]

    text = settings(sealing).read_text(encoding="utf-8")
    settings(sealing).write_text(text.replace('roles = ["accountant"]', 'roles = ["accountant"]\nuntil = 2026-10-31'))
    rules = {p["rule"] for p in sealing.json("check")["problems"]}
    assert {"one-reader", "other-readers"} <= rules, "who left can still open it"
    text = (
        settings(sealing)
        .read_text(encoding="utf-8")
        .replace('roles = ["owner"]', 'roles = ["owner"]\nuntil = 2026-10-31')
    )
    settings(sealing).write_text(text, encoding="utf-8")
    assert "no-reader" in {p["rule"] for p in sealing.json("check")["problems"]}


@pytest.mark.parametrize(
    ("words", "rule", "hint"),
    [
        (["seal", "issuer.vat_id"], "not-sealable", "these can: "),
        (["seal", "issuer.fone"], "not-sealable", "did you mean issuer.phone?"),
        (["seal", "isuer.phone"], "not-sealable", "did you mean issuer.phone?"),
        (["seal", "acme.vat_id"], "not-sealable", "these can: "),
        (["seal", "acme.nonsense"], "not-sealable", "these can: "),
        (["unseal", "globex"], "not-sealable", "these can: "),
        (["seal", "--recovery", "inside.txt"], "inside-the-books", ""),
        (["seal", "--recovery", "../web-shop"], "no-place", ""),
    ],
)
def test_what_cannot_be_named(sealing: Freelancer, words: list[str], rule: str, hint: str) -> None:
    problem = refused(sealing, *words, code=2)
    assert problem["rule"] == rule
    assert problem["hint"].startswith(hint)


def test_a_sealed_value_in_a_wrong_place_or_cut(sealing: Freelancer) -> None:
    sealing.json("seal", "issuer.bank", "--alone")
    text = settings(sealing).read_text(encoding="utf-8")
    value = text[text.index('iban = "') + 8 :].split('"')[0]
    settings(sealing).write_text(text.replace('name = "Mira Kovac Software"', f'name = "{value}"'), encoding="utf-8")
    assert refused(sealing, "status", code=3)["message"].startswith("issuer.name can't be sealed")
    settings(sealing).write_text(text.replace(value, value[:41]), encoding="utf-8")
    assert refused(sealing, "status", code=3)["rule"] == "not-sealed"
    moved = text.replace(f'phone = "{HIDDEN["phone"]}"', f'phone = "{value}"')
    settings(sealing).write_text(moved, encoding="utf-8")
    for words, code in ((["unseal", "issuer.phone"], 3), (["seal", "--alone"], 3), (["check"], 1)):
        problem = refused(sealing, *words, code=code)
        assert problem["rule"] == "tampered-seal"
        assert "issuer.phone opens, but was not sealed for this place" in problem["message"]
        assert problem["line"] == moved[: moved.index("phone = ")].count("\n") + 1
    assert sealing.json("unseal", "issuer.bank")["unsealed"] == ["issuer.bank.iban"], "what is in its place opens"


def test_a_sealed_value_that_only_names_my_key(sealing: Freelancer, environment: dict[str, str]) -> None:
    mine = (Path(environment["HOME"]) / ".ssh" / "id_ed25519.pub").read_text(encoding="utf-8")
    other = pyrage.x25519.Identity.generate().to_public()
    forged = Sealed(readers=(fingerprint(mine),), ciphertext=pyrage.encrypt(b"x", [other]))
    text = settings(sealing).read_text(encoding="utf-8").replace(HIDDEN["phone"], str(forged))
    settings(sealing).write_text(text, encoding="utf-8")
    for words, code in ((["unseal", "issuer.phone"], 3), (["seal", "--alone"], 3), (["check"], 1)):
        problem = refused(sealing, *words, code=code)
        assert problem["rule"] == "tampered-seal"
        assert "does not open with the key that it names" in problem["message"]
    elsewhere = sealing.bill("check", "--json", env={"HOME": str(sealing.books)})
    assert "tampered-seal" not in elsewhere.stdout, "a machine tells of its own keys alone"


def test_a_wrong_account_number_is_told_without_it(sealing: Freelancer) -> None:
    text = settings(sealing).read_text(encoding="utf-8")
    broken = HIDDEN["iban"].replace("051", "052")
    sealing.json("seal", "issuer.bank", "--alone")
    sealed = settings(sealing).read_text(encoding="utf-8")
    settings(sealing).write_text(text.replace(HIDDEN["iban"], broken), encoding="utf-8")
    assert refused(sealing, "seal", "--alone", code=3)["rule"] == "wrong-value"
    settings(sealing).write_text(sealed, encoding="utf-8")
    assert sealing.json("status")["ok"]


def test_a_live_secret_is_refused_before_it_is_recorded(sealing: Freelancer) -> None:
    secret = "sk_" + "live_4eC39HqLyjWDarjtT1zdp7dc"
    with settings(sealing).open("a", encoding="utf-8") as file:
        file.write(f"# {secret}\n")
    for words, code in ((["check"], 1), (["draft", "--period", "2026-10"], 3)):
        ran = sealing.bill(*words, "--json")
        assert ran.returncode == code, ran.stdout
        assert secret not in ran.stdout + ran.stderr
        found = next(p for p in json.loads(ran.stdout)["problems"] if p["rule"] == "live-secret")
        assert found["line"] == len(settings(sealing).read_text(encoding="utf-8").splitlines())
    assert sealing.git(sealing.books, "log", "--all", "--format=%s") == ""


@pytest.mark.parametrize(
    "words",
    [
        ("add", "1h", "note SECRET", "-c", "acme"),
        ("add", "1h", "note", "-c", "acme", "--ticket", "SECRET", "--dry-run"),
        ("client", "add", "Globex", "--street", "SECRET"),
    ],
)
def test_what_is_typed_with_a_live_secret_is_written_nowhere(sealing: Freelancer, words: tuple[str, ...]) -> None:
    secret = "gh" + "p_16C7e42F292c6912E7710c838347Ae178B4a"
    ran = sealing.bill(*(word.replace("SECRET", secret) for word in words), "--json")
    assert ran.returncode == 3, ran.stdout
    assert [p["rule"] for p in json.loads(ran.stdout)["problems"]] == ["live-secret"]
    written = [path for path in (sealing.books / "billing").rglob("*") if path.is_file()]
    assert not [path for path in written if secret in path.read_text(encoding="utf-8")]
