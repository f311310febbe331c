package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"unicode"

	admissionv1 "k8s.io/api/admission/v1"
	admission "k8s.io/api/admissionregistration/v1"
	apps "k8s.io/api/apps/v1"
	authentication "k8s.io/api/authentication/v1"
	core "k8s.io/api/core/v1"
	discovery "k8s.io/api/discovery/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"
)

// replicas wants two that are ready, on nodes of their own: a node that goes takes one of them.
func (d *doctor) replicas(ctx context.Context) (string, error) {
	found, err := d.client.DiscoveryV1().EndpointSlices(d.namespace).List(ctx, metav1.ListOptions{LabelSelector: discovery.LabelServiceName + "=" + d.service})
	if err != nil {
		return "", err
	}
	ready, nodes := map[string]bool{}, map[string]bool{}
	for _, s := range found.Items {
		for _, e := range s.Endpoints {
			if e.Conditions.Ready != nil && !*e.Conditions.Ready || len(e.Addresses) == 0 {
				continue
			}
			name := e.Addresses[0]
			if len(s.Ports) > 0 && s.Ports[0].Port != nil {
				name = fmt.Sprintf("%s:%d", name, *s.Ports[0].Port)
			}
			if e.TargetRef != nil { // a Pod may have addresses of two families
				name = string(e.TargetRef.UID) + "/" + e.TargetRef.Name
			}
			ready[name] = true
			if e.NodeName != nil {
				nodes[*e.NodeName] = true
			}
		}
	}
	if len(ready) < 2 || len(nodes) < 2 {
		return "", d.wrong("%d ready on %d nodes: two or more have to be ready on nodes of their own; see kubectl get pods -o wide -n %s, and raise the number of replicas",
			"%d 个副本就绪，分布在 %d 个节点：至少需要两个副本就绪且位于不同节点；请查看 kubectl get pods -o wide -n %s，并增加副本数", len(ready), len(nodes), d.namespace)
	}
	return d.say("%d ready on %d nodes", "%d 个副本就绪，分布在 %d 个节点", len(ready), len(nodes)), nil
}

// tell is the rule that finds fault with the trial, whatever the version of anything is: a memory request of a tenth of a byte,
// which the API server takes.
const tell = "resource-quantity-suspicious"

func (d *doctor) faulty() *apps.Deployment {
	labels := map[string]string{"app.kubernetes.io/name": "kslint-doctor"}
	return &apps.Deployment{
		TypeMeta:   metav1.TypeMeta{APIVersion: "apps/v1", Kind: "Deployment"},
		ObjectMeta: metav1.ObjectMeta{GenerateName: "kslint-doctor-", Namespace: d.trial, Labels: labels},
		Spec: apps.DeploymentSpec{
			Selector: &metav1.LabelSelector{MatchLabels: labels},
			Template: core.PodTemplateSpec{
				ObjectMeta: metav1.ObjectMeta{Labels: labels},
				Spec: core.PodSpec{Containers: []core.Container{{
					Name: "pause", Image: "registry.k8s.io/pause:3.10",
					Resources: core.ResourceRequirements{Requests: core.ResourceList{core.ResourceMemory: resource.MustParse("100m")}},
				}}},
			},
		},
	}
}

// dryRun asks as a user does: through the API server.
func (d *doctor) dryRun(ctx context.Context) (string, error) {
	_, err := d.client.AppsV1().Deployments(d.trial).Create(ctx, d.faulty(), metav1.CreateOptions{DryRun: []string{metav1.DryRunAll}})
	warned := strings.Join(d.warned.said(), "\n")
	switch {
	case err != nil && strings.Contains(err.Error(), tell):
		return d.say("a faulty Deployment is refused, and the message names %s", "有问题的 Deployment 被拒绝，消息中指出了 %s", tell), nil
	case err != nil:
		return "", d.wrong("the dry run of a faulty Deployment in %s failed, and not by %s: %v", "在 %s 中试运行有问题的 Deployment 失败，但不是因为 %s：%v", d.trial, tell, err)
	case strings.Contains(warned, tell):
		return d.say("a faulty Deployment is warned about, and the warning names %s", "有问题的 Deployment 收到警告，警告中指出了 %s", tell), nil
	}
	return "", d.wrong("a faulty Deployment is admitted in %s without a word about %s: the request is not sent (namespaceSelector), nobody answers (failurePolicy Ignore), or the configuration switches the rule off there",
		"有问题的 Deployment 在 %s 中被接受，且未提及 %s：请求未被发送（namespaceSelector）、无人应答（failurePolicy Ignore），或配置在该处关闭了此规则", d.trial, tell)
}

