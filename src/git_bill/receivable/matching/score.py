"""How likely a match is: logistic, from facts that are true or not. Weights are trained, not chosen.

`benchmarks/train_matching.py` fits and calibrates them; the table is `tables/models/matching.json`.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

_STEEPEST = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """Log odds by fact. `threshold`: from which probability a match may be applied; `rival`: what another has."""

    bias: float
    facts: Mapping[str, float]
    threshold: float
    rival: float

    def probability(self, facts: Iterable[str]) -> float:
        """That a match with these facts is right."""
        odds = self.bias + sum(self.facts.get(fact, 0.0) for fact in facts)
        return 1.0 / (1.0 + math.exp(-max(-_STEEPEST, min(_STEEPEST, odds))))


def weights(card: Mapping[str, object]) -> Weights:
    """From the model's card, `tables/models/matching.json`. Raises KeyError or TypeError for another file."""
    rule = card["rule"]
    if not isinstance(rule, Mapping):
        raise TypeError("the card of the matching model holds no rule")
    return Weights(
        bias=float(rule["bias"]),
        facts={str(name): float(weight) for name, weight in rule["facts"].items()},
        threshold=float(rule["threshold"]),
        rival=float(rule["rival"]),
    )


def several(count: int) -> str:
    """A count as a fact: one, two, few, many."""
    return "none" if count == 0 else "one" if count == 1 else "few" if count <= 4 else "many"
