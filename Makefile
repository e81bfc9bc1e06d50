# The project's commands. `make` alone lists them.
#
#   make run PORT=8001        another port
#   make test ARGS="-k rank"  arguments for pytest

PYTHON ?= python3
HOST   ?= 127.0.0.1
PORT   ?= 8000
ARGS   ?=
SOAK   ?= 200

VENV    := .venv
PY      := $(VENV)/bin/python
MANAGE  := $(PY) manage.py
INSTALL := $(PY) -m pip install --disable-pip-version-check --no-input -qq --require-hashes

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run demo dev test test-sqlite test-postgres test-fast soak check format lock messages bench screenshots \
        install install-dev clean

help: ## this list
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

## --- Running ---------------------------------------------------------------------------------------------------

run: demo ## start the portal on this machine with sample data (PORT=8000)
	@$(PY) -m tools.serve --host $(HOST) --port $(PORT)

dev: demo ## the same, restarting at every change of the code
	@$(MANAGE) runserver --skip-checks $(HOST):$(PORT)

demo: install
	@$(PY) -m tools.serve --check-port --host $(HOST) --port $(PORT)
	@$(PY) -m tools.catalog compile
	@$(MANAGE) migrate --verbosity 0
	@PUBLIC_URL=$${PUBLIC_URL:-http://localhost:$(PORT)} $(MANAGE) load_sample # it stands on the papers

## --- Testing and checking --------------------------------------------------------------------------------------

test: install-dev ## all tests on SQLite, and those in which databases differ on PostgreSQL
	@$(PY) -m tools.test $(ARGS)

test-sqlite: install-dev ## all tests, on SQLite only
	@$(PY) -m tools.test --on sqlite $(ARGS)

test-postgres: install-dev ## the tests in which databases differ, on PostgreSQL only
	@$(PY) -m tools.test --on postgresql $(ARGS)

test-fast: install-dev ## all tests but those in a browser, on SQLite
	@$(PY) -m tools.test --on sqlite --no-browser $(ARGS)

soak: install-dev ## what many do at the same moment, many times over, and three years of a reseller (SOAK=200 LICENSE_IDS=500; takes hours)
	@SOAK=$(SOAK) $(PY) -m tools.test --on postgresql -n 0 -m soak --everything $(ARGS)

check: install-dev ## everything that can be found without running tests
	@$(PY) -m tools.check

format: install-dev ## put code and templates into the project's form
	@$(VENV)/bin/ruff check --fix --quiet --exit-zero .
	@$(VENV)/bin/ruff format --quiet .
	@$(PY) -m tools.check --fix-templates

## --- Upkeep ----------------------------------------------------------------------------------------------------

messages: install-dev ## take new texts into locale/, drop those gone, compile
	@$(PY) -m tools.catalog update
	@$(PY) -m tools.catalog compile

lock: install-dev ## requirements*.in to requirements*.txt (UPGRADE=1: newest versions)
	@$(PY) -m tools.lock $(if $(UPGRADE),--upgrade)

bench: $(VENV)/.bench ## measure, and write what was measured to docs/
	@$(PY) -m tools.bench $(ARGS)

screenshots: install-dev ## take the pictures of docs/img anew
	@$(PY) -m tools.catalog compile
	@$(PY) -m tools.screenshots $(ARGS)

install: $(VENV)/.runtime
install-dev: $(VENV)/.development

clean: ## remove what was made here, also the local database
	rm -rf $(VENV) .cache .ruff_cache .mypy_cache .pytest_cache .import_linter_cache .hypothesis var dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
	find locale -name '*.mo' -delete

# Each stamp is the lock that was installed last; an unchanged lock costs nothing.

$(PY):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
	  { echo 'Python 3.11 or newer is needed. Name one: make PYTHON=python3.12 …'; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo 'On Debian: apt-get install python3-venv'; exit 1; }

$(VENV)/.runtime: requirements.txt | $(PY)
	@cmp -s requirements.txt $@ || { echo 'Installing what the portal runs on …'; $(INSTALL) -r requirements.txt; }
	@cp requirements.txt $@

$(VENV)/.development: requirements-dev.txt | $(PY)
	@cmp -s requirements-dev.txt $@ || { echo 'Installing what testing needs …'; $(INSTALL) -r requirements-dev.txt; }
	@cp requirements-dev.txt $@
	@cp requirements.txt $(VENV)/.runtime

$(VENV)/.bench: requirements-bench.txt $(VENV)/.development
	@cmp -s requirements-bench.txt $@ || { echo 'Installing what is compared with …'; $(INSTALL) -r requirements-bench.txt; }
	@cp requirements-bench.txt $@
