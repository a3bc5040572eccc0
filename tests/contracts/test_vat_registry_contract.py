"""What every register of VAT ids keeps to: VIES, here a server on this machine that speaks as it does, and its twin."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler
from typing import Any, ClassVar

import pytest
from tests.twins.vat_registry import MemoryRegistry
from tests.webserver import serving

from git_bill.adapters.vies import Vies
from git_bill.problem import Exit, Stop
from git_bill.vat_registry import VatRegistry

AT = datetime(2026, 11, 2, 9, tzinfo=UTC)
KNOWN = {"ATU13585627": ("Beispiel GmbH", "Ring 1 1010 Wien")}


class Answers(BaseHTTPRequestHandler):
    """VIES's answers: to numbers that it knows or not, for a member state that is away, and what is no answer."""

    asked: ClassVar[dict[str, Any]] = {}

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        Answers.asked = body
        status, answer = 200, self.answer(body)
        if body["countryCode"] == "PL":
            status, answer = 500, {"actionSucceed": False, "errorWrappers": [{"error": "MS_UNAVAILABLE"}]}
        if body["countryCode"] == "FI":
            answer = {"valid": False, "userError": "TIMEOUT"}
        content = b"<html>busy</html>" if body["countryCode"] == "SE" else json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(content)

    def answer(self, body: dict[str, Any]) -> dict[str, Any]:
        name, address = KNOWN.get(body["countryCode"] + body["vatNumber"], ("---", "---"))
        return {
            "countryCode": body["countryCode"],
            "vatNumber": body["vatNumber"],
            "requestDate": "2026-11-02T09:00:00.000Z",
            "valid": name != "---",
            "requestIdentifier": "WAPIAAA000000001" if "requesterNumber" in body else "",
            "name": name,
            "address": address.replace(" 1010", "\n1010"),
        }


@pytest.fixture(scope="module")
def place() -> Iterator[str]:
    with serving(Answers) as address:
        yield address


@pytest.fixture(params=["vies", "twin"])
def registry(request: pytest.FixtureRequest, place: str) -> VatRegistry:
    return Vies(place, timeout=10) if request.param == "vies" else MemoryRegistry(known=KNOWN)


def test_a_known_number(registry: VatRegistry) -> None:
    proof = registry.look_up("ATU 1358-5627", requester="DE136695976", at=AT)
    assert (proof.vat_id, proof.valid, proof.at) == ("ATU13585627", True, AT)
    assert (proof.name, proof.address) == KNOWN["ATU13585627"]
    assert proof.requester == "DE136695976"
    assert proof.request == "WAPIAAA000000001"
    assert proof.source == "VIES"


def test_an_unknown_number_has_no_name(registry: VatRegistry) -> None:
    proof = registry.look_up("DE129274202", requester=None, at=AT)
    assert (proof.valid, proof.name, proof.address, proof.requester, proof.request) == (False, "", "", "", "")


@pytest.mark.parametrize(
    ("vat_id", "why"),
    [("PL5260001246", "MS_UNAVAILABLE"), ("SE556000000001", "can't be read"), ("FI12345671", "TIMEOUT")],
)
def test_no_answer_is_no_verdict(place: str, vat_id: str, why: str) -> None:
    with pytest.raises(Stop, match=why) as stopped:
        Vies(place, timeout=10).look_up(vat_id, requester=None, at=AT)
    assert stopped.value.exit_code == Exit.FORGE


@pytest.mark.parametrize("away", [Vies("http://127.0.0.1:9", timeout=2), MemoryRegistry(away=True)])
def test_nobody_there(away: VatRegistry) -> None:
    with pytest.raises(Stop, match="did not answer"):
        away.look_up("ATU13585627", requester=None, at=AT)


def test_the_asker_is_named_by_state_and_number(place: str) -> None:
    Vies(place, timeout=10).look_up("EL094259216", requester="DE 136 695 976", at=AT)
    assert Answers.asked == {
        "countryCode": "EL",
        "vatNumber": "094259216",
        "requesterMemberStateCode": "DE",
        "requesterNumber": "136695976",
    }
