"""How documents look: `[branding]` in billing.toml, and what of it a page and its template need."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from git_bill.shape import key

Paper = Literal["a4", "us-letter"]

ACCENT = "#0b5a6b"
LETTER = frozenset({"US", "CA", "MX", "CL", "CO", "PH"})  # countries that write on US Letter
_LEAST_CONTRAST = 4.5  # with white: WCAG 2.2, 1.4.3, which PDF/UA refers to
_LOGO = re.compile(r"billing/(?:[A-Za-z0-9_][A-Za-z0-9_.-]*/)*[A-Za-z0-9_][A-Za-z0-9_.-]*\.(?:svg|png|jpe?g)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Branding:
    """`[branding]`: logo, colour and paper of documents."""

    logo: str | None = key("picture of at most 1 MB: SVG, PNG or JPEG", example='"billing/logo.svg"', default=None)
    logo_text: str | None = key("what the picture shows, for who can't see it; else your name", default=None)
    accent: str = key("colour of lines and amounts, dark enough to read on white", example='"#0b5a6b"', default=ACCENT)
    paper: Literal["a4", "letter"] | None = key("paper, if not your country's", default=None)

    def problems(self) -> Iterable[tuple[str, str, str]]:
        """A path inside the books, and a colour that can be read on white."""
        if self.logo is not None and not _LOGO.fullmatch(self.logo):
            hint = 'put the picture into billing/ and write logo = "billing/logo.svg" (or .png, .jpg)'
            yield "logo", f"{self.logo!r} is no picture inside billing/", hint
        if not re.fullmatch(r"#[0-9a-fA-F]{6}", self.accent):
            yield "accent", f"{self.accent!r} is not a colour", f'write it like accent = "{ACCENT}"'
        elif (contrast := _contrast(self.accent)) < _LEAST_CONTRAST:
            yield (
                "accent",
                f"{self.accent} is too light to be read on white (contrast {contrast:.1f}, at least {_LEAST_CONTRAST})",
                f'take a darker one, like accent = "{_darker(self.accent)}"',
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What typesetting needs beside the page. `logo`: its path among `files`, which the template may read."""

    accent: str = ACCENT
    paper: Paper | None = None
    logo: str = ""
    logo_text: str = ""
    files: Mapping[str, bytes] = field(default_factory=dict)

    def paper_for(self, country: str | None) -> Paper:
        """The paper that was chosen, else the one of the issuer's country."""
        return self.paper or ("us-letter" if country in LETTER else "a4")


PLAIN = Look()


def _contrast(colour: str) -> float:
    """Contrast with white, 1 to 21 (WCAG 2.2)."""
    return 1.05 / (_luminance(colour) + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _darker(colour: str) -> str:
    """The same hue, dark enough."""
    while _contrast(colour) < _LEAST_CONTRAST:
        colour = "#" + "".join(f"{int(colour[at : at + 2], 16) * 9 // 10:02x}" for at in (1, 3, 5))
    return colour
