"""Who paid: by account, by accounts that were confirmed before, by name in all its spellings."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum

from git_bill.receivable.account import normalized
from git_bill.receivable.matching.open import Open
from git_bill.receivable.matching.spelling import close, plain
from git_bill.receivable.remittance import Remittance

HABIT = 2  # confirmed matches that make an account a client's
_SHORTEST = 5  # characters of an account
_KEY = 5  # first letters by which names are found
_RARE = 20  # clients that share a word that leads to all of them
_COMMON = 100  # and one that leads anywhere where no other word does
_ALIKE, _SAME = 0.6, 0.88
_TOLD = 4  # letters of a name that tell it from others where something follows

# Legal forms and forms of address, in plain capitals, after full stops are taken out.
_FORMS = frozenset(
    "GMBH MBH UG AG KG KGAA OHG GBR EK EV EG SE CO COKG PARTG PARTGMBB"  # noqa: SIM905  a table, not code
    " HAFTUNGSBESCHRANKT SARL SAS SASU EURL SA SCI SNC SL SLU SLL BV NV VOF CV LTD LIMITED LLC LLP LP INC INCORPORATED"
    " CORP CORPORATION PLC PTY PTE SPZOO SP ZOO Z O OO SRO AS OY OYJ AB APS IVS ASA ENK KFT ZRT NYRT BT SRL SRLS SPA"
    " SAPA DOO EOOD OOD UAB SIA OU GES HERR FRAU DR MR MRS MS MME DIPL ING PROF MAG DI THE AND UND ET E Y I FIRMA FA"
    " COMPANY".split()
)
_DOTTED = re.compile(r"(?<=\b[A-Z])\.(?=[A-Z]\b)")
_VOWEL = re.compile(r"([AOU])E(?!U)")  # MUELLER is MULLER, and so is MÜLLER


class Payer(IntEnum):
    """What a remittance says of who paid, seen from one client."""

    OTHER = -2  # it is another client's account or name
    UNLIKE = -1  # a name that is nobody's
    UNKNOWN = 0  # nothing is said
    SIMILAR = 1
    NAME = 2
    HABIT = 3  # an account that paid for the client before, confirmed twice
    ACCOUNT = 4  # an account that the settings name


Words = tuple[str, ...]
Habits = Mapping[str, Mapping[str, int]]  # of an account, by client, how many of its payments were confirmed


def habits(confirmed: Iterable[tuple[Remittance, str]]) -> Habits:
    """From payments that a person confirmed, each with its client. Names are no habit: anyone writes them."""
    seen: dict[str, Counter[str]] = defaultdict(Counter)
    for remittance, client in confirmed:
        if account := account_key(remittance.payer_account):
            seen[account][client] += 1
    return seen


def account_key(account: str) -> str:
    """An account in one form; empty where it is too short to tell it from others."""
    plain_one = normalized(account) if "@" not in account else account.strip().upper()
    return plain_one if len(plain_one) >= _SHORTEST and any(c.isalnum() for c in plain_one) else ""


def words(name: str) -> Words:
    """What tells a name from others: plain words without legal forms, or all of them where no other is left."""
    upper = _DOTTED.sub("", plain(name).replace("'", "").replace("`", ""))
    every = tuple(_VOWEL.sub(r"\1", word) for word in re.findall(r"[A-Z0-9]+", upper))
    return tuple(word for word in every if word not in _FORMS) or every


def likeness(one: Words, other: Words, cut: bool = False) -> float:
    """0 to 1: the share of letters in words that agree, longer words counting more.

    A word agrees with itself, one slip from it, its start (banks cut at 27, 35 or 70 characters) or its initial.
    `cut`: the first name may end early, then words of the other that it has no room for don't count.
    """
    if one == other:
        return 1.0
    left = list(other)
    agreed = 0.0
    for word in one:
        found = next((w for w in left if w == word), None)
        weight = 1.0
        if found is None:
            found, weight = next((w for w in left if _nearly(word, w)), None), 0.9
        if found is None and (len(word) == 1 or any(len(w) == 1 for w in left)):
            found, weight = next((w for w in left if w[0] == word[0] and 1 in {len(w), len(word)}), None), 0.5
        if found is not None:
            left.remove(found)
            agreed += weight * (len(word) + len(found)) / 2
    total = sum(map(len, one))
    whole = total if cut and agreed > 0.9 * total else (total + sum(map(len, other))) / 2
    return min(1.0, agreed / whole) if whole else 0.0


def _nearly(one: str, other: str) -> bool:
    shorter, longer = sorted((one, other), key=len)
    if len(shorter) < 4:
        return False
    return longer.startswith(shorter) or (len(shorter) >= 5 and close(shorter, longer))


@dataclass(slots=True, kw_only=True)
class Payers:
    """All clients, found by account, or by a word or the first letters of a word of their names."""

    accounts: Mapping[str, frozenset[str]]
    habits: Habits
    names: Mapping[str, tuple[Words, ...]]
    by_word: Mapping[str, frozenset[str]]
    _read: dict[tuple[str, str], Mapping[str, Payer]] = field(default_factory=dict)
    _owners: dict[str, dict[str, Payer]] = field(default_factory=dict)
    _seen: dict[tuple[str, str, str], Payer] = field(default_factory=dict)

    def of(self, remittance: Remittance) -> Mapping[str, Payer]:
        """Clients that may have paid. Empty: nobody that is known."""
        key = (remittance.payer, remittance.payer_account)
        if key not in self._read:
            self._read[key] = self._find(*key)
        found = self._read[key]
        return found if found or remittance.payer else self._in_text(remittance.text)

    def _find(self, name: str, account: str) -> Mapping[str, Payer]:
        return (self._named(words(name), cut=_is_cut(name)) if name else {}) | self._of_account(account)

    def _of_account(self, account: str) -> dict[str, Payer]:
        """Whose account it is: by habit, or by the settings, which go first."""
        if account not in self._owners:
            number = account_key(account)
            known = self.habits.get(number, {})
            found = {client: Payer.HABIT for client, times in known.items() if times >= HABIT and client in self.names}
            self._owners[account] = found | dict.fromkeys(self.accounts.get(number, ()), Payer.ACCOUNT)
        return self._owners[account]

    def _likeness(self, written: Words, client: str, *, cut: bool) -> float:
        """Of its names the best; one that goes on (an address, a place of business) is only similar."""
        best = 0.0
        for own in self.names[client]:
            found = likeness(written, own, cut)
            if found < _ALIKE and written[: len(own)] == own and sum(map(len, own)) >= _TOLD:
                found = _ALIKE
            best = max(best, found)
        return best

    def _named(self, written: Words, *, cut: bool) -> dict[str, Payer]:
        lists = sorted((self.by_word.get(key, frozenset()) for word in written for key in {word, word[:_KEY]}), key=len)
        near: set[str] = set()
        for few in lists:
            if len(few) <= _RARE or (not near and len(few) <= _COMMON):
                near |= few
        found = {}
        for client in near:
            best = self._likeness(written, client, cut=cut)
            if best >= _ALIKE:
                found[client] = Payer.NAME if best >= _SAME else Payer.SIMILAR
        if Payer.NAME not in found.values():
            return found
        longer = [client for client in near if any(_goes_on(own, written) for own in self.names[client])]
        named = {client: how for client, how in found.items() if how is Payer.NAME}
        return dict.fromkeys(longer, Payer.SIMILAR) | named

    def _in_text(self, text: str) -> Mapping[str, Payer]:
        """Where the feed tells no name: clients all of whose words stand in the text, two at least or a long one."""
        written = set(words(text)) if text else set()
        near = {client for word in written if len(word) >= 4 for client in self.by_word.get(word, ())}
        if len(near) > _COMMON:
            return {}
        return {
            client: Payer.SIMILAR
            for client in near
            if any(own and set(own) <= written and (len(own) > 1 or len(own[0]) >= 6) for own in self.names[client])
        }

    def seen_from(self, client: str, remittance: Remittance) -> Payer:
        """What it says for one client: another's account is against it, as is another's name where its own isn't.

        Others are only searched where the name is not plainly this client's.
        """
        if not remittance.payer:
            return self._judged(client, remittance)
        key = (client, remittance.payer, remittance.payer_account)
        if key not in self._seen:
            self._seen[key] = self._judged(client, remittance)
        return self._seen[key]

    def _judged(self, client: str, remittance: Remittance) -> Payer:
        if by_account := self._of_account(remittance.payer_account):
            return by_account.get(client, Payer.OTHER)
        name = remittance.payer
        if name and self._likeness(words(name), client, cut=_is_cut(name)) >= _SAME:
            return Payer.NAME
        found = self.of(remittance)
        if client in found:
            return found[client]
        if any(how >= Payer.NAME for how in found.values()):
            return Payer.OTHER
        return Payer.UNLIKE if words(name) else Payer.UNKNOWN


def _goes_on(own: Words, written: Words) -> bool:
    """Whether a name has all words that were written, and more."""
    return len(own) > len(written) and all(word in own for word in written)


def _is_cut(name: str) -> bool:
    """Whether a bank may have cut it: at 27, 35 or 70 characters, a space at the end aside."""
    return any(len(name.rstrip()) in {most, most - 1} for most in (27, 35, 70))


def payers(opens: Sequence[Open], confirmed: Habits) -> Payers:
    """The index over the clients of a list of invoices."""
    accounts: dict[str, set[str]] = defaultdict(set)
    names: dict[str, set[Words]] = defaultdict(set)
    parties = {(each.client, each.names, each.accounts) for each in opens}
    for client, called, numbers in parties:
        names[client] |= {known for name in called if (known := words(name))}
        for number in numbers:
            if key := account_key(number):
                accounts[key].add(client)
    by_word: dict[str, set[str]] = defaultdict(set)
    for client, called_ones in names.items():
        for word in {word for one in called_ones for word in one}:
            by_word[word].add(client)
            by_word[word[:_KEY]].add(client)
    return Payers(
        accounts={key: frozenset(clients) for key, clients in accounts.items()},
        habits=confirmed,
        names={client: tuple(sorted(own)) for client, own in names.items()},
        by_word={word: frozenset(clients) for word, clients in by_word.items()},
    )
