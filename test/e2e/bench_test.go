package e2e

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/kslint/kslint/lint"
)

// bars are the lines of the table that make bench-webhook prints.
type bars struct {
	t    *testing.T
	rows []string
}

// add adds a line; a count of failures that is missed fails the run, a latency only says so.
func (b *bars) add(what, bar, measured string, held, exact bool) {
	b.t.Helper()
	word := "yes"
	if !held {
		word = "**no**"
		if exact {
			b.t.Errorf("%s: %s, the bar is %s", what, measured, bar)
		}
	}
	b.rows = append(b.rows, fmt.Sprintf("| %s | %s | %s | %s |", what, bar, measured, word))
	fmt.Fprintln(os.Stderr, b.rows[len(b.rows)-1])
}

// tell adds a line that has no bar.
func (b *bars) tell(what, measured string) {
	b.rows = append(b.rows, fmt.Sprintf("| %s | | %s | |", what, measured))
	fmt.Fprintln(os.Stderr, b.rows[len(b.rows)-1])
}

func (b *bars) table() string {
	return "| what | bar | measured | held |\n|---|---|---|---|\n" + strings.Join(b.rows, "\n") + "\n"
}

// TestBench measures the bars of the webhook in one run, beside the API server with no webhook. It takes a quarter of an hour of a
// machine that has nothing else to do, and is run by make bench-webhook alone.
func TestBench(t *testing.T) {
	if !*bench {
		t.Skip("make bench-webhook runs it")
	}
	b := &bars{t: t}
	load, err := os.ReadFile("/proc/loadavg")
	must(t, err)
	fmt.Printf("%d processors, load before it begins: %s", runtime.NumCPU(), load)
	for _, part := range []func(*bars, *testing.T){
		benchLatency, benchSustained, benchLosses, benchKills, benchLarge, benchDead,
	} {
		part(b, t)
	}
	fmt.Println("\n" + b.table())
}

// round is a duration as a table shows it.
func round(d time.Duration) string { return d.Round(10 * time.Microsecond).String() }

// rate is that of the table, and span how long it is kept up.
const (
	rate = 200
	span = 30 * time.Second
	// turns is how often both sides of a comparison are measured, in turns: a machine is not always as fast.
	turns = 3
)

// benchLatency compares, in turns, creations of realistic Deployments where no webhook is asked and with one replica that has all rules on.
func benchLatency(b *bars, t *testing.T) {
	all := enforce + compile(t).everyRule()
	t.Run("latency", func(t *testing.T) {
		h := deploy(t, setup{config: all})
		r := h.replicas[0]
		b.add("start to Ready", "< 3 s", round(r.ready), r.ready < 3*time.Second, false)
		r.proven(t)
		sounds(t, tenant, rate, 5*time.Second)
		must(t, r.ForgetPeak())
		before := r.durations(t)
		with, without, used := &tally{}, &tally{}, time.Duration(0)
		for range turns {
			without.add(sounds(t, unseen, rate, span/turns))
			began := r.CPU()
			with.add(sounds(t, tenant, rate, span/turns))
			used += r.CPU() - began
		}
		each := used / time.Duration(with.sent)
		p99 := r.durations(t).since(before).quantile(.99)
		peak := r.PeakRSS()
		added := with.quantile(.5) - without.quantile(.5)
		b.add(fmt.Sprintf("one replica, all rules, %d req/s: handler p99", rate), "< 10 ms", round(p99)+" ("+round(each)+" of a processor each)", p99 < 10*time.Millisecond, false)
		b.add("added latency at the API server, p50", "< 3 ms",
			fmt.Sprintf("%s (%s with, %s without; p99 %s and %s)", round(added), round(with.quantile(.5)), round(without.quantile(.5)),
				round(with.quantile(.99)), round(without.quantile(.99))), added < 3*time.Millisecond, false)
		b.add(fmt.Sprintf("RSS at %d req/s", rate), "< 96 MiB", fmt.Sprintf("%d MiB", peak>>20), peak < 96<<20, false)
		b.add("requests that failed meanwhile", "0", fmt.Sprintf("%d of %d", with.failed+with.wrong+with.late, with.sent), with.failed+with.wrong+with.late == 0, true)
	})
}

// benchSustained asks one replica itself, as fast as it answers.
func benchSustained(b *bars, t *testing.T) {
	t.Run("sustained", func(t *testing.T) {
		h := deploy(t, setup{config: enforce + compile(t).everyRule()})
		direct := newStraight(t)
		direct.closed(t, h.replicas[0], 16, 3*time.Second)
		r := h.replicas[0]
		must(t, r.ForgetPeak())
		used := r.CPU()
		sent, failed := direct.closed(t, r, 16, span/2)
		used = r.CPU() - used
		persecond := float64(sent) / (span / 2).Seconds()
		b.add("sustained, one replica, straight at the handler", "≥ 1,000 req/s", fmt.Sprintf("%.0f req/s (%s of a processor each, RSS %d MiB)", persecond, round(used/time.Duration(sent)), r.PeakRSS()>>20), persecond >= 1000, false)
		b.add("requests that failed meanwhile", "0", fmt.Sprintf("%d of %d", failed, sent), failed == 0, true)
	})
}

