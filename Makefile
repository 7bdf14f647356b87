# Two commands matter: `make demo` shows the whole service in a browser, `make test` proves it.
# Everything is installed into .venv in this folder; only `make test` may add Debian packages (a browser and a font).

VENV := .venv
PY := $(VENV)/bin/python
# The first Python that is new enough and can make virtual environments.
PYTHON ?= $(shell for p in python3.11 python3.12 python3 python; do \
	if $$p -c 'import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 13))' >/dev/null 2>&1; \
	then echo $$p; break; fi; done)
# What pages load in a browser comes from npm, and npm, where there is none, from a wheel.
WEB := bot/static/vendor/.made
# The browser tests that leave photographs in test-artifacts/.
PHOTOGRAPHED := tests/demo tests/uploads/test_upload_in_browser.py tests/console/test_console_photographed.py
# --no-deps: the lists are whole. Without it pip looks beyond them for extras of what they already name.
# What pip would compile file after file is compiled afterwards, on all processors; some files are templates and cannot.
PIP_INSTALL := $(PY) -m pip install --quiet --disable-pip-version-check --no-deps --no-compile --require-hashes
COMPILE := $(PY) -m compileall -q -j 0 $(VENV)/lib >/dev/null 2>&1 || true
# Packages whose behaviour the tests measure.
PACKAGES := domain store answers validators documents handlers bot simulator

# Tests start the service very often: what Python has compiled once it may keep.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help install demo test crash crash-broadcast crash-reminders uploads pictures fuzz walks test-oracle lint format types imports bench pins browser unit needs clean

help:  ## what can be made
	@grep -hE '^[a-z-]+:.*##' Makefile | sed -E 's/:[^#]*## /\t/' | expand -t 10

install: $(VENV)/.runtime $(WEB)  ## what the service needs, into this folder

demo: $(VENV)/.runtime $(WEB)  ## the whole service against a stand-in WeCom, in the browser
	@$(PY) -m bot demo

test: $(VENV)/.develop browser lint unit  ## everything: lint, types, import contracts, all tests

unit: $(VENV)/.develop  ## the tests with branch coverage
	@rm -rf test-artifacts && mkdir -p test-artifacts
	$(PY) -m pytest -n 4 --dist loadgroup -m "not long" --ignore=tests/oracle --cov --cov-report=term:skip-covered --cov-report=xml:test-artifacts/coverage.xml

crash: $(VENV)/.develop  ## kill -9 at every fail point on both sets of servers, restarts, large files; CRASH_SEEDS=10 for more
	$(PY) -m pytest -n 2 --dist loadgroup tests/crash

uploads: $(VENV)/.develop  ## 1.5 GB through kill -9 of server and client: right bytes, one receipt, flat memory
	$(PY) -m pytest tests/crash/test_crash_resumable.py --timeout=1200

walks: $(VENV)/.develop  ## random moves by random people, on both databases; WALKS=100 WALK_STEPS=1000 for more
	WALKS=$${WALKS:-20} WALK_STEPS=$${WALK_STEPS:-500} $(PY) -m pytest -n 2 --timeout=0 tests/handlers/test_random_walk.py

crash-broadcast: $(VENV)/.develop  ## kill -9 in the middle of a broadcast to 5,000 people, 20 seeds on both sets of servers
	CRASH_SEEDS=$${CRASH_SEEDS:-20} $(PY) -m pytest -n 2 --dist loadgroup tests/crash/test_crash_broadcast.py

crash-reminders: $(VENV)/.develop  ## kill -9 while a round of reminders goes out, at every place, on both sets of servers
	CRASH_SEEDS=$${CRASH_SEEDS:-3} $(PY) -m pytest -n 2 --dist loadgroup tests/crash/test_crash_reminders.py

test-oracle: $(VENV)/.develop  ## the Word reader beside LibreOffice (installs it); renews docs/word-reading.md
	@tools/install_oracle.sh $(PY)
	ORACLE_PAGE=docs/word-reading.md $(PY) -m pytest tests/oracle

pictures: $(VENV)/.develop browser  ## photographs the pages anew for README and guides: docs/pictures
	$(PY) -m pytest -q $(PHOTOGRAPHED)
	$(PY) tools/make_pictures.py

fuzz: $(VENV)/.develop  ## 20,000 strings at the answer engine; 50,000 spoiled Word files (resumable; FUZZ_FILES for another number)
	ANSWER_EXAMPLES=20000 $(PY) -m pytest -n 2 --timeout=0 tests/answers/test_traced_answers.py -k "noise or spoilt"
	PYTHONPATH=.:tests $(PY) tests/fuzz/fuzz.py

lint: $(VENV)/.develop types imports  ## style, types, import contracts
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .

types: $(VENV)/.develop
	$(PY) -m mypy $(PACKAGES)

imports: $(VENV)/.develop
	$(VENV)/bin/lint-imports

format: $(VENV)/.develop  ## put the code into shape
	$(PY) -m ruff format .
	$(PY) -m ruff check --fix .

bench: $(VENV)/.develop  ## the tables of benchmarks/README.md
	@for file in benchmarks/bench_*.py; do PYTHONPATH=. $(PY) $$file || exit 1; done

pins: $(VENV)/.develop  ## renew requirements*.txt from requirements*.in
	$(VENV)/bin/pip-compile -q --generate-hashes --strip-extras --allow-unsafe --no-emit-find-links --no-emit-index-url \
		--no-emit-trusted-host -o requirements.txt requirements.in
	$(VENV)/bin/pip-compile -q --generate-hashes --strip-extras --allow-unsafe --no-emit-find-links --no-emit-index-url \
		--no-emit-trusted-host -o requirements-dev.txt requirements-dev.in

browser:
	@tools/install_browser.sh

clean:  ## forget the virtual environment and all data
	rm -rf $(VENV) .data .oracle .fuzz .web bot/static/vendor test-artifacts

needs:
	@command -v git >/dev/null || { echo "git is missing: please install it first."; exit 1; }
	@test -n "$(PYTHON)" || { echo "Python 3.11 or 3.12 with venv is missing (Debian: apt install python3 python3-venv)."; exit 1; }

$(VENV)/bin/python: | needs
	$(PYTHON) -m venv $(VENV)

$(VENV)/.runtime: requirements.txt | $(VENV)/bin/python
	$(PIP_INSTALL) -r requirements.txt
	@$(COMPILE)
	@touch $@

$(WEB): web/package-lock.json tools/install_web_parts.py | $(VENV)/.runtime
	@$(PY) tools/install_web_parts.py

$(VENV)/.develop: requirements-dev.txt $(VENV)/.runtime $(WEB)
	$(PIP_INSTALL) -r requirements-dev.txt
	@$(COMPILE)
	@touch $@
