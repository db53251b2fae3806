# Every target's "##" comment is its line in `make help`.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help install demo test test-quick test-versions test-analyst test-browser test-services docs bench lint format lock clean kills lake-kills faults flips backfill-drill digests-drill metadata-drill pages-drill series-drill

PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip install --disable-pip-version-check
STAMP := .venv/.installed
DUCKDB_RELEASES := 1.1.3 1.2.2 1.3.2 1.4.5 2.0.0
ROOMS := extractors flows transforms warehouse

export DO_NOT_TRACK := 1
# Else each of some thousand processes that the tests start would compile all of the code again.
unexport PYTHONDONTWRITEBYTECODE

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

install: $(STAMP) ## the environment in .venv, exactly as locked; a second time is instant

# --no-deps: the lock names everything, and pip's own resolver stumbles over extras when hashes are required.
$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "paperlog needs Python 3.11 or later, $(PYTHON) is " + sys.version.split()[0])'
	@test -x $(BIN)/python || echo "installing into .venv (about a minute)"
	@$(PYTHON) -m venv .venv
	@{ $(PIP) --no-deps --require-hashes --requirement requirements.lock && $(PIP) --no-deps --no-build-isolation --editable .; } \
		> .venv/install.txt 2>&1 || { cat .venv/install.txt; exit 1; }
	@touch $@

demo: install ## the main job through Prefect on a digest site served from this machine, then answers from SQL
	@$(BIN)/python -m flows.demo

# Four processes on two cores: many tests wait for a server, a lock or a retry. One that crashes ends the run: restarted
# as often as pytest-xdist would, it left the others waiting for ever (seen with 3.8).
PYTEST := $(BIN)/python -m pytest --numprocesses 4 --max-worker-restart 0 --dist loadfile --no-loadscope-reorder

test: install lint ## formatting, lint, types, import contracts and all tests
	@$(PYTEST) -m "not browser and not services"

test-quick: install lint ## while working: the same without slow tests and without a Prefect server
	@$(PYTEST) -m "not prefect and not slow and not browser and not services"

test-browser: .venv/.installed-browser ## the pages in a real Chromium, desktop and phone, light and dark (about four minutes)
	@{ command -v chromium || command -v chromium-browser || command -v google-chrome; } > /dev/null || $(call FROM_DEBIAN,chromium)
	@$(BIN)/python -m pytest tests/browser

