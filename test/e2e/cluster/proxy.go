package cluster

import (
	"net"
	"sync"
	"sync/atomic"
	"time"
)

// Proxy passes TCP connections on to one address, and breaks them as it is told.
type Proxy struct {
	// Port is where it listens.
	Port int

	listener net.Listener
	to       string
	delay    atomic.Int64

	mu    sync.Mutex
	pairs map[*pair]bool
}

// pair is a connection and the one that it is passed on to.
type pair struct{ near, far *net.TCPConn }

// NewProxy listens at any port of an address and passes on to another one.
func NewProxy(address, to string) (*Proxy, error) {
	l, err := net.Listen("tcp", net.JoinHostPort(address, "0"))
	if err != nil {
		return nil, err
	}
	p := &Proxy{Port: l.Addr().(*net.TCPAddr).Port, listener: l, to: to, pairs: map[*pair]bool{}}
	go func() {
		for {
			near, err := l.Accept()
			if err != nil {
				return
			}
			go p.serve(near.(*net.TCPConn))
		}
	}()
	return p, nil
}

// Delay has everything take that long in each direction, from now on.
func (p *Proxy) Delay(d time.Duration) { p.delay.Store(int64(d)) }

// Reset resets all connections, as a machine does that has just been started, and gives how many there were.
func (p *Proxy) Reset() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	n := len(p.pairs)
	for c := range p.pairs {
		c.end(true)
	}
	p.pairs = map[*pair]bool{}
	return n
}

// Close ends it with all of its connections.
func (p *Proxy) Close() {
	_ = p.listener.Close()
	p.Reset()
}

func (c *pair) end(reset bool) {
	for _, side := range []*net.TCPConn{c.near, c.far} {
		if reset {
			_ = side.SetLinger(0)
		}
		_ = side.Close()
	}
}

func (p *Proxy) serve(near *net.TCPConn) {
	far, err := net.Dial("tcp", p.to)
	if err != nil {
		_ = near.SetLinger(0)
		_ = near.Close()
		return
	}
	c := &pair{near, far.(*net.TCPConn)}
	p.mu.Lock()
	p.pairs[c] = true
	p.mu.Unlock()
	var both sync.WaitGroup
	both.Go(func() { p.pass(c.near, c.far) })
	both.Go(func() { p.pass(c.far, c.near) })
	both.Wait()
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.pairs[c] {
		delete(p.pairs, c)
		c.end(false)
	}
}

// pass passes on what comes until one side ends.
func (p *Proxy) pass(from, to *net.TCPConn) {
	buffer := make([]byte, 64<<10)
	for {
		n, err := from.Read(buffer)
		if d := time.Duration(p.delay.Load()); d > 0 {
			time.Sleep(d) // the fault itself
		}
		if _, failed := to.Write(buffer[:n]); err != nil || failed != nil {
			_ = to.CloseWrite()
			return
		}
	}
}
