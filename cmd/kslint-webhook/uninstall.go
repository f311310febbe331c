package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	gopath "path"
	"strings"
	"syscall"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"

	"github.com/kslint/kslint/webhook/certificate"
)

const uninstallUsage = `kslint-webhook uninstall takes kslint out of a cluster: the webhook configuration first, so that no request waits for replicas that
end or are dead already; then the Deployments, and what their Pods have left: Leases, and the reports of the audit. What is not there
is fine.

Usage:
  kslint-webhook uninstall --namespace NAME [flags]

Flags:
`

// uninstaller deletes what is ours by its name. Objects that an installer has made beside these are the installer's to delete.
type uninstaller struct {
	kubeconfig, namespace  string
	configuration, service string
	lease                  string
	deployments            list
	wait                   time.Duration

	client kubernetes.Interface
	out    io.Writer
}

// runUninstall gives the exit status: 0 when nothing is left, 1 when something is, 2 when the flags are wrong.
func runUninstall(args []string, out, errs io.Writer) int {
	u := &uninstaller{out: out}
	s := flag.NewFlagSet("kslint-webhook uninstall", flag.ContinueOnError)
	s.SetOutput(io.Discard)
	u.declare(s)
	err := s.Parse(args)
	if errors.Is(err, flag.ErrHelp) {
		s.SetOutput(out)
		fmt.Fprint(out, uninstallUsage)
		s.PrintDefaults()
		return 0
	}
	if err == nil {
		err = u.check(s.Args())
	}
	if err != nil {
		fmt.Fprintf(errs, "kslint-webhook: %v; see uninstall --help\n", err)
		return 2
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer stop()
	u.client, _, err = certificate.Connect(u.kubeconfig, "kslint-webhook-uninstall/"+version())
	if err == nil {
		err = u.run(ctx)
	}
	if err != nil {
		fmt.Fprintf(errs, "kslint-webhook: uninstall: %v\n", err)
		return 1
	}
	return 0
}

func (u *uninstaller) declare(s *flag.FlagSet) {
	s.StringVar(&u.kubeconfig, "kubeconfig", "", "`file` that says how the API server is reached; empty for what a Pod is told")
	s.StringVar(&u.namespace, "namespace", "", "`name` of the namespace that kslint runs in")
	s.StringVar(&u.configuration, "webhook-configuration", "kslint-webhook", "`name` of the ValidatingWebhookConfiguration")
	s.StringVar(&u.service, "service", "kslint-webhook", "`name` of the Service, after which the webhook names its Leases")
	s.StringVar(&u.lease, "lease", "kslint-audit", "`name` of the audit's Lease, with which the names of its other Leases begin")
	s.Var(&u.deployments, "deployment", "`name` of a Deployment that goes; may be repeated; none for none")
	s.DurationVar(&u.wait, "wait", time.Minute, "`duration` to wait for the end of the Deployments' Pods, which write Leases until then")
}

func (u *uninstaller) check(args []string) error {
	switch {
	case len(args) > 0:
		return fmt.Errorf("uninstall takes no arguments, not %.40q", args[0])
	case u.namespace == "":
		return errors.New("--namespace is needed")
	case u.configuration == "" || u.service == "" || u.lease == "":
		return errors.New("--webhook-configuration, --service and --lease are not empty")
	case u.wait < 0:
		return errors.New("--wait is no less than 0")
	}
	return nil
}

// run goes on after an error, but for one about the configuration: what comes first is what keeps others from working.
func (u *uninstaller) run(ctx context.Context) error {
	options := metav1.DeleteOptions{}
	err := u.gone("ValidatingWebhookConfiguration", u.configuration,
		u.client.AdmissionregistrationV1().ValidatingWebhookConfigurations().Delete(ctx, u.configuration, options))
	if err != nil {
		return err
	}
	var problems []error
	for _, name := range u.deployments {
		background := metav1.DeletePropagationBackground
		problems = append(problems, u.gone("Deployment", name, u.client.AppsV1().Deployments(u.namespace).Delete(ctx, name,
			metav1.DeleteOptions{PropagationPolicy: &background})))
	}
	if len(u.deployments) > 0 {
		problems = append(problems, u.ended(ctx))
	}
	leases, err := u.client.CoordinationV1().Leases(u.namespace).List(ctx, metav1.ListOptions{})
	if err != nil {
		return errors.Join(append(problems, fmt.Errorf("leases: %w", err))...)
	}
	for i := range leases.Items {
		if name := leases.Items[i].Name; u.ours(name) {
			problems = append(problems, u.gone("Lease", name, u.client.CoordinationV1().Leases(u.namespace).Delete(ctx, name, options)))
		}
	}
	for _, resource := range reports {
		problems = append(problems, u.unreported(ctx, resource))
	}
	return errors.Join(problems...)
}

// reports are the resources that the audit writes, each object by the name of ourName.
var reports = []string{
	"/apis/openreports.io/v1alpha1/reports", "/apis/openreports.io/v1alpha1/clusterreports",
	"/apis/wgpolicyk8s.io/v1alpha2/policyreports", "/apis/wgpolicyk8s.io/v1alpha2/clusterpolicyreports",
}

// ourName is that of the audit's reports, and their label app.kubernetes.io/managed-by.
const ourName = "kslint"

// metadataAlone asks for lists without what is in the objects: a report may hold 900 KB.
const metadataAlone = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1"

// unreported deletes our reports of one resource in all namespaces.
func (u *uninstaller) unreported(ctx context.Context, resource string) error {
	client := u.client.Discovery().RESTClient()
	for more := ""; ; {
		raw, err := client.Get().AbsPath(resource).SetHeader("Accept", metadataAlone).
			Param("labelSelector", "app.kubernetes.io/managed-by="+ourName).Param("fieldSelector", "metadata.name="+ourName).
			Param("limit", "500").Param("continue", more).Do(ctx).Raw()
		if apierrors.IsNotFound(err) {
			return nil // the CRD is not installed
		} else if err != nil {
			return fmt.Errorf("%s: %w", resource, err)
		}
		var page metav1.PartialObjectMetadataList
		if err := json.Unmarshal(raw, &page); err != nil {
			return fmt.Errorf("%s: %w", resource, err)
		}
		for i := range page.Items {
			o := &page.Items[i]
			if o.Name != ourName { // whatever the server makes of the selector
				continue
			}
			path := resource + "/" + o.Name
			if o.Namespace != "" {
				folder, plural := gopath.Split(resource)
				path = folder + "namespaces/" + o.Namespace + "/" + plural + "/" + o.Name
			}
			if err := u.gone("report", path, client.Delete().AbsPath(path).Do(ctx).Error()); err != nil {
				return err
			}
		}
		if more = page.Continue; more == "" {
			return nil
		}
	}
}

// ours tells by its name whether a Lease was written by the webhook or the audit.
func (u *uninstaller) ours(lease string) bool {
	for _, name := range []string{u.service + "-certificate", u.lease} {
		if lease == name || strings.HasPrefix(lease, name+"-") {
			return true
		}
	}
	return false
}

// gone says what was deleted.
func (u *uninstaller) gone(kind, name string, err error) error {
	switch {
	case apierrors.IsNotFound(err):
		fmt.Fprintf(u.out, "%s %s: not there\n", kind, name)
	case err != nil:
		return fmt.Errorf("%s %s: %w", kind, name, err)
	default:
		fmt.Fprintf(u.out, "%s %s: deleted\n", kind, name)
	}
	return nil
}

// pods are those of the Deployments, and not that of this command.
const pods = "app.kubernetes.io/name=kslint,app.kubernetes.io/component in (webhook,audit)"

// ended waits until the Pods are gone. Those of a node that is dead never go, and write no Lease either: that is no error.
func (u *uninstaller) ended(ctx context.Context) error {
	late := time.NewTimer(u.wait)
	defer late.Stop()
	for {
		left, err := u.client.CoreV1().Pods(u.namespace).List(ctx, metav1.ListOptions{LabelSelector: pods})
		if err != nil {
			return fmt.Errorf("pods: %w", err)
		}
		if len(left.Items) == 0 {
			return nil
		}
		next := time.NewTimer(time.Second)
		select {
		case <-next.C:
		case <-late.C:
			fmt.Fprintf(u.out, "Pods that have not ended after %v: %d; those of dead nodes write nothing any more\n", u.wait, len(left.Items))
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
