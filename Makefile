# Nothing but Python 3.11 to 3.14, git and make is needed.
#
#   make rehearsal    play a whole security release on this machine
#   make test         every gate, in the order in which they fail fastest
#   make quick        a first answer

.DEFAULT_GOAL := help
.PHONY: help rehearsal test quick explore install format lint contracts dependencies types tests long room untested coverage \
	measured newcomer packages lock pages

STORY ?= 2021-10-28
OUT ?= rehearsal-$(STORY)
PYTHON ?= $(shell for name in python3.11 python3.12 python3.13 python3.14 python3 python; do \
	"$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && command -v "$$name" && break; done)
BIN := .venv/bin
MADE := .venv/.made
RUN := .venv/.installed-to-run
DEV := .venv/.installed-to-test
WORKERS ?= 2

# Where Python may not write what it compiled, every process of a test compiles the house anew, and every run its tests.
export PYTHONDONTWRITEBYTECODE :=

# One room (make test ROOM=plan) or the whole house.
ROOM :=
SOURCES := $(if $(ROOM),$(wildcard src/secrel/$(ROOM) src/secrel/$(ROOM).py tests/$(ROOM) tests/$(ROOM)_*),src tests bench)
TYPED := $(if $(ROOM),$(SOURCES))
TESTED := $(if $(ROOM),$(wildcard tests/$(ROOM) tests/$(ROOM)_*))
ROOMS := $(sort $(basename $(notdir $(filter-out %/__init__.py %/py.typed %/__pycache__,$(wildcard src/secrel/*)))))
QUICKLY := $(addprefix tests/,words/test_words.py process evaluate observe settings wiring plan/test_guard.py plan/test_planning.py)

help:
	@echo "make rehearsal               play the release of 2021-10-28 into $(OUT)/"
	@echo "make rehearsal STORY=NAME    play another one: docs/stories.md names them"
	@echo "make test                    every gate: format, lint, contracts, dependencies, types, tests, coverage"
	@echo "make long                    the tests that take long: whole plays, and laws with many examples"
	@echo "make test ROOM=plan          the same for one room, without coverage: its source and its own tests"
	@echo "make quick                   a first answer: format, lint, contracts, and the tests of the quick rooms"
	@echo "make explore                 new examples for every property; make explore ROOM=plan for those of one room"
	@echo "make newcomer                the README's commands on a fresh clone with an empty home, and secrel from a wheel"
	@echo "make pages                   write the generated pages of docs/ anew"
	@echo "make measured                choose anew in which tests coverage is measured"
	@echo "make lock                    write the lock files anew from pyproject.toml, at the versions they have"

rehearsal: $(RUN)
	$(BIN)/secrel rehearse --story $(STORY) --out $(OUT)

# pyvenv.cfg is the first thing that is written, and pip the last: a .venv without this stamp is half made.
$(MADE):
	@test -n "$(PYTHON)" || { echo "secrel needs Python 3.11 or later, and finds none: install it, or name it: make $(MAKECMDGOALS) PYTHON=/path/to/python3.11" >&2; exit 2; }
	@command -v git >/dev/null || { echo "secrel needs git, and finds none: install it" >&2; exit 2; }
	@echo "making .venv with $(PYTHON)"
	@rm -rf .venv && "$(PYTHON)" -m venv .venv || { rm -rf .venv; echo "this Python makes no virtual environments: on Debian, install python3-venv" >&2; exit 2; }
	@touch $@

$(RUN): $(MADE) requirements.lock pyproject.toml
	@.ci/install requirements.lock $(MAKECMDGOALS)
	@touch $@

$(DEV): $(MADE) requirements-dev.lock pyproject.toml
	@.ci/install requirements-dev.lock $(MAKECMDGOALS)
	@touch $(RUN) $@

install: $(DEV)

# In the order in which they fail fastest (docs/rooms.md).
test: packages $(DEV)
	@test -n "$(SOURCES)" || { echo "there is no room $(ROOM): name one of $(ROOMS)" >&2; exit 2; }
	@$(MAKE) --no-print-directory format lint contracts dependencies types
	@$(MAKE) --no-print-directory $(if $(ROOM),$(if $(TESTED),room,untested),tests coverage)

quick: $(DEV)
	@$(MAKE) --no-print-directory format lint contracts dependencies
	$(BIN)/pytest -q -n $(WORKERS) --dist worksteal -m "not long" $(QUICKLY)

room: $(DEV)
	$(BIN)/pytest -n $(WORKERS) --dist worksteal -m "not long" $(TESTED)

untested:
	@echo "$(ROOM) has no tests of its own: whoever speaks with it tests it (make test)"

# What it finds becomes an example of its property (docs/rooms.md), so that everybody draws it from then on.
explore: $(DEV)
	$(BIN)/pytest -q -n $(WORKERS) --dist worksteal -m hypothesis --hypothesis-profile explore $(TESTED)

format: $(DEV)
	$(BIN)/ruff format --check $(SOURCES)

lint: $(DEV)
	$(BIN)/ruff check $(SOURCES)

contracts: $(DEV)
	$(BIN)/lint-imports --no-cache

dependencies: $(DEV)
	$(BIN)/deptry .

types: $(DEV)
	$(BIN)/mypy --num-workers $(WORKERS) $(TYPED)

tests: $(DEV)
	@rm -f .coverage .coverage.* coverage.json
	$(BIN)/pytest -n $(WORKERS) --dist load -m "not long" --cov --cov-report=

# Whole plays and laws with many examples: every branch they take is taken by the others too, so nobody measures them.
long: $(DEV)
	$(BIN)/pytest -n $(WORKERS) --dist worksteal -m long $(TESTED)

coverage: $(DEV)
	@$(BIN)/coverage json --quiet -o coverage.json
	$(BIN)/python -m tests.house.coverage_gate coverage.json

# A test is twice as slow while it is measured: which tests need not be (tests/house/unmeasured.txt).
measured: $(DEV)
	$(BIN)/python -m tests.house.measuring

# What tests want beside Python; a test that misses its package says what it did not prove.
packages:
	@.ci/packages

newcomer:
	@.ci/newcomer

pages: $(DEV)
	rm -rf build/commands
	$(BIN)/python -m secrel.cli.pages build/commands
	rm -rf docs/commands && mv build/commands docs/commands
	$(BIN)/python -m tests.process.write_pages

# Exact versions for every platform, with digests and without addresses. What is locked stays at its version where it can;
# `make lock UPGRADE=--upgrade` moves all of it. What locks is in an environment of its own, and exact as well.
lock:
	"$(PYTHON)" -m venv --clear $(LOCKER)
	$(LOCKER)/bin/python -m pip -qq --disable-pip-version-check install uv==0.13.9 packaging==26.3
	$(LOCKER)/bin/uv pip compile $(LOCKING) --extra affected --extra gitlab --group build -o requirements.lock pyproject.toml
	$(LOCKER)/bin/uv pip compile $(LOCKING) --extra affected --extra gitlab --group dev --constraint requirements.lock -o requirements-dev.lock pyproject.toml
	$(LOCKER)/bin/python -m tests.house.locking

LOCKER := build/locker
LOCKING := --quiet --universal --python-version 3.11 $(UPGRADE) --generate-hashes --no-strip-extras --no-annotate \
	--no-header --only-binary :all: --no-emit-index-url --no-emit-find-links