// call asks the Service as the API server does: with the name and the caBundle of each entry.
func (d *doctor) call(ctx context.Context) (string, error) {
	if d.noCall {
		return d.say("not asked for (--no-call)", "未执行（--no-call）"), nil
	}
	ours, err := d.live(ctx)
	if err != nil {
		return "", err
	}
	for _, w := range ours {
		if err := d.post(ctx, &w); err != nil {
			return "", fmt.Errorf("%s: %w", w.Name, err)
		}
	}
	return d.say("%d entries answer, under their caBundle", "%d 个条目均有应答，证书与 caBundle 相符", len(ours)), nil
}

func (d *doctor) post(ctx context.Context, w *admission.ValidatingWebhook) error {
	service := w.ClientConfig.Service
	name, port, path := service.Name+"."+service.Namespace+".svc", int32(443), ""
	if service.Port != nil {
		port = *service.Port
	}
	if service.Path != nil {
		path = *service.Path
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(w.ClientConfig.CABundle)
	client := &http.Client{Transport: &http.Transport{
		DialContext: d.dial, DisableKeepAlives: true, TLSClientConfig: &tls.Config{RootCAs: roots, ServerName: name, MinVersion: tls.VersionTLS12},
	}}
	body, uid, err := d.review()
	if err != nil {
		return err
	}
	q, err := http.NewRequestWithContext(ctx, http.MethodPost, fmt.Sprintf("https://%s:%d%s?timeout=3s", name, port, path), bytes.NewReader(body))
	if err != nil {
		return err
	}
	q.Header.Set("Content-Type", "application/json")
	r, err := client.Do(q)
	if err != nil {
		var untrusted *tls.CertificateVerificationError
		if errors.As(err, &untrusted) {
			return d.wrong("the certificate that is served does not lead to the caBundle: %v; see kslint_cabundle_match and the log of the replicas", "所提供的证书与 caBundle 不符：%v；请查看 kslint_cabundle_match 和副本日志", untrusted.Err)
		}
		return d.wrong("the Service cannot be called: %v; outside of the cluster, give --no-call", "无法调用 Service：%v；在集群外请使用 --no-call", err)
	}
	defer func() { _ = r.Body.Close() }()
	var answer admissionv1.AdmissionReview
	text, err := io.ReadAll(io.LimitReader(r.Body, 1<<20))
	if err == nil && r.StatusCode == http.StatusOK {
		err = json.Unmarshal(text, &answer)
	}
	if err != nil || answer.Response == nil || answer.Response.UID != uid {
		return d.wrong("what answers at %s is no webhook of this version: %s", "%s 处的应答不是此版本的 webhook：%s", path, r.Status)
	}
	said := strings.Join(answer.Response.Warnings, "\n")
	if answer.Response.Result != nil {
		said += answer.Response.Result.Message
	}
	if path == "/workloads" && !strings.Contains(said, tell) {
		return d.wrong("the verdict about a faulty Deployment does not name %s: does the configuration switch it off?", "对有问题的 Deployment 的判定未提及 %s：配置是否关闭了该规则？", tell)
	}
	return nil
}

func (d *doctor) review() (body []byte, uid types.UID, err error) {
	object, err := json.Marshal(d.faulty())
	if err != nil {
		return nil, "", err
	}
	uid, dry := types.UID(rand.Text()), true
	body, err = json.Marshal(admissionv1.AdmissionReview{
		TypeMeta: metav1.TypeMeta{APIVersion: admissionv1.SchemeGroupVersion.String(), Kind: "AdmissionReview"},
		Request: &admissionv1.AdmissionRequest{
			UID: uid, Kind: metav1.GroupVersionKind{Group: "apps", Version: "v1", Kind: "Deployment"},
			Resource:  metav1.GroupVersionResource{Group: "apps", Version: "v1", Resource: "deployments"},
			Namespace: d.trial, Operation: admissionv1.Create, UserInfo: authentication.UserInfo{Username: "kslint-webhook-doctor"},
			Object: runtime.RawExtension{Raw: object}, DryRun: &dry,
		},
	})
	return body, uid, err
}

// oneLine is a text of somebody else's on one line, without what a terminal would obey.
func oneLine(text string) string {
	const most = 1000
	runes := []rune(strings.Join(strings.Fields(text), " "))
	runes = slices.DeleteFunc(runes, unicode.IsControl)
	if len(runes) > most {
		return string(runes[:most-1]) + "…"
	}
	return string(runes)
}
