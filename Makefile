# One plain runner. `make demo` and `make test` set up all they need on a fresh machine, in .venv.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin

.PHONY: help demo check tools test bench coverage notebooks bundle clean

help:
	@echo "make demo    open the tutorial in JupyterLab (headless: run it and print where the page is)"
	@echo "make check   format, lint, types, floors, unit, property and golden tests, bundle (about a minute)"
	@echo "make test    everything: check, contract, clients, notebooks, browser"
	@echo "make bench   the benchmarks"

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip

$(VENV)/.demo: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet -e '.[demo]'
	@touch $@

$(VENV)/.dev: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet -e '.[demo,dev]'
	@touch $@

demo: $(VENV)/.demo
	@$(BIN)/python notebooks/open.py

check: $(VENV)/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest -q -n 2 tests/unit tests/property tests/golden
	$(BIN)/python js/build.py --check
	$(BIN)/python generators/notebooks.py --check

tools: $(VENV)/.dev
	$(BIN)/python tests/setup.py

test: tools check
	@npm ls --prefix tests/js >/dev/null 2>&1 || npm ci --silent --no-audit --no-fund --prefix tests/js
	node --test tests/js/*.test.js
	$(BIN)/python tests/contract/setup.py
	$(BIN)/pytest -q tests/contract tests/clients tests/notebooks tests/browser

bench: $(VENV)/.dev
	$(BIN)/python -m benchmarks

coverage: $(VENV)/.dev
	$(BIN)/python generators/coverage.py

notebooks: $(VENV)/.dev
	$(BIN)/python generators/notebooks.py

bundle: $(VENV)/.dev
	$(BIN)/python js/build.py

clean:
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache dist
