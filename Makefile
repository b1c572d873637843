# Every target does its own set-up. `make` alone lists them.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

# The browser tests drive a real Chromium; these are Debian's packages.
BROWSER := chromium chromium-driver
# The commit that `make bench` compares with.
BEFORE ?= f4ec1c7
# How long `make fuzz` looks for inputs that break the reading of recordings.
FUZZ_SECONDS ?= 60
# What `make build` builds for: arm64, or x86_64.
ARCH ?= arm64
# Which part of infra/samconfig.toml `make deploy` and `make secret` go by: dev, or prod.
STAGE ?= dev
# Python's tools, each set in an environment of its own: they do not agree on the versions of others.
STACK := .venv/stack
BUILD := .venv/build
DEPLOY := .venv/deploy
EMULATOR := .venv/emulator
# The checker of our pages' accessibility. On PyPI it comes inside a package for Playwright, which spares us
# npm.
AXE := .venv/axe
AXE_PACKAGE := axe-playwright-python==0.1.8
# Tests that are run once more with the answer of every write lost at its first attempt (tests/support).
WRITERS := delivering handler mirror recording store worker workers
# What the recorder and the player are made of. Cargo's build installs it too.
WEB := shared/web/node_modules
# Real analytics clients, of npm and of PyPI, which the tests drive.
NODE_CLIENTS := tests/clients/node_modules
CLIENTS := .venv/clients

.PHONY: help
help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-19s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# Unoptimised but for what computes: it is built in a fraction of the time, and starts in a second or two.
.PHONY: run
run: cargo ## Serve everything on http://127.0.0.1:9000, with a pretend Inbox; Ctrl-C ends it
	@echo "Building; the first time takes a few minutes."
	@cargo build --package local
	@exec "$${CARGO_TARGET_DIR:-target}/debug/local"

.PHONY: test
test: cargo browser $(AXE)/installed stack-check $(WEB)/.package-lock.json $(NODE_CLIENTS)/.package-lock.json $(CLIENTS)/installed ## Run every test: unit, property, documentation, end-to-end, browser, stack, lost answers, second opinion
	npm --prefix shared/web test --silent
	cargo test --workspace --no-run
	@# Browsers and queues are mostly waited for: meanwhile there is time for what runs once more, and to build
	@# what the stack's test runs.
	@again=$$(mktemp); $(MAKE) --no-print-directory lost-answers functions second-opinion > "$$again" 2>&1 & \
	second=$$!; first=0; \
	STACK_PYTHON="$(CURDIR)/$(STACK)/bin/python" cargo test --workspace --no-fail-fast || first=$$?; \
	status=0; wait $$second || status=$$?; cat "$$again"; rm -f "$$again"; exit $$((first + status))

# Of the whole workspace: --package would choose other features of dependencies, and build them all again.
.PHONY: lost-answers
lost-answers: cargo ## Run the tests of what writes, with the answer of every write lost at first
	LOSE_ANSWERS=1 cargo test --workspace $(addprefix --test ,$(WRITERS)) --no-fail-fast

