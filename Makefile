# Two commands do everything: `make run` and `make test`. Both install what they need into .venv.
# `make test-fast` is for every change; `make test-browser` has the tests that need a Chromium on the machine.
PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin
# Every package in the version and by the hash that its lock names, and none resolved: whatever the pip and the day.
INSTALL := $(BIN)/python -m pip install --quiet --no-deps
FROM_LOCK := $(INSTALL) --require-hashes --requirement
export PIP_DISABLE_PIP_VERSION_CHECK = 1
# Where it is set, every process that the tests start compiles the service anew, which takes longer than importing it.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run test test-fast test-install test-browser test-firefox test-nginx test-container \
  chromium firefox nginx soak lint audit types checks \
  bench-extract bench-match bench-serve bench-claims bench-trust bench-dashboard bench-draft-time \
  bench-extension extension screenshots train-claims train lock clean mutate mutate-operators bench-drafts bench-sources \
  bench-costs

# Without a key, for programs of this machine only; `make run ACCESS=locked` asks for keys, as `verbatim serve` does.
run: export ACCESS ?= open
# The first line checks the machine, then makes .venv/run.stamp where it is due (deploy/first_run.py).
run:
	@$(PYTHON) deploy/first_run.py --port '$(PORT)' --make '$(MAKE)' --stamp .venv/run.stamp
	@PORT='$(PORT)' $(BIN)/verbatim sample load
	@PORT='$(PORT)' $(BIN)/verbatim serve

# Everything but the browser. Tests that compare how fast the service answers under load, or what it keeps in memory
# (which measuring coverage would count too), have the machine to themselves; the others share two processes, files that take long first (tests/conftest.py).
ALONE := $(addprefix tests/faults/test_,overload.py redis.py soak.py)
SHARED := $(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder $(patsubst %,--ignore=%,tests/browser $(ALONE))
# `make test COVERAGE=1` measures coverage too, which takes half as long again. CORPORA=… adds the tests on corpora.
MEASURED := $(if $(COVERAGE),--cov --cov-report=term:skip-covered --cov-fail-under=90)
test: checks
	$(SHARED) $(MEASURED)
	$(BIN)/pytest $(ALONE)

# What a change is tried with first: no process of the service is started, killed or driven by a browser.
test-fast: .venv/test.stamp
	$(SHARED) $(patsubst %,--ignore=%,tests/faults tests/functional tests/deploy) $(MEASURED)

# `make run` on the Pythons of this machine, with the oldest pip and the newest. Everything is fetched and installed.
test-install: .venv/test.stamp
	$(BIN)/pytest -v -m install tests/deploy/test_install.py

# The dashboard and the extension in a real browser. Where there is none, root of a Debian installs it.
test-browser: chromium
	$(BIN)/pytest tests/browser --ignore=tests/browser/firefox

# The extension in a real Firefox. Where there is none, root of a Debian installs it.
test-firefox: firefox
	$(BIN)/pytest tests/browser/firefox

# The tests with a real nginx in front of the service. Where there is none, root of a Debian installs it.
test-nginx: nginx
	$(BIN)/pytest -m nginx tests/attacks

# The container image, built by buildah without a registry, and compose's services started from it: some minutes.
test-container: .venv/test.stamp
	@command -v buildah debootstrap >/dev/null || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && apt-get $(RETRIES) update -qq && \
	  DEBIAN_FRONTEND=noninteractive apt-get $(RETRIES) install -y -qq --no-install-recommends buildah debootstrap; } || true
	$(BIN)/pytest -v -m container tests/deploy/test_container.py

FIND_NGINX := $(BIN)/python -m tests.nginx
nginx: .venv/test.stamp
	@$(FIND_NGINX) >/dev/null 2>&1 || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && apt-get $(RETRIES) update -qq && \
	  DEBIAN_FRONTEND=noninteractive apt-get $(RETRIES) install -y -qq --no-install-recommends nginx-light; } || true
	@$(FIND_NGINX)

RETRIES := -o Acquire::Retries=5
FIND_CHROMIUM := $(BIN)/python -m tests.browser.chromium
chromium: .venv/test.stamp
	@$(FIND_CHROMIUM) >/dev/null 2>&1 || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && apt-get $(RETRIES) update -qq && \
	  DEBIAN_FRONTEND=noninteractive apt-get $(RETRIES) install -y -qq --no-install-recommends chromium fonts-liberation; } || true
	@$(FIND_CHROMIUM)

FIND_FIREFOX := $(BIN)/python -m tests.browser.firefox.marionette
firefox: .venv/test.stamp
	@$(FIND_FIREFOX) >/dev/null 2>&1 || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && apt-get $(RETRIES) update -qq && \
	  DEBIAN_FRONTEND=noninteractive apt-get $(RETRIES) install -y -qq --no-install-recommends firefox-esr; } || true
	@$(FIND_FIREFOX)

