# jixiao: everything a newcomer needs is `make extract`, `make test` and `make help`.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip --disable-pip-version-check --quiet install --no-deps --require-hashes

.DEFAULT_GOAL := help
.PHONY: help extract status report docs test lint types imports check tools golden lock clean

help:  ## list what can be made
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

extract: $(VENV)/.ready  ## read data/raw (or data/raw/YEAR with YEAR=2023), publish to data/clean
	$(BIN)/jixiao extract $(if $(YEAR),--year $(YEAR)) $(ARGS)

status: $(VENV)/.ready  ## what the last run published
	$(BIN)/jixiao status

report: $(VENV)/.ready  ## write report.html about what was published (see ARGS, as in ARGS='--out audit.html')
	$(BIN)/jixiao report $(ARGS)

docs: $(VENV)/.ready-dev  ## build the documentation as a site into site/, without the network
	NO_MKDOCS_2_WARNING=1 $(BIN)/python -W ignore -m mkdocs build --quiet --clean
	@echo "open site/index.html"

test: lint types imports check  ## lint, types, import contracts and the whole test suite

lint: $(VENV)/.ready-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.ready-dev
	$(BIN)/mypy

imports: $(VENV)/.ready-dev
	$(BIN)/lint-imports

check: $(VENV)/.ready-dev tools
	$(BIN)/python -m pytest

# Programs that some readers and the browser tests call. Installed where we may; where not, the tests that
# need them say so and skip.
tools:
	@./tests/tools.sh

golden: $(VENV)/.ready-dev  ## rewrite the golden files; read the diff before you commit it
	JIXIAO_REWRITE_GOLDEN=1 $(BIN)/python -m pytest -n 0 -m golden

lock:  ## resolve the pinned, hashed requirements again (needs uv)
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --group build -o requirements-build.lock
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --extra archives --extra dask --extra exports --extra review --extra s3 pyproject.toml -o requirements.lock
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-annotate --no-header -c requirements.lock --group dev -o requirements-dev.lock

# One package of the lock (jieba) is published as source only: its build tool is pinned and installed
# first, and builds run without isolation, so that nothing unpinned is ever fetched.
$(VENV)/.ready: requirements-build.lock requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "jixiao needs Python 3.11 or newer; say make PYTHON=python3.11 …" >&2; exit 1; }
	@test -x $(BIN)/python || { $(PYTHON) -m venv $(VENV) && $(BIN)/python -m pip --version >/dev/null; } || { rm -rf $(VENV); echo "cannot make a virtual environment: install Debian's python3-venv" >&2; exit 1; }
	$(PIP) -r requirements-build.lock
	$(PIP) --no-build-isolation -r requirements.lock
	$(BIN)/python -m pip --disable-pip-version-check --quiet install --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.ready-dev: $(VENV)/.ready requirements-dev.lock
	$(PIP) --no-build-isolation -r requirements-dev.lock
	@touch $@

clean:  ## remove the environment, stage results and published tables (never data/raw or data/review)
	rm -rf $(VENV) data/work
	find data/clean -mindepth 1 ! -name .gitkeep -delete
