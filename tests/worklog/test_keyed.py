"""The issuer's key: what of a record goes, what stays, and that a name says nothing without it."""

import hashlib
import hmac
from dataclasses import replace
from datetime import UTC, date, datetime

from git_bill.worklog.evidence import Evidence, from_lines, to_line
from git_bill.worklog.keyed import EvidenceKey, fingerprints, named_as

KEY = EvidenceKey(b"\x01" * 32)
OTHER = EvidenceKey(b"\x02" * 32)
COMMIT, PATCH = "3f2a9c1d4e" * 4, "b81d00fa55" * 4
AT = datetime(2026, 10, 5, 9, tzinfo=UTC)


def record(**values: object) -> Evidence:
    told = {"key": COMMIT, "kind": "commit", "source": "shop", "contributor": "mira", "at": AT}
    return Evidence(**{**told, **values})  # type: ignore[arg-type]


def test_a_name_is_an_hmac_with_the_keys_mark() -> None:
    digest = hmac.new(b"\x01" * 32, f"commit\n{COMMIT}".encode(), hashlib.sha256).hexdigest()
    assert KEY.commit(COMMIT) == f"k{digest[:40]}{KEY.fingerprint}"
    assert KEY.commit(COMMIT)[:41] != OTHER.commit(COMMIT)[:41]
    assert KEY.patch(COMMIT) != KEY.commit(COMMIT)
    assert b"\x01".hex() * 4 not in repr(KEY)


def test_texts_and_names_go_and_what_is_billed_stays() -> None:
    kept = KEY.keyed(
        record(
            text="docs(api): Secret feature",
            ticket="WEB-5",
            branch="secret-feature",
            minutes=90,
            parents=2,
            files=3,
            added=10,
            deleted=4,
            patch=PATCH,
            sketch="AAAA",
            covers=("a" * 40, f"{'b' * 64}+jo"),
            partly=("c" * 40,),
            together=("jo",),
            spent=((date(2026, 10, 4), 30),),
            labels=("secret",),
            milestone="Secret launch",
        )
    )
    assert kept == record(
        key=KEY.commit(COMMIT),
        activity="documentation",
        ticket="WEB-5",
        minutes=90,
        parents=2,
        files=3,
        added=10,
        deleted=4,
        patch=KEY.patch(PATCH),
        covers=(KEY.commit("a" * 40), f"{KEY.commit('b' * 64)}+jo"),
        partly=(KEY.commit("c" * 40),),
        together=("jo",),
        spent=((date(2026, 10, 4), 30),),
    )
    sketched = replace(kept, sketch="AAAA")  # as a keyed clone made it
    assert (KEY.keyed(kept), KEY.keyed(sketched)) == (kept, sketched)
    assert from_lines(to_line(kept), "x.jsonl") == ((kept,), ())


def test_what_git_changed_by_itself_is_still_told() -> None:
    assert KEY.keyed(record(text='Revert "Secret feature"')).text == 'Revert "…"'
    assert KEY.keyed(record(text="Revert the secret")).text == ""


def test_ids_in_other_records_are_keyed_too() -> None:
    assert KEY.keyed(record(key=f"rewrite:{COMMIT}", kind="rewrite")).key == f"rewrite:{KEY.commit(COMMIT)}"
    signed = KEY.keyed(record(key=f"signature:{COMMIT}", kind="signature", text="SHA256:abc"))
    assert (signed.key, signed.text) == (f"signature:{KEY.commit(COMMIT)}", "SHA256:abc")
    pull = record(key="pull:12@0123456789ab", kind="pull", text="Secret", commit=COMMIT, branch="secret")
    kept = KEY.keyed(pull)
    assert kept.key.startswith("pull:12@k")
    assert (kept.text, kept.branch, kept.commit) == ("", None, KEY.commit(COMMIT))
    assert KEY.keyed(kept) == kept


def test_which_key_was_used_can_be_told() -> None:
    assert fingerprints([record()]) == frozenset()
    assert fingerprints([KEY.keyed(record()), OTHER.keyed(record())]) == {KEY.fingerprint, OTHER.fingerprint}
    assert fingerprints([record(key="rewrite:x", covers=(KEY.commit(COMMIT),))]) == {KEY.fingerprint}


def test_what_was_on_file_before_keeps_its_name() -> None:
    names = {KEY.commit(COMMIT): COMMIT, f"{KEY.commit(PATCH)}+jo": f"{PATCH}+jo"}
    assert named_as(f"signature:{KEY.commit(COMMIT)}", names) == f"signature:{COMMIT}"
    assert named_as(f"{KEY.commit(PATCH)}+jo", names) == f"{PATCH}+jo"
    assert named_as(KEY.commit(PATCH), names) == KEY.commit(PATCH)


def test_an_activity_on_file_is_one_that_there_is() -> None:
    line = to_line(record(activity="testing")).replace("testing", "gardening")
    assert from_lines(line, "x.jsonl")[1][0].rule == "broken-evidence"
