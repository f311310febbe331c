# Every target is one line of commands that anyone can type; nothing but Go and git is needed.
TOOLS = -modfile=.ci/tools/go.mod
LDFLAGS = -s -w

.PHONY: all build test e2e e2e-full lint fmt generate bench fuzz clean

all: build test

build:
	go build -trimpath -ldflags '$(LDFLAGS)' -o bin/ ./cmd/kslint ./cmd/kslint-webhook

test:
	go test ./...

# Against a real API server, which is built once (some ten minutes). See docs/e2e.md.
e2e:
	cd test/e2e && go test -count=1 -timeout 60m -v .

e2e-full:
	cd test/e2e && go test -count=1 -timeout 120m -v . -full

lint:
	go tool $(TOOLS) golangci-lint run ./...
	cd test/e2e && go tool -modfile=../../.ci/tools/go.mod golangci-lint run --disable gosec ./...

fmt:
	go tool $(TOOLS) gofumpt -w cmd lint policies test webhook
	go test ./policies -run TestRego_isFormatted -update

generate:
	go test ./policies -run TestImages -update
	go test ./cmd/kslint -run TestGenerated -update

bench: build
	go test ./test/bench -run '^$$' -bench . -benchtime 20x -timeout 30m

FUZZTIME = 2m
fuzz:
	go test ./lint/document -run '^$$' -fuzz '^FuzzDecode$$' -fuzztime $(FUZZTIME) -fuzzminimizetime 1s
	go test ./lint/document -run '^$$' -fuzz '^FuzzDecodePEM$$' -fuzztime $(FUZZTIME) -fuzzminimizetime 1s
	go test ./lint/document -run '^$$' -fuzz '^FuzzDecodeOther$$' -fuzztime $(FUZZTIME) -fuzzminimizetime 1s
	go test ./lint/facts -run '^$$' -fuzz . -fuzztime $(FUZZTIME) -fuzzminimizetime 1s
	go test ./lint/output -run '^$$' -fuzz '^FuzzText$$' -fuzztime $(FUZZTIME) -fuzzminimizetime 1s

clean:
	rm -rf bin
