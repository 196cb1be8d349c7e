# make demo    environment, then clean seeds/ and show the result
# make test    environment, then every test
# make check   what CI runs: tests, lint, types, quality gate, seeds end to end

PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: demo test check lint types gate seeds package test-flink clean

demo: $(READY)
	$(BIN)/newsclean run seeds/ --output out/demo
	@echo; echo "The articles in out/demo/articles begin with:"; echo
	@$(BIN)/python -c "import pyarrow.parquet as pq; \
	[print(row['text'].split('\n')[0][:70]) for row in pq.read_table('out/demo/articles').to_pylist()]"

test: $(READY)
	$(BIN)/pytest

check: test lint types gate seeds package

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(READY)
	$(BIN)/mypy transforms pipeline

gate: $(READY)
	$(BIN)/python benchmarks/gate.py

seeds: $(READY)
	rm -rf out/check
	$(BIN)/newsclean run seeds/ --output out/check --run-id check
	$(BIN)/newsclean runs out/check

package: $(READY)
	rm -rf dist out/package
	$(BIN)/python -m build --sdist --outdir dist . >/dev/null
	$(PYTHON) -m venv out/package
	out/package/bin/pip install --quiet --disable-pip-version-check dist/newsclean-*.tar.gz
	cd out/package && bin/newsclean run ../../seeds --output result && bin/newsclean check

test-flink: $(READY)
	$(BIN)/pytest tests/beam/flink -rs

$(READY): setup.py pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade pip
	PYTHONWARNINGS=ignore $(BIN)/python -m pip install --quiet --disable-pip-version-check --editable ".[dev]"
	@touch $@

clean:
	rm -rf $(VENV) out build dist *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis
