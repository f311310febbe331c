package main

import (
	"fmt"
	"io"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/term"
)

// screen tells whether to colour and how wide the terminal is, 0 where there is none.
func screen(s streams, when string) (color bool, width int, err error) {
	file, terminal := terminalOf(s.Out)
	if terminal {
		if width, _, err = term.GetSize(int(file.Fd())); err != nil {
			width = 0
		}
	}
	switch when {
	case "always":
		return true, width, nil
	case "never":
		return false, width, nil
	case "auto":
		return terminal && s.Env("NO_COLOR") == "" && s.Env("TERM") != "dumb", width, nil
	}
	return false, 0, fmt.Errorf("--color %q: expected auto, always or never", when)
}

func terminalOf(stream any) (*os.File, bool) {
	file, ok := stream.(*os.File)
	return file, ok && term.IsTerminal(int(file.Fd()))
}

// progress draws a bar on standard error when that is a terminal and the run takes over a second.
type progress struct {
	out         io.Writer
	finished    atomic.Int64
	total       atomic.Int64
	quit, ended chan struct{}
	once        sync.Once
}

func newProgress(s streams, off bool) *progress {
	p := &progress{out: s.Err, quit: make(chan struct{}), ended: make(chan struct{})}
	_, terminal := terminalOf(s.Err)
	if off || !terminal {
		close(p.ended)
		return p
	}
	go p.draw()
	return p
}

func (p *progress) done(all int) {
	p.total.Store(int64(all))
	p.finished.Add(1)
}

func (p *progress) stop() {
	p.once.Do(func() { close(p.quit) })
	<-p.ended
}

func (p *progress) draw() {
	defer close(p.ended)
	select {
	case <-p.quit:
		return
	case <-time.After(time.Second):
	}
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for {
		fmt.Fprint(p.out, "\r\x1b[K"+bar(p.finished.Load(), p.total.Load()))
		select {
		case <-p.quit:
			fmt.Fprint(p.out, "\r\x1b[K")
			return
		case <-tick.C:
		}
	}
}

func bar(finished, total int64) string {
	if total == 0 {
		return "kslint: reading…"
	}
	const width = 30
	finished = min(finished, total)
	full := int(finished * width / total)
	line := make([]rune, width)
	for i := range line {
		line[i] = '·'
		if i < full {
			line[i] = '█'
		}
	}
	return fmt.Sprintf("kslint: [%s] %d/%d", string(line), finished, total)
}
