# One verb a target; `make help` lists them. Needs Python 3.11 to 3.13 and make, nothing else.

VENV   ?= .venv
PEOPLE ?= 20000
PORT   ?= 8000
STORE  ?= sqlite neo4j
SCALE_PEOPLE ?= 100000 1000000

NEO4J_PORT ?= 7687

# The first interpreter of a version that Kindred runs on.
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' 2>/dev/null && echo $$p && break; done)

PY      := $(VENV)/bin/python
INSTALL := $(PY) -m pip install --quiet --disable-pip-version-check --require-hashes

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help venv dev demo test check services neo4j soak bench bench-scale locks clean

help: ## list the verbs
	@grep -hE '^[a-z0-9-]+:.*## ' $(firstword $(MAKEFILE_LIST)) | sed -E 's/^([a-z0-9-]+):.*## /\1\t/' | expand -t 14

venv: $(VENV)/.core ## the environment to run Kindred in (hash-locked, core dependencies alone)

dev: $(VENV)/.dev ## the same environment with what tests and checks need

$(VENV)/.made:
	@test -n "$(PYTHON)" || { echo "Kindred needs Python 3.11, 3.12 or 3.13 (python3 on the path)"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.core: $(VENV)/.made requirements/core.txt requirements/build.txt pyproject.toml
	$(INSTALL) -r requirements/core.txt -r requirements/build.txt
	$(PY) -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.core requirements/dev.txt requirements/identity.txt requirements/linkage.txt
	$(INSTALL) --no-build-isolation -r requirements/dev.txt
	$(INSTALL) -r requirements/identity.txt
	$(INSTALL) --no-deps -r requirements/linkage.txt
	@touch $@

demo: venv ## a synthetic country (PEOPLE=20000) pulled in and served on http://127.0.0.1:8000 (PORT=); Ctrl-C ends it
	@exec $(VENV)/bin/kindred demo --people $(PEOPLE) --port $(PORT)

test: dev ## all tests that need no server and little time
	$(PY) -m pytest -m "not soak and not bench" -n 2 --dist loadfile

check: dev ## style, types, who imports whom, file lengths, locks
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/ruff check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports --no-cache
	$(PY) -m tools.check_lengths
	$(PY) -m tools.check_traces

services: dev ## fetch the servers that tests run against (Neo4j by Maven: needs Java 17 or 21)
	$(PY) -m tests.servers.neo4j.fetching

neo4j: dev ## a Neo4j server in the foreground for whoever develops (its data in var/neo4j; NEO4J_PORT=); Ctrl-C ends it
	@exec $(PY) -m tests.servers.neo4j var/neo4j $(NEO4J_PORT)

soak: dev ## the long runs: kills, outside verifiers, full comparisons
	@$(PY) -m pytest -m soak; status=$$?; \
	if [ $$status -eq 5 ]; then echo "soak: no long runs yet"; else exit $$status; fi

bench: dev ## measure (report ratios, not times)
	@if [ -d benchmarks ]; then exec $(PY) -m benchmarks; else echo "bench: nothing to measure yet"; exit 1; fi

bench-scale: services ## pull countries of SCALE_PEOPLE into STORE=sqlite neo4j, by hand (hours; stopped, it goes on in var/scale)
	$(PY) -m benchmarks.scale --people $(SCALE_PEOPLE) --store $(STORE) --out var/scale

# For maintainers: needs uv on the path or in the environment. Newest versions that pyproject.toml allows.
UV      := $(firstword $(wildcard $(VENV)/bin/uv) uv)
COMPILE := env -u PIP_FIND_LINKS -u UV_FIND_LINKS $(UV) pip compile --quiet --universal --python-version 3.11 \
	--generate-hashes --no-header

locks: ## renew the lock files (LOCK_OPTIONS=--upgrade for newer versions)
	$(COMPILE) $(LOCK_OPTIONS) pyproject.toml -o requirements/core.txt
	$(COMPILE) $(LOCK_OPTIONS) pyproject.toml --extra dev -c requirements/core.txt -o requirements/dev.txt
	$(COMPILE) $(LOCK_OPTIONS) requirements/build.in -c requirements/dev.txt -o requirements/build.txt
	$(COMPILE) $(LOCK_OPTIONS) requirements/linkage.in --no-deps -o requirements/linkage.txt
	for extra in identity welfare gedcom; do \
		$(COMPILE) $(LOCK_OPTIONS) pyproject.toml --extra $$extra -c requirements/core.txt \
			-o requirements/$$extra.txt || exit 1; done

clean: ## remove caches (keeps the environment and var/)
	rm -rf .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
