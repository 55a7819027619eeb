# Every target that a person calls carries its sentence after "##"; `make help` prints them.

VENV := .venv
BIN := $(VENV)/bin
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && { echo $$p; break; }; done)
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet
COMPILE := UV_CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/uv pip compile --quiet --universal --python-version 3.11 \
	--generate-hashes --no-annotate --no-emit-index-url --no-emit-find-links pyproject.toml requirements/build.in
# Spark tests share one worker and so one session; more than four workers only compile the same kernel more often.
PYTEST := $(BIN)/python -m pytest -n auto --maxprocesses 4 --dist loadgroup
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help run tour test check bench bench-full soak format docs messages assets lock clean

help: ## Say what each command does
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  make %-11s %s\n", $$1, $$2}' Makefile

run: $(VENV)/.run ## Install, build an invented county with an outbreak, and serve its desks at http://localhost:8000
	@$(BIN)/sizao serve --demo

tour: $(VENV)/.run ## Replay the founding notice, then trace a generated county of 100,000 residents, in the terminal
	@$(BIN)/sizao replay
	@$(BIN)/sizao demo

test: $(VENV)/.dev ## Run every test this machine can run (ARGS="tests/rules -k release" narrows it)
	@$(PYTEST) $(ARGS)

check: $(VENV)/.dev ## Format, lint, types, import contracts and every test; nothing may be skipped
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@SIZAO_NO_SKIPS=1 $(PYTEST) $(ARGS)
	@SIZAO_NO_SKIPS=1 SIZAO_TEST_DESK_ON=postgresql $(PYTEST) -m "not browser and not soak" tests/desk

bench: $(VENV)/.dev ## Compare the engine with its peers on 9.8 million stays (ten minutes)
	@$(BIN)/python -m bench $(ARGS)

bench-full: $(VENV)/.dev ## The same on 98 million stays, then a city of 7 million people (hours)
	@$(BIN)/python -m bench --full $(ARGS)

soak: $(VENV)/.dev ## Run the long tests
	@$(BIN)/python -m pytest -m soak $(ARGS)

format: $(VENV)/.dev ## Format the code and mend what can be mended without a person
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

docs: $(VENV)/.dev ## Write the generated pages of docs/ again and prove the documentation
	@$(BIN)/python docs/generate.py
	@$(BIN)/python -m pytest -q tests/test_docs.py tests/test_words.py

messages: $(VENV)/.dev ## Write the desks' catalogues again and name what lacks its Chinese (ARGS=new.tsv takes it from there)
	@PYTHONPATH=src $(BIN)/python src/sizao/desk/locale/messages.py $(ARGS)

assets: ## Build the desks' stylesheet again from GOV.UK Frontend and our layer (needs npm)
	@work=$$(mktemp -d) && cp src/sizao/desk/web/styles/* $$work && cd $$work \
		&& npm ci --ignore-scripts --legacy-peer-deps --no-audit --no-fund --silent && npm run --silent build \
		&& cp sizao.css $(CURDIR)/src/sizao/desk/web/static/web/ && rm -rf $$work

lock: $(VENV)/.dev ## Choose dependency versions again and write them with their hashes (UPGRADE=--upgrade takes newer ones)
	@$(COMPILE) $(UPGRADE) --all-extras -o requirements/dev.txt
	@$(COMPILE) --extra desk -c requirements/dev.txt -o requirements/run.txt
	@$(COMPILE) --extra bench -c requirements/dev.txt -o requirements/bench.txt
	@$(COMPILE) --extra spark -c requirements/dev.txt -o requirements/spark.txt

clean: ## Remove the environment and every cache
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find src tests bench -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/bin/python:
	@test -n "$(PYTHON)" || { echo "Sizao needs Python 3.11 or newer; none was found. Install it, or name it: make run PYTHON=/path/to/python3" >&2; exit 1; }
	@echo "Installing into $(VENV) (once; later only when the lock changes) ..."
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.run: requirements/run.txt pyproject.toml | $(VENV)/bin/python
	@$(PIP) --require-hashes -r requirements/run.txt
	@$(PIP) --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: requirements/dev.txt pyproject.toml | $(VENV)/bin/python
	@$(PIP) --require-hashes -r requirements/dev.txt
	@$(PIP) --no-deps --no-build-isolation -e .
	@touch $@
