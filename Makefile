# Every command of the project; `make` prints the list.
PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8000
WORKERS ?= 2
NOUN ?= booking
ENGINE ?= procrastinate
BIN := .venv/bin
CODE := app matching migrations tests benchmarks wsgi.py
# Tests also wait: for browsers, servers and leases.
TEST_WORKERS ?= $(shell expr $$(nproc 2>/dev/null || sysctl -n hw.ncpu 2>/dev/null || echo 2) + 1)

.DEFAULT_GOAL := help
.PHONY: help run jobs test soak check lint contracts migrate seed embedding engine bench lock translations where clean

help: ## Print this list.
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-13s %s\n", $$1, $$2}'

.venv/run: requirements.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

.venv/test: tests/requirements.txt .venv/run
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r tests/requirements.txt
	@touch $@

run: .venv/run ## Serve the site with a job process; HOST and PORT can be given.
	@HOST=$(HOST) PORT=$(PORT) WORKERS=$(WORKERS) $(BIN)/python -m app.cli.serve

jobs: .venv/run ## Run a job process on its own.
	@$(BIN)/python -m app.jobs

migrate: .venv/run ## Bring the database to the newest schema.
	@$(BIN)/flask --app wsgi db upgrade

seed: migrate ## Load reference data and the demo district.
	@$(BIN)/flask --app wsgi seed reference
	@$(BIN)/flask --app wsgi seed demo

# Bytecode is kept whatever the environment says: workers and the processes of tests share it.
test: .venv/test ## Run every test, on SQLite and on a throw-away PostgreSQL.
	@PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -n $(TEST_WORKERS) --dist worksteal -q

soak: .venv/test ## Run every test on both databases, and the long attacks: races, kills.
	@PYTHONDONTWRITEBYTECODE= JIEBAN_TEST_THOROUGH=1 $(BIN)/python -m pytest -n $(TEST_WORKERS) --dist worksteal -q
	@$(BIN)/python -m benchmarks.booking_race --tries 20000
	@$(BIN)/python -m benchmarks.booking_history --seconds 120
	@$(BIN)/python -m benchmarks.kill_run --seconds 120
	@$(BIN)/python -m benchmarks.audit_tampers
	@$(BIN)/python -m benchmarks.outbox_faults
	@$(BIN)/python -m benchmarks.node_faults

lint: .venv/test ## Check format, style and types.
	@$(BIN)/ruff format --check $(CODE)
	@$(BIN)/ruff check $(CODE)
	@$(BIN)/mypy

contracts: .venv/test ## Check who imports whom.
	@$(BIN)/lint-imports --no-cache

check: lint contracts test ## Everything a commit must pass.

embedding: .venv/run ## Install what a sentence-embedding model on disk needs.
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes \
		-r matching/requirements-embedding.txt

engine: .venv/run ## Install what another engine needs, such as ENGINE=procrastinate.
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes \
		-r app/jobs/engines/requirements-$(ENGINE).txt

bench: .venv/test ## Measure against named peers, as ratios.
	@failed=0; for name in encoder_speed index_speed propose_speed assignment learning booking_race free_times joint_times engine_throughput audit_cost; do \
		$(BIN)/python -m benchmarks.$$name || failed=1; done; exit $$failed

lock: ## Pin every package with its hashes, after a change of pyproject.toml.
	@$(PYTHON) -m venv .venv/lock && .venv/lock/bin/pip install --quiet pip-tools
	@.venv/lock/bin/pip-compile --quiet --generate-hashes --strip-extras --no-header \
		--no-emit-index-url --no-emit-find-links -o requirements.txt pyproject.toml
	@.venv/lock/bin/pip-compile --quiet --generate-hashes --no-strip-extras --no-header --allow-unsafe \
		--no-emit-index-url --no-emit-find-links --extra dev --extra embedding --extra procrastinate --extra celery -c requirements.txt \
		-o tests/requirements.txt pyproject.toml
	@.venv/lock/bin/pip-compile --quiet --generate-hashes --strip-extras --no-header \
		--no-emit-index-url --no-emit-find-links --extra embedding -c requirements.txt \
		-o matching/requirements-embedding.txt pyproject.toml
	@for engine in procrastinate celery; do \
		.venv/lock/bin/pip-compile --quiet --generate-hashes --strip-extras --no-header \
		--no-emit-index-url --no-emit-find-links --extra $$engine -c requirements.txt \
		-o app/jobs/engines/requirements-$$engine.txt pyproject.toml; done

translations: .venv/run ## Gather the words, bring the English catalogue up to date, compile it.
	@$(BIN)/pybabel -q extract -F app/translations/babel.cfg -k _ -k ngettext:1,2 -o .venv/messages.pot app
	@$(BIN)/pybabel -q update -N --no-wrap -i .venv/messages.pot -d app/translations -l en
	@$(BIN)/pybabel -q compile -d app/translations

where: ## List every file of a noun, such as NOUN=booking.
	@git ls-files | grep -E '(^|/)(test_)?$(NOUN)(s|ies)?(/|\.|_)' || echo "no file of $(NOUN)"

clean: ## Forget what can be made again; var/ stays.
	@rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .import_linter_cache
