# The two commands that matter: make run, make test. `make help` lists the rest.

MODEL ?= qwen2.5-coder:1.5b
TEST_MODELS := qwen2.5-coder:1.5b smollm2:135m gemma3:270m all-minilm:l6 wordllama:256
MARTLET := .build/release/martlet
# These flags make `swift test` use what `swift build` compiled: nothing is compiled twice.
TEST_FLAGS := -c release --disable-testable-imports --disable-xctest $(if $(FILTER),--filter '$(FILTER)')
SWIFT_FOLDERS := $(wildcard Package.swift Sources Tests Benchmarks Examples)
# Folders are listed too: a deleted file changes the date of its folder.
SOURCES := $(shell find Sources -not -name '.*')
export PROMPT

.DEFAULT_GOAL := build
.PHONY: run build test models bench lint format check-imports clean help FORCE

run: build ## Chat with MODEL; with PROMPT="..." print one answer
	@test -e '$(MODEL)' || $(MARTLET) model pull --quiet '$(MODEL)' >/dev/null
	@$(MARTLET) run '$(MODEL)' $(if $(PROMPT),--prompt "$$PROMPT")

build: .build/martlet.stamp ## Build .build/release/martlet

test: .deps/test.stamp models ## Run all tests, real weights included; FILTER=name runs some
	swift test --package-path Benchmarks --disable-xctest
	swift test $(TEST_FLAGS)

models: build ## Pull the models and grammars that the tests use
	@PATH="$(CURDIR)/.venv/bin:$$PATH" $(MARTLET) grammar pull --quiet >/dev/null
	@PATH="$(CURDIR)/.venv/bin:$$PATH"; for model in $(TEST_MODELS); do $(MARTLET) model pull --quiet $$model >/dev/null || exit; done

bench: build ## Compare with llama.cpp in one run; BENCH_FLAGS="--quick" for a short one
	Scripts/bootstrap --bench
	export MARTLET_LLAMA_CPP="$$(Benchmarks/fetch-llama.cpp)" && swift run -c release --package-path Benchmarks compare \
		--model "$${MODEL_FILE:-$$($(MARTLET) model pull '$(MODEL)')}" $(BENCH_FLAGS)

lint: ## Check the formatting of all Swift files
	swift format lint --strict --recursive --parallel $(SWIFT_FOLDERS)

format: ## Format all Swift files
	swift format --in-place --recursive --parallel $(SWIFT_FOLDERS)

check-imports: .deps/build.stamp ## Check that every target declares what it imports
	swift build -c release --explicit-target-dependency-import-check error

clean: ## Delete what was built (not .deps, .venv and the models)
	rm -rf .build

help: ## Show this list
	@sed -nE 's/^([a-z-]+):.*## (.*)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 22

.build/martlet.stamp: $(SOURCES) Package.swift .deps/build.stamp $(if $(wildcard $(MARTLET)),,FORCE)
	swift build -c release --product martlet
	@touch $@

.deps/build.stamp: Scripts/bootstrap Scripts/bootstrap-swift-packages Package.swift
	Scripts/bootstrap

.deps/test.stamp: .deps/build.stamp Scripts/requirements.txt Scripts/requirements-aider.txt
	Scripts/bootstrap --tests
