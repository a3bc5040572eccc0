# `make demo` and `make test` need Python 3.11+, git and make; all else is set up here, in .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
JOBS ?= 2

.PHONY: demo test check testbed provisions bench manual clean

demo: $(VENV)/.runtime
	@$(BIN)/git-bill demo

test: $(VENV)/.test
	@$(BIN)/python -m pytest -n $(JOBS) -m "not slow" tests

# Lint, types, workflow security, then every test.
check: $(VENV)/.check testbed
	$(BIN)/ruff check src tests benchmarks
	$(BIN)/ruff format --check src tests benchmarks
	$(BIN)/mypy
	$(BIN)/zizmor --offline --persona auditor --quiet .github action.yml templates/workflows/git-bill.yml
	$(BIN)/check-jsonschema --builtin-schema vendor.github-workflows .github/workflows/*.yml templates/workflows/git-bill.yml
	$(BIN)/check-jsonschema --builtin-schema vendor.github-actions action.yml
	$(BIN)/check-jsonschema --builtin-schema vendor.gitlab-ci templates/workflows/*.gitlab-ci.yml
	@$(BIN)/python -m pytest -n $(JOBS) tests

# Counterparts for tests marked `testbed`: an emulator, GitHub's contract and its workflow parser, from npm.
testbed: .testbed/ready

.testbed/ready: tests/testbed/package.json tests/testbed/contract.py pyproject.toml | $(VENV)/.test
	@$(MAKE) --no-print-directory provisions && touch $@ || \
	{ echo "no testbed (it needs npm and a network): tests that want it are skipped, and fail where CI is set"; [ -z "$$CI" ]; }

provisions:
	@command -v npm >/dev/null
	@$(BIN)/pip install --quiet --disable-pip-version-check --editable '.[testbed]'
	@mkdir -p .testbed && cp tests/testbed/package.json .testbed
	@cd .testbed && npm install --silent --no-audit --no-fund --no-package-lock
	@$(BIN)/pip download --quiet --disable-pip-version-check --no-deps --no-binary python-gitlab --dest .testbed \
	  "python-gitlab==$$($(BIN)/python -c 'import gitlab; print(gitlab.__version__)')"
	@$(BIN)/python -m tests.testbed.contract
	@command -v rsync >/dev/null || [ "$$(id -u)" != 0 ] || ! command -v apt-get >/dev/null || \
	  apt-get install --yes --quiet rsync >/dev/null || true # for gitlab-ci-local: its story alone is skipped without
	@command -v hledger >/dev/null || [ "$$(id -u)" != 0 ] || ! command -v apt-get >/dev/null || \
	  apt-get install --yes --quiet hledger >/dev/null || true # judges exported journals: skipped without


# Measured claims, on any repository: make bench REPO="../git ../curl"
REPOS ?= $(REPO)
bench: $(VENV)/.test
	@for file in benchmarks/*.py; do echo "== $$file"; $(BIN)/python $$file $(REPOS) || exit 1; done

# Man page, command pages and JSON Schemas, written from the code; tests say when they are stale.
manual: $(VENV)/.runtime
	$(BIN)/python -m git_bill.cli.generated

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "git-bill needs Python 3.11 or newer; set PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { echo "python3 -m venv failed; on Debian: apt install python3-venv"; exit 1; }

$(VENV)/.runtime: pyproject.toml | $(VENV)/bin/python
	@$(BIN)/pip install --quiet --disable-pip-version-check --editable . && touch $@

$(VENV)/.test: pyproject.toml | $(VENV)/bin/python
	@$(BIN)/pip install --quiet --disable-pip-version-check --editable '.[test]' && touch $@ $(VENV)/.runtime

$(VENV)/.check: pyproject.toml | $(VENV)/bin/python
	@$(BIN)/pip install --quiet --disable-pip-version-check --editable '.[test,check]' && touch $@ $(VENV)/.test $(VENV)/.runtime

clean:
	rm -rf $(VENV) .testbed .mypy_cache .ruff_cache .pytest_cache .hypothesis dist
