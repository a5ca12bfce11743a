# Two commands do everything: `make run` and `make test`. Both install what they need into .venv.
# `make test-browser` has the tests that need a Chromium on the machine.
PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin
export PIP_DISABLE_PIP_VERSION_CHECK = 1

.PHONY: run test test-browser chromium soak lint audit types check-all bench-extract bench-match bench-serve bench-claims bench-dashboard bench-extension extension screenshots train-claims train lock clean

run: .venv/run.stamp
	@$(BIN)/verbatim sample load
	@printf '\nVerbatim: http://127.0.0.1:%s/try\nTry it:\n\n  %s\n\n' '$(PORT)' \
	  "curl -s -H 'Content-Type: application/json' -d @service/sample/article.json http://127.0.0.1:$(PORT)/v1/articles"
	@PORT=$(PORT) $(BIN)/verbatim serve

# What measures load, kills processes or waits for servers has the machine to itself; all else shares two cores.
ALONE := tests/faults tests/functional tests/deploy
test: lint types
	$(BIN)/pytest -n 2 --dist loadfile $(patsubst %,--ignore=%,$(ALONE) tests/browser) \
	  --cov --cov-report=term:skip-covered --cov-fail-under=90
	$(BIN)/pytest $(ALONE)

# The dashboard and the extension in a real browser. Where there is none, root of a Debian installs it.
test-browser: chromium
	$(BIN)/pytest tests/browser

RETRIES := -o Acquire::Retries=5
FIND_CHROMIUM := $(BIN)/python -m tests.browser.chromium
chromium: .venv/test.stamp
	@$(FIND_CHROMIUM) >/dev/null 2>&1 || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && apt-get $(RETRIES) update -qq && \
	  DEBIAN_FRONTEND=noninteractive apt-get $(RETRIES) install -y -qq --no-install-recommends chromium fonts-liberation; } || true
	@$(FIND_CHROMIUM)

lint: .venv/test.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/bandit --quiet --configfile pyproject.toml --recursive service schemas deploy

# What is locked, beside the published advisories. Fails where it cannot look: it needs PyPI's JSON API.
audit: lint
	$(BIN)/pip install --quiet --editable '.[audit]'
	$(BIN)/pip-audit --strict --require-hashes --disable-pip --requirement deploy/requirements.lock

types: .venv/test.stamp
	$(BIN)/mypy

# The faults of tests/faults at full length, about two hours; figures go to var/faults.jsonl, a line each.
soak: .venv/test.stamp
	@mkdir -p var
	VERBATIM_FAULTS=long VERBATIM_FAULTS_REPORT=var/faults.jsonl $(BIN)/pytest tests/faults -s

bench-extract: .venv/test.stamp
	$(BIN)/pip install --quiet --editable '.[bench]'
	$(BIN)/python -m tests.benchmarks.bench_extract

bench-match: .venv/test.stamp
	$(BIN)/python -m tests.benchmarks.bench_match

bench-claims: .venv/test.stamp
	$(BIN)/python -m tests.benchmarks.bench_claims

bench-serve: .venv/test.stamp
	$(BIN)/python -m tests.benchmarks.bench_serve

bench-dashboard: chromium
	$(BIN)/python -m tests.benchmarks.bench_dashboard

bench-extension: chromium
	$(BIN)/python -m tests.benchmarks.bench_extension

# The browser extension as browsers' shops and Firefox take it: the same files make the same zip.
extension: .venv/bin/python
	$(BIN)/python deploy/pack_extension.py

# The pictures in the README, taken anew.
screenshots: chromium
	$(BIN)/python -m tests.browser.screenshots docs/images

# The tagger's model anew from the corpus beside the checkout; an hour and a quarter on two quiet cores.
CORPUS ?= ../shared/data/polnear
train: .venv/test.stamp
	$(BIN)/pip install --quiet --editable '.[train]'
	$(BIN)/python -m service.extraction.training --train $(CORPUS)/train.jsonl.gz --dev $(CORPUS)/dev.jsonl.gz \
	  --out service/extraction/model

# The weights by which fact-checks are found; some minutes.
train-claims: .venv/test.stamp
	$(BIN)/pip install --quiet --editable '.[train]'
	$(BIN)/python -m service.claims.training --claims ../shared/data/claims --news ../shared/data/polnear/train.jsonl.gz

COMPILE := pip-compile --quiet --generate-hashes --strip-extras --allow-unsafe --no-emit-index-url \
  --no-emit-trusted-host --no-emit-find-links
lock: .venv/test.stamp
	$(BIN)/$(COMPILE) --output-file deploy/requirements.lock pyproject.toml
	$(BIN)/$(COMPILE) --extra test --extra spark --output-file deploy/requirements-test.lock pyproject.toml
	$(BIN)/$(COMPILE) --output-file deploy/requirements-backup.lock deploy/requirements-backup.in
	$(BIN)/$(COMPILE) --build-deps-for wheel --only-build-deps --output-file deploy/requirements-build.lock pyproject.toml

clean:
	rm -rf .venv var .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage

.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/run.stamp: .venv/bin/python deploy/requirements.lock pyproject.toml
	$(BIN)/pip install --quiet --require-hashes --requirement deploy/requirements.lock
	$(BIN)/pip install --quiet --no-deps --editable .
	@touch $@

.venv/test.stamp: .venv/bin/python deploy/requirements-test.lock pyproject.toml
	$(BIN)/pip install --quiet --require-hashes --requirement deploy/requirements-test.lock
	$(BIN)/pip install --quiet --no-deps --editable .
	@touch $@
