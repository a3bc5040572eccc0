"""The model's card, which `benchmarks/train_effort.py --write` makes, tells of the model that is used."""

import json
from dataclasses import asdict
from importlib import resources
from typing import Any

from git_bill.worklog.effort import PRIOR, SESSION


def card() -> dict[str, Any]:
    """As it ships."""
    text = (resources.files("git_bill.tables") / "models/effort-2026.11.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def test_the_card_tells_the_numbers_in_use() -> None:
    assert card()["name"] == SESSION.name
    assert card()["rule"] == json.loads(json.dumps(asdict(SESSION)))
    assert card()["prior"] == json.loads(json.dumps(asdict(PRIOR)))


def test_what_was_learned_from_others_is_in_order() -> None:
    assert list(PRIOR.scores) == sorted(PRIOR.scores)
    assert PRIOR.scores[0] < 0 < PRIOR.scores[-1]
