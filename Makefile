# The two commands of the README, and what a developer types. `make help` lists them.
PYTHON ?= python3
PORT   ?= 8050
VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-input
PYTEST := PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder
.DEFAULT_GOAL := help
.PHONY: help run install test test-fast coverage check format lock bench fonts clean dist

##@ Use
help: ## list the targets
	@awk -F':.*## ' '/^##@ /{print substr($$0, 5)} /^[a-z-]+:.*## /{printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: install ## set everything up and serve the dashboard on http://127.0.0.1:8050
	@$(BIN)/pursuit serve --port $(PORT)

install: $(VENV)/.installed ## the environment with what the product needs

$(VENV)/.created:
	@tools/venv.sh $(PYTHON) $(VENV)
	@touch $@

$(VENV)/.installed: $(VENV)/.created requirements.lock pyproject.toml setup.py
	@echo "installing the locked dependencies (once)"
	@$(PIP) --require-hashes --no-deps -r requirements.lock
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.tested: $(VENV)/.installed requirements-dev.lock
	@echo "installing what the tests need (once)"
	@$(PIP) --require-hashes --no-deps -r requirements-dev.lock
	@tools/browser.sh $(BIN)/python
	@touch $@

##@ Develop
test: $(VENV)/.tested ## set everything up and run every test, browser included
	@tools/browser.sh $(BIN)/python
	$(PYTEST) $(ARGS)

test-fast: $(VENV)/.tested ## the tests that need no browser
	$(PYTEST) -m "not e2e" $(ARGS)

coverage: $(VENV)/.tested ## the same, and which lines no test reaches; counting them takes twice the time
	@tools/browser.sh $(BIN)/python
	$(PYTEST) --cov=etl --cov=dashboard --cov-report=term:skip-covered $(ARGS)
	$(VENV)/lib/python3*/site-packages/playwright/driver/node --test --experimental-test-coverage --test-coverage-include='dashboard/assets/js/**' tests/js/*.test.mjs

check: $(VENV)/.tested ## linter, types, dataset
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/biome ci
	$(BIN)/pursuit validate
	$(BIN)/frictionless validate data/datapackage.json

format: $(VENV)/.tested ## format the code; regenerate colours and the docs' tables
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	$(BIN)/biome format --write
	$(BIN)/python -m dashboard.tokens
	$(BIN)/python -m tools.doc_tables

##@ Release and measure
lock: ## write both lock files anew (needs uv)
	uv pip compile pyproject.toml --universal --generate-hashes --no-strip-extras --no-emit-index-url --no-header -q -o requirements.lock
	uv pip compile pyproject.toml --extra dev --universal --generate-hashes --no-strip-extras --no-emit-index-url --no-header -q -o requirements-dev.lock

bench: $(VENV)/.tested ## the project's own measurements
	@for b in benchmarks/*.py; do echo "== $$b"; $(BIN)/python $$b || exit 1; done

fonts: $(VENV)/.tested ## rebuild the font subsets (needs an installed Noto CJK)
	$(BIN)/python tools/fonts.py

dist: install ## a wheel that serves, dataset included
	$(BIN)/python -m pip wheel --quiet --no-deps --no-build-isolation --wheel-dir dist .

clean: ## remove what the build made
	rm -rf $(VENV) build dist figures *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage
