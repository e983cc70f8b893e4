SHELL := /bin/bash
.DEFAULT_GOAL := help
PY ?= $(firstword $(wildcard /usr/bin/python3.13 /usr/bin/python3.12 /usr/bin/python3.11) python3)
UV := $(shell command -v uv 2>/dev/null || echo .tools/bin/uv)
BIN := .venv/bin
export UV_PYTHON_DOWNLOADS := never
export UV_SYSTEM_CERTS := 1
export UV_LINK_MODE := copy
export PYTHONDONTWRITEBYTECODE :=

CATALOGUES := $(wildcard ombud/locale/*/LC_MESSAGES/django.po)
COMPILED := $(CATALOGUES:.po=.mo)

help: ## what can be asked of this Makefile
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

demo: setup ## start everything with a living demo world, and print where to click
	@$(BIN)/ombud demo $(if $(DEMO_EXIT),--play,)

test: check ## every check and every test
	@$(BIN)/python -m pytest -q -n $(or $(TEST_WORKERS),2) --dist loadfile tests

check: setup ## lint, types, architecture, migrations, words
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/lint-imports
	@$(BIN)/mypy
	@$(BIN)/python -m ombud.config.checks

bench: setup ## measure against the floor; SIZES="10000 100000" by default
	@$(BIN)/python -m benchmarks $(SIZES)

chaos: setup ## ask many customers while the world outside fails; REQUESTS=1000 by default
	@REQUESTS=$(or $(REQUESTS),1000) $(BIN)/python -m pytest -q -n 0 tests/inquiries/test_chaos.py

setup: $(BIN)/ombud $(COMPILED)

messages: setup ## gather the words of pages and code into the catalogues
	@$(BIN)/python scripts/messages.py

vendor: setup ## fetch fonts, styles, icons and scripts from their npm packages again (needs npm)
	@$(BIN)/python scripts/vendor.py

pictures: setup ## take the pictures of guides and README anew from the running program (needs Chromium)
	@$(BIN)/python scripts/pictures.py

lock: .tools/bin/uv ## resolve requirements.in into the hashed requirements.lock
	@$(UV) pip compile --quiet --universal --generate-hashes --no-header --no-emit-index-url --python-version 3.11 requirements.in -o requirements.lock

%.mo: %.po $(BIN)/ombud
	@$(BIN)/pybabel -q compile -i $< -o $@

.tools/bin/uv:
	@$(PY) -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --target .tools 'uv>=0.13,<0.14'

$(BIN)/ombud: requirements.lock $(filter .tools/bin/uv,$(UV))
	@echo "Setting up Python packages (once) ..."
	@$(UV) venv --quiet --allow-existing --python "$$($(PY) -c 'import sys;print(sys.executable)')" .venv
	@$(UV) pip sync --quiet --require-hashes --no-build --python .venv requirements.lock
	@printf '#!/bin/sh\ncd "$(CURDIR)" && exec "$(CURDIR)/.venv/bin/python" -m ombud "$$@"\n' > $@ && chmod +x $@

.PHONY: help demo test check bench chaos setup messages vendor pictures lock
