# The verbs of fundwatch. Everything that they need is set up on first use, from requirements.lock, into .venv.
# Needs: Python 3.11 or newer (PYTHON=… to name one) and make. `make integration` also needs Java 17, Maven and PostgreSQL.

.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON ?= python3
ARGS ?=
BIN := .venv/bin
READY := .venv/.installed
# Hashes of every wheel for every platform, and no address: pip takes them from wherever it is set up to.
LOCK := $(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
    --no-emit-find-links --no-header --no-annotate --quiet

# Compiled kernels are kept with the project: the package's own folder may not be writable.
export NUMBA_CACHE_DIR ?= $(CURDIR)/.cache/numba

.PHONY: help setup demo test check slow integration faults quality bench servers lock clean

help:  ## say what each verb does
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 22

setup: $(READY)  ## make .venv with everything that is locked, compile the kernels (the other verbs do it by themselves)

demo: $(READY)  ## the whole stream on this machine; make demo ARGS="--once" ends by itself
	@$(BIN)/fundwatch demo $(ARGS)

test: $(READY)  ## the default suite, a process a core: unit, contract and property tests, doctests; no network
	@$(BIN)/pytest --numprocesses auto --maxprocesses 4 --dist worksteal $(ARGS)

check: $(READY)  ## form, lint, types, import arrows
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

slow: $(READY)  ## tests that take longer than the default suite may, without servers
	@$(BIN)/pytest -m benchmark $(ARGS)

integration: $(READY)  ## Apache Kafka, PostgreSQL, Prometheus and Chromium at work, and the quality guard; starts the servers itself
	@$(BIN)/python -m deploy.servers $(BIN)/pytest -m "integration or e2e or guard" $(ARGS)

faults: $(READY)  ## many random faults on real servers, flags compared after them; make faults ARGS="--faults 200 --seed 1"
	@$(BIN)/python -m tests.faults $(ARGS)

quality: $(READY)  ## measure detection on whole data sets, write docs/quality.md
	@$(BIN)/pytest -m quality $(ARGS)

bench: $(READY)  ## measure speed beside River and others
	@$(BIN)/fundwatch bench $(ARGS)

servers: $(READY)  ## start Apache Kafka and PostgreSQL here, print their addresses, end on Ctrl-C
	@$(BIN)/python -m deploy.servers

lock: $(READY)  ## resolve pyproject.toml anew into the three requirements files
	@$(LOCK) --all-extras --output-file requirements.lock
	@$(LOCK) --extra office --extra build --constraint requirements.lock --output-file requirements-office.lock
	@$(LOCK) --extra bank --extra build --constraint requirements.lock --output-file requirements-bank.lock

clean:  ## remove what make set up
	rm -rf .venv .cache

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("fundwatch needs Python 3.11 or newer; name one with make PYTHON=python3.11" if sys.version_info < (3, 11) else 0)'
	@test -x $(BIN)/python || { echo "making .venv"; $(PYTHON) -m venv .venv; }
	@echo "installing what requirements.lock names (a few minutes the first time)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@echo "compiling the detector's kernels (a minute or two)"
	@$(BIN)/python -m deploy.demo.kernels
	@touch $@
