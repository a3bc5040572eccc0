"""VIES, the European Commission's register of VAT ids, by its REST interface."""

import http.client
import json
import urllib.error
import urllib.request
from datetime import datetime
from typing import Any

from git_bill.problem import Exit, Stop, stop
from git_bill.vat_registry import VatProof

ADDRESS = "https://ec.europa.eu/taxation_customs/vies/rest-api/check-vat-number"
_SECONDS = 20
_MOST = 1024 * 1024  # bytes of an answer
_RULE = "vat-register"


class Vies:
    """Asks over HTTPS, once, and waits 20 s at most. `address`: of another server that speaks the same."""

    def __init__(self, address: str = ADDRESS, *, timeout: float = _SECONDS) -> None:
        self._address = address
        self._timeout = timeout

    def look_up(self, vat_id: str, *, requester: str | None, at: datetime) -> VatProof:
        """What VIES says of a VAT id. Raises Stop (exit 5) where it does not answer."""
        plain = _plain(vat_id)
        asked = {"countryCode": plain[:2], "vatNumber": plain[2:]}
        if requester is not None:
            own = _plain(requester)
            asked |= {"requesterMemberStateCode": own[:2], "requesterNumber": own[2:]}
        answer = self._ask(asked)
        valid = answer.get("valid")
        if not isinstance(valid, bool) or answer.get("actionSucceed") is False or not _is_verdict(answer):
            raise _silent(_why(answer))
        return VatProof(
            vat_id=plain,
            valid=valid,
            at=at,
            name=_said(answer, "name"),
            address=" ".join(_said(answer, "address").split()),
            requester=_plain(requester) if requester is not None else "",
            request=_said(answer, "requestIdentifier"),
            source="VIES",
        )

    def _ask(self, asked: dict[str, str]) -> dict[str, Any]:
        request = urllib.request.Request(  # noqa: S310  the address is ours or the user's own
            self._address,
            data=json.dumps(asked).encode(),
            headers={"Content-Type": "application/json", "Accept": "application/json", "User-Agent": "git-bill"},
        )
        try:
            with urllib.request.urlopen(request, timeout=self._timeout) as response:  # noqa: S310
                content = response.read(_MOST)
        except urllib.error.HTTPError as error:
            content = error.read(_MOST)
        except (OSError, http.client.HTTPException) as error:
            raise _silent(str(getattr(error, "reason", None) or error)) from None
        try:
            answer = json.loads(content)
        except ValueError:
            raise _silent("its answer can't be read") from None
        return answer if isinstance(answer, dict) else {}


def _plain(vat_id: str) -> str:
    return "".join(c for c in vat_id if c.isalnum()).upper()


def _said(answer: dict[str, Any], name: str) -> str:
    """A field of the answer; VIES writes `---` where a member state tells nothing."""
    text = answer.get(name)
    return text.strip() if isinstance(text, str) and set(text.strip()) != {"-"} else ""


def _is_verdict(answer: dict[str, Any]) -> bool:
    """Whether the member state itself answered; else `valid` is false without a meaning."""
    return answer.get("userError") in {None, "", "VALID", "INVALID"}


def _why(answer: dict[str, Any]) -> str:
    errors = answer.get("errorWrappers")
    codes = [str(each.get("error")) for each in errors if isinstance(each, dict)] if isinstance(errors, list) else []
    return ", ".join(codes) or str(answer.get("userError") or "it gave no answer")


def _silent(why: str) -> Stop:
    return stop(
        Exit.FORGE,
        _RULE,
        f"VIES did not answer: {why[:200]}",
        "ask again later; registers of some states are away at night: git bill client check --vies",
    )
