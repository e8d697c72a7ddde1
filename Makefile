# Four commands. Each sets up what it needs itself; only Python 3.11 or newer and make must be there.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: run test check bench sbom clean

run: $(VENV)/.run
	@$(BIN)/python app.py

# Tests are compiled once, and not by every worker of every run, whatever the machine forbids elsewhere.
test: $(VENV)/.test
	@PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest $(ARGS)

check: $(VENV)/.test
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python -m hotline.cli strings check
	@$(BIN)/python -m hotline.cli prompts check
	@$(BIN)/python -m pytest -q -n0 -m "exhaustive or not exhaustive" tests/attack/supply

bench: $(VENV)/.test
	@$(BIN)/python -m hotline.cli bench all
	@PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -m exhaustive $(ARGS)

$(VENV)/.run: .ci/run.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed")'
	@$(PYTHON) -m venv $(VENV)
	@echo "Installing what the hotline needs (once)..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r .ci/run.lock
	@touch $@

$(VENV)/.test: .ci/test.lock $(VENV)/.run
	@echo "Installing what the tests need (once)..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r .ci/test.lock
	@touch $@

# What the product is made of, for whoever must know: CycloneDX, from what is pinned.
sbom: $(VENV)/.test
	@mkdir -p var
	@$(BIN)/cyclonedx-py requirements .ci/run.lock --pyproject pyproject.toml --validate --output-reproducible -o var/sbom.json

clean:
	rm -rf $(VENV) var .mypy_cache .ruff_cache .pytest_cache