lint: .venv/test.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/bandit --quiet --configfile pyproject.toml --recursive service schemas deploy

# What is locked, beside the published advisories. Fails where it cannot look: it needs PyPI's JSON API.
audit: lint
	$(BIN)/pip install --quiet --editable '.[audit]'
	$(BIN)/pip-audit --strict --require-hashes --disable-pip --requirement deploy/requirements.lock

# Both at once.
checks: .venv/test.stamp
	@$(MAKE) --no-print-directory --jobs 2 --output-sync lint types

types: .venv/test.stamp
	$(BIN)/mypy

# The faults of tests/faults at full length, about two hours; figures go to var/faults.jsonl, a line each.
soak: .venv/test.stamp
	@mkdir -p var
	VERBATIM_FAULTS=long VERBATIM_FAULTS_REPORT=var/faults.jsonl $(BIN)/pytest tests/faults -s

# Which named numbers of matching and speakers can be moved by 30 % unnoticed? Half an hour; MUTATE='--only NAME' for one.
# `make mutate-operators` changes comparisons, connectives and arithmetic instead, in a sample (SAMPLE=0 for all: hours).
SAMPLE ?= 150
mutate: .venv/test.stamp
	$(BIN)/python -m tests.mutation $(MUTATE)
mutate-operators: .venv/test.stamp
	$(BIN)/python -m tests.mutation --operators --sample $(SAMPLE) $(MUTATE)

bench-extract: .venv/test.stamp
	$(BIN)/pip install --quiet --editable '.[bench]'
	$(BIN)/python -m tests.benchmarks.bench_extract

bench-match: .venv/test.stamp
	$(BIN)/python -m tests.benchmarks.bench_match

bench-claims: .venv/test.stamp
	$(BIN)/python -m tests.benchmarks.bench_claims

# TRUST=--full takes a million sentences; TRUST='--baseline CHECKOUT' measures policy 1 in the same run.
bench-trust: .venv/test.stamp
	$(BIN)/python -m tests.benchmarks.bench_trust $(TRUST)

# A draft against an interview: CPU, clock and first verdict (docs/figures/drafts.md).
bench-draft-time: .venv/test.stamp
	$(BIN)/python -m tests.benchmarks.bench_draft_time

# BASELINE=CHECKOUT is an older checkout with its .venv.
bench-costs: .venv/test.stamp
	$(BIN)/python -m tests.benchmarks.bench_costs --baseline $(BASELINE)

# DRAFTS='--half both' measures the interviews that the rules were chosen on too.
bench-drafts: .venv/test.stamp
	$(BIN)/python -m tests.benchmarks.bench_drafts $(DRAFTS)

# How files of every format are read. SOURCES='--interviews FOLDER' for transcripts elsewhere.
bench-sources: .venv/test.stamp
	$(BIN)/python -m tests.benchmarks.bench_sources $(SOURCES)

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

# For all Pythons from 3.11 on and all systems at once; versions stay as locked where pyproject.toml still allows them.
# `make lock UPGRADE=--upgrade` takes the newest.
UV := 0.13.9
COMPILE = $(BIN)/uv pip compile --quiet $(UPGRADE) --universal --python-version 3.11 --fork-strategy fewest \
  --generate-hashes --no-strip-extras --no-header --no-emit-index-url --no-emit-find-links --output-file deploy/$(1).lock
BUILD_NEEDS := import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["build-system"]["requires"], sep="\n")
lock: .venv/bin/python
	$(BIN)/python -m pip install --quiet 'uv==$(UV)'
	$(call COMPILE,requirements) pyproject.toml
	$(call COMPILE,requirements-test) --extra test --extra spark pyproject.toml
	$(call COMPILE,requirements-backup) deploy/requirements-backup.in
	$(BIN)/python -c '$(BUILD_NEEDS)' | $(call COMPILE,requirements-build) -

clean:
	rm -rf .venv var .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage

.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/run.stamp: .venv/bin/python deploy/requirements.lock deploy/requirements-build.lock pyproject.toml
	$(FROM_LOCK) deploy/requirements.lock --requirement deploy/requirements-build.lock
	$(INSTALL) --no-build-isolation --editable .
	$(BIN)/python -m pip check
	@touch $@

.venv/test.stamp: .venv/bin/python deploy/requirements-test.lock deploy/requirements-build.lock pyproject.toml
	$(FROM_LOCK) deploy/requirements-test.lock --requirement deploy/requirements-build.lock
	$(INSTALL) --no-build-isolation --editable .
	$(BIN)/python -m pip check
	@touch $@
