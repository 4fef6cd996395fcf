# Every target sets up what it needs: nothing is to be installed by hand.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PEERS312 := .venv-peers312
PEERS312_WANTED := magic-html newspaper4k[ja,zh] rs-trafilatura
IN ?= examples
OUT ?= out
CORPORA ?= data/corpora
JOBS ?= $(shell nproc)
PIP_INSTALL := -m pip install --quiet --disable-pip-version-check --no-deps

.PHONY: help setup setup-dev serve batch train evaluate bench bench-service bench-batch test check lock clean

help: ## this list
	@echo "Winnow: separates an article from the boilerplate around it."
	@echo
	@grep -hE '^[a-z][a-z-]*:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 24
	@echo
	@echo "  make batch IN=pages OUT=cleaned       make train PAGES=my-labelled-pages"
	@echo "  All make the environment they need in $(VENV) first."

setup: $(VENV)/.base ## the environment that runs Winnow
setup-dev: $(VENV)/.dev ## the same with the tools to test, train and measure it

serve: $(VENV)/.base ## the HTTP service and the workbench page on loopback (WINNOW_PORT=8000)
	@exec $(BIN)/winnow serve $(ARGS)

batch: $(VENV)/.base ## clean a folder: IN=pages OUT=cleaned (default: the example pages)
	@exec $(BIN)/winnow batch "$(IN)" "$(OUT)" $(ARGS)

train: $(VENV)/.dev ## fit, cross-validate and install a new model; PAGES=folder adds your labelled pages, CORRECTIONS=file reported comments
	@exec $(BIN)/python -m training.train --corpora "$(CORPORA)" --jobs $(JOBS) $(if $(PAGES),--pages "$(PAGES)") \
		$(if $(CORRECTIONS),--corrections "$(CORRECTIONS)") $(ARGS)

evaluate: $(VENV)/.dev ## measure the model alone on every unpacked corpus
	@exec $(BIN)/python -m training.bench --root "$(CORPORA)" --peers none --output bench/out/evaluate.md $(ARGS)

bench: $(VENV)/.dev peers312 ## measure the model beside other tools, page by page in one run
	@exec $(BIN)/python -m training.bench --root "$(CORPORA)" $(ARGS)
	@$(BIN)/python -m training.bench_text --root "$(CORPORA)"
	@$(BIN)/python -m training.bench_comments --root "$(CORPORA)"
	@$(BIN)/python -m training.bench_spam --root "$(CORPORA)"
	@$(BIN)/python -m training.bench_metadata --root "$(CORPORA)"
	@$(BIN)/python -m training.bench_pages

bench-service: $(VENV)/.dev ## measure the service under load; ARGS="--soak-minutes 15" adds the long run
	@exec $(BIN)/python -m service.bench.web --corpora "$(CORPORA)" $(ARGS)

bench-batch: $(VENV)/.dev ## measure folder and WARC runs beside trafilatura's; ARGS=--kills adds the run under fire
	@exec $(BIN)/python -m service.bench.batch --corpora "$(CORPORA)" $(ARGS)

test: $(VENV)/.dev ## run the tests
	@$(BIN)/python -m pytest $(ARGS)

check: $(VENV)/.dev ## style, types, import direction
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/python -m pytest -q tests/test_architecture.py

lock: $(VENV)/.dev ## pin the newest versions that pyproject.toml allows, with hashes
	@$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-header \
		--no-emit-index-url --no-annotate --extra build pyproject.toml -o requirements.lock
	@$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-header \
		--no-emit-index-url --no-annotate --extra build --extra train --extra dask --extra scrapy --extra peers --extra dev \
		-c requirements.lock pyproject.toml -o requirements-dev.lock
	@printf '%s\n' $(PEERS312_WANTED) | $(BIN)/uv pip compile --quiet --upgrade --python-version 3.12 --generate-hashes \
		--no-header --no-emit-index-url --no-annotate - -o requirements-peers312.lock

clean: ## remove environments and caches; data, models and outputs stay
	@rm -rf $(VENV) $(PEERS312) .mypy_cache .ruff_cache .pytest_cache .hypothesis *.egg-info build dist

# Debian keeps venv in a package of its own.
$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
		{ echo "Winnow needs Python 3.11 or newer as '$(PYTHON)'; name another with PYTHON=..." >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		[ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null || \
			{ echo "Python's venv module is missing; install the package python3-venv" >&2; exit 1; }; \
		echo "Installing python3-venv ..."; apt-get update -qq && apt-get install -y -qq python3-venv >/dev/null; }
	@echo "Making the environment in $(VENV) ..."
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.base: requirements.lock pyproject.toml | $(BIN)/python
	@echo "Installing what Winnow needs ..."
	@$(BIN)/python $(PIP_INSTALL) --require-hashes -r requirements.lock
	@$(BIN)/python $(PIP_INSTALL) --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.base
	@echo "Installing what its developers need ..."
	@$(BIN)/python $(PIP_INSTALL) --require-hashes -r requirements-dev.lock
	@touch $@

# These peers need CPython 3.12 (rs-trafilatura's only wheel, magic-html) or clash with ours; without that interpreter
# the bench reports them as missing. pyenv's own stand-in for python3.12 is there even where it cannot run.
.PHONY: peers312
peers312: $(VENV)/.dev
	@if ! cmp -s requirements-peers312.lock $(PEERS312)/installed.lock; then \
		rm -rf $(PEERS312); \
		for python in python3.12 $${PYENV_ROOT:-$$HOME/.pyenv}/versions/3.12*/bin/python3.12 \
			"$$($(BIN)/uv python find --managed-python 3.12 2>/dev/null || true)"; do \
			if "$$python" -c 'import ensurepip, venv' 2>/dev/null; then \
				echo "Making the environment of the other peers in $(PEERS312) ..."; \
				"$$python" -m venv $(PEERS312) && \
				$(PEERS312)/bin/python $(PIP_INSTALL) --require-hashes -r requirements-peers312.lock && \
				cp requirements-peers312.lock $(PEERS312)/installed.lock || \
				{ rm -rf $(PEERS312); echo "$(PEERS312_WANTED) could not be installed; they are left out" >&2; }; \
				break; \
			fi; \
		done; \
	fi
