package cluster

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"syscall"

	"golang.org/x/sys/unix"
)

// Address is where replicas listen within the network of its own: endpoints may not be on a loopback address. It is of the block
// for documentation (RFC 5737), so it is nobody's.
const Address = "192.0.2.10"

// insideVariable tells a process that it is the one within the network of its own.
const insideVariable = "KSLINT_E2E_INSIDE"

// Enter runs this very program again in a network namespace that holds nothing but a loopback interface, with Address on it: no
// load can leave it and no port is taken. There it gives the address that replicas may listen on; in the outer process it gives none,
// but the exit status of the inner one, to which env was handed. Where the kernel does not allow it, it says so and gives another
// address of this machine.
func Enter(env []string, progress io.Writer) (address string, status int, err error) {
	runtime.LockOSThread() // Pdeathsig watches the thread
	defer runtime.UnlockOSThread()
	// When "go test" itself is killed, nobody reads on.
	if err := unix.Prctl(unix.PR_SET_PDEATHSIG, uintptr(unix.SIGTERM), 0, 0, 0); err != nil {
		return "", 0, err
	}
	if os.Getenv(insideVariable) != "" {
		return Address, 0, configure()
	}
	for _, how := range []syscall.SysProcAttr{
		{Cloneflags: syscall.CLONE_NEWNET},
		{
			Cloneflags:  syscall.CLONE_NEWNET | syscall.CLONE_NEWUSER,
			UidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}},
			GidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}},
		},
	} {
		how.Pdeathsig = syscall.SIGKILL
		if status, err = again(&how, env); err == nil {
			return "", status, nil
		}
	}
	if address, err = ownAddress(); err != nil {
		return "", 0, fmt.Errorf("no network namespace may be made here (root, or user namespaces, would do): %w", err)
	}
	fmt.Fprintf(progress, "NOTE: no network namespace may be made here; replicas listen on %s of this machine\n", address)
	return address, 0, nil
}

// again gives the status of the inner process, an error where it did not even start.
func again(how *syscall.SysProcAttr, env []string) (int, error) {
	self, err := os.Executable()
	if err != nil {
		return 0, err
	}
	cmd := exec.Command(self, os.Args[1:]...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	cmd.Env = append(append(os.Environ(), env...), insideVariable+"=1")
	cmd.SysProcAttr = how
	if err := cmd.Start(); err != nil {
		return 0, err
	}
	signals := make(chan os.Signal, 4)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM, syscall.SIGQUIT)
	go func() {
		for s := range signals {
			_ = cmd.Process.Signal(s)
		}
	}()
	var exit *exec.ExitError
	if err := cmd.Wait(); err != nil && !errors.As(err, &exit) {
		return 1, nil
	}
	return max(cmd.ProcessState.ExitCode(), -cmd.ProcessState.ExitCode()), nil
}

// configure brings the loopback interface up and gives it Address beside its own.
func configure() error {
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return err
	}
	defer func() { _ = unix.Close(fd) }()
	up, err := unix.NewIfreq("lo")
	if err != nil {
		return err
	}
	up.SetUint16(unix.IFF_UP | unix.IFF_RUNNING)
	if err := unix.IoctlIfreq(fd, unix.SIOCSIFFLAGS, up); err != nil {
		return fmt.Errorf("bring lo up: %w", err)
	}
	second, err := unix.NewIfreq("lo:1")
	if err != nil {
		return err
	}
	if err := second.SetInet4Addr(net.ParseIP(Address).To4()); err != nil {
		return err
	}
	if err := unix.IoctlIfreq(fd, unix.SIOCSIFADDR, second); err != nil {
		return fmt.Errorf("add %s to lo: %w", Address, err)
	}
	return nil
}

func ownAddress() (string, error) {
	addresses, err := net.InterfaceAddrs()
	if err != nil {
		return "", err
	}
	for _, a := range addresses {
		if ip, ok := a.(*net.IPNet); ok && ip.IP.To4() != nil && ip.IP.IsGlobalUnicast() {
			return ip.IP.String(), nil
		}
	}
	return "", errors.New("this machine has no address but loopbacks")
}
