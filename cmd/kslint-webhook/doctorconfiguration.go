package main

import (
	"context"
	"crypto/x509"
	"fmt"
	"slices"
	"strings"

	admission "k8s.io/api/admissionregistration/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	kubernetes "k8s.io/apimachinery/pkg/util/version"

	"github.com/kslint/kslint/webhook/configuration"
)

// oldest is the first Kubernetes that has matchConditions without a feature gate.
var oldest = kubernetes.MajorMinor(1, 30)

func (d *doctor) apiServer(context.Context) (string, error) {
	info, err := d.client.Discovery().ServerVersion()
	if err != nil {
		return "", d.wrong("the API server does not answer: %v", "API server 无响应：%v", err)
	}
	v, err := kubernetes.ParseGeneric(info.GitVersion)
	if err != nil || v.LessThan(oldest) {
		return "", d.wrong("it is %s, and matchConditions need %s: stay with the profile observe", "版本为 %s，而 matchConditions 需要 %s：请继续使用 observe", info.GitVersion, oldest)
	}
	return info.GitVersion, nil
}

// live is the configuration as it is, and those of its webhooks that call the Service and match anything.
func (d *doctor) live(ctx context.Context) ([]admission.ValidatingWebhook, error) {
	c, err := d.client.AdmissionregistrationV1().ValidatingWebhookConfigurations().Get(ctx, d.configuration, metav1.GetOptions{})
	if apierrors.IsNotFound(err) {
		return nil, d.wrong("there is no ValidatingWebhookConfiguration %s: apply it with the profile observe first", "ValidatingWebhookConfiguration %s 不存在：请先以 observe 安装", d.configuration)
	} else if err != nil {
		return nil, err
	}
	ours := slices.DeleteFunc(c.Webhooks, func(w admission.ValidatingWebhook) bool {
		s := w.ClientConfig.Service
		return s == nil || s.Namespace != d.namespace || s.Name != d.service || len(w.Rules) == 0
	})
	if len(ours) == 0 {
		return nil, d.wrong("no entry of %s calls the Service %s/%s: check --namespace and --service", "%s 中没有条目调用 Service %s/%s：请检查 --namespace 和 --service", d.configuration, d.namespace, d.service)
	}
	return ours, nil
}

// guards looks at what keeps the webhook from hurting: in every entry, not in the one that was generated.
func (d *doctor) guards(ctx context.Context) (string, error) {
	ours, err := d.live(ctx)
	if err != nil {
		return "", err
	}
	var wrong []string
	for _, w := range ours {
		for _, fault := range d.unguarded(&w) {
			wrong = append(wrong, w.Name+": "+fault)
		}
	}
	for _, name := range []string{configuration.Workloads, configuration.NewWorkloads, configuration.Configurations, configuration.PodsAudit} {
		if !slices.ContainsFunc(ours, func(w admission.ValidatingWebhook) bool { return w.Name == name }) {
			wrong = append(wrong, d.say("there is no entry %s", "缺少条目 %s", name))
		}
	}
	if len(wrong) > 0 {
		return "", d.wrong("%s: apply what kslint-webhook configuration prints, or the chart", "%s：请应用 kslint-webhook configuration 的输出或 chart", strings.Join(wrong, "; "))
	}
	return d.say("%d entries, each with its guards", "%d 个条目，保护措施齐全", len(ours)), nil
}

const longest = 3 // seconds

func (d *doctor) unguarded(w *admission.ValidatingWebhook) []string {
	var faults []string
	add := func(english, chinese string, args ...any) { faults = append(faults, d.say(english, chinese, args...)) }
	for _, namespace := range append(configuration.Never(), d.namespace) {
		if !keepsOut(w.NamespaceSelector, namespace) {
			add("it is sent what is in %s", "会收到 %s 中的请求", namespace)
		}
	}
	if w.TimeoutSeconds == nil || *w.TimeoutSeconds > longest {
		add("its timeout is above %d s", "超时时间大于 %d 秒", longest)
	}
	if w.FailurePolicy == nil || *w.FailurePolicy == admission.Fail {
		if len(w.MatchConditions) == 0 && slices.ContainsFunc(w.Rules, func(r admission.RuleWithOperations) bool { return !configuration.OnlyByPeople(r) }) {
			add("it fails closed without matchConditions: controllers wait for it", "在没有 matchConditions 的情况下拒绝请求：控制器会被阻塞")
		}
	}
	for _, r := range w.Rules {
		for _, resource := range configuration.Untouchable(r.Rule) {
			if strings.HasPrefix(resource, "namespaces") && w.Name == configuration.Guard {
				continue
			}
			add("it is sent %s", "会收到 %s", resource)
		}
	}
	if len(w.ClientConfig.CABundle) == 0 {
		add("its caBundle is empty: the webhook or cert-manager has not written it", "caBundle 为空：webhook 或 cert-manager 尚未写入")
	} else if !x509.NewCertPool().AppendCertsFromPEM(w.ClientConfig.CABundle) {
		add("its caBundle holds no certificate", "caBundle 中没有证书")
	}
	return faults
}

