# What people type. Everything needs Python >= 3.11, git, make and a package index; nothing else.
PYTHON ?= python3
VENV := .venv/bin/python
# Commands beside a running system work on the suite's data folder.
TEST_DATA := DATA_DIR=$(CURDIR)/.data/test
TESTS ?=

.DEFAULT_GOAL := help
.PHONY: help run demo test test-all bench lint lock install install-dev

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: install ## the whole system with a demo library on http://127.0.0.1:8000 (PORT=, DATA_DIR=)
	@$(VENV) -m helpdesk.run

demo: install ## rebuild the demo library
	@DEMO=1 $(VENV) manage.py demo --reset

test: install-dev ## the fast suite (TESTS="-k kiosk" to choose)
	@$(VENV) -m pytest -n 2 -m "not slow" $(TESTS)

test-all: install-dev ## every test, long ones too
	@$(VENV) -m pytest -n 2 $(TESTS)

bench: install-dev ## the benchmarks, one JSON object a line (QUICK=1, NAMES="reads race")
	@$(VENV) -m bench $(if $(QUICK),--quick) $(NAMES)

lint: install-dev ## format, lint, types, migrations and deploy settings
	@$(VENV) -m ruff format --check .
	@$(VENV) -m ruff check .
	@$(TEST_DATA) $(VENV) -m mypy
	@$(TEST_DATA) $(VENV) manage.py makemigrations --check --dry-run
	@$(TEST_DATA) HTTPS=1 ALLOWED_HOSTS=helpdesk.example.org \
		DATABASE_URL=postgresql://database.example.org/helpdesk REDIS_URL=redis://redis.example.org/0 \
		SECRET_KEY=$$($(VENV) -c 'import secrets; print(secrets.token_urlsafe(50))') \
		PATRON_KEY=$$($(VENV) -c 'import secrets; print(secrets.token_urlsafe(50))') \
		$(VENV) manage.py check --deploy --fail-level WARNING

lock: ## choose versions anew and pin them with hashes
	@$(PYTHON) -m venv .data/lock
	@.data/lock/bin/python -m pip install --quiet uv
	@.data/lock/bin/uv pip compile $(LOCK) pyproject.toml --output-file requirements.txt
	@.data/lock/bin/uv pip compile $(LOCK) --extra dev pyproject.toml --output-file requirements-dev.txt
LOCK := --upgrade --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --quiet

install:
	@$(PYTHON) -I helpdesk/install.py requirements.txt

install-dev:
	@$(PYTHON) -I helpdesk/install.py requirements-dev.txt
