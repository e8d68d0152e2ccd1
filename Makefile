# Every target works on a fresh clone: what the system lacks, scripts/setup installs.

SWIFT_SOURCES := $(wildcard Package.swift Sources Tests Examples)

.PHONY: help demo test check format lint soak docs examples linkage bench fuzz interop
.DEFAULT_GOAL := help

help: ## Lists the targets.
	@sed -n 's/^\([a-z]*\): ## /\1|/p' Makefile | awk -F'|' '{ printf "  make %-10s %s\n", $$1, $$2 }'

demo: ## Builds the quick start and runs it in a fresh directory.
	@scripts/setup
	@scripts/demo

test: ## Runs every test, on a PostgreSQL of its own too. ARGS='--filter Holds' runs some.
	@scripts/setup
	@scripts/setup-postgres
	@scripts/test $(ARGS)

check: ## Runs everything that has to pass before a merge; warnings are errors.
	@scripts/check

format: ## Formats every Swift file in place.
	@swift format --in-place --recursive --parallel $(SWIFT_SOURCES)

lint: ## Reports what is not formatted or not documented.
	@swift format lint --strict --recursive --parallel $(SWIFT_SOURCES)

soak: ## Runs the property suites, the simulator and the crash tests for long. ARGS='--worlds 50000' for longer.
	@scripts/setup
	@scripts/setup-postgres
	@scripts/soak $(ARGS)

docs: ## Builds the documentation site into docs-build.
	@scripts/setup
	@scripts/docs

examples: ## Builds every example.
	@scripts/setup
	@scripts/build-examples

linkage: ## Proves that the pure modules bring neither Foundation nor SQLite.
	@scripts/setup
	@scripts/linkage-test

bench: ## Measures the model, the engine and the SQL stores, against floors. ARGS='--rounds 5' for a first look.
	@scripts/setup
	@scripts/bench $(ARGS)

fuzz: ## Gives a million random inputs to each reader of outside bytes. ARGS='--runs 10000 delivery' for fewer.
	@scripts/setup
	@scripts/fuzz $(ARGS)

interop: ## Compares verdicts with the verifiers that providers publish for Python. ARGS='--seed 7' repeats a run.
	@scripts/setup
	@scripts/interop $(ARGS)
