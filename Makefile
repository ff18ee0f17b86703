PYTHON ?= python3
PY := .venv/bin/python
.DEFAULT_GOAL := run
.PHONY: run test bench fmt

run: .venv/run.stamp
	@$(PY) app.py

test: .venv/test.stamp
	@.ci/system-packages
	@$(PY) -m pytest $(ARGS)

bench: .venv/test.stamp
	@$(PY) -m benchmarks $(ARGS)

fmt: .venv/test.stamp
	@$(PY) -m ruff format . && $(PY) -m ruff check --fix . && $(PY) -m mypy

# A stamp is as new as the pins it was made from, so a second start asks pip nothing.
.venv/run.stamp: requirements.txt
.venv/test.stamp: requirements.txt requirements-test.txt
.venv/%.stamp:
	@.ci/venv "$(PYTHON)" $(lastword $^)
	@touch $@
