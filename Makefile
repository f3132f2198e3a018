# Two commands do all the set-up: `make demo` and `make test`.
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin
PIP = $(BIN)/python -m pip --quiet --disable-pip-version-check

.PHONY: help demo test coverage lint format hooks lock clean

help:  ## say what there is
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 10

demo: $(VENV)/ready  ## read the bundled samples and open the web app
	$(BIN)/crosstalk demo

test: $(VENV)/ready-dev  ## run all tests
	$(BIN)/python -m pytest -q -n 2 --dist loadfile --no-loadscope-reorder

coverage: $(VENV)/ready-dev  ## run all tests, and print which lines none of them runs
	$(BIN)/python -m pytest -q -n 2 --dist loadfile --no-loadscope-reorder --cov --cov-report=term-missing:skip-covered

lint: $(VENV)/ready-dev  ## check style, types, the direction of imports, dependencies, dead code
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/pyright --warnings
	$(BIN)/lint-imports
	$(BIN)/deptry .
	$(BIN)/vulture

format: $(VENV)/ready-dev  ## lay out the code
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

hooks: $(VENV)/ready-dev  ## let git check style before each commit
	$(BIN)/pre-commit install

# What torch brings for graphics cards is left out: which build of torch there is differs by machine.
lock: $(VENV)/ready-dev  ## choose the newest versions that fit pyproject.toml, and write them to constraints.txt
	$(PIP) install 'uv>=0.9,<1'
	$(BIN)/uv pip compile pyproject.toml --all-extras --universal --python-version 3.11 --upgrade --quiet \
	  --no-annotate --custom-compile-command 'make lock' --output-file $(VENV)/lock.txt
	grep -vE '^(cuda-|nvidia-|triton=)' $(VENV)/lock.txt > constraints.txt

clean:  ## remove the environment
	rm -rf $(VENV)

# torch goes first and by its exact version: whatever a registry or the machine offers for it is then settled.
$(VENV)/ready: pyproject.toml constraints.txt
	@echo "making the environment in $(VENV) (once, a few minutes)"
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(PIP) install --constraint constraints.txt torch==2.13.0
	$(PIP) install --constraint constraints.txt -e .
	touch $@

$(VENV)/ready-dev: $(VENV)/ready
	$(PIP) install --constraint constraints.txt -e '.[dev,train]'
	touch $@
