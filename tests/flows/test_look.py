"""Logo, colour, paper and own templates, from the books to the bytes of an invoice."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest

from git_bill.contract.party import Issuer
from git_bill.flows.look import look_of, look_problems
from git_bill.invoice.document.branding import Branding
from git_bill.problem import Exit, Stop
from git_bill.workspace import Settings

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"/>'
# A JPEG's start: an application segment of 6 bytes, then the frame's header with 3 or 4 components
RGB, CMYK = (
    b"\xff\xd8\xff\xe0\x00\x06JFIF\xff\xc2\x00\x11\x08\x00\x10\x00\x10%c" % inks + b"\0" * 12 for inks in (3, 4)
)
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20
WIDE_PNG = PNG[:16] + (50_000).to_bytes(4, "big") * 2
WIDE_JPEG = RGB.replace(b"\x08\x00\x10\x00\x10", b"\x08\xff\xff\xff\xff")


@dataclass(frozen=True, slots=True)
class Files:
    """A snapshot of these files."""

    files: Mapping[str, bytes] = field(default_factory=dict)
    revision: str | None = None

    def read(self, path: str) -> bytes | None:
        return self.files.get(path)

    opened = read

    def paths(self, folder: str) -> tuple[str, ...]:
        return tuple(sorted(path for path in self.files if path.startswith(f"{folder}/")))


def settings(**branding: str) -> Settings:
    issuer = Issuer(name="Mira Kovac Software", country="DE", timezone="Europe/Berlin")
    return Settings(issuer=issuer, branding=Branding(**branding))  # type: ignore[arg-type]


def test_without_settings_nothing_is_beside_the_page() -> None:
    look = look_of(Files(), settings())
    assert (look.logo, look.files, look.paper, look.accent) == ("", {}, None, "#0b5a6b")


def test_logo_colour_paper_and_own_templates() -> None:
    files = Files({"billing/logo.svg": SVG, "billing/templates/invoice.typ": b"x", "billing/templates/a/b.typ": b"y"})
    look = look_of(files, settings(logo="billing/logo.svg", logo_text="A ring", accent="#7a1f5c", paper="letter"))
    assert (look.logo, look.logo_text, look.accent, look.paper) == (
        "branding/logo.svg",
        "A ring",
        "#7a1f5c",
        "us-letter",
    )
    assert look.files == {"invoice.typ": b"x", "a/b.typ": b"y", "branding/logo.svg": SVG}


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("logo.png", None, "there is no billing/logo.png"),
        ("logo.png", PNG + b"\0" * 1_000_000, "billing/logo.png has 1.0 MB, at most 1 MB is allowed"),
        ("logo.png", PNG.replace(b"\r\n", b"\n"), "git has changed line ends inside billing/logo.png"),
        ("logo.png", b"GIF89a", "billing/logo.png is no PNG, whatever its name says"),
        ("logo.jpg", CMYK, "billing/logo.jpg has colours for printing presses (CMYK)"),
        ("logo.svg", PNG, "billing/logo.svg is no SVG, whatever its name says"),
        ("logo.png", WIDE_PNG, "billing/logo.png has 2500 million pixels, at most 25 are allowed"),
        ("logo.jpg", WIDE_JPEG, "billing/logo.jpg has 4295 million pixels, at most 25 are allowed"),
    ],
)
def test_a_logo_that_cant_be_used(name: str, content: bytes | None, message: str) -> None:
    files = Files({} if content is None else {f"billing/{name}": content})
    told = settings(logo=f"billing/{name}")
    (problem,) = look_problems(files, told)
    assert problem.message.startswith(message)
    assert (problem.rule, problem.file, problem.at) == ("logo", "billing/billing.toml", ("branding", "logo"))
    with pytest.raises(Stop) as stopped:
        look_of(files, told)
    assert stopped.value.exit_code == Exit.PROBLEMS


def test_pictures_that_can_be_used() -> None:
    for name, content in (("logo.jpg", RGB), ("logo.jpeg", RGB), ("logo.png", PNG), ("logo.svg", SVG)):
        assert look_problems(Files({f"billing/{name}": content}), settings(logo=f"billing/{name}")) == ()


def test_templates_have_a_bound() -> None:
    (problem,) = look_problems(Files({"billing/templates/big.png": b"\0" * 10_000_001}), settings())
    assert problem.message == "billing/templates has more than 10 MB"


def test_a_package_from_the_network_is_refused() -> None:
    own = b'#let a = 1\n#import "@preview/cetz:0.2.0"\n'
    (problem,) = look_problems(Files({"billing/templates/invoice.typ": own}), settings())
    assert (problem.file, problem.line) == ("billing/templates/invoice.typ", 2)
    assert "nothing is fetched from the network" in problem.message
