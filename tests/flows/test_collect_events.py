"""Collect what completes milestones: a tag, a merged pull request, a milestone that is closed on the forge."""

from datetime import date
from pathlib import Path

from tests.flows.shelf import ACME
from tests.flows.test_collect import Git, books, run, shop
from tests.flows.test_collect_forge import forge
from tests.repositories import now
from tests.twins.forge import MemoryForge

from git_bill.flows import load
from git_bill.flows.told import happened

__all__ = ["forge", "shop"]

STAGES = (
    ACME
    + """
[[contracts.milestones]]
id = "beta"
amount = "5000.00 EUR"
tag = "v1.0"
[[contracts.milestones]]
id = "cart"
amount = "2000.00 EUR"
pull_request = 12
[[contracts.milestones]]
id = "launch"
amount = "3000.00 EUR"
milestone = "Launch"
"""
)


def test_each_is_evidence_once(shop: Path, git: Git, forge: MemoryForge) -> None:
    git(shop, "tag", "-a", "v1.0", "-m", "beta", at="2026-10-20T23:30:00+02:00")
    git(shop, "tag", "v0.9")
    forge.hosted.closed_milestones = {"Launch": now(), "Other": now()}
    on = books()
    on.store.files["billing/clients/acme.toml"] = STAGES.encode()
    first = run(on, shop, forges={"web-shop": forge}, now=now())
    workspace = load.workspace(on.here())
    days = happened(on.here(), workspace)["acme"]
    assert {event: day for event, day in days.items() if "/" not in event} == {
        "tag:v1.0": date(2026, 10, 20),
        "pull:12": date(2026, 10, 6),
        "milestone:Launch": now().date(),
    }
    assert first.gathered["web-shop"] > 3
    assert run(on, shop, forges={"web-shop": forge}, now=now()).gathered == {"web-shop": 0}

    forge.hosted.closed_milestones = {}
    run(on, shop, forges={"web-shop": forge}, now=now())
    assert "milestone:Launch" not in happened(on.here(), workspace)["acme"]


def test_what_no_contract_names_is_left_where_it_is(shop: Path, git: Git, forge: MemoryForge) -> None:
    git(shop, "tag", "v1.0")
    forge.hosted.closed_milestones = {"Launch": now()}
    on = books()
    run(on, shop, forges={"web-shop": forge}, now=now())
    kinds = {record.kind for record in load.evidence(on.here())}
    assert kinds.isdisjoint({"tag", "milestone"})
    assert happened(on.here(), load.workspace(on.here())) == {}