test-services: .venv/.installed-services ## a warehouse on servers: PostgreSQL and an S3 server, started here for the tests
	@{ command -v initdb || ls /usr/lib/postgresql/*/bin/initdb; } > /dev/null 2>&1 || $(call FROM_DEBIAN,postgresql)
	@$(PYTEST) -m services

# Debian's own packages: nothing is downloaded by the tests.
FROM_DEBIAN = { test "$$(id -u)" = 0 && test -x /usr/bin/apt-get && apt-get update -qq && apt-get install -qq -y --no-install-recommends $(1); } \
	|| { echo "these tests need the package $(1): install it, as root"; exit 1; }

# Locks of what is added to .venv; a test compares them with requirements.lock, so that nothing else changes there.
.venv/.installed-browser .venv/.installed-services: .venv/.installed-%: requirements-%.lock $(STAMP)
	@$(PIP) --quiet --no-deps --require-hashes --requirement $<
	@touch $@

test-versions: install ## read the published file with other DuckDB releases (needs a registry once)
	@for version in $(DUCKDB_RELEASES); do \
		test -x .cache/duckdb/$$version/bin/python && continue; \
		$(PYTHON) -m venv .cache/duckdb/$$version \
			&& .cache/duckdb/$$version/bin/python -m pip install --quiet --disable-pip-version-check duckdb==$$version || exit 1; \
	done
	@$(BIN)/python -m pytest tests/warehouse/publish/test_versions.py

test-analyst: .venv-analyst/.installed ## the notebook, the DuckDB and Datasette command lines, an MCP client and readers of descriptions, in an environment of its own
	@.venv-analyst/bin/python -m pytest -m analyst

.venv-analyst/.installed: requirements-analyst.lock pyproject.toml
	@echo "installing into .venv-analyst (about two minutes)"
	@$(PYTHON) -m venv .venv-analyst
	@{ .venv-analyst/bin/python -m pip install --disable-pip-version-check --no-deps --require-hashes --requirement requirements-analyst.lock \
		&& .venv-analyst/bin/python -m pip install --disable-pip-version-check --no-deps --no-build-isolation --editable .; } \
		> .venv-analyst/install.txt 2>&1 || { cat .venv-analyst/install.txt; exit 1; }
	@touch $@

bench: .venv-bench/.installed ## the benchmark beside its peers, in an environment of its own: tests/bench/results.json, table and plot
	@.venv-bench/bin/python -m tests.bench $(STAGES)

.venv-bench/.installed: requirements-bench.lock tests/bench/labelled.txt
	@echo "installing into .venv-bench (about two minutes)"
	@$(PYTHON) -m venv .venv-bench
	@.venv-bench/bin/python -m pip download --quiet --disable-pip-version-check --no-deps --require-hashes --dest .venv-bench/labelled \
		--no-binary py-entitymatching --requirement tests/bench/labelled.txt
	@.venv-bench/bin/python -m pip install --disable-pip-version-check --no-deps --require-hashes --requirement requirements-bench.lock \
		> .venv-bench/install.txt 2>&1 || { cat .venv-bench/install.txt; exit 1; }
	@touch $@

lint: install ## formatting, lint, types and import contracts
	@$(BIN)/ruff format --check --quiet . || { $(BIN)/ruff format --check .; exit 1; }
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy --no-error-summary
	@$(BIN)/lint-imports > .venv/lint-imports.txt 2>&1 || { cat .venv/lint-imports.txt; exit 1; }

docs: install ## write every generated part of the documentation
	@$(BIN)/python -m tests.docs.make

kills: install ## 200 kills at random moments of fetch to publish, with a second writer and readers (twenty minutes)
	@$(BIN)/python -m tests.flows.kills 200

lake-kills: .venv/.installed-services ## 100 kills of writers of a lake in PostgreSQL and an S3 server, with a reader (minutes)
	@$(BIN)/python -m tests.services.kills 100

faults: install ## every call that opens, writes, syncs, renames, locks or sends fails in turn, with three errors (hours)
	@$(BIN)/python -m tests.faults.run $(FAULTS)

flips: install ## 200 damages to each derived file and 100 to the landing: no other answer without a word (hours)
	@$(BIN)/python -m tests.drills.flips 200

backfill-drill: install ## 800 days with holes and faults through a Prefect server and worker (about ten minutes)
	@$(BIN)/python -m tests.flows.drill 800

series-drill: install ## 30 days of three lists of a served arXiv through a Prefect server and worker, and its pace (about three minutes)
	@$(BIN)/python -m tests.flows.series_drill

metadata-drill: install ## 300,000 invented records of arXiv from a file, killed, resumed, renewed (about five minutes)
	@$(BIN)/python -m tests.flows.metadata_drill 300000

pages-drill: install ## a site of 10,000 papers, a server of a million, fifty readers during twenty publishes (about ten minutes)
	@$(BIN)/python -m tests.drills.pages

digests-drill: install ## a year of days: what four readers were told, with fifty kills and a move to another home (about ten minutes)
	@$(BIN)/python -m tests.drills.digests

format: install ## rewrite the sources as `make lint` wants them
	@$(BIN)/ruff format --quiet .
	@$(BIN)/ruff check --fix --quiet .

lock: ## remake all locks from pyproject.toml (needs a registry)
	@test -x $(BIN)/uv || { $(PYTHON) -m venv .venv && $(BIN)/python -m pip install --quiet uv; }
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --extra dev --generate-hashes \
		--no-emit-index-url --no-emit-find-links --no-annotate --custom-compile-command "make lock" \
		--output-file requirements.lock pyproject.toml
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --extra bench --constraint requirements.lock --generate-hashes \
		--no-emit-index-url --no-emit-find-links --no-annotate --custom-compile-command "make lock" \
		--output-file requirements-bench.lock pyproject.toml
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --extra dev --extra analyst --extra mcp --extra analyst-tests \
		--constraint requirements.lock --generate-hashes \
		--no-emit-index-url --no-emit-find-links --no-annotate --custom-compile-command "make lock" \
		--output-file requirements-analyst.lock pyproject.toml
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --extra browser --constraint requirements.lock --generate-hashes \
		--no-emit-index-url --no-emit-find-links --no-annotate --custom-compile-command "make lock" \
		--output-file requirements-browser.lock pyproject.toml
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --extra lake --extra dask --extra services --constraint requirements.lock --generate-hashes \
		--no-emit-index-url --no-emit-find-links --no-annotate --custom-compile-command "make lock" \
		--output-file requirements-services.lock pyproject.toml
	@! grep -n '://' requirements.lock requirements-bench.lock requirements-analyst.lock requirements-browser.lock requirements-services.lock

clean: ## remove the environment and caches; the data stay
	@rm -rf .venv .venv-analyst .venv-bench .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis build dist
	@find $(ROOMS) tests -name __pycache__ -prune -exec rm -rf {} +
