package document

import (
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kslint/kslint/lint"
)

// nodeTargets says what the files are that KubeKey puts on nodes: the target that each document of such a name has at least.
var nodeTargets = map[string][]lint.Target{
	"etcd.env":        {lint.EtcdEnv},
	"k3s.service.env": {lint.K3sEnv},
	"10-kubeadm.conf": {lint.SystemdUnit},
	"haproxy.yaml":    {lint.StaticPod},
	"kube-vip.yaml":   {lint.StaticPod},
	"kubeadm-config.yaml": {
		lint.KubeadmConfig, lint.KubeletConfig, lint.AnyObject, // the last is KubeProxyConfiguration
	},
}

// notYet are files that nothing is known of.
var notYet = []string{"config.toml", "haproxy.cfg", "daemon.json", "crictl.yaml", "registries.yaml", "config.yaml", "audit-webhook.yaml"}

func TestNode_everyFileIsWhatItIs(t *testing.T) {
	root := filepath.Join(corpus(t), "node")
	err := filepath.WalkDir(root, func(full string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := os.ReadFile(full)
		if err != nil {
			return err
		}
		name, _ := filepath.Rel(root, full)
		s := &lint.Source{Name: filepath.ToSlash(name), Data: data}
		documents := Decode(s)
		lint.Classify(documents)
		checkNodeFile(t, s, documents)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func checkNodeFile(t *testing.T, s *lint.Source, documents []*lint.Document) {
	t.Helper()
	base := path.Base(s.Name)
	wants := nodeTargets[base]
	switch path.Ext(base) {
	case ".service", ".timer":
		wants = []lint.Target{lint.SystemdUnit}
	case ".yaml":
		if wants == nil {
			wants = []lint.Target{lint.AnyObject}
		}
	}
	for _, d := range documents {
		switch {
		case (slices.ContainsFunc(wants, d.Has) || d.Has(lint.Corefile)) && d.Problem == nil:
			exercise(t, d)
		case slices.Contains(notYet, base):
			t.Logf("%s: %v", s.Name, d.Targets)
		default:
			t.Errorf("%s, document %d: targets %v, want one of %v, problem %+v", s.Name, d.Index, d.Targets, wants, d.Problem)
		}
	}
	if len(documents) == 0 {
		t.Errorf("%s has no documents", s.Name)
	}
}

// FuzzDecodeOther decodes texts as each notation of the files on nodes.
func FuzzDecodeOther(f *testing.F) {
	for _, seed := range []string{
		"A='x' \"y\\\n\" z \\\nw # c\nB=\n", "[Unit]\nA=b \\\n# c\n c\n[Service]\nA=\n", "#!/bin/sh\r\n{{ x }}\n", "\uFEFF[Service]\n[\\\n]=\\", "A=\"\\",
		"[x]\n = \\\n\u00a0 = y\u0085\n", "# kslint:ignore a -- b\nA=1",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		start := time.Now()
		for _, name := range []string{"etcd.env", "x.service", "etcd-backup.sh"} {
			text := data
			if strings.HasSuffix(name, ".service") {
				text = append([]byte("[Service]\n"), data...)
			}
			for _, d := range Decode(&lint.Source{Name: name, Data: text}) {
				if (d.Value == nil) != (d.Problem != nil) {
					t.Fatalf("%s: document of %q: %+v", name, data, d)
				}
				if d.Problem == nil {
					exercise(t, d)
				}
			}
		}
		if took := time.Since(start); took > 5*time.Second {
			t.Fatalf("took %s", took)
		}
	})
}
