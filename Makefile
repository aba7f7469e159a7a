# Everything is done by make: the first target makes .venv and installs hash-locked packages into it.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
RUN    := $(BIN)/python

.PHONY: chat help test lint types fuzz bench-quality bench-speed bench-slack bench-checks catalogs golden lock clean

chat: $(VENV)/.installed        ## a conversation on the packaged articles
	@$(BIN)/hubmedic chat

help:                           ## what make can do
	@sed -n 's/^\([a-z-]*\):.*## */\1\t/p' $(MAKEFILE_LIST) | expand -t 16

test: $(VENV)/.installed-dev    ## lint, types and tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pytest

lint: $(VENV)/.installed-dev    ## style alone
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.installed-dev   ## types alone
	$(BIN)/mypy

fuzz: $(VENV)/.installed-dev    ## 100,000 mutated documents through the parser
	$(RUN) -m benchmarks.fuzz

bench-quality: $(VENV)/.installed-bench  ## quality beside what a user would take instead
	$(RUN) -m benchmarks.quality

bench-speed: $(VENV)/.installed-bench    ## speed beside the same
	$(RUN) -m benchmarks.speed

bench-slack: $(VENV)/.installed-dev      ## exactly one answer, and how soon
	$(RUN) -m benchmarks.slack

bench-checks: $(VENV)/.installed-dev     ## every verdict of the live checks
	$(RUN) -m benchmarks.checks

catalogs: $(VENV)/.installed-dev         ## collect sentences into the catalogs, compile them
	$(RUN) -m bot.i18n.catalogs

golden: $(VENV)/.installed-dev           ## write golden files anew; read the diff
	$(BIN)/pytest --update-golden -q

lock:                                    ## write the lock files anew (needs uv)
	uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11 \
	  --extra live pyproject.toml build-requirements.in -o requirements.txt
	uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11 \
	  --extra live --extra entra --extra postgres --extra dev pyproject.toml build-requirements.in \
	  -c requirements.txt -o requirements-dev.txt
	uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11 \
	  --extra live --extra entra --extra postgres --extra dev --extra bench pyproject.toml build-requirements.in \
	  -c requirements-dev.txt -o requirements-bench.txt

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: requirements.txt pyproject.toml | $(VENV)/bin/python
	$(RUN) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	$(RUN) -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.installed-dev: requirements-dev.txt $(VENV)/.installed
	$(RUN) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

$(VENV)/.installed-bench: requirements-bench.txt $(VENV)/.installed-dev
	$(RUN) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-bench.txt
	@touch $@

clean:                                   ## take away what was built and installed
	rm -rf $(VENV) build dist *.egg-info
