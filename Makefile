# Two commands matter: `make report` and `make test`. Each sets up what it needs in .venv first.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV_VERSION := 0.13.9
# Build one report only:  make report ONLY=cluster_counts-eu27
ONLY ?=

export JUPYTER_PLATFORM_DIRS := 1
export PYTHONHASHSEED := 0

.PHONY: setup report test bench lab lock docs clean

report: setup
	$(BIN)/evidence sample
	$(BIN)/evidence verify
	$(BIN)/evidence process
	$(BIN)/evidence build $(if $(ONLY),--only $(ONLY))

test: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/evidence verify
	$(BIN)/evidence process
	$(BIN)/pytest -n 2 --dist loadgroup

bench: setup
	$(BIN)/evidence process
	$(BIN)/python -m benchmarks --write

lab: setup
	$(BIN)/evidence process
	$(BIN)/jupyter lab --notebook-dir=.

setup: $(VENV)/.ready

$(VENV)/.ready: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Python 3.11 or newer is needed; %s is %s. Try: make PYTHON=python3.11" % (sys.executable, sys.version.split()[0]))'
	@echo "Setting up $(VENV): about 170 packages, a minute or two the first time."
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	@VIRTUAL_ENV=$(VENV) $(BIN)/uv pip sync --quiet --require-hashes requirements.lock
	@VIRTUAL_ENV=$(VENV) $(BIN)/uv pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

# Resolve the newest versions inside the bounds of pyproject.toml, for every platform.
lock:
	$(BIN)/python -m pip install --quiet uv==$(UV_VERSION)
	$(BIN)/uv pip compile pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-emit-find-links --no-annotate --no-header --upgrade --quiet --output-file requirements.lock

docs: setup
	$(BIN)/evidence dictionary

clean:
	rm -rf $(VENV) .cache reports/build data/processed/*.parquet data/processed/*.meta.json
