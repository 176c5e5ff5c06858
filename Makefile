# Tandem. `make run` shows the dashboard, `make test` tests everything, `make help` lists the rest.

ifndef PYTHON
PYTHON := $(shell for python in python3.11 python3.12 python3.13 python3.14 python3; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)
endif
PREPARE = $(if $(PYTHON),$(PYTHON),$(error Tandem needs Python 3.11 or newer. On Debian: apt-get install python3 python3-venv)) \
	pipeline/environment.py
IN_ENV := .venv/bin/python
# the package index of whoever runs this is nobody else's business: locks carry versions and hashes alone
BABEL := $(IN_ENV) -m babel.messages.frontend
COMPILE := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock"

.DEFAULT_GOAL := help
.PHONY: help run test build demo lint format bench docs messages lock soak env dev-env browser

help:  ## list these commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

run: env  ## the dashboard: your exports from data/exports/, or the demo company if that folder is empty
	@$(IN_ENV) -m pipeline run

test: browser  ## test everything
	@$(MAKE) --no-print-directory lint
	@$(IN_ENV) -m pytest -n 2

build: env  ## build and publish data/exports/ without starting the dashboard
	@mkdir -p data/exports data/mappings
	@$(IN_ENV) -m pipeline build --exports data/exports --builds data/builds --mappings data/mappings

demo: env  ## write the demo company's exports anew to data/demo/
	@$(IN_ENV) -m pipeline demo --out data/demo

lint: dev-env  ## ruff and mypy
	@$(IN_ENV) -m ruff check --quiet .
	@$(IN_ENV) -m ruff format --check --quiet .
	@$(IN_ENV) -m mypy

format: dev-env  ## let ruff put the code in order
	@$(IN_ENV) -m ruff check --fix --quiet .
	@$(IN_ENV) -m ruff format .

bench: dev-env  ## speed of the build, of the pages' queries, of attribution and of working time, against their floors
	@$(IN_ENV) -m benchmarks.build --folder data/bench
	@$(IN_ENV) -m benchmarks.pages --builds data/bench/10000000/builds
	@$(IN_ENV) -m benchmarks.attribution
	@$(IN_ENV) -m benchmarks.working_time
	@rm -r data/bench

docs: env  ## write docs/data-contract.md and docs/metrics.md from the code
	@$(IN_ENV) -m pipeline contract
	@$(IN_ENV) -m queries

messages: env  ## collect what has to be translated into locales/
	@$(BABEL) --quiet extract -F locales/babel.cfg -k _ -k ngettext:1,2 --no-location --sort-output --omit-header -o locales/tandem.pot .
	@$(BABEL) --quiet update -D tandem -i locales/tandem.pot -d locales --no-fuzzy-matching --ignore-obsolete

lock:  ## compile the hash-pinned lock files from requirements*.txt (needs uv; UPGRADE=--upgrade takes newer versions)
	@$(COMPILE) $(UPGRADE) requirements.txt -o requirements.lock
	@$(COMPILE) $(UPGRADE) requirements-dev.txt -c requirements.lock -o requirements-dev.lock

soak: browser  ## the long tests: kill loops, endurance
	@$(IN_ENV) -m pytest -n 0 -m soak

env:
	@$(PREPARE)

dev-env:
	@$(PREPARE) --dev

browser:
	@$(PREPARE) --dev --browser