// keepsOut tells whether a selector keeps a namespace out by its name, whatever other labels it has.
func keepsOut(s *metav1.LabelSelector, namespace string) bool {
	if s == nil {
		return false
	}
	if name, ok := s.MatchLabels[configuration.NameLabel]; ok && name != namespace {
		return true
	}
	return slices.ContainsFunc(s.MatchExpressions, func(r metav1.LabelSelectorRequirement) bool {
		has := slices.Contains(r.Values, namespace)
		return r.Key == configuration.NameLabel &&
			(r.Operator == metav1.LabelSelectorOpNotIn && has || r.Operator == metav1.LabelSelectorOpIn && !has)
	})
}

// requestSeconds is how long the API server spends on a request that writes (requestTimeoutUpperBound in k8s.io/apiserver).
const requestSeconds = 34

// timeouts adds up what all webhooks together may take of a request for a Deployment or a Pod while none of them answers: those
// that change objects are asked one after another, those that judge all at once, and what is over time fails.
func (d *doctor) timeouts(ctx context.Context) (string, error) {
	judging, err := d.client.AdmissionregistrationV1().ValidatingWebhookConfigurations().List(ctx, metav1.ListOptions{})
	if err != nil {
		return "", err
	}
	changing, err := d.client.AdmissionregistrationV1().MutatingWebhookConfigurations().List(ctx, metav1.ListOptions{})
	if err != nil {
		return "", err
	}
	slowest, total := int32(0), int32(0)
	var slow []string
	for _, c := range judging.Items {
		for _, w := range c.Webhooks {
			if matchesWorkloads(w.Rules) {
				slowest = max(slowest, secondsOf(w.TimeoutSeconds))
			}
		}
	}
	for _, c := range changing.Items {
		for _, w := range c.Webhooks {
			if matchesWorkloads(w.Rules) {
				total += secondsOf(w.TimeoutSeconds)
				slow = append(slow, fmt.Sprintf("%s %d s", w.Name, secondsOf(w.TimeoutSeconds)))
			}
		}
	}
	if total+slowest > requestSeconds {
		return "", d.wrong(
			"a request for a workload may wait for %d s, and the API server gives up after %d s: lower the timeouts of %s, and of validating webhooks (the longest has %d s)",
			"工作负载请求最长可能等待 %d 秒，而 API server 在 %d 秒后放弃：请调低 %s 以及校验类 webhook（最长 %d 秒）的超时时间",
			total+slowest, requestSeconds, strings.Join(slow, ", "), slowest)
	}
	return d.say("a request for a workload waits for %d s at most, all webhooks taken together", "所有 webhook 合计，工作负载请求最长等待 %d 秒", total+slowest), nil
}

// secondsOf is the timeout of a webhook; the API server has filled it in.
func secondsOf(seconds *int32) int32 {
	if seconds == nil {
		return 10
	}
	return *seconds
}

func matchesWorkloads(rules []admission.RuleWithOperations) bool {
	has := func(list []string, name string) bool {
		return slices.Contains(list, name) || slices.Contains(list, "*")
	}
	return slices.ContainsFunc(rules, func(r admission.RuleWithOperations) bool {
		if !slices.Contains(r.Operations, admission.Create) && !slices.Contains(r.Operations, admission.OperationAll) {
			return false
		}
		return has(r.APIGroups, "apps") && (has(r.Resources, "deployments") || slices.Contains(r.Resources, "*/*")) ||
			has(r.APIGroups, "") && (has(r.Resources, "pods") || slices.Contains(r.Resources, "*/*"))
	})
}
