package cluster

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// Process is a program that runs until it is told to end. It ends with the process that started it, however that ends.
type Process struct {
	Name string
	// Log is the file that holds what it printed.
	Log string

	cmd  *exec.Cmd
	done chan struct{}
}

// starter starts processes from a thread that lives as long as this process: the signal of a parent's death is that of a thread's.
var starter = sync.OnceValue(func() chan<- func() {
	work := make(chan func())
	go func() {
		runtime.LockOSThread()
		for f := range work {
			f()
		}
	}()
	return work
})

// Run starts a program, which prints to a file in folder.
func Run(folder, name, path string, args ...string) (*Process, error) {
	p := &Process{Name: name, Log: filepath.Join(folder, name+".log"), cmd: exec.Command(path, args...), done: make(chan struct{})}
	log, err := os.OpenFile(p.Log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	defer func() { _ = log.Close() }()
	p.cmd.Stdout, p.cmd.Stderr, p.cmd.Dir = log, log, folder
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	started := make(chan error)
	starter() <- func() { started <- p.cmd.Start() }
	if err := <-started; err != nil {
		return nil, fmt.Errorf("start %s: %w", name, err)
	}
	go func() {
		_ = p.cmd.Wait()
		close(p.done)
	}()
	return p, nil
}

// Signal sends a signal; one that has ended does not mind.
func (p *Process) Signal(s os.Signal) { _ = p.cmd.Process.Signal(s) }

// Done is closed when the process has ended.
func (p *Process) Done() <-chan struct{} { return p.done }

// Freeze stops the process where it is; Thaw lets it go on.
func (p *Process) Freeze() { p.Signal(syscall.SIGSTOP) }

// Thaw lets a process go on that was frozen.
func (p *Process) Thaw() { p.Signal(syscall.SIGCONT) }

// Kill ends the process at once and waits for its end.
func (p *Process) Kill() {
	p.Signal(syscall.SIGKILL)
	<-p.done
}

// Terminate sends SIGTERM and gives the exit status, an error if it has not ended within the time given and had to be killed.
func (p *Process) Terminate(within time.Duration) (int, error) {
	p.Signal(syscall.SIGTERM)
	return p.Wait(within)
}

// Wait gives the exit status of a process that was told to end, as Terminate does.
func (p *Process) Wait(within time.Duration) (int, error) {
	select {
	case <-p.done:
		return p.cmd.ProcessState.ExitCode(), nil
	case <-time.After(within):
		p.Kill()
		return -1, fmt.Errorf("%s did not end within %v", p.Name, within)
	}
}

// WaitFor asks every 50 ms until ready gives nil. It gives up when the process ends or time is up, with the last error and the end
// of the log.
func (p *Process) WaitFor(ready func() error, within time.Duration) error {
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	late := time.After(within)
	for {
		err := ready()
		if err == nil {
			return nil
		}
		select {
		case <-p.done:
			return fmt.Errorf("%s has ended: %s", p.Name, p.Tail())
		case <-late:
			return fmt.Errorf("%s is not ready after %v: %w: %s", p.Name, within, err, p.Tail())
		case <-tick.C:
		}
	}
}

// Tail is the end of the log.
func (p *Process) Tail() string {
	data, err := os.ReadFile(p.Log)
	if err != nil {
		return err.Error()
	}
	return string(data[max(0, len(data)-4096):])
}

// The ports that FreePort gives are below those that the kernel gives to connections (32768 and more, by default): one that nobody
// listens on would otherwise be a connection's own by the time that the process which it is meant for begins to listen.
const firstPort, lastPort = 20000, 32000

// nextPort counts through them; two runs on one machine hardly begin at the same.
var nextPort atomic.Int64

// FreePort gives a port of an address that nobody listens on, another one each time.
func FreePort(address string) (int, error) {
	for range lastPort - firstPort {
		port := firstPort + (os.Getpid()*97+int(nextPort.Add(1)))%(lastPort-firstPort)
		if l, err := net.Listen("tcp", net.JoinHostPort(address, strconv.Itoa(port))); err == nil {
			return port, l.Close()
		}
	}
	return 0, fmt.Errorf("no port of %s is free from %d to %d", address, firstPort, lastPort)
}
