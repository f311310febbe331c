package cluster

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"
)

// PeakRSS is the most memory that the process has held since it started or since ForgetPeak, in bytes; 0 once it has ended.
func (p *Process) PeakRSS() int64 { return p.status("VmHWM") }

// RSS is the memory that the process holds, in bytes; 0 once it has ended.
func (p *Process) RSS() int64 { return p.status("VmRSS") }

// ForgetPeak has PeakRSS begin anew.
func (p *Process) ForgetPeak() error {
	return os.WriteFile(fmt.Sprintf("/proc/%d/clear_refs", p.cmd.Process.Pid), []byte("5"), 0o600)
}

func (p *Process) status(key string) int64 {
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	if err != nil {
		return 0
	}
	for line := range bytes.Lines(data) {
		var kib int64
		if _, err := fmt.Sscanf(string(line), key+": %d kB", &kib); err == nil {
			return kib << 10
		}
	}
	return 0
}

// CPU is the time of processors that the process has used; 0 once it has ended.
func (p *Process) CPU() time.Duration {
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", p.cmd.Process.Pid))
	if err != nil {
		return 0
	}
	f := strings.Fields(string(data[bytes.LastIndexByte(data, ')')+1:])) // behind the name: the state is the third field
	if len(f) < 13 {
		return 0
	}
	user, _ := strconv.Atoi(f[11])
	system, _ := strconv.Atoi(f[12])
	return time.Duration(user+system) * 10 * time.Millisecond // USER_HZ is 100 on all that Go runs on
}

// established is the state of a connection in /proc/net/tcp.
const established = "01"

// Dialled gives how many established connections of this network namespace lead to a port: what clients keep in their pools.
func Dialled(port int) (n int, err error) {
	suffix := fmt.Sprintf(":%04X", port)
	for _, table := range []string{"/proc/self/net/tcp", "/proc/self/net/tcp6"} {
		data, err := os.ReadFile(table)
		if err != nil {
			return 0, err
		}
		lines := bufio.NewScanner(bytes.NewReader(data))
		for lines.Scan() { // number, local, remote, state
			if f := strings.Fields(lines.Text()); len(f) > 3 && strings.HasSuffix(f[2], suffix) && f[3] == established {
				n++
			}
		}
	}
	return n, nil
}
