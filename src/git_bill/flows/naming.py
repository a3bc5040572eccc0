"""Short names for clients, people and repositories, made from what they are called."""

import re
import unicodedata

_LEGAL_FORMS = (
    "ab ag aps as asa bv bvba co cokg company corp corporation eg ek ev eu gbr gmbh gmbhco inc incorporated kg kft "
    "limited llc llp ltd mbh nv ohg oo ood oy oyj plc pte pty sa sarl sas sasu se sl slu sp spa spj spk srl sro ug "
    "und z zoo"
)
_LETTERS = str.maketrans({"ß": "ss", "ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "ı": "i", "þ": "th", "ð": "d"})


def slug(text: str) -> str:
    """Lower-case ASCII letters and digits, words joined by `-`; empty where nothing of it can be kept."""
    plain = unicodedata.normalize("NFKD", text.lower().translate(_LETTERS)).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


def client_id(name: str) -> str:
    """`Acme GmbH` → `acme`, `Nordwind & Söhne KG` → `nordwind-sohne`: without the legal form."""
    words = [slug(word.replace(".", "").replace("/", "")) for word in name.split()]
    while len(words) > 1 and (not words[-1] or words[-1] in _LEGAL_FORMS.split()):
        words.pop()
    return "-".join(word for word in words if word) or "client"


def contributor_id(name: str, email: str) -> str:
    """`Mira Kovac` → `mira`; the part before the `@` where the name has no letters that can be kept."""
    first = slug(name).partition("-")[0]
    return first or slug(email.partition("@")[0]) or "owner"


def repository_name(url: str) -> str:
    """`https://git.example.com/acme/web-shop.git` → `web-shop`."""
    last = re.split(r"[/:\\]", url.rstrip("/\\").removesuffix(".git").rstrip("/"))[-1]
    return slug(last) or "source"
