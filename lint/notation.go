package lint

import (
	"bytes"
	"path"
	"regexp"
	"slices"
	"strings"
)

// notation is one row of the table of file names: what a walk reads, and what the text must then show.
type notation struct {
	format Format
	named  func(name string) bool // name is the full name of the file, where it is known
	holds  *regexp.Regexp         // nil where the name is enough
}

// notations is the one table of file names. Many programs have files of these endings, so most rows look at the text too.
var notations = []notation{
	{YAML, isYAMLName, nil},
	{YAML, endsIn(".json"), nil},
	{Env, isCalled("etcd.env", "k3s.service.env", "k8e.service.env", "kubeadm-flags.env"), nil},
	{Env, isKubeletDefaults, nil},
	{Env, endsIn(".env"), etcdSetting},
	{Lines, isResolvConf, nil},
	{Lines, isCalled("etcd-backup.sh", "backup_etcd.sh", "k8s-certs-renew.sh", "renew_script.sh"), nil},
	{Unit, endsIn(".service", ".timer", ".conf"), unitSection},
	{Env, isCalled("etcd.conf"), etcdSetting},
	{PEM, endsIn(".pem", ".crt", ".cert", ".cer", ".key"), pemBegin},
	{YAML, endsIn(".conf", ".kubeconfig"), kubernetesConfig},
	{YAML, inManifests, podManifest},
}

var (
	etcdSetting = regexp.MustCompile(`(?m)^[ \t]*ETCD_[A-Z0-9_]+[ \t]*=`)
	unitSection = regexp.MustCompile(`(?m)^(?:\x{FEFF})?[ \t]*\[(?:Unit|Service|Timer|Install|Socket)\][ \t\r]*$`)
	pemBegin    = regexp.MustCompile(`(?m)^(?:\x{FEFF})?[ \t]*-----BEGIN `)
	podManifest = regexp.MustCompile(`\bkind["']?[ \t]*:[ \t]*["']?Pod\b`)
	// kubernetesConfig holds for what stands under names without an ending of YAML's: kubeconfigs, and the kubelet's drop-ins.
	kubernetesConfig = regexp.MustCompile(`\bkind["']?[ \t]*:[ \t]*["']?(?:Config|KubeletConfiguration)\b`)
)

// Format tells the notation of a source by its name and its text. It is "" for a file whose ending says that it is no YAML
// and whose text is nothing that kslint knows. A name that says nothing stands for YAML, as kubectl takes it; a walk does not
// read such names, but for those of kubeconfigs.
func (s *Source) Format() Format {
	if beginsPEM(s.Data) {
		return PEM
	}
	name := s.path()
	foreign := endsIn(".sh")(name)
	for _, n := range notations {
		if !n.named(name) {
			continue
		}
		if n.holds == nil || n.holds.Match(s.Data) {
			return n.format
		}
		foreign = true
	}
	if foreign || isKubeconfigName(name) && !s.Named && !kubernetesConfig.Match(s.Data) {
		return ""
	}
	return YAML
}

// wanted holds for the file names that a walk reads.
func wanted(name string) bool {
	return isKubeconfigName(name) || slices.ContainsFunc(notations, func(n notation) bool { return n.named(name) })
}

// beginsPEM tells whether the first line that is not blank begins a PEM block, whatever the file is called.
func beginsPEM(text []byte) bool {
	text = bytes.TrimLeft(bytes.TrimPrefix(text, []byte("\uFEFF")), " \t\r\n")
	return bytes.HasPrefix(text, []byte("-----BEGIN "))
}

func isYAMLName(name string) bool { return endsIn(".yaml", ".yml")(name) }

func endsIn(endings ...string) func(string) bool {
	return func(name string) bool { return slices.Contains(endings, strings.ToLower(path.Ext(name))) }
}

func isCalled(names ...string) func(string) bool {
	return func(name string) bool { return slices.Contains(names, path.Base(name)) }
}

// isKubeletDefaults knows the file that KubeKey's drop-in for the kubelet reads KUBELET_EXTRA_ARGS from.
func isKubeletDefaults(name string) bool { return strings.HasSuffix("/"+name, "/etc/default/kubelet") }

// isResolvConf knows the resolver configurations of a host: /etc/resolv.conf and systemd-resolved's.
func isResolvConf(name string) bool {
	return path.Base(name) == "resolv.conf" || strings.HasSuffix("/"+name, "/systemd/resolve/stub-resolv.conf")
}

// inManifests holds for what a kubelet reads static pods from: every file of the folder, whatever its ending, but hidden ones.
func inManifests(name string) bool {
	return inManifestFolder(name) && !strings.HasPrefix(path.Base(name), ".")
}

func inManifestFolder(name string) bool {
	dir := "/" + path.Dir(name)
	return strings.HasSuffix(dir, "/etc/kubernetes/manifests") || strings.HasSuffix(dir, "/agent/pod-manifests")
}

// isKubeconfigName holds for ~/.kube/config, and for config-<cluster> in KubeKey's work folder.
func isKubeconfigName(name string) bool {
	base := path.Base(name)
	return base == "config" || base == "kubeconfig" || strings.HasPrefix(base, "config-")
}
