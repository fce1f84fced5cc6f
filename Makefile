PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
DEMO_ARGS ?=
QUICK := tests/app tests/core tests/records tests/rules tests/layout tests/press tests/signing tests/registry tests/web

.PHONY: help demo test quick lint bench hostile fuzz clean lock

help:  ## this list
	@sed -n 's/^\([a-z]*\):.*  ## /\1: /p' Makefile

.venv/.run: requirements.lock pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

.venv/.dev: .venv/.run requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	touch $@

.venv/.bench: .venv/.dev requirements-bench.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-bench.lock
	touch $@

demo: .venv/.run  ## the whole main job on the sample batch, then the site on http://127.0.0.1:8765
	$(BIN)/zhicheng demo $(DEMO_ARGS)

test: .venv/.dev  ## every test
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

quick: .venv/.dev  ## the tests that need no browser, no PostgreSQL and no LibreOffice
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder -m "not browser and not office" -k "not postgresql" $(QUICK)

lint: .venv/.dev  ## style, types, import contracts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: .venv/.bench  ## speed tables, as ratios in one run
	for script in bench/*.py; do $(BIN)/python $$script; done

hostile: .venv/.dev  ## the table of hostile files and what the validator says of each
	$(BIN)/python tests/hostile/hostile_table.py

fuzz: .venv/.dev  ## 50,000 mutants of genuine certificates, none may be called genuine; thousands of random pages
	$(BIN)/python tests/hostile/hostile_mutation.py 50000
	HYPOTHESIS_PROFILE=random FLOW_EXAMPLES=3000 $(BIN)/python -m pytest -q tests/layout/test_layout_flow.py

lock: .venv/.dev  ## resolve the dependencies anew; the files carry hashes and no index address
	UV_CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/uv pip compile -q pyproject.toml --group build --generate-hashes --no-emit-index-url --no-annotate --python-version 3.11 -o requirements.lock
	UV_CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/uv pip compile -q pyproject.toml --group build --group dev --extra postgresql --extra s3 --extra redis -c requirements.lock --generate-hashes --no-emit-index-url --no-annotate --python-version 3.11 -o requirements-dev.lock
	UV_CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/uv pip compile -q pyproject.toml --group build --group bench -c requirements-dev.lock --generate-hashes --no-emit-index-url --no-annotate --python-version 3.11 -o requirements-bench.lock

clean:
	rm -rf .venv zhicheng-demo build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
