# Every target but fuzz sets the machine up first; that takes minutes once and no time afterwards. See scripts/setup.

# Threads that wait for each other sleep soon instead of spinning: the machine may have other work.
export GOMP_SPINCOUNT ?= 30000

.PHONY: help setup build train test interop bench fuzz clean

help:
	@echo 'make build   the command: .build/release/yolov5'
	@echo 'make train   draws the built-in data set and trains on it'
	@echo 'make test    runs every test; YOLOV5_FIXTURES=DIR is where the golden ones find their numbers'
	@echo 'make interop PEER=DIR   exchanges checkpoints with the Python system that Benchmarks/peer/setup made'
	@echo 'make bench   measures speed; PEER=DIR (made by Benchmarks/peer/setup) measures the Python system beside it'
	@echo 'make fuzz    feeds altered files to the readers of checkpoints; SECONDS=N or RUNS=N for each of three targets'
	@echo 'make clean   removes what was built, and keeps what was downloaded (.deps)'

setup:
	@scripts/setup

build: setup
	swift build -c release --product yolov5

train: build
	.build/release/yolov5 data shapes datasets/shapes
	.build/release/yolov5 train --data datasets/shapes/shapes.yaml --weights '' --cfg yolov5n.yaml --hyp examples/hyp.shapes.yaml \
	  --optimizer AdamW --img 256 --batch-size 8 --epochs 50 --cache ram

# Numeric code takes minutes without optimisation, so tests run in release mode, in a build folder of their own.
test: build
	swift test -c release -Xswiftc -enable-testing --scratch-path .build-test

interop: build
	scripts/interop $(or $(PEER),$(error PEER=DIR is missing: what Benchmarks/peer/setup made))

bench: build
	swift build -c release --product yolov5-bench
	.build/release/yolov5-bench $(if $(PEER),--peer $(PEER))

# Needs the Swift toolchain alone, and is no part of the package: neither build nor test takes longer for it.
fuzz:
	scripts/fuzz $(if $(SECONDS),--seconds $(SECONDS)) $(if $(RUNS),--runs $(RUNS)) $(TARGET)

clean:
	rm -rf .build .build-test .build-fuzz
