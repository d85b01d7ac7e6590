# Every word you may say to `make`. `make run` and `make test` set up what they need by themselves.
PYTHON ?= python3
BIN := .venv/bin
SOURCES := bot core faq handlers scheduler storage tests bench

.DEFAULT_GOAL := help
.PHONY: help install run simulate test test-long check format bench fit lock clean

help: ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

install: .venv/run.stamp ## Set up what running needs (again: nothing happens)

run: install ## Start the product; no token needed
	@$(BIN)/nghedan run

simulate: .venv/test.stamp ## Start it with a pretended Zalo and Telegram to play with
	@$(BIN)/nghedan simulate

test: .venv/test.stamp ## Run all tests but the slow fault runs
	$(BIN)/pytest -m "not long" -n 4 --dist worksteal

test-long: .venv/test.stamp ## Run the slow fault runs (300 kills), and property tests with all their examples
	NGHEDAN_ALL_EXAMPLES=1 $(BIN)/pytest -m "long or examples" --timeout 3600

check: .venv/test.stamp ## Format, lint, types, import rules, tests: what CI runs
	$(BIN)/ruff format --check $(SOURCES)
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(MAKE) --no-print-directory test

format: .venv/test.stamp ## Format and mend what can be mended
	$(BIN)/ruff format $(SOURCES)
	$(BIN)/ruff check --fix $(SOURCES)

bench: .venv/test.stamp ## Print speed as ratios, measured side by side in one run
	@$(BIN)/python -m bench
	@$(BIN)/python -m bench.questions
	@$(BIN)/python -m bench.reports
	@$(BIN)/python -m bench.tickets
	@$(BIN)/python -m bench.broadcasts
	@$(BIN)/python -m bench.digests

fit: .venv/fit.stamp ## Learn the directions and fit the numbers of the decision anew, and draw their calibration
	$(BIN)/python -m bench.questions.fit
	$(BIN)/python -m bench.questions.calibration

lock: ## Pin all dependencies anew
	scripts/lock

clean: ## Remove the environment and caches, never the data
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis

.venv/run.stamp: requirements.lock pyproject.toml
	@test -x $(BIN)/pip || $(PYTHON) -m venv .venv || { \
		echo "Thiếu gói venv của Python. Hãy chạy: apt install python3-venv"; rm -rf .venv; exit 1; }
	@$(BIN)/python -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Cần Python 3.11 trở lên."; rm -rf .venv; exit 1; }
	@echo "Đang cài các gói cần thiết (chỉ lần đầu, vài phút)…"
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps -e .
	@$(BIN)/python -m compileall -q -j 0 bot core faq handlers scheduler storage
	@$(BIN)/python -m faq.shipped
	@touch $@

.venv/test.stamp: .venv/run.stamp requirements-dev.lock
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

.venv/fit.stamp: .venv/test.stamp requirements-fit.lock
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-fit.lock
	@touch $@
