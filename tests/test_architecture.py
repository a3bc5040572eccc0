"""The house: imports point one way, rooms are pure, a vendor lives in one place, one broad except."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

SRC = Path(__file__).parents[1] / "src" / "git_bill"
MODULES = sorted(p for p in SRC.rglob("*.py") if "templates" not in p.parts)

VOCABULARY = {"money", "period", "problem", "effects", "shape", "layout"}
# What each floor may import, itself and the vocabulary aside. `adapters` and `sources` see no flow, no command and
# not each other, except that a source may read records through its port.
ROOMS = ["worklog", "contract", "invoice", "receivable", "insight"]
ALLOWED: dict[str, set[str]] = {
    "learning": set(),
    "custody": set(),
    **{room: {"learning", "custody", *ROOMS[:index]} for index, room in enumerate(ROOMS)},
    "workspace": {"learning", "custody", *ROOMS},
    "ports": {"learning", "custody", *ROOMS, "workspace"},
    "press": {*ROOMS},
    "post": set(),
    "forge": set(),
    "rail": {"receivable"},
    "vat_registry": set(),
    "hook": set(),
    "clone": set(),
    "sources": {"worklog", "ports", "forge"},
    "adapters": {
        *("custody", *ROOMS, "workspace", "ports", "press", "post", "forge", "rail", "hook", "clone", "vat_registry")
    },
    "flows": {
        "learning",
        "custody",
        *ROOMS,
        "workspace",
        "ports",
        "press",
        "post",
        "forge",
        "rail",
        "hook",
        "clone",
        "vat_registry",
        "sources",
    },
    "cli": {
        "learning",
        "custody",
        *ROOMS,
        "workspace",
        "ports",
        "press",
        "post",
        "forge",
        "rail",
        "hook",
        "vat_registry",
        "clone",
        "flows",
        "adapters",
        "sources",
    },
}
RECORDS = {"workspace", "ports", "press", "post", "forge", "rail", "hook", "vat_registry"}
PURE = {"learning", "custody", *ROOMS, *RECORDS, *VOCABULARY}
IMPURE_MODULES = {"os", "io", "pathlib.Path", "subprocess", "socket", "random", "secrets", "time", "tempfile", "shutil",
                  "urllib", "http", "glob", "logging", "uuid", "threading", "multiprocessing"}  # fmt: skip
IMPURE_CALLS = {"open", "input", "print", "exec", "eval", "compile"}
CLOCK_CALLS = {("datetime", "now"), ("datetime", "today"), ("datetime", "utcnow"), ("date", "today")}
VENDORS: dict[str, set[str]] = {
    "typst": {"adapters/typst"},
    "pypdfium2": {"adapters/pdf"},
    "pikepdf": {"adapters/hybrid"},
    "smtplib": {"adapters/smtp"},
    "stripe": {"adapters/stripe"},
    "cryptography": {"adapters/paypal"},
    "xlsxwriter": {"adapters/xlsx"},
    "segno": {"invoice/document/qr_code"},
    "jinja2": {"adapters/jinja"},
    "currency_converter": {"adapters/exchange"},
    "babel": {"invoice/document/locale", "invoice/document/catalogue"},
    "stdnum": {"contract/identifier"},
    "lxml": {
        "invoice/en16931/reading",
        "invoice/en16931/writing",
        "receivable/feeds/xml_stream",
        "adapters/schematron",
        "adapters/hybrid",
    },
    "saxonche": {"adapters/schematron"},
    "click": {"cli"},
    "pyrage": {"adapters/age"},
    "icalendar": {"sources/calendar"},
    "recurring_ical_events": {"sources/calendar"},
    "x_wr_timezone": {"sources/calendar"},
    "dateutil": {"sources/series"},
    "holidays": {"worklog/holiday"},
    "github": {"adapters/github"},
    "jwt": {"adapters/github"},
    "gitlab": {"adapters/gitlab"},
    "subprocess": {"adapters/git", "adapters/ssh", "adapters/carrier_program", "adapters/typst", "cli"},
}


def floor(path: Path) -> str:
    """The floor a module stands on: its folder below git_bill, or its own name (`shape_*` belongs to shape)."""
    parts = path.relative_to(SRC).parts
    name = parts[0] if len(parts) > 1 else path.stem
    return "shape" if name.startswith("shape_") else name


@cache
def imports(path: Path) -> tuple[tuple[int, str], ...]:
    """Line and full dotted name of everything a module imports, lazily or not."""
    return tuple(_imports(path))


def _imports(path: Path) -> Iterator[tuple[int, str]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: relative import"
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def ours(path: Path) -> Iterator[tuple[int, str]]:
    """Line and floor of each import of our own."""
    for line, name in imports(path):
        parts = name.split(".")
        if parts[0] == "git_bill" and len(parts) > 1 and parts[1] != "__version__":
            yield line, "shape" if parts[1].startswith("shape_") else parts[1]


def test_imports_point_one_way() -> None:
    wrong = []
    for path in MODULES:
        here = floor(path)
        if here in {"__init__", "__main__", "tables"}:
            continue
        allowed = ALLOWED.get(here, set()) | VOCABULARY | {here}
        wrong += [
            f"{path.relative_to(SRC)}:{line} {here} imports {there}"
            for line, there in ours(path)
            if there not in allowed
        ]
    assert wrong == []


# Adapters for adapters: the last three for all forges.
SHARED = {"tables", "pdf", "mail_message", "dropping", "regular_file", "patience", "rendering", "mishaps"}
SHARED |= {"archive"}  # what was sent is packed
SHARED |= {"credentials"}  # to which address a key may go


def test_adapters_and_sources_do_not_see_each_other() -> None:
    wrong = []
    for path in MODULES:
        if floor(path) == "adapters":
            own = path.relative_to(SRC).with_suffix("").parts[:2]
            for line, name in imports(path):
                parts = tuple(name.split(".")[1:3])
                if name.startswith("git_bill.adapters.") and parts != own and parts[1] not in SHARED:
                    wrong.append(f"{path.relative_to(SRC)}:{line} imports {name}")
    assert wrong == []


def test_pure_rooms_do_no_input_or_output() -> None:
    wrong = []
    for path in MODULES:
        if floor(path) not in PURE:
            continue
        for line, name in imports(path):
            if name in IMPURE_MODULES or name.split(".")[0] in IMPURE_MODULES:
                wrong.append(f"{path.relative_to(SRC)}:{line} imports {name}")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                called = node.func
                if isinstance(called, ast.Name) and called.id in IMPURE_CALLS:
                    wrong.append(f"{path.relative_to(SRC)}:{node.lineno} calls {called.id}")
                if (
                    isinstance(called, ast.Attribute)
                    and isinstance(called.value, ast.Name)
                    and (called.value.id, called.attr) in CLOCK_CALLS
                ):
                    wrong.append(f"{path.relative_to(SRC)}:{node.lineno} reads the clock")
    # A port names Path in a signature; it opens nothing.
    assert [w for w in wrong if not (w.startswith("ports.py") and "pathlib" in w)] == []


@pytest.mark.parametrize("vendor", sorted(VENDORS))
def test_a_vendor_lives_in_one_place(vendor: str) -> None:
    wrong = []
    for path in MODULES:
        place = path.relative_to(SRC).with_suffix("").as_posix()
        if not any(place == home or place.startswith(home + "/") for home in VENDORS[vendor]):
            wrong += [f"{place}:{line}" for line, name in imports(path) if name.split(".")[0] == vendor]
    assert wrong == []


def test_no_import_cycles() -> None:
    graph = {}
    for path in MODULES:
        dotted = ".".join(("git_bill", *path.relative_to(SRC).with_suffix("").parts))
        tree = ast.parse(path.read_text(encoding="utf-8"))
        graph[dotted] = {
            target
            for node in tree.body
            if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("git_bill")
            for target in (node.module, *(f"{node.module}.{alias.name}" for alias in node.names))
        }

    def reaches(start: str, goal: str, seen: set[str]) -> bool:
        for target in graph.get(start, set()) & graph.keys():
            if target == goal or (target not in seen and not seen.add(target) and reaches(target, goal, seen)):  # type: ignore[func-returns-value]
                return True
        return False

    assert [module for module in graph if reaches(module, module, set())] == []


def test_modules_and_functions_stay_short() -> None:
    wrong = []
    for path in MODULES:
        text = path.read_text(encoding="utf-8")
        if text.count("\n") > 300:
            wrong.append(f"{path.relative_to(SRC)} has {text.count(chr(10))} lines")
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef) and (node.end_lineno or 0) - node.lineno > 60:
                wrong.append(f"{path.relative_to(SRC)}:{node.lineno} {node.name} is too long")
    assert wrong == []


def test_one_broad_except() -> None:
    broad = []
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ExceptHandler):
                names = {n.id for n in ast.walk(node.type) if isinstance(n, ast.Name)} if node.type else {"everything"}
                cleans_up = isinstance(node.body[-1], ast.Raise) and node.body[-1].exc is None
                if not cleans_up and names & {"Exception", "BaseException", "everything"}:
                    broad.append(path.relative_to(SRC).as_posix())
    assert broad == ["cli/main.py"]


def test_packages_export_nothing_and_names_say_something() -> None:
    wrong = [p.as_posix() for p in MODULES if p.stem in {"utils", "helpers", "manager", "service", "common", "misc"}]
    for path in MODULES:
        if path.name == "__init__.py" and path.parent != SRC:
            body = ast.parse(path.read_text(encoding="utf-8")).body
            if any(not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)) for node in body):
                wrong.append(path.relative_to(SRC).as_posix())
    assert wrong == []
