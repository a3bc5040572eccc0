"""Spelling as banks change it: capitals, accents, look-alike characters, one slip of the finger."""

import unicodedata

# What NFKD does not take apart, and Cyrillic and Greek as passports write them (ICAO 9303, shortened).
_LATIN = {"ß": "SS", "ẞ": "SS", "Æ": "AE", "Œ": "OE", "Ø": "O", "Ł": "L", "Đ": "D", "Ð": "D", "Þ": "TH", "İ": "I"}
_CYRILLIC = dict(
    zip(
        "АБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯІЇЄҐ",
        "A B V G D E ZH Z I I K L M N O P R S T U F KH TS CH SH SHCH IE Y  E IU IA I I IE G".split(" "),  # noqa: SIM905
        strict=True,
    )
)
_GREEK = dict(
    zip("ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩ", "A V G D E Z I TH I K L M N X O P R S T Y F CH PS O".split(), strict=True)  # noqa: SIM905
)
_LETTERS = str.maketrans({**_LATIN, **_CYRILLIC, **_GREEK})
_LOOK_ALIKE = str.maketrans("OQILSBZG", "00115826")


def plain(text: str) -> str:
    """Upper case in plain Latin letters: `Müller & Søn` → `MULLER & SON`."""
    upper = text.upper()
    if upper.isascii():
        return upper
    apart = unicodedata.normalize("NFKD", upper.translate(_LETTERS))
    return "".join(c for c in apart if not unicodedata.combining(c)).translate(_LETTERS)


def looks(text: str) -> str:
    """Upper case text as a scanner sees it: O and 0 are one, so are I, L and 1, S and 5, B and 8, Z and 2, G and 6."""
    return text.translate(_LOOK_ALIKE)


def close(one: str, other: str) -> bool:
    """Whether at most one character is wrong, missing or too many, or two neighbours are swapped."""
    if one == other:
        return True
    if abs(len(one) - len(other)) > 1:
        return False
    if len(one) > len(other):
        one, other = other, one
    at = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), len(one))
    if len(one) < len(other):
        return one[at:] == other[at + 1 :]
    swapped = one[at : at + 2] == other[at : at + 2][::-1] and one[at + 2 :] == other[at + 2 :]
    return swapped or one[at + 1 :] == other[at + 1 :]
