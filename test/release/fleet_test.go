package release

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	batchv1 "k8s.io/api/batch/v1"
)

// fleetOf is a repository of n clusters: most are sound, some are not, one has a file that nobody can read, and some files lie in no
// cluster's folder.
func fleetOf(t *testing.T, n int) string {
	t.Helper()
	folder := t.TempDir()
	for i := range n {
		config := strings.ReplaceAll(sound, "192.0.2.", fmt.Sprintf("198.51.%d.", i%250))
		if i%7 == 3 {
			config = strings.Replace(config, "worker: [node1]", "worker: [node9]", 1)
		}
		files := map[string]string{"config.yaml": config, "addons/limits.yaml": "apiVersion: v1\nkind: LimitRange\nmetadata: {name: a}\n"}
		if i%11 == 5 { // judged with its cluster's file
			files["node1/etc/etcd.env"] = "ETCD_NAME=node1\nETCD_LISTEN_CLIENT_URLS=http://192.0.2.11:2379\nETCD_HEARTBEAT_INTERVAL=1500\n"
		}
		if i == n/2 {
			files["addons/unreadable.yaml"] = "a: [\n"
		}
		write(t, filepath.Join(folder, "clusters", fmt.Sprintf("region-%d", i%5), fmt.Sprintf("cluster-%04d", i)), files)
	}
	write(t, folder, map[string]string{
		"README.yaml": "a: 1\n",
		"shared/ks.yaml": `apiVersion: installer.kubesphere.io/v1alpha1
kind: ClusterConfiguration
metadata: {name: ks-installer, namespace: kubesphere-system}
spec: {etcd: {monitoring: "yes"}}
`,
	})
	return folder
}

// TestFleet_jobAndMergeGiveTheReportOfOneRun runs the very command lines of both manifests, one process for each index.
func TestFleet_jobAndMergeGiveTheReportOfOneRun(t *testing.T) {
	clusters, reports := fleetOf(t, 80), t.TempDir()
	if n := runShards(t, clusters, reports); n != 1 {
		t.Errorf("%d shards could not read a file, expected 1", n)
	}
	merging := manifests(t, "deploy/fleet/merge.yaml")["Job"].(*batchv1.Job).Spec.Template.Spec.Containers[0]
	out, status := run(t, command(t, t.TempDir(), nil, "kslint", within(reports, expand(merging, nil))...))
	if status != 2 || !strings.Contains(out, "unreadable.yaml") {
		t.Fatalf("merge: status %d, expected 2 for the file that nobody can read: %s", status, out)
	}
	whole := filepath.Join(t.TempDir(), "whole.json")
	out, status = run(t, command(t, clusters, nil, "kslint", "lint", ".", "--fail-on=never", "-o", "json="+whole, today))
	if status != 2 {
		t.Fatalf("one run: status %d: %s", status, out)
	}
	want, err := os.ReadFile(whole)
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(filepath.Join(reports, merging.Env[0].Value+".json"))
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != string(want) || strings.Count(string(want), "role-unknown-host") < 8 {
		t.Errorf("the merged report has %d bytes, that of one run %d; expected the same ones, with findings", len(got), len(want))
	}
}

// today is given to all runs: midnight may pass between them.
const today = "--now=2026-11-26T12:00:00Z"

// runShards runs the Job, and gives how many of its shards could not read a file, which its podFailurePolicy does not try again.
func runShards(t *testing.T, clusters, reports string) int {
	t.Helper()
	job := manifests(t, "deploy/fleet/job.yaml")["Job"].(*batchv1.Job)
	unread := 0
	for index := range int(*job.Spec.Completions) {
		args := expand(job.Spec.Template.Spec.Containers[0], map[string]string{"JOB_COMPLETION_INDEX": strconv.Itoa(index)})
		out, status := run(t, command(t, clusters, nil, "kslint", append(within(reports, args), today)...))
		if status == 2 && strings.Contains(out, "unreadable.yaml") {
			unread++
		} else if status != 0 {
			t.Fatalf("%v: status %d: %s", args, status, out)
		}
	}
	return unread
}

// within puts a folder in place of the volume of reports.
func within(reports string, args []string) []string {
	for i := range args {
		args[i] = strings.Replace(args[i], "/reports/", reports+"/", 1)
	}
	return args
}

// TestFleet_manifestsAgree: the number of shards stands in several places.
func TestFleet_manifestsAgree(t *testing.T) {
	job := manifests(t, "deploy/fleet/job.yaml")["Job"].(*batchv1.Job)
	merge := manifests(t, "deploy/fleet/merge.yaml")["Job"].(*batchv1.Job)
	n := int(*job.Spec.Completions)
	kslint, merging := job.Spec.Template.Spec.Containers[0], merge.Spec.Template.Spec.Containers[0]
	if !slices.Contains(kslint.Args, fmt.Sprintf("--shard=$(JOB_COMPLETION_INDEX)/%d", n)) {
		t.Errorf("%v: the shards are not %d", kslint.Args, n)
	}
	if *job.Spec.CompletionMode != batchv1.IndexedCompletion || job.Spec.BackoffLimitPerIndex == nil {
		t.Error("the Job is not indexed, or one index fails the others")
	}
	var read []string
	for _, arg := range expand(merging, nil) {
		if strings.HasPrefix(arg, "/reports/") {
			read = append(read, arg)
		}
	}
	for i := range n {
		written := expand(kslint, map[string]string{"JOB_COMPLETION_INDEX": strconv.Itoa(i)})
		if i >= len(read) || !slices.Contains(written, "--output=json="+read[i]) {
			t.Errorf("shard %d writes %v, and merge reads %v", i, written, read)
		}
	}
	if len(read) != n || kslint.Image != merging.Image {
		t.Errorf("%d shards, %d reports; images %s and %s", n, len(read), kslint.Image, merging.Image)
	}
	c := job.Spec.Template.Spec.InitContainers[0]
	if expanded := strings.Join(expand(c, nil), " "); strings.Contains(expanded, "$(") {
		t.Errorf("%s: a variable without a value", expanded)
	}
}
