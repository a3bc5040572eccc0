"""Weights of the matching model: logistic regression on the facts of candidates, and its card.

    python benchmarks/train_matching.py [--write]

Trained on seeds 1 to 6 of `remittances.py` (each a year with another series of numbers), calibrated on 11 to 14: of all
matches with a probability, how many were right. Newton's method with a ridge, on patterns of facts with their counts:
facts are true or not, so a few thousand patterns stand for all candidates. `--write` puts the card into
src/git_bill/tables/models; `python benchmarks/matching.py` measures it on seeds that neither has seen.
"""

import argparse
import json
import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from pathlib import Path

import remittances

from git_bill.receivable.matching.blocks import Blocks
from git_bill.receivable.matching.score import Weights

CARD = Path(__file__).parents[1] / "src/git_bill/tables/models/matching.json"
TRAIN, CALIBRATE = range(1, 7), range(11, 15)
MANY = 4_000
RIDGE = 0.3
THRESHOLD, RIVAL = 0.98, 0.1
Patterns = Mapping[tuple[frozenset[str], bool], int]


def patterns(seeds: Iterable[int], many: int, texts: Mapping[str, float] = remittances.TEXTS) -> Patterns:
    """How often candidates had which facts, and whether they were right."""
    seen: Counter[tuple[frozenset[str], bool]] = Counter()
    for seed in seeds:
        world = remittances.world(seed, many, texts)
        blocks = Blocks(world.opens, world.habits, remittances.quotes)
        for case in world.cases:
            if case.remittance.is_in and case.remittance.kind == "payment" and case.text != "twice":
                for each in (each for each in blocks.find(case.remittance).candidates if not each.turn):
                    right = {world.opens[at].number for at in each.invoices} == case.pays
                    seen[frozenset(each.facts), right] += 1
    return seen


def solved(matrix: list[list[float]], right: list[float]) -> list[float]:
    """The solution of a symmetric positive definite system (Cholesky)."""
    size = len(right)
    low = [[0.0] * size for _ in range(size)]
    for i in range(size):
        for j in range(i + 1):
            rest = matrix[i][j] - sum(low[i][k] * low[j][k] for k in range(j))
            low[i][j] = math.sqrt(rest) if i == j else rest / low[j][j]
    middle: list[float] = []
    for i in range(size):
        middle.append((right[i] - sum(low[i][k] * middle[k] for k in range(i))) / low[i][i])
    found = [0.0] * size
    for i in reversed(range(size)):
        found[i] = (middle[i] - sum(low[k][i] * found[k] for k in range(i + 1, size))) / low[i][i]
    return found


def trained(seen: Patterns, rounds: int = 12) -> tuple[float, dict[str, float]]:
    """The bias, and the weight of each fact."""
    names = ["", *sorted({fact for facts, _ in seen for fact in facts})]
    place = {name: at for at, name in enumerate(names)}
    rows = [
        ([0, *sorted(place[fact] for fact in facts)], right, count)
        for (facts, right), count in sorted(seen.items(), key=lambda s: (sorted(s[0][0]), s[0][1]))
    ]
    weight = [0.0] * len(names)
    for _ in range(rounds):
        gradient = [-RIDGE * w for w in weight]
        gradient[0] = 0.0
        curve = [[RIDGE * (i == j) for j in range(len(names))] for i in range(len(names))]
        for active, right, count in rows:
            odds = sum(weight[at] for at in active)
            chance = 1 / (1 + math.exp(-max(-30.0, min(30.0, odds))))
            for i in active:
                gradient[i] += count * (right - chance)
                for j in active:
                    curve[i][j] += count * chance * (1 - chance)
        weight = [w + s for w, s in zip(weight, solved(curve, gradient), strict=True)]
    return weight[0], dict(zip(names[1:], weight[1:], strict=True))


def reliability(seen: Patterns, weights: Weights) -> list[dict[str, float]]:
    """By bucket of probability: how many candidates, what was said on average, and what share was right."""
    edges = (0.0, 0.02, 0.1, 0.3, 0.5, 0.7, 0.9, 0.98, 0.995, 1.01)
    rows = []
    for low, high in pairwise(edges):
        told = [(weights.probability(facts), right, count) for (facts, right), count in seen.items()]
        inside = [(p, right, count) for p, right, count in told if low <= p < high]
        if many := sum(count for _, _, count in inside):
            said = sum(p * count for p, _, count in inside) / many
            share = sum(count for _, right, count in inside if right) / many
            rows.append({"from": low, "candidates": many, "said": round(said, 4), "right": round(share, 4)})
    return rows


def model(bias: float, facts: Mapping[str, float]) -> Weights:
    """Weights as they are shipped, rounded."""
    rounded = {name: round(weight, 3) for name, weight in sorted(facts.items())}
    return Weights(bias=round(bias, 3), facts=rounded, threshold=THRESHOLD, rival=RIVAL)


def card(weights: Weights, calibration: Sequence[Mapping[str, float]]) -> dict[str, object]:
    """What is shipped: the rule, what it was trained on, and how well its probabilities hold on other seeds."""
    return {
        "name": "matching-2026.11",
        "trained_on": f"{len(TRAIN)} generated years of {MANY} invoices: benchmarks/remittances.py, seeds 1 to 6",
        "calibrated_on": "seeds 11 to 14: of candidates with a probability, the share that was right",
        "calibration": list(calibration),
        "rule": {
            "threshold": weights.threshold,
            "rival": weights.rival,
            "bias": weights.bias,
            "facts": dict(weights.facts),
        },
    }


def main() -> None:
    """Train, show how well it is calibrated, and write the card where asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true")
    write = parser.parse_known_args()[0].write
    weights = model(*trained(patterns(TRAIN, MANY)))
    rows = reliability(patterns(CALIBRATE, MANY), weights)
    for row in rows:
        print(f"{row['from']:6.3f}  {row['candidates']:8,}  said {row['said']:.4f}  right {row['right']:.4f}")
    if write:
        CARD.write_text(json.dumps(card(weights, rows), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        print(f"written: {CARD.name}")


if __name__ == "__main__":
    main()
