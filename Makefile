# Every target is one line of commands that anyone can type; nothing but Go and git is needed.
TOOLS = -modfile=.ci/tools/go.mod
LDFLAGS = -s -w

.PHONY: all build test e2e e2e-full e2e-versions bench-webhook lint fmt generate bench fuzz images release-check clean

all: build test

build:
	go build -trimpath -ldflags '$(LDFLAGS)' -o bin/ ./cmd/kslint ./cmd/kslint-webhook

test:
	go test ./...
	cd test/e2e && go test ./configuration
	cd test/deploy && go test ./...

# Against a real API server, which is built once (some ten minutes). See docs/e2e.md.
e2e: bin/helm
	cd test/e2e && KSLINT_E2E_HELM=$(CURDIR)/bin/helm go test -count=1 -timeout 60m -v .

e2e-full: bin/helm
	cd test/e2e && KSLINT_E2E_HELM=$(CURDIR)/bin/helm go test -count=1 -timeout 120m -v . -full

# The short forms against the oldest Kubernetes that is supported and the one of three versions ago; each is built once.
e2e-versions: bin/helm
	set -e; for version in 1.30 1.33; do (cd test/e2e && KSLINT_E2E_KUBERNETES=$$version KSLINT_E2E_HELM=$(CURDIR)/bin/helm go test -count=1 -timeout 60m -v .); done

# Helm itself, of the version that test/deploy names.
bin/helm: test/deploy/go.mod
	cd test/deploy && CGO_ENABLED=0 go build -trimpath -ldflags '$(LDFLAGS)' -o ../../bin/helm helm.sh/helm/v4/cmd/helm

# The bars of the webhook in one run, on a machine with nothing else to do. See docs/e2e.md.
bench-webhook:
	cd test/e2e && go test -count=1 -timeout 60m -v . -run 'TestBench$$' -bench-webhook

lint:
	go tool $(TOOLS) golangci-lint run ./...
	cd test/e2e && go tool -modfile=../../.ci/tools/go.mod golangci-lint run --disable gosec ./...
	cd test/release && go tool -modfile=../../.ci/tools/go.mod golangci-lint run ./...
	cd deploy/docker/oci && go tool -modfile=../../../.ci/tools/go.mod golangci-lint run ./...
	cd test/deploy && go tool -modfile=../../.ci/tools/go.mod golangci-lint run --disable gosec ./...

fmt:
	go tool $(TOOLS) gofumpt -w cmd deploy lint policies test webhook
	go test ./policies -run TestRego_isFormatted -update

generate:
	go test ./policies -run TestImages -update
	go test ./cmd/kslint -run TestGenerated -update
	go test ./webhook/configuration -run TestGenerated -update
	cd test/deploy && go test . -run TestGenerated -update

bench: build
	go test ./test/bench -run '^$$' -bench . -benchtime 20x -timeout 30m

FUZZTIME = 2m
fuzz:
	go test ./lint/document -run '^$$' -fuzz '^FuzzDecode$$' -fuzztime $(FUZZTIME) -fuzzminimizetime 1s
	go test ./lint/document -run '^$$' -fuzz '^FuzzDecodePEM$$' -fuzztime $(FUZZTIME) -fuzzminimizetime 1s
	go test ./lint/document -run '^$$' -fuzz '^FuzzDecodeOther$$' -fuzztime $(FUZZTIME) -fuzzminimizetime 1s
	go test ./lint/facts -run '^$$' -fuzz . -fuzztime $(FUZZTIME) -fuzzminimizetime 1s
	go test ./lint/output -run '^$$' -fuzz '^FuzzText$$' -fuzztime $(FUZZTIME) -fuzzminimizetime 1s

# The images of both programs as OCI layouts below dist/images, without a container engine. See docs/release.md.
VERSION = devel
COMMIT = unknown
CREATED = 1970-01-01T00:00:00Z
PUSH =
images:
	for arch in amd64 arm64; do CGO_ENABLED=0 GOOS=linux GOARCH=$$arch go build -trimpath -buildvcs=false \
		-ldflags '-s -w -X main.release=$(VERSION) -X main.revision=$(COMMIT)' \
		-o dist/binaries/linux_$$arch/ ./cmd/kslint ./cmd/kslint-webhook || exit 1; done
	cd deploy/docker/oci && go run . -binaries ../../../dist/binaries -out ../../../dist/images \
		-version '$(VERSION)' -commit '$(COMMIT)' -created '$(CREATED)' -push '$(PUSH)'

# What is built, signed and installed from: images, packages, workflows, hooks and pipeline templates.
release-check:
	go tool -modfile=.ci/tools/actionlint.mod actionlint
	cd deploy/docker/oci && go vet ./... && go test ./...
	cd test/release && go vet ./... && go test ./...

clean:
	rm -rf bin dist