# As tests/tests/stack/programs.rs builds them.
.PHONY: functions
functions: cargo
	@cargo build --bins $(addprefix --package ,$(notdir $(wildcard functions/*)))

.PHONY: second-opinion
second-opinion: cargo $(EMULATOR)/installed ## Run the store's tests against another implementation of DynamoDB
	$(EMULATOR)/bin/python infra/stack/second_opinion.py cargo test --workspace --test store --no-fail-fast

.PHONY: stack-test
stack-test: cargo stack-check ## Check the template, create its stack in an emulator, run the functions against that
	STACK_PYTHON="$(CURDIR)/$(STACK)/bin/python" cargo test --workspace --test stack -- --nocapture

.PHONY: stack-check
stack-check: $(STACK)/installed
	@$(STACK)/bin/python infra/stack/check.py

.PHONY: lint
lint: cargo components $(WEB)/.package-lock.json ## Check the format, comments and pages; deny every warning of clippy and rustdoc
	@python3 infra/lint/check.py
	cargo fmt --all --check
	cargo clippy --workspace --all-targets -- --deny warnings
	RUSTDOCFLAGS="--deny warnings" cargo doc --workspace --no-deps --quiet
	npm --prefix shared/web run check --silent

# The commit is built beside, and takes turns with what is here: what is printed are ratios.
.PHONY: bench
bench: cargo browser $(WEB)/.package-lock.json ## Measure beside the commit BEFORE; prints tables, writes target/bench.json
	@rm -f target/bench.json
	@mkdir -p target
	BENCH_JSON="$(CURDIR)/target/bench.json" cargo bench --package bench --bench matching
	BENCH_JSON="$(CURDIR)/target/bench.json" cargo bench --package tests --bench growth
	BENCH_JSON="$(CURDIR)/target/bench.json" cargo bench --package tracking --bench mapping
	BENCH_JSON="$(CURDIR)/target/bench.json" cargo bench --package collect --bench batch
	@python3 infra/bench/plots.py target/bench.json docs/performance
	BENCH_JSON="$(CURDIR)/target/bench.json" python3 infra/bench/side_by_side.py $(BEFORE) \
		replay:throughput canvas:initialize verify-webhook:notification npm:shared/web bench:startup

# Paths of this machine stay out of the binaries: the same sources give the same bytes elsewhere.
.PHONY: build
build: cargo target $(BUILD)/installed ## Build every function for Lambda (ARCH=arm64), packed as it is deployed
	@PATH="$(CURDIR)/$(BUILD)/bin:$$PATH" \
	RUSTFLAGS="--remap-path-prefix=$${CARGO_HOME:-$$HOME/.cargo}/registry/src=registry --remap-path-prefix=$(CURDIR)=." \
		cargo lambda build --release --$(subst _,-,$(ARCH)) --locked --lambda-dir target/lambda \
		$(patsubst functions/%/Cargo.toml,--package %,$(wildcard functions/*/Cargo.toml))
	@python3 infra/stack/package.py

.PHONY: deploy
deploy: build stack-check $(DEPLOY)/installed ## Deploy what was built and checked (STAGE=dev; WITHOUT=logs)
	@$(STACK)/bin/python infra/stack/deployable.py $(STAGE) target/stack/template.json
	@$(DEPLOY)/bin/python infra/stack/removed.py $(STAGE) target/stack/template.json $(WITHOUT)
	@export SAM_CLI_TELEMETRY=0; \
	$(DEPLOY)/bin/sam validate --lint --template infra/template.yaml --region us-east-1; \
	$(DEPLOY)/bin/sam deploy --template-file target/stack/template.json --config-file "$(CURDIR)/infra/samconfig.toml" \
		--config-env $(STAGE)

.PHONY: secret
secret: $(DEPLOY)/installed ## Write the Intercom app's credentials into the deployed stack (STAGE=dev)
	@$(DEPLOY)/bin/python infra/stack/secret.py $(STAGE)

.PHONY: resend
resend: $(DEPLOY)/installed ## Send parked notifications again (STAGE=dev; WORKSPACE=..., ID=...)
	@$(DEPLOY)/bin/python infra/stack/resend.py "$(STAGE)" "$(WORKSPACE)" "$(ID)"

# Without a sanitizer the stable compiler will do: no code of ours is unsafe, what is looked for is a panic.
.PHONY: fuzz
fuzz: cargo ## Look for recordings that break the analyzer, for FUZZ_SECONDS (60)
	@cargo fuzz --version >/dev/null 2>&1 || { echo "Installing cargo-fuzz ..."; cargo install --locked --quiet cargo-fuzz; }
	mkdir -p shared/replay/fuzz/found
	cd shared/replay && RUSTC_BOOTSTRAP=1 cargo fuzz run --sanitizer none chunk fuzz/found fuzz/corpus/chunk -- \
		-max_total_time=$(FUZZ_SECONDS) -timeout=10 -rss_limit_mb=2048

# Set-up. Nothing is installed that is there already.

.PHONY: cargo
cargo:
	@command -v cargo >/dev/null || { echo "Rust is missing. Install it from https://rustup.rs, then try again."; exit 1; }

.PHONY: components
components: cargo
	@for component in fmt clippy; do \
		cargo $$component --version >/dev/null 2>&1 && continue; \
		echo "Installing cargo $$component ..."; \
		rustup component add $${component/fmt/rustfmt} || { echo "cargo $$component is missing. Install it as you installed Rust, then try again."; exit 1; }; \
	done

.PHONY: browser
browser:
	@{ command -v chromium || command -v chromium-browser || command -v google-chrome; } >/dev/null && command -v chromedriver >/dev/null && exit 0; \
	command -v apt-get >/dev/null || { echo "The browser tests need chromium and chromedriver in the PATH. Install both, then try again."; exit 1; }; \
	echo "Installing $(BROWSER) ..."; \
	root=; if [ "$$(id -u)" != 0 ]; then root=sudo; fi; \
	$$root apt-get update --quiet --quiet </dev/null && \
	$$root env DEBIAN_FRONTEND=noninteractive apt-get install --yes --quiet --quiet --no-install-recommends $(BROWSER) </dev/null || \
		{ echo "apt could not install $(BROWSER). Install a Chromium and its chromedriver yourself, then try again."; exit 1; }

.PHONY: target
target: cargo
	@triple=$(subst arm64,aarch64,$(ARCH))-unknown-linux-gnu; \
	[ -d "$$(rustc --print sysroot)/lib/rustlib/$$triple" ] && exit 0; \
	echo "Adding Rust's standard library for $$triple ..."; \
	rustup target add $$triple || { echo "Rust's standard library for $(ARCH) cannot be had here. Add it as you installed Rust; or build for the other processor: make build ARCH=x86_64, with Architecture=x86_64 in infra/samconfig.toml."; exit 1; }

$(WEB)/.package-lock.json: shared/web/package-lock.json
	@command -v npm >/dev/null || { echo "Node 18 or newer with npm is missing. Install it from https://nodejs.org, then try again."; exit 1; }
	@npm --prefix shared/web ci --no-audit --no-fund --loglevel=error
	@touch $@

$(NODE_CLIENTS)/.package-lock.json: tests/clients/package-lock.json
	@npm --prefix tests/clients ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

# The file alone: without what the package depends on.
$(AXE)/installed: $(STACK)/installed
	@echo "Installing axe-core into $(AXE) ..."
	@$(STACK)/bin/pip install --quiet --disable-pip-version-check --no-deps --upgrade --target $(AXE) $(AXE_PACKAGE)
	@touch $@

# Installed anew when its list changes.
.venv/%/installed: infra/stack/requirements-%.txt
	@python3 -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
		{ echo "Python 3.11 or newer with its venv module is missing (Debian: python3-venv). Install it, then try again."; exit 1; }
	@echo "Installing $$(grep --only-matching '^[a-z-]*' $< | paste --serial --delimiters=' ') into .venv/$* ..."
	@python3 -m venv --clear .venv/$*
	@.venv/$*/bin/pip install --quiet --disable-pip-version-check --requirement $<
	@touch $@
