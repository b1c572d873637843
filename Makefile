# Every target does its own set-up. `make` alone lists them.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

# The browser tests drive a real Chromium; these are Debian's packages.
BROWSER := chromium chromium-driver
# How long `make fuzz` looks for inputs that break the reading of recordings.
FUZZ_SECONDS ?= 60

.PHONY: help
help: ## List the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-7s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# Unoptimised but for what computes: it is built in a fraction of the time, and starts in a second or two.
.PHONY: run
run: cargo ## Serve everything on http://127.0.0.1:9000, with a pretend Inbox; Ctrl-C ends it
	@echo "Building; the first time takes a few minutes."
	@cargo build --package local
	@exec "$${CARGO_TARGET_DIR:-target}/debug/local"

.PHONY: test
test: cargo browser ## Run every test: unit, property, documentation, end-to-end, browser
	cargo test --workspace --no-fail-fast

.PHONY: lint
lint: cargo components ## Check the format, and deny every warning of clippy and rustdoc
	cargo fmt --all --check
	cargo clippy --workspace --all-targets -- --deny warnings
	RUSTDOCFLAGS="--deny warnings" cargo doc --workspace --no-deps --quiet

.PHONY: bench
bench: cargo ## Measure; prints a table, writes target/bench.json
	@rm -f target/bench.json
	@mkdir -p target
	BENCH_JSON="$(CURDIR)/target/bench.json" cargo bench --package replay --bench throughput
	BENCH_JSON="$(CURDIR)/target/bench.json" cargo bench --package canvas --bench initialize

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
