# Everything a person does here has a word: `make help`. The first call installs into .venv (tools/bootstrap.sh).
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help

PYTHON := .venv/bin/python
PYTEST := $(PYTHON) -m pytest
SUITES := unit contract shape wire attacks e2e guests faults
MLFLOW_TESTS ?= .mlflow-tests
EXAMPLES ?= $(ZAFFRE_EXAMPLES)
LEVEL ?= L0
ONLY ?= *
ARGS ?=

export UV_PYTHON_DOWNLOADS := never

##@ Use it
.PHONY: demo install studio check-studio help
demo: install ## build Studio, then train, register, deploy and score the quickstart, each step timed; ends with a link to its pages
	@tools/studio.sh fresh || echo 'Studio was not built, so its pages only say how (make studio); all else works.' >&2
	@$(PYTHON) -m zaffre demo $(ARGS)

install: ## make .venv with what Zaffre needs
	@tools/bootstrap.sh run

studio: dev ## build the pages of the browser into src/zaffre/studio (Node of the machine, or else of a wheel)
	@tools/studio.sh build

check-studio: dev ## types, rules and unit tests of studio/
	@tools/studio.sh check

help: ## this list
	@awk 'BEGIN { FS = ":.*## " } /^##@/ { printf "\n%s\n", substr($$0, 5) } \
	  /^[a-z-]+:.*## / { printf "  make %-17s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

##@ Prove it
.PHONY: test test-studio test-postgres test-slow check test-faults test-guests test-engines test-clusters test-mlflow test-wire conformance
test: dev ## the default suite: unit, contract, shape, wire, attacks, e2e, guests, faults, a look at Studio (ARGS="-k name")
	@tools/studio.sh fresh && tools/studio.sh test && tools/chromium.sh
	@$(PYTEST) -n 2 --dist loadfile -m "not slow" $(wildcard $(SUITES:%=tests/%)) tests/studio/test_smoke.py $(ARGS)

test-studio: dev ## all of Studio: rules, unit tests, build and its size, every page in Chromium (apt-get installs it, as root)
	@tools/studio.sh check && tools/studio.sh build && tools/chromium.sh
	@$(PYTEST) -n 2 --dist loadfile tests/studio $(ARGS)

test-postgres: dev ## the default suite with every server's state in a PostgreSQL that it starts (ARGS="-k name")
	@ZAFFRE_TEST_DATABASE=postgresql $(PYTEST) -n 2 --dist loadfile -m "not slow" $(wildcard $(SUITES:%=tests/%)) $(ARGS)

check: dev ## format, lint, types, import contracts, shape and unit tests, in under 90 seconds
	@$(MAKE) --no-print-directory --jobs 2 --output-sync check-source check-units

.PHONY: check-source check-units
check-source:
	@$(PYTHON) -m ruff format --check --quiet .
	@$(PYTHON) -m ruff check --quiet .
	@.venv/bin/lint-imports --no-logo --show-timings
	@.venv/bin/pyright

check-units:
	@$(PYTEST) -q -n 2 --dist loadfile -m "not slow" $(wildcard tests/shape tests/unit) $(ARGS)

test-faults: dev ## kill -9, full disks, hung scripts: what must hold (minutes)
	@$(PYTEST) $(wildcard tests/faults) $(ARGS)

test-guests: dev ## the official clients, unchanged: two releases of azure-ai-ml, three of MLflow, az, each in a venv of its own
	@$(PYTHON) tools/client_venvs.py make
	@ZAFFRE_TEST_CLIENTS=newest,older $(PYTEST) $(wildcard tests/guests) $(ARGS)

test-engines: dev ## containers by buildah and R: installs both with apt-get where they are missing (as root)
	@command -v buildah >/dev/null && command -v Rscript >/dev/null || { apt-get update -qq && \
	  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends buildah r-base-core; }
	@$(PYTEST) tests/engines $(ARGS)

test-slow: dev ## what takes minutes of every suite: twenty kills in a pipeline, examples that train, whole client matrices
	@$(PYTEST) -m slow $(wildcard $(SUITES:%=tests/%)) $(ARGS)

test-clusters: dev ## real torch.distributed, mpirun, Ray, Dask, Spark, JupyterLab, from their packages (downloads, minutes)
	@$(PYTEST) tests/clusters $(ARGS)

