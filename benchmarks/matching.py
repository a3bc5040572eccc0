"""Matching: how many remittances are matched, how many wrongly, how long it takes and in how much memory.

    python benchmarks/matching.py [--sizes 1000,10000,100000] [--seed 101] [--shape retainers] [--kinds] [--ablation]

Against two baselines: the first open invoice whose number is a substring of the text (the rule of Invoice Ninja,
`ProcessBankRules::matchCredit`, 2024), and the only open invoice with exactly that amount. `--kinds`: by disguise.
`--ablation`: each kind of text left out of the training, then measured on it alone.
"""

import argparse
import gc
import json
import resource
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import remittances
from remittances import BY_RULE_PROPOSED, TEXTS, Case, World

from git_bill.receivable.matching.match import Applied, Outcome, Proposed
from git_bill.receivable.matching.open import Open
from git_bill.receivable.matching.propose import propose
from git_bill.receivable.matching.score import Weights, weights

MOST_COMPARED = 2_000  # remittances that the substring rule is timed on; it is quadratic
Rule = Callable[[Case], frozenset[str]]


@dataclass(slots=True, kw_only=True)
class Tally:
    """Remittances that pay invoices; of them applied and proposed rightly; and all that were applied wrongly."""

    pay: int = 0
    applied: int = 0
    proposed: int = 0
    wrong: int = 0
    all: int = 0

    def add(self, case: Case, applied: frozenset[str], proposed: frozenset[str]) -> None:
        """Count one remittance."""
        self.all += 1
        self.pay += bool(case.pays)
        self.applied += bool(case.pays) and applied == case.pays
        self.proposed += bool(case.pays) and proposed == case.pays
        self.wrong += bool(applied) and applied != case.pays

    def __str__(self) -> str:
        pay = max(1, self.pay)
        return (
            f"{self.pay:8,}  applied {self.applied / pay:7.2%}  proposed rightly {self.proposed / pay:6.2%}"
            f"  matched {(self.applied + self.proposed) / pay:7.2%}"
            f"  wrong {self.wrong / max(1, self.all):.3%} ({self.wrong})"
        )


def shipped() -> Weights:
    """The model as it is shipped."""
    from train_matching import CARD

    return weights(json.loads(CARD.read_text(encoding="utf-8")))


def run(world: World, model: Weights) -> tuple[dict[str, Outcome], float]:
    """Outcomes by remittance, and the seconds that matching took."""
    given = [case.remittance for case in world.cases]
    gc.collect()
    start = time.process_time()
    outcomes = propose(given, world.opens, weights=model, quotes=remittances.quotes, habits=world.habits)
    return {each.remittance: each for each in outcomes}, time.process_time() - start


def tally(cases: Iterable[Case], outcomes: dict[str, Outcome]) -> Tally:
    """What became of some remittances."""
    told = Tally()
    for case in cases:
        found = outcomes[case.remittance.id]
        applied = frozenset(found.match.invoices) if isinstance(found, Applied) else frozenset()
        proposed = frozenset(found.match.invoices) if isinstance(found, Proposed) else frozenset()
        told.add(case, applied, proposed)
    return told


def substring(opens: Sequence[Open]) -> Rule:
    """The first invoice whose number stands in the text."""
    known = [each.number for each in opens]

    def rule(case: Case) -> frozenset[str]:
        text = case.remittance.text
        return (
            frozenset([found]) if (found := next((number for number in known if number in text), None)) else frozenset()
        )

    return rule


def exact_amount(opens: Sequence[Open]) -> Rule:
    """The only invoice with that amount."""
    by_amount: dict[object, list[str]] = {}
    for each in opens:
        by_amount.setdefault(each.open, []).append(each.number)

    def rule(case: Case) -> frozenset[str]:
        found = by_amount.get(case.remittance.amount, [])
        return frozenset(found) if len(found) == 1 else frozenset()

    return rule


def baseline(rule: Rule, cases: Sequence[Case]) -> tuple[Tally, float]:
    """Of money that came in. Of several invoices paid at once, one is right enough."""
    told, start = Tally(), time.process_time()
    for case in cases:
        found = rule(case) if case.remittance.is_in else frozenset()
        told.add(case, case.pays if found and found <= case.pays else found, frozenset())
    return told, time.process_time() - start


def summed(years: Sequence[Tally]) -> Tally:
    """Of several years all."""
    return Tally(**{name: sum(getattr(each, name) for each in years) for name in Tally.__slots__})


def least_and_most(years: Sequence[Tally]) -> str:
    """The worst and the best year."""
    shares = [(each.applied + each.proposed) / max(1, each.pay) for each in years]
    return f"{min(shares):.1%} to {max(shares):.1%}"


def by_kind(world: World, outcomes: dict[str, Outcome]) -> None:
    """The same by disguise."""
    for of in ("text", "amount", "payer"):
        kinds = Counter(getattr(case, of) for case in world.cases)
        for kind in sorted(kinds):
            print(
                f"  {of:6} {kind or '(noise)':22} {tally([c for c in world.cases if getattr(c, of) == kind], outcomes)}"
            )


def ablation(seed: int) -> None:
    """Each kind of text unseen in training."""
    from train_matching import model, patterns, trained

    print("left out of training, then measured on it alone")
    for kind in TEXTS:
        rest = {name: share for name, share in TEXTS.items() if name != kind}
        unseen = model(*trained(patterns((1, 2, 3), 2_000, rest)))
        total = Tally()
        for more in range(3):
            world = remittances.world(seed + more, 1_000, {kind: 1.0})
            outcomes, _ = run(world, unseen)
            total = summed([total, tally(world.cases, outcomes)])
        print(f"  {kind:16} {total}", flush=True)


def main() -> None:
    """A line for each rule and size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="1000,10000,100000")
    parser.add_argument("--seed", type=int, default=101)
    parser.add_argument("--worlds", type=int, default=1, help="so many seeds, added up")
    parser.add_argument("--shape", default="usual", choices=sorted(remittances.SHAPES), help="of the business")
    parser.add_argument("--kinds", action="store_true")
    parser.add_argument("--ablation", action="store_true")
    given = parser.parse_known_args()[0]
    if given.ablation:
        ablation(given.seed)
        return
    model = shipped()
    for size in map(int, given.sizes.split(",")):
        years: list[Tally] = []
        for seed in range(given.seed, given.seed + given.worlds):
            world = remittances.world(seed, size, shape=remittances.SHAPES[given.shape])
            before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            outcomes, seconds = run(world, model)
            grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
            print(f"{size:7,} invoices, seed {seed}: {world.opens[6].number}, {len(world.cases):,} remittances")
            years.append(tally(world.cases, outcomes))
            print(f"  git-bill   {years[-1]}  {seconds:7.2f} s  {grown:5.0f} MB more", flush=True)
            few = world.cases[:: max(1, len(world.cases) // MOST_COMPARED)]
            for name, rule, cases in (("substring", substring, few), ("one amount", exact_amount, world.cases)):
                told, taken = baseline(rule(world.opens), cases)
                print(f"  {name:10} {told}  {taken * len(world.cases) / len(cases):7.2f} s", flush=True)
            must = [case for case in world.cases if case.amount in BY_RULE_PROPOSED]
            print(f"  {len(must):,} by rule only proposed: {', '.join(sorted(BY_RULE_PROPOSED))}")
            if given.kinds:
                by_kind(world, outcomes)
        if len(years) > 1:
            print(
                f"{len(years)} years of {size:,}, {given.shape}: {summed(years)}, matched from {least_and_most(years)}"
            )


if __name__ == "__main__":
    main()
