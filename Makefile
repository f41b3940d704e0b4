# Kinara's front door. Needs Python 3.11 or newer and make; everything else is installed into .venv, pinned by hash.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready
MEMBERS := $(patsubst %/pyproject.toml,%,$(wildcard shared/pyproject.toml services/*/pyproject.toml))
SERVICES := $(notdir $(filter services/%,$(MEMBERS)))
T ?= tests
WORKERS ?= 2
PEERS := build/peers
ON_KAFKA := tests/shared tests/cli tests/journeys tests/operators

ifdef PIP_INDEX_URL
export UV_DEFAULT_INDEX ?= $(PIP_INDEX_URL) # uv does not read pip's settings
endif

export KAFKA MONGO NODES FULL # servers of the stack: KAFKA=apache (NODES=3), MONGO=rust; else Tansu and Python's SecantusDB

.PHONY: help setup demo up test test-kafka faults check lock hooks env clean bench bench-imports bench-simulation

help: ## What can be done
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(READY) ## Install everything into .venv; quick when nothing changed

$(READY): locks/build.txt locks/all.txt $(MEMBERS:%=%/pyproject.toml)
	@$(PYTHON) -c 'import sys; sys.exit("Kinara needs Python 3.11 or newer: make setup PYTHON=python3.12" if sys.version_info < (3, 11) else 0)'
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	test -x $(BIN)/uv || $(BIN)/python -m pip install --quiet --require-hashes -r locks/build.txt
	$(BIN)/uv pip install --quiet --compile-bytecode --python $(BIN)/python --require-hashes -r locks/all.txt
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation $(MEMBERS:%=-e %)
	@touch $@

demo: setup ## Import people, let citizens and trainers speak, kill a process, prove that nothing was lost
	PYTHONPATH=deploy $(BIN)/python -m embedded.demo

up: setup ## Run broker, database and the four services until Ctrl-C
	PYTHONPATH=deploy $(BIN)/python -m embedded.up

test: setup ## Run the tests, or some of them: make test T=tests/cli; WORKERS=0 in one process
	@$(BIN)/pytest --numprocesses $(WORKERS) --dist loadfile --no-loadscope-reorder $(T)

bench: setup $(PEERS)/.ready ## Measure the event path against limits and peers; best with KAFKA=apache MONGO=rust
	PYTHONPATH=.:deploy $(BIN)/python -m bench.path $(ARGS)

bench-imports: setup ## Measure an import of 50,000 rows; ARGS=--alone leaves the other services out
	PYTHONPATH=.:deploy $(BIN)/python -m bench.imports --below 400 $(ARGS)

bench-simulation: setup ## Measure a draft policy tried out on 50,000 employees, at most 60 s; wants MONGO=rust
	PYTHONPATH=.:deploy $(BIN)/python -m bench.simulation $(ARGS)

$(PEERS)/.ready: locks/bench.txt | $(READY)
	@($(BIN)/uv venv --quiet --clear --python $(BIN)/python $(PEERS) && $(BIN)/uv pip install --quiet --python $(PEERS)/bin/python \
	  --require-hashes -r $< && touch $@) || echo 'bench: its peers cannot be installed here and are left out'

faults: setup ## Break what runs under load, prove that nothing is lost; FULL=1 for the campaign, best with KAFKA=apache MONGO=rust
	PYTHONPATH=deploy:tests $(BIN)/python -m faults $(ARGS)

test-kafka: KAFKA := apache
test-kafka: setup ## Run the tests that speak to a broker, and a slice of the faults, on Apache Kafka; needs a JDK and Maven, or says so
	@PYTHONPATH=deploy $(BIN)/python -m embedded.apache
	@$(BIN)/pytest $(ON_KAFKA)
	PYTHONPATH=deploy:tests $(BIN)/python -m faults --quick

check: setup ## Lint, types, boundaries, compose file, published schemas
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/python deploy/check_compose.py
	$(BIN)/python -m kinara.contracts.export --check

lock: setup ## Resolve the dependencies again and write locks/
	$(BIN)/uv lock
	$(call export,all)
	$(call export,build,--only-group build)
	$(call export,bench,--only-group bench)
	$(foreach service,$(SERVICES),$(call export,$(service),--package kinara-$(service) --no-dev)$(newline))

hooks: setup ## Check what you commit before it is committed
	$(BIN)/pre-commit install

env: ## Write .env for docker compose, with fresh secrets; keeps one that is there
	@test -e .env || (umask 077 && $(PYTHON) -c 'import re, secrets, sys; sys.stdout.write(re.sub(r"=$$", lambda _: "=" + secrets.token_hex(32), sys.stdin.read(), flags=re.M))' < .env.example > .env)

clean: ## Remove what was installed, built and cached, and the data of demo and up
	rm -rf .venv .kinara build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find deploy services shared tests -name __pycache__ -prune -exec rm -rf {} +

# Hash-pinned, without our own members and without a host: where packages come from is the machine's matter.
define export
$(BIN)/uv export --quiet --frozen --no-header --no-annotate --no-emit-workspace $(2) --output-file locks/$(1).txt
endef

define newline


endef
