package main

import (
	"bufio"
	"encoding/hex"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// T19 (CVE-2025-46569): OPA's server, with its REST API and what loads policies and data from afar, is not in the binary.
func TestBinary_T19_holdsNoServerOfOPA(t *testing.T) {
	out, err := exec.Command("go", "list", "-deps", ".").Output()
	if err != nil {
		t.Fatal(err)
	}
	deps := strings.Fields(string(out))
	const opa = "github.com/open-policy-agent/opa/"
	if !slices.ContainsFunc(deps, func(dep string) bool { return strings.HasPrefix(dep, opa) }) {
		t.Fatal("OPA itself is not there either: this proves nothing")
	}
	for _, dep := range deps {
		for _, not := range []string{"server", "runtime", "sdk", "plugins", "download", "repl", "cmd"} {
			for _, prefix := range []string{opa, opa + "v1/"} {
				if dep == prefix+not || strings.HasPrefix(dep, prefix+not+"/") {
					t.Errorf("%s is in the binary", dep)
				}
			}
		}
	}
}

// T19, T21: what listens are the ports that the log names, and no other.
func TestProcess_T19_listensWhereItSays(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("sockets are read from /proc")
	}
	p := start(t, "--pprof-address", "127.0.0.1:0")
	var want []string
	for _, address := range p.ports {
		want = append(want, address)
	}
	slices.Sort(want)
	if got := listening(t, p.Process.Pid); !slices.Equal(got, want) || len(want) != 4 {
		t.Errorf("listens on %v, and says %v", got, p.ports)
	}
	_ = p.Process.Kill()
	if err := <-p.ended; err == nil {
		t.Error("it ended by itself")
	}
}

// listening lists the addresses on which a process accepts TCP.
func listening(t *testing.T, pid int) []string {
	t.Helper()
	own := map[string]bool{}
	sockets, err := filepath.Glob(fmt.Sprintf("/proc/%d/fd/*", pid))
	if err != nil {
		t.Fatal(err)
	}
	for _, fd := range sockets {
		if to, err := os.Readlink(fd); err == nil && strings.HasPrefix(to, "socket:[") {
			own[strings.Trim(to, "socket:[]")] = true
		}
	}
	var all []string
	for _, table := range []string{"tcp", "tcp6"} {
		file, err := os.Open(fmt.Sprintf("/proc/%d/net/%s", pid, table))
		if err != nil {
			continue // no IPv6
		}
		for lines := bufio.NewScanner(file); lines.Scan(); {
			// sl local_address rem_address st … inode; 0A is LISTEN
			if f := strings.Fields(lines.Text()); len(f) > 9 && f[3] == "0A" && own[f[9]] {
				all = append(all, address(t, f[1]))
			}
		}
		_ = file.Close()
	}
	slices.Sort(all)
	return all
}

// address reads 0100007F:1F90, in the byte order of the machine for the address and that of the net for the port.
func address(t *testing.T, text string) string {
	t.Helper()
	host, port, _ := strings.Cut(text, ":")
	raw, err := hex.DecodeString(host)
	number, err2 := hex.DecodeString(port)
	if err != nil || err2 != nil || len(number) != 2 {
		t.Fatalf("%s is no address", text)
	}
	for word := range slices.Chunk(raw, 4) {
		slices.Reverse(word)
	}
	return net.JoinHostPort(net.IP(raw).String(), fmt.Sprint(int(number[0])<<8|int(number[1])))
}