// benchLosses restarts, rotates and swaps under load until enough requests are sent.
func benchLosses(b *bars, t *testing.T) {
	const least = 20_000
	t.Run("losses", func(t *testing.T) {
		h := deploy(t, setup{config: generationConfig(1), policies: generation(1), replicas: 3, certificates: selfMade, flags: []string{"--ca-wait=1s"}})
		before := failOpen(t)
		l := newLoad(t)
		l.right = rightInGeneration
		end := begin(t, func(ctx context.Context) *tally { return l.closed(ctx, 8) })
		restarts, rotations, swaps := 0, 0, 1
		for sent := 0; restarts < 5 || sent < least; sent, _, _ = l.sofar() {
			for _, old := range append([]*replica(nil), h.replicas...) {
				if status := h.restart(old); status != 0 {
					t.Errorf("%s ended with %d", old.Name, status)
				}
			}
			restarts++
			swaps++
			h.mount(generationConfig(swaps), generation(swaps))
			h.rotate()
			rotations++
		}
		sum := end()
		b.add(fmt.Sprintf("%d rolling restarts of 3 replicas, %d rotations of CA and leaves, %d swaps of policies", restarts, rotations, swaps-1),
			"0 failed of ≥ 20,000", fmt.Sprintf("%d failed, %d wrong, %d late of %d", sum.failed, sum.wrong, sum.late, sum.sent), sum.failed+sum.wrong == 0, true)
		leaks := failOpen(t) - before
		b.add("let in unseen meanwhile", "0", fmt.Sprint(leaks), leaks == 0, true)
	})
}

// benchKills kills the replica that carries the load.
func benchKills(b *bars, t *testing.T) {
	const kills, persecond = 10, 150
	t.Run("kills", func(t *testing.T) {
		h := deploy(t, setup{config: enforce, replicas: 3})
		l := newLoad(t)
		end := begin(t, func(ctx context.Context) *tally { return l.open(ctx, persecond) })
		worst, all := 0, 0
		for range kills {
			settle(t, h, 3*persecond) // the last replica has come up, and the rate is steady
			r := busiest(t, h)
			settle(t, h, persecond/2) // asking them all holds up some requests, which no crash waits for
			h.kill(r)
			settle(t, h, persecond)
			_, failed, _ := l.sofar()
			worst, all = max(worst, failed-all), failed
			h.publish(h.start(), true)
		}
		sum := end()
		b.add(fmt.Sprintf("SIGKILL of the busiest of 3 replicas at %d req/s, %d times", persecond, kills), "≤ 2 failed each, 0 wrong",
			fmt.Sprintf("%d at most; in all %d of %d, of these %d by timeout and %d because nobody listened; %d wrong",
				worst, sum.failed, sum.sent, sum.timedOut, sum.refused, sum.wrong), worst <= 2 && sum.wrong == 0, true)
	})
}

// benchLarge sends many large reviews at once. The API server has as long as it may give them, since what it cannot write in time is no
// answer of the webhook's; what becomes of them within the product's own timeout is told beside.
func benchLarge(b *bars, t *testing.T) {
	for _, profile := range []lint.Profile{lint.Observe, lint.Enforce} {
		t.Run("large under "+string(profile), func(t *testing.T) {
			h := deploy(t, setup{profile: profile, config: enforce, timeout: patient})
			before := failOpen(t)
			for _, size := range []int{7, 12, 18} {
				sum := h.flood(t, size, 32)
				b.add(fmt.Sprintf("32 reviews of %d MB at once, %s", size, profile), "right or well-formed denial",
					fmt.Sprintf("%d failed, %d wrong, %d denied for want of time or room", sum.failed, sum.wrong, sum.late), sum.failed+sum.wrong == 0, true)
			}
			leaks, peak := failOpen(t)-before, h.replicas[0].PeakRSS()
			b.add("let in unseen, "+string(profile), "0", fmt.Sprint(leaks), leaks == 0, true)
			b.add("RSS meanwhile", "< 256 MiB", fmt.Sprintf("%d MiB", peak>>20), peak < 256<<20, false)
		})
		t.Run("large in the product's time under "+string(profile), func(t *testing.T) {
			h := deploy(t, setup{profile: profile, config: enforce})
			for _, size := range []int{7, 12, 18} {
				before, reached, used := failOpen(t), h.reviews(t), world.APIServer.CPU()
				sum := h.flood(t, size, 32)
				b.tell(fmt.Sprintf("32 reviews of %d MB at once, %s, a timeout of 3 s", size, profile),
					fmt.Sprintf("%d reached the replica before the API server gave up, which took %s of processors; %d let in unseen, %d failed, %d wrong",
						h.reviews(t)-reached, round(world.APIServer.CPU()-used), failOpen(t)-before, sum.failed, sum.wrong))
			}
		})
	}
}

// benchDead runs the tests of a cluster without replicas, which are yes or no.
func benchDead(b *bars, t *testing.T) {
	for what, test := range map[string]func(*testing.T){
		"all replicas dead: nodes, leases, kube-system and controllers' Pods go on": TestAllReplicasDead_theClusterLives,
		"cold start with all replicas dead":                                         TestColdStart_needsNoHand,
	} {
		held := t.Run(what, test)
		b.add(what, "needs no hand", map[bool]string{true: "none was needed", false: "one was needed"}[held], held, true)
	}
}
