package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"

	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
)

const doctorUsage = `kslint-webhook doctor tells whether the webhook is fit to fail closed, before the profile enforce or strict: one line for each check,
and what to do where it fails. It changes nothing: the one object that it creates is a dry run. Run it in the cluster, as the
chart does.

Usage:
  kslint-webhook doctor --namespace NAME [flags]

Exit status: 0 when all is well, 1 when a check fails, 2 when the flags are wrong.

Flags:
`

// doctor is one examination.
type doctor struct {
	kubeconfig, configuration string
	namespace, service        string
	trial                     string // the namespace of the dry run
	lang                      string
	noCall                    bool
	timeout                   time.Duration

	client kubernetes.Interface
	warned *warnings // what the API server has warned about
	dial   func(ctx context.Context, network, address string) (net.Conn, error)
	out    io.Writer
}

func runDoctor(args []string, out, errs io.Writer) int {
	d := &doctor{out: out, warned: &warnings{}, dial: (&net.Dialer{}).DialContext}
	s := flag.NewFlagSet("kslint-webhook doctor", flag.ContinueOnError)
	s.SetOutput(io.Discard)
	d.declare(s)
	err := s.Parse(args)
	if errors.Is(err, flag.ErrHelp) {
		s.SetOutput(out)
		fmt.Fprint(out, doctorUsage)
		s.PrintDefaults()
		return 0
	}
	if err == nil {
		err = d.check(s.Args())
	}
	if err != nil {
		fmt.Fprintf(errs, "kslint-webhook: %v; see doctor --help\n", err)
		return 2
	}
	if d.client, err = d.connect(); err != nil {
		fmt.Fprintf(errs, "kslint-webhook: doctor: %v\n", err)
		return 1
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer stop()
	if !d.examine(ctx) {
		return 1
	}
	return 0
}

func (d *doctor) declare(s *flag.FlagSet) {
	s.StringVar(&d.kubeconfig, "kubeconfig", "", "`file` that says how the API server is reached; empty for what a Pod is told")
	s.StringVar(&d.namespace, "namespace", "", "`name` of the namespace that the webhook runs in")
	s.StringVar(&d.service, "service", "kslint-webhook", "`name` of the Service by which the API server calls")
	s.StringVar(&d.configuration, "webhook-configuration", "kslint-webhook", "`name` of the ValidatingWebhookConfiguration")
	s.StringVar(&d.trial, "trial-namespace", "default", "`name` of a namespace that is sent, for the dry run of a faulty Deployment")
	s.BoolVar(&d.noCall, "no-call", false, "do not call the Service: for outside of the cluster, or where a NetworkPolicy or a client CA lets none but the API server in")
	s.DurationVar(&d.timeout, "timeout", 10*time.Second, "`duration` that each check may take")
	s.StringVar(&d.lang, "lang", "en", "`language` of the lines: en or zh")
}

func (d *doctor) check(args []string) error {
	switch {
	case len(args) > 0:
		return fmt.Errorf("doctor takes no arguments, not %.40q", args[0])
	case d.namespace == "":
		return errors.New("--namespace is needed")
	case d.service == "" || d.configuration == "" || d.trial == "":
		return errors.New("--service, --webhook-configuration and --trial-namespace are not empty")
	case d.lang != "en" && d.lang != "zh":
		return fmt.Errorf("--lang %.40q is none of en, zh", d.lang)
	case d.timeout <= 0:
		return errors.New("--timeout is more than 0")
	}
	return nil
}

func (d *doctor) connect() (kubernetes.Interface, error) {
	config, err := rest.InClusterConfig()
	if d.kubeconfig != "" {
		config, err = clientcmd.BuildConfigFromFlags("", d.kubeconfig)
	}
	if errors.Is(err, rest.ErrNotInCluster) {
		return nil, errors.New("--kubeconfig is needed outside of a cluster")
	} else if err != nil {
		return nil, fmt.Errorf("the kubeconfig cannot be used: %w", err)
	}
	config.UserAgent, config.WarningHandler = "kslint-webhook-doctor/"+version(), d.warned
	return kubernetes.NewForConfig(config)
}

// examine makes all checks, whatever the first ones say, and tells whether all passed.
func (d *doctor) examine(ctx context.Context) bool {
	well := true
	for _, c := range []struct {
		name string
		ask  func(context.Context) (string, error)
	}{
		{"api-server", d.apiServer},
		{"replicas", d.replicas},
		{"configuration", d.guards},
		{"call", d.call},
		{"dry-run", d.dryRun},
		{"timeouts", d.timeouts},
	} {
		within, cancel := context.WithTimeout(ctx, d.timeout)
		detail, err := c.ask(within)
		cancel()
		state := d.say("ok    ", "正常")
		if err != nil {
			well, state, detail = false, d.say("FAILED", "失败"), err.Error()
		}
		fmt.Fprintf(d.out, "%s %s: %s\n", state, c.name, oneLine(detail))
	}
	return well
}

// say is a sentence in the language that was asked for.
func (d *doctor) say(english, chinese string, args ...any) string {
	if d.lang == "zh" {
		return fmt.Sprintf(chinese, args...)
	}
	return fmt.Sprintf(english, args...)
}

// wrong is what is wrong and what to do about it.
func (d *doctor) wrong(english, chinese string, args ...any) error {
	return errors.New(d.say(english, chinese, args...))
}

// warnings are those of the API server.
type warnings struct {
	mu  sync.Mutex
	all []string
}

// HandleWarningHeader keeps a warning.
func (w *warnings) HandleWarningHeader(_ int, _, text string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.all = append(w.all, text)
}

func (w *warnings) said() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return append([]string(nil), w.all...)
}
