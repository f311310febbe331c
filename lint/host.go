package lint

import (
	"path"
	"strings"
)

// machineFolders are folders that every machine has at its top.
var machineFolders = []string{"/etc/", "/var/", "/usr/", "/opt/"}

// findHosts gives every document of the set its host folder: what stands in front of a folder that every machine has.
//
// It is looked for below the folder that all files share, so that clusters which lie in /opt or /var are told apart by their
// own hosts. Where nothing shows below it (somebody lints the /etc of a machine, or of one host folder), the whole name counts.
func (s *Set) findHosts() {
	documents := s.Documents()
	shared := sharedFolder(documents)
	for _, d := range documents {
		if host, ok := hostOf(d.File, len(shared)); ok {
			d.Host = host
		} else {
			d.Host, _ = hostOf(d.File, 0)
		}
	}
}

// hostOf is the host folder of a file, as far as its name shows one behind the first characters.
func hostOf(name string, from int) (host string, ok bool) {
	best := -1
	for _, folder := range machineFolders {
		if from == 0 && strings.HasPrefix(name, folder[1:]) {
			return "", true // relative to a host folder
		}
		if i := strings.Index(name[from:], folder); i >= 0 && (best < 0 || i < best) {
			best = i
		}
	}
	if best < 0 {
		return "", false
	}
	return name[:from+best], true
}

// sharedFolder is the deepest folder that all files lie below, "" for none.
func sharedFolder(documents []*Document) string {
	if len(documents) == 0 {
		return ""
	}
	shared := path.Dir(documents[0].File)
	for _, d := range documents[1:] {
		for shared != "." && shared != "/" && !strings.HasPrefix(d.File, shared+"/") {
			shared = path.Dir(shared)
		}
	}
	if shared == "." || shared == "/" {
		return ""
	}
	return shared
}
