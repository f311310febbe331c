// Package generate writes files for benchmarks and tests: the same text for the same seed, on every machine.
package generate

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// Workloads writes n sound workloads with some containers each, as a YAML stream.
func Workloads(seed uint64, n, containers int) string {
	random := rand.New(rand.NewPCG(seed, seed)) //nolint:gosec // text that must be the same every time
	var b strings.Builder
	for i := range n {
		b.WriteString("---\n")
		workload(&b, random, i, containers)
	}
	return b.String()
}

func pick[T any](random *rand.Rand, from ...T) T { return from[random.IntN(len(from))] }

func workload(b *strings.Builder, random *rand.Rand, i, containers int) {
	kind := pick(random, "Deployment", "Deployment", "StatefulSet", "DaemonSet")
	name := fmt.Sprintf("%s-%d", pick(random, "orders", "billing", "gateway", "search", "mailer", "reports"), i)
	team := pick(random, "shop", "finance", "platform", "data")
	fmt.Fprintf(b, `apiVersion: apps/v1
kind: %s
metadata:
  name: %s
  namespace: %s-%d
  labels:
    app.kubernetes.io/name: %s
    app.kubernetes.io/part-of: %s
    kubesphere.io/creator: %s
  annotations:
    kubesphere.io/description: "service %d of team %s"
spec:
`, kind, name, team, random.IntN(40), name, team, team, i, team)
	if kind != "DaemonSet" {
		fmt.Fprintf(b, "  replicas: %d\n", 1+random.IntN(5))
	}
	if kind == "StatefulSet" {
		fmt.Fprintf(b, "  serviceName: %s\n", name)
	}
	fmt.Fprintf(b, `  selector:
    matchLabels:
      app.kubernetes.io/name: %s
  template:
    metadata:
      labels:
        app.kubernetes.io/name: %s
        app.kubernetes.io/part-of: %s
    spec:
      serviceAccountName: %s
      terminationGracePeriodSeconds: %d
      securityContext:
        runAsNonRoot: true
        fsGroup: %d
      containers:
`, name, name, team, team, 30+random.IntN(60), 1000+random.IntN(9000))
	for c := range containers {
		container(b, random, c)
	}
	fmt.Fprintf(b, `      volumes:
      - name: config
        configMap:
          name: %s
      - name: cache
        emptyDir: {}
`, name)
}

func container(b *strings.Builder, random *rand.Rand, c int) {
	port := 8000 + random.IntN(2000)
	memory := 64 << random.IntN(5)
	fmt.Fprintf(b, `      - name: c%d
        image: registry.example.com/%s/app:v%d.%d.%d
        imagePullPolicy: IfNotPresent
        args:
        - --listen=:%d
        - --log-level=%s
        env:
        - name: POD_NAME
          valueFrom:
            fieldRef:
              fieldPath: metadata.name
        - name: REGION
          value: "%s"
        ports:
        - name: http
          containerPort: %d
          protocol: TCP
        resources:
          requests:
            cpu: %dm
            memory: %dMi
          limits:
            cpu: "%d"
            memory: %dMi
        livenessProbe:
          httpGet:
            path: /healthz
            port: http
          initialDelaySeconds: %d
          periodSeconds: 10
          timeoutSeconds: %d
        readinessProbe:
          httpGet:
            path: /ready
            port: %d
          periodSeconds: 5
        volumeMounts:
        - name: config
          mountPath: /etc/app
          readOnly: true
        - name: cache
          mountPath: /var/cache/app
`, c, pick(random, "shop", "finance", "data"), random.IntN(4), random.IntN(20), random.IntN(9), port, pick(random, "info", "warn"),
		pick(random, "cn-north-1", "cn-south-2", "eu-central-1"), port, 50+10*random.IntN(20), memory, 1+random.IntN(4), memory*2,
		5+random.IntN(30), 1+random.IntN(5), port)
}
