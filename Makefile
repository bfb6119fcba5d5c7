# Everything there is to run. Needs Python 3.11 or later and make; fetches the rest.

.DEFAULT_GOAL := help
.NOTPARALLEL:
.DELETE_ON_ERROR:
.PHONY: help install demo test assurance check fix bench lock clean

BIN := .venv/bin
# Any of these will do; the first is what the project is developed on.
PYTHONS := $(PYTHON) python3.11 python3.12 python3.13 python3.14 python3
# Where pytest is given more than the defaults: make test ARGUMENTS="-k referral"
ARGUMENTS ?=

help: ## List what there is
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

install: .venv/.harbourlight var/assets/govuk-frontend.min.css .venv/.can-print ## Set up: virtual environment, locked packages, front-end

demo: install ## Run the demonstration on http://127.0.0.1:8000; its data are kept in var/
	@exec $(BIN)/harbourlight demo

test: install ## Run every test, browser journeys included
	@.ci/pango --needed
	@.ci/browser
	$(BIN)/python -m pytest -n 2 --dist worksteal $(ARGUMENTS)

assurance: install ## Run every test in its long form and write docs/assurance.md
	@.ci/pango --needed
	@.ci/browser
	$(BIN)/python -m pytest -n 2 --dist worksteal --assurance $(ARGUMENTS)

check: install ## Look at format, lint, types, import contracts and generated files; change nothing
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/harbourlight generate --check

fix: install ## Mend what check can mend, and generate again what is generated
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	$(BIN)/harbourlight generate

bench: install ## Measure the speeds we promise, at the size of the demonstration
	$(BIN)/python -m bench

lock: .venv/bin/python ## Choose the newest allowed versions of all dependencies and lock them with hashes
	rm -rf var/lock && $(BIN)/python -m venv var/lock && var/lock/bin/pip install --quiet uv
	var/lock/bin/uv pip compile $(LOCKING) --extra test --extra build -o requirements.lock pyproject.toml
	var/lock/bin/uv pip compile $(LOCKING) -o requirements-node.lock requirements-node.in
	rm -rf var/lock
	rm -f package-lock.json && .ci/npm install --package-lock-only --ignore-scripts

LOCKING := --upgrade --universal --python-version 3.11 --generate-hashes --quiet \
  --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock"

clean: ## Remove what install made; the demonstration's data in var/ stay
	rm -rf .venv node_modules var/assets var/lock build dist src/*.egg-info
	rm -rf .hypothesis .mypy_cache .pytest_cache .ruff_cache .import_linter_cache test-results
	find src tests -name __pycache__ -type d -prune -exec rm -rf {} +

# ---- Set-up, each step once --------------------------------------------------------------------

.venv/bin/python:
	@for python in $(PYTHONS); do \
	  if $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	    if $$python -c 'import ensurepip, venv' 2>/dev/null; then \
	      echo "Making .venv with $$($$python --version)"; \
	      exec $$python -m venv --clear .venv; \
	    fi; \
	    bare="$$bare $$python"; \
	  fi; \
	done; \
	if [ -n "$$bare" ]; then \
	  echo "Found$$bare, but without the venv module." >&2; \
	  echo "On Debian or Ubuntu: apt-get install python3-venv" >&2; \
	else \
	  echo "Harbourlight needs Python 3.11 or later and found none." >&2; \
	  echo "Where it has another name: make install PYTHON=/path/to/python" >&2; \
	fi; \
	exit 1

# --no-deps: the lock names everything there is, so nothing is left to look for.
.venv/.packages: requirements.lock | .venv/bin/python
	@echo "Installing the locked Python packages"
	@$(BIN)/python -m pip install $(PIP) --require-hashes --no-deps -r requirements.lock
	@touch $@

.venv/.harbourlight: pyproject.toml .venv/.packages
	@$(BIN)/python -m pip install $(PIP) --no-deps --no-build-isolation -e .
	@touch $@

# Where it cannot print this is said at each install, and nothing else stops for it.
.venv/.can-print: .venv/.harbourlight .ci/pango
	@if .ci/pango; then touch $@; fi

PIP := --quiet --disable-pip-version-check --no-input --root-user-action ignore

node_modules/.installed: package.json package-lock.json .npmrc requirements-node.lock | .venv/bin/python
	@echo "Installing the locked front-end packages"
	@.ci/npm ci --ignore-scripts --silent
	@touch $@

var/assets/govuk-frontend.min.css: node_modules/.installed src/harbourlight/server/assets.py .venv/.harbourlight
	@$(BIN)/python -m harbourlight.server.assets node_modules var/assets
	@touch $@
