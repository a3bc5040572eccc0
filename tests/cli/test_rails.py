"""Which rail makes links, and which closes them; keys are looked for when a rail is first needed."""

from dataclasses import replace
from typing import Any

import pytest
from tests.contracts.test_rail_contract import LINK
from tests.flows.shelf import SETTINGS
from tests.twins.rail import MemoryRail

from git_bill.cli.rails import Rails
from git_bill.effects import CloseLink, Done, Refused
from git_bill.problem import Exit, Stop, stop
from git_bill.rail import Rail
from git_bill.receivable.rail import PaypalSettings, StripeSettings
from git_bill.shape import read
from git_bill.workspace import Settings


def settings(**rails: Any) -> Settings:
    found = read(Settings, SETTINGS, "billing.toml").value
    assert found is not None
    return replace(found, **rails)


class Doors:
    """Two rails, and how often each was opened."""

    def __init__(self) -> None:
        self.stripe, self.paypal = MemoryRail(), MemoryRail(name="paypal")
        self.opened: list[str] = []
        self.locked: set[str] = set()

    def rails(self, **said: Any) -> Rails:
        return Rails(settings(**said), {name: lambda name=name: self.open(name) for name in ("stripe", "paypal")})  # type: ignore[misc]

    def open(self, name: str) -> Rail:
        if name in self.locked:
            raise stop(Exit.SETTINGS, f"no-{name}-key", f"no key of {name}", "export one")
        self.opened.append(name)
        return {"stripe": self.stripe, "paypal": self.paypal}[name]


@pytest.fixture
def doors() -> Doors:
    return Doors()


BOTH = {"stripe": StripeSettings(links=False), "paypal": PaypalSettings(links=True)}


def test_only_what_the_settings_name_is_there(doors: Doors) -> None:
    assert list(doors.rails()) == []
    assert list(doors.rails(paypal=PaypalSettings())) == ["paypal"]
    assert list(doors.rails(**BOTH)) == ["stripe", "paypal"]
    assert doors.opened == []


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ({}, ""),
        ({"stripe": StripeSettings()}, "stripe"),
        ({"stripe": StripeSettings(links=False)}, ""),
        ({"paypal": PaypalSettings()}, ""),
        (BOTH, "paypal"),
        ({"stripe": StripeSettings(), "paypal": PaypalSettings(links=True)}, "stripe"),
    ],
)
def test_the_first_that_makes_links_makes_them(doors: Doors, said: dict[str, Any], name: str) -> None:
    rails = doors.rails(**said)
    assert (rails.name, rails.ready is None) == (name, not name)
    outcome = rails.ensure_link(LINK)
    assert isinstance(outcome, Done if name else Refused)
    assert doors.opened == ([name] if name else [])


def test_without_a_key_it_is_not_ready_and_makes_nothing(doors: Doors) -> None:
    doors.locked = {"paypal"}
    rails = doors.rails(**BOTH)
    assert rails.ready is not None
    with pytest.raises(Stop, match="no key of paypal"):
        rails.ready()
    assert rails.ensure_link(LINK) == Refused(reason="no key of paypal", remedy="export one")


def test_a_link_is_closed_where_it_is_and_a_rail_without_a_key_is_in_nobody_s_way(doors: Doors) -> None:
    rails = doors.rails(**BOTH)
    made = doors.paypal.ensure_link(LINK)
    assert isinstance(made, Done)
    close = CloseLink(number=LINK.number, link=made.ref)
    doors.locked = {"stripe"}
    assert rails.close_link(close) == Done(ref=made.ref)
    assert rails.close_link(close) == Refused(reason="no key of stripe", remedy="export one")
    doors.locked = set()
    assert rails.close_link(close) == Done(already=True)
    assert isinstance(doors.rails().close_link(close), Refused)


def test_a_rail_is_opened_once(doors: Doors) -> None:
    rails = doors.rails(**BOTH)
    assert rails["stripe"] is rails["stripe"]
    assert rails["paypal"].name == "paypal"
    assert doors.opened == ["stripe", "paypal"]
    assert rails.pull("").remittances == ()
