package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kslint/kslint/lint/facts/facttest"
)

// loose are files of no cluster in particular: what one of them says of a fault depends on others, or on rules that ran.
var loose = []string{
	"apiVersion: v1\nkind: Service\nmetadata: {name: a, namespace: team}\nspec: {selector: {app: a}, ports: [{port: 80, targetPort: 8080}]}\n",
	"apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a, namespace: team}\nspec:\n  template:\n    metadata: {labels: {app: a}}\n    spec: {containers: [{name: a, image: a:v1}]}\n",
	"apiVersion: v1\nkind: LimitRange\nmetadata: {name: a, namespace: team}\nspec: {limits: [{type: Container, default: {memory: 1Gi}}]}\n",
	"apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: ks-apiserver, namespace: kubesphere-system}\nspec:\n  template:\n    spec: {containers: [{name: ks-apiserver, image: a:v3.4.1}]}\n",
	"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a} # kslint:ignore yaml-* -- nothing of this\n",
	"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  a: 1\n  a: 2\n",
	"apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n\tb: c\n",
	"a: [\n",
	"a: \xff\xfe\n",
	"{{ if .Values.a }}\n",
}

// randomTree writes clusters and loose files into folders that may lie in each other.
func randomTree(t *testing.T, r *rand.Rand, clusters []*facttest.Layout) {
	t.Helper()
	files := map[string][]byte{}
	var folders []string
	folder := func() string {
		name := fmt.Sprintf("%c%d", 'a'+r.IntN(4), r.IntN(20))
		if len(folders) > 0 && r.IntN(3) == 0 {
			name = folders[r.IntN(len(folders))] + "/" + name
		}
		folders = append(folders, name)
		return name
	}
	for range 6 {
		dir := folder()
		for name, data := range clusters[r.IntN(len(clusters))].Files {
			files[dir+"/"+name] = data
		}
	}
	for i := range 25 {
		dir := ""
		if r.IntN(4) > 0 {
			dir = folder() + "/"
		}
		files[fmt.Sprintf("%sf%d.yaml", dir, i)] = []byte(loose[r.IntN(len(loose))])
	}
	for _, text := range []string{"rules: {\"workload-*\": on}\n", "rules: {\"etcd-*\": info}\nlang: zh\n", "exclude: [\"f1*\"]\n"} {
		files[folder()+"/.kslint.yaml"] = []byte(text)
	}
	for _, name := range []string{"config.yaml", "ks-apiserver.yaml", "kubesphere-config.yaml"} {
		data, err := os.ReadFile(filepath.Join(repository, "examples", "broken", name))
		if err != nil {
			t.Fatal(err)
		}
		files[folder()+"/"+name] = data
	}
	enter(t, files)
}

// TestShards_mergedIsTheWhole: the reports of all shards, merged in any order, are the report of the run without, to the byte.
func TestShards_mergedIsTheWhole(t *testing.T) {
	var clusters []*facttest.Layout
	for _, kind := range facttest.Kinds() {
		clusters = append(clusters, facttest.Write(kind, 1+len(clusters)%2, facttest.Ends("", -1)))
	}
	for count := 1; count <= 7; count++ {
		t.Run(fmt.Sprintf("%d shards", count), func(t *testing.T) {
			r := rand.New(rand.NewPCG(uint64(count), 17))
			randomTree(t, r, clusters)
			lang := []string{"en", "zh"}[count%2]
			lint := func(args ...string) (int, string) {
				status, out, err := kslint("", append([]string{"lint", "--now", facttest.Now.Format("2006-01-02T15:04:05Z"), "--lang", lang, "-o", "json", "."}, args...)...)
				if status == exitFailed && out == "" {
					t.Fatal(err)
				}
				return status, out
			}
			whole, want := lint()
			if len(want) < 5000 {
				t.Fatalf("little is found: %s", want)
			}
			worst, merge := 0, []string{"report", "merge", "-o", "json"}
			for i := range count {
				status, out := lint("--shard", fmt.Sprintf("%d/%d", i, count))
				worst = max(worst, status)
				name := filepath.Join(t.TempDir(), fmt.Sprintf("%d.json", i))
				if err := os.WriteFile(name, []byte(out), 0o644); err != nil {
					t.Fatal(err)
				}
				merge = append(merge, name)
			}
			r.Shuffle(count, func(i, j int) { merge[4+i], merge[4+j] = merge[4+j], merge[4+i] })
			status, got, err := kslint("", merge...)
			if got != want {
				t.Errorf("merged:\n%.3000s\n%s\nwhole:\n%.3000s", got, err, want)
			}
			if status != whole || worst != whole {
				t.Errorf("statuses: merged %d, worst shard %d, whole %d", status, worst, whole)
			}
		})
	}
}

// TestShards_unusedIgnores: whether an ignore waives nothing does not depend on what rules other shards run.
func TestShards_unusedIgnores(t *testing.T) {
	cluster := []byte("apiVersion: kubekey.kubesphere.io/v1alpha2\nkind: Cluster\nmetadata: {name: a}\nspec: {hosts: [], roleGroups: {}}\n")
	files := map[string][]byte{"doubled/config.yaml": cluster, "doubled/a.yaml": []byte(loose[5])}
	for i := range 4 {
		files[fmt.Sprintf("ignoring%d/config.yaml", i)] = cluster
		files[fmt.Sprintf("ignoring%d/a.yaml", i)] = []byte(loose[4])
	}
	enter(t, files)
	merge := []string{"report", "merge", "-o", "json"}
	for i := range 3 {
		name := fmt.Sprintf("%d.out", i)
		kslint("", "lint", "--shard", fmt.Sprintf("%d/3", i), "-o", "json="+name, ".")
		merge = append(merge, name)
	}
	_, want, _ := kslint("", "lint", "-o", "json", ".")
	if _, got, err := kslint("", merge...); got != want || strings.Count(got, `"rule": "ignore-unused"`) != 4 {
		t.Errorf("merged:\n%s%s\nwhole:\n%s", got, err, want)
	}
}

// TestMerge_sameReportTwice: what two reports say of the same place counts once.
func TestMerge_sameReportTwice(t *testing.T) {
	enter(t, map[string][]byte{"a.yaml": []byte(loose[5]), "b.yaml": []byte("a: [\n"), "c.yaml": []byte(loose[3])})
	for _, args := range [][]string{{"a.yaml", "b.yaml"}, {"b.yaml", "c.yaml"}, {"a.yaml", "b.yaml", "c.yaml"}} {
		kslint("", append([]string{"lint", "--no-config", "-o", "json=" + args[0] + args[1] + fmt.Sprint(len(args))}, args...)...)
	}
	_, twice, _ := kslint("", "report", "merge", "-q", "a.yamlb.yaml2", "b.yamlc.yaml2")
	_, once, _ := kslint("", "report", "merge", "-q", "a.yamlb.yaml3")
	if twice != once || strings.Count(once, "\n") != 4 {
		t.Errorf("twice:\n%s\nonce:\n%s", twice, once)
	}
}
