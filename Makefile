# `make help` lists the targets. Every target that needs the libraries makes them first.
.DEFAULT_GOAL := help
.PHONY: help setup build model test demo bench bench-quality lint format docs

UNLEARN := .build/release/unlearn
SOURCES := Sources Tests Package.swift
MODEL := .models/smollm2-135m
GGUF := .models/smollm2/SmolLM2-135M-Instruct.Q4_1.gguf

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## Get LibTorch and Arrow C++ (.libtorch, .arrow); does nothing when they are there
	@Scripts/setup.sh

build: setup ## Build the program: .build/release/unlearn
	swift build -c release

model: build ## Get SmolLM2-135M-Instruct and convert it to .models/smollm2-135m (float32, 0.54 GB)
	@Scripts/setup.sh --model
	@if [ -f $(MODEL)/config.json ]; then echo "$(MODEL): was there"; \
	else echo "$(UNLEARN) convert $(GGUF) $(MODEL)"; $(UNLEARN) convert $(GGUF) $(MODEL); fi

test: setup ## Set up, build and run every test: the set-up's, the benchmarks', then the program's
	PYTHONDONTWRITEBYTECODE=1 python3 -m unittest discover -q -s Scripts/setup/tests
	PYTHONDONTWRITEBYTECODE=1 python3 -m unittest discover -q -s Benchmarks/tests
	swift build -c release --build-tests
	swift test -c release --skip-build --disable-swift-testing

demo: ## Memorise a small fictitious data set, make the model forget it, show the result
	@Scripts/demo.sh

PYTHON ?= python3
bench: model ## Measure the speed of each job, beside Python where it can run; writes docs/performance.md
	@if [ ! -f $(MODEL)-bfloat16/config.json ]; then $(UNLEARN) convert $(GGUF) $(MODEL)-bfloat16 --dtype bfloat16; fi
	$(PYTHON) Benchmarks/speed/run.py

bench-quality: model ## Compare methods on SemEval's and TOFU's rows; writes docs/results*.md (hours; see Benchmarks)
	$(PYTHON) Benchmarks/semeval/run.py
	$(PYTHON) Benchmarks/tofu/run.py

lint: ## Check the Swift style and, where shellcheck is installed, the scripts
	swift format lint --strict --recursive $(SOURCES)
	@if command -v shellcheck >/dev/null; then shellcheck Scripts/*.sh .ci/run; \
	else echo "shellcheck is not installed: the scripts are only parsed"; fi
	@$(PYTHON) Scripts/make_torch_functions.py --check
	@for script in Scripts/*.sh .ci/run; do bash -n "$$script" || exit 1; done

format: ## Rewrite the Swift sources in the project's style
	swift format --in-place --recursive $(SOURCES)

docs: setup ## Write the reference of the Swift library to .build/documentation
	@Scripts/docs.sh
