# Everything is set up in .venv; a stamp there says what has been done, so that running again is quick.

# None of make's own rules: to try them on every source takes longer than everything else that a start asks of make.
MAKEFLAGS += --no-builtin-rules
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
# The locked lists are whole: nothing is left to resolve, and an older pip would trip over newer releases while it does.
LOCKED := --no-deps --require-hashes --only-binary :all:
NPM := npm ci --no-audit --no-fund --no-update-notifier --loglevel=error
STATIC := src/sightline/interface/static
# The folder's name is part of the stamps: a moved clone is set up again.
HERE := $(shell pwd | cksum | cut -d ' ' -f 1)
PORT := 8000
TOOLS := $(VENV)/tools-$(HERE)
RUN := $(VENV)/run-$(HERE)
TEST := $(VENV)/test-$(HERE)
STORES := tests/stores/node_modules/.installed
COMPILED := $(VENV)/compiled-$(HERE)

.PHONY: run ocr dev test ready lint format migration lock web screens
.DEFAULT_GOAL := run

run:
	@$(MAKE) --no-print-directory --jobs=2 ready
	@exec $(BIN)/sightline serve $(ARGS)

# Two things at a time, here and for the tests: half of it is waiting for downloads.
ready: $(COMPILED) web

# One address, Vite's: it draws changed pages at once and passes the rest on to the server, which starts again by itself.
dev: $(COMPILED) web
	@$(BIN)/sightline serve --reload --port $(PORT) </dev/null & trap "kill $$!" EXIT; \
	SIGHTLINE_SERVER=http://127.0.0.1:$(PORT) npm --prefix web run --silent dev

# Text in pictures and scans; some 300 MB, therefore apart.
ocr: $(RUN)
	@$(PIP) install $(LOCKED) -r requirements/ocr.txt

test:
	@$(MAKE) --no-print-directory --jobs=2 $(TEST) ready $(STORES)
	@$(BIN)/python .ci/checks.py

lint: $(TEST) web
	@$(BIN)/python .ci/checks.py quick

format: $(TEST)
	@$(BIN)/ruff check --fix --quiet; $(BIN)/ruff format

# Pictures of every page in docs/screens, light, dark and on a phone.
screens: $(TEST) web
	@.ci/browser $(BIN)/python
	@$(BIN)/python -m tests.e2e.screens

migration: $(RUN)
	@test -n "$(m)" || { echo 'Say what it is for: make migration m="add a field to issues"'; exit 2; }
	@$(BIN)/python .ci/migration.py "$(m)"

# Needs uv on the PATH; nothing else here does.
lock:
	uv pip compile --quiet --no-config --generate-hashes --no-header --universal --python-version 3.11 $(UPGRADE) pyproject.toml -o requirements/run.txt
	uv pip compile --quiet --no-config --generate-hashes --no-header --universal --python-version 3.11 $(UPGRADE) --group build -c requirements/run.txt -o requirements/build.txt
	uv pip compile --quiet --no-config --generate-hashes --no-header --universal --python-version 3.11 $(UPGRADE) pyproject.toml --extra ocr -c requirements/run.txt -o requirements/ocr.txt
	uv pip compile --quiet --no-config --generate-hashes --no-header --universal --python-version 3.11 $(UPGRADE) pyproject.toml --extra ocr --group test -c requirements/ocr.txt -c requirements/build.txt -o requirements/test.txt

$(BIN)/python:
	@sh .ci/venv $(VENV)

# First of all a pip of today, which takes half as long as those that come with Python, and Node, which others wait for.
$(TOOLS): requirements/build.txt | $(BIN)/python
	@echo 'Installing what Sightline stands on (first time, or after a change) …'
	@$(PIP) install $(LOCKED) -r requirements/build.txt
	@touch $@

$(RUN): requirements/run.txt pyproject.toml $(TOOLS)
	@$(PIP) install $(LOCKED) -r requirements/run.txt
	@$(PIP) install --no-build-isolation --no-deps -e .
	@touch $@

# A process that reads a file may write nothing: what is not compiled by then, it would compile anew for every file.
$(COMPILED): $(RUN) $(shell find src -name '*.py')
	@$(BIN)/python -m compileall -q src
	@touch $@

$(TEST): requirements/test.txt $(RUN)
	@echo 'Installing what the tests need …'
	@$(PIP) install $(LOCKED) -r requirements/test.txt
	@touch $@

# The interface is built once its sources are there; Node comes from its Python wheel.
export PATH := $(CURDIR)/$(BIN):$(PATH)
WEB_SOURCES := $(shell find web -type d \( -name node_modules -o -name .svelte-kit -o -name build -o -name test-results \) -prune -o -type f -print | grep -v ' ')

web: $(STATIC)/shell.html

web/node_modules/.installed: web/package.json web/package-lock.json | $(TOOLS)
	@echo 'Installing what the interface is built from …'
	@cd web && $(NPM)
	@touch $@

$(STORES): tests/stores/package-lock.json | $(TOOLS)
	@cd tests/stores && $(NPM)
	@touch $@

$(STATIC)/shell.html: web/node_modules/.installed $(WEB_SOURCES)
	@echo 'Building the interface …'
	@cd web && npm run --silent build >../$(VENV)/web.log 2>&1 || { cat ../$(VENV)/web.log; exit 1; }
	@touch $@
