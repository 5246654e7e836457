# Two commands set up a fresh machine: `make run` and `make test`. `make help` lists the rest.
.ONESHELL:
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin
PIP := $(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes --only-binary :all:

.PHONY: help run test drills check fix lock assets clean

help: ## this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

.venv/.run: requirements.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed: PYTHON=python3.12 make ..."; exit 1; }
	[ -x $(BIN)/pip ] || { rm -rf .venv; $(PYTHON) -m venv .venv || { rm -rf .venv; echo "The venv module is missing. Run: sudo apt-get install python3-venv"; exit 1; }; }
	echo "Installing the packages the tracker runs on ..."
	$(PIP) -r requirements.txt
	echo "$(CURDIR)" > "$$($(BIN)/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/tracker.pth"
	printf '#!/bin/sh\nexec "%s" -m tracker "$$@"\n' "$(CURDIR)/$(BIN)/python" > $(BIN)/tracker && chmod +x $(BIN)/tracker
	touch $@

.venv/.dev: .venv/.run requirements-dev.txt
	echo "Installing the packages for checking and testing ..."
	$(PIP) -r requirements-dev.txt
	touch $@

run: .venv/.run ## set up, migrate, load the demonstration into an empty database, serve on 127.0.0.1:8000 (PORT= changes it)
	TRACKER_PORT=$(PORT) $(BIN)/tracker run

test: .venv/.dev ## the whole suite: unit, property, both databases, crash, browser, accessibility
	$(BIN)/python -m pytest

drills: .venv/.dev ## the drills of the reminders at full size: killed senders, failing servers, clocks, a million dates (docs/drills.md)
	DRILLS=full $(BIN)/python -m pytest -n 0 -p no:randomly -s -v tests/drills tests/reminders/test_slow_year.py tests/demo/test_scanner_drill.py

check: .venv/.dev ## lint, types, import contracts, migrations
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -q -p no:randomly tests/migrations tests/architecture

fix: .venv/.dev ## put the code in house format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock: ## write the hashed requirement files again (needs uv)
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --custom-compile-command "make lock" requirements.in -o requirements.txt
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --custom-compile-command "make lock" requirements-dev.in -o requirements-dev.txt

assets: ## build the stylesheet and scripts again (needs Node); the result is committed
	tracker/assets/build.sh

clean: ## remove what was built and installed here
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .hypothesis instance