test-mlflow: dev ## MLflow's own tests against a running Zaffre: MLFLOW_TESTS=<folder of its tests>
	@$(PYTHON) tools/mlflow_tests.py "$(MLFLOW_TESTS)" $(ARGS)

test-wire: dev ## our request bodies beside the official client's, for every file of azureml-examples: EXAMPLES=<clone>
	@ZAFFRE_EXAMPLES="$(EXAMPLES)" ZAFFRE_OPEN=tests/conformance/open.json $(PYTEST) tests/wire $(ARGS)

conformance: dev ## real Azure ML YAML: EXAMPLES=<clone of azureml-examples> [LEVEL=L0|L1|L2] [CLIENT=zaffre|azure] [ONLY=glob] [LIST=file | ALL=1]
	@test -n "$(EXAMPLES)" || { echo 'say where the examples are: make conformance EXAMPLES=<clone of Azure/azureml-examples>'; exit 2; }
	@$(PYTHON) tests/conformance/run.py --examples "$(EXAMPLES)" --level "$(LEVEL)" --only "$(ONLY)" \
	  $(if $(LIST),--list "$(LIST)") $(if $(ALL),--all) $(if $(CLIENT),--client "$(CLIENT)") $(ARGS)

##@ Measure it
.PHONY: bench-job-start bench-tracking bench-env bench-idle bench-pipeline bench-queue bench-upload bench-sweep bench-azure bench-rollout bench-serving bench-studio
bench-job-start: dev ## submit to first line and to completed, beside bare python and its peers
	@$(PYTHON) benchmarks/job_start.py $(ARGS)

bench-tracking: dev ## metrics, batches, history, search, beside MLflow's server, SQLite and an HTTP echo
	@$(PYTHON) benchmarks/tracking.py $(ARGS)

bench-env: dev ## an environment from a warm cache, beside uv, pip and cp -al; and finding it again
	@$(PYTHON) benchmarks/environments.py $(ARGS)

bench-idle: dev ## start to ready, memory of each process and idle processor use
	@$(PYTHON) benchmarks/idle.py $(ARGS)

bench-queue: dev ## ten thousand queued jobs: submit, list, ask why, wait, drain, beside bare processes
	@$(PYTHON) benchmarks/queued.py $(ARGS)

bench-pipeline: dev ## chains, fan-outs and a thousand steps, again from the cache, beside bare processes and two peers
	@$(PYTHON) benchmarks/pipelines.py $(ARGS)

bench-sweep: dev ## a hundred trials of ten milliseconds, beside bare processes, Optuna and Ray Tune
	@$(PYTHON) benchmarks/sweeps.py $(ARGS)

bench-upload: dev ## ten thousand small files, the same again, one large file, beside cp -r, MLflow's server and dvc
	@$(PYTHON) benchmarks/upload.py $(ARGS)

bench-azure: dev ## a hello-world by azure-ai-ml, and by our own REST: round trips, seconds, where they go
	@$(PYTHON) benchmarks/azure_client.py $(ARGS)

bench-serving: dev ## a model behind HTTP: requests a second and latency, beside its peers and bare uvicorn (needs wrk)
	@$(PYTHON) benchmarks/serving.py $(ARGS)

bench-studio: dev ## Studio beside its budget: first paint, 10,000 jobs, 100,000 points, 500 nodes, 50,000 lines, in Chromium
	@$(PYTHON) benchmarks/studio.py $(ARGS)

bench-rollout: dev ## updates, killed replicas, a dead control plane, waking and scaling under load: what callers lose
	@$(PYTHON) benchmarks/rollout.py $(ARGS)

##@ Change it
.PHONY: dev format map wheel clean
dev: ## make .venv with everything tests and checks need
	@tools/bootstrap.sh dev

map: dev ## write the import column of the map in ARCHITECTURE.md
	@PYTHONPATH=tools $(PYTHON) -m shape.map

format: dev ## put every file into the one format
	@$(PYTHON) -m ruff check --quiet --fix-only --select I . && $(PYTHON) -m ruff format --quiet .

wheel: install ## dist/zaffre-*.whl and .tar.gz, with Studio in them: they install without this clone and without Node
	@tools/studio.sh fresh
	@.venv/bin/uv build --quiet --sdist --wheel --out-dir dist && ls -1 dist/zaffre-*

clean: ## remove .venv, dist and caches; ~/.zaffre stays
	@rm -rf .venv .tools dist .pytest_cache .ruff_cache .import_linter_cache .grimp_cache .hypothesis
