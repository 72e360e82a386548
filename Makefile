# fenqun's daily commands; `make help` lists them.
.DEFAULT_GOAL := help
.PHONY: help setup demo test real build build-dev format lint asan tsan kill soak fuzz fuzz-serve bench bench-ingest bench-cluster bench-segment bench-city bench-serve bench-plan install-cluster clean
SHELL := /bin/bash

help: ## list the targets
	@sed -nE 's/^([a-z-]+):.*## (.*)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 24

demo: build ## install what is missing, build, group a synthetic utility of 47,783 customers, show the result
	@tools/demo

test: build-dev ## install what is missing, build, run every test
	ctest --preset dev

real: build ## the same on the real data sets in ../shared/data (says so where they are absent)
	@tools/real

setup: ## install what building and testing need, nothing twice
	@tools/setup

build: build/release/build.ninja ## the program for use: build/release/fenqun
	@cmake --build --preset release

build-dev: build/dev/build.ninja ## the program and its tests with assertions: build/dev
	@cmake --build --preset dev

format: setup ## lay the C++ sources out
	@tools/format

lint: build-dev ## layout, clang-tidy, order of rooms, texts, files, documents
	ctest --preset dev -L lint

asan: build/asan/build.ninja ## tests under address and undefined-behaviour sanitizers
	@cmake --build --preset asan
	ctest --preset asan -LE lint

tsan: build/tsan/build.ninja ## tests under the thread sanitizer
	@cmake --build --preset tsan
	ctest --preset tsan -LE lint

kill: build ## kill the program fifty times at random moments; the workspace must be whole after each
	python3 tests/fault/kill_test.py --program build/release/fenqun --kills 50

soak: build ## the server under mixed load for SOAK_SECONDS (1200); its memory must stay flat
	python3 tests/fault/serve_soak_test.py --program build/release/fenqun --seconds $(or $(SOAK_SECONDS),1200) --customers 20000 --most-growth 0.1

bench-ingest: ## loading of 10 million bills and 120 million readings: seconds, memory, ratio to the database's own read
	@tools/setup
	cmake --preset release -DBUILD_TESTING=ON -B build/bench
	cmake --build build/bench --target fenqun duckdb_tool
	python3 bench/ingest_bench.py --build build/bench --out build/bench/ingest_bench.json

bench-cluster: ## the clustering engine against scikit-learn, faiss and others on the same data; BENCH_ARGS="--only lloyd --turns 3"
	@tools/setup
	cmake --preset release -DBUILD_TESTING=ON -B build/bench
	cmake --build build/bench --target cluster_tool
	@bench/install_peers build/peers
	python3 bench/cluster_bench.py --build build/bench --peers build/peers --out build/bench/cluster_bench.json $(BENCH_ARGS)

bench-segment: ## a million customers: every scheme to the published ledger; refresh of rules at one and five million; BENCH_ARGS="--copies 0"
	@tools/setup
	cmake --preset release -DBUILD_TESTING=ON -B build/bench
	cmake --build build/bench --target fenqun wide_tool
	python3 bench/segment_bench.py --build build/bench --out build/bench/segment_bench.json $(BENCH_ARGS)

bench-city: ## a city of a million from lake to published groups and portraits, against pandas and Spark; BENCH_ARGS="--customers 100000"
	@tools/setup
	cmake --preset release -DBUILD_TESTING=ON -B build/bench
	cmake --build build/bench --target fenqun
	@bench/install_peers build/city_peers bench/city_peers.txt
	python3 bench/city_bench.py --build build/bench --peers build/city_peers --out build/bench/city_bench.json $(BENCH_ARGS)

bench-serve: ## how quick the server answers with a million customers; BENCH_ARGS="--customers 100000"
	@tools/setup
	cmake --preset release -DBUILD_TESTING=ON -B build/bench
	cmake --build build/bench --target fenqun serve_tool
	python3 bench/serve_bench.py --build build/bench --out build/bench/serve_bench.json $(BENCH_ARGS)

bench-plan: ## a month's plan of service for a million customers; BENCH_ARGS="--customers 100000"
	@tools/setup
	cmake --preset release -DBUILD_TESTING=ON -B build/bench
	cmake --build build/bench --target fenqun
	python3 bench/plan_bench.py --build build/bench --out build/bench/plan_bench.json $(BENCH_ARGS)

install-cluster: build/release/build.ninja ## the clustering engine as a library for other programs, below PREFIX (build/installed)
	@cmake --build build/release --target cluster_package
	cmake --install build/release --component cluster --prefix $(or $(PREFIX),build/installed)

fuzz: build/fuzz/build.ninja ## look for inputs that break a reader or the server, FUZZ_SECONDS (600) for each of six
	@cmake --build --preset fuzz
	@tools/fuzz

fuzz-serve: build/fuzz/build.ninja ## the same for the server alone: its requests, then its values
	@cmake --build build/fuzz --target fuzz_serve fuzz_serve_values
	@tools/fuzz serve serve_values

bench: ## build the benchmarks for speed and run them
	@tools/setup
	@tools/bench

clean: ## remove build/ and demo/; what tools/setup fetched stays
	rm -rf build demo

# The release build needs no test packages. CMake itself notices later changes, except those of the presets.
build/release/build.ninja: CMakePresets.json | setup-build
	cmake --preset release -DBUILD_TESTING=OFF
	@touch $@

build/%/build.ninja: CMakePresets.json | setup
	cmake --preset $*
	@touch $@

.PHONY: setup-build
setup-build:
	@tools/setup --build-only
