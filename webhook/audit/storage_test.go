package audit_test

import (
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// discover answers as an API server without aggregated discovery.
func (s *server) discover(w http.ResponseWriter, path string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	parts := strings.Split(strings.Trim(path, "/"), "/")
	switch {
	case path == "/api":
		_ = json.NewEncoder(w).Encode(object{"kind": "APIVersions", "versions": []string{"v1"}})
	case path == "/apis":
		_ = json.NewEncoder(w).Encode(object{"kind": "APIGroupList", "apiVersion": "v1", "groups": s.groups()})
	case len(parts) == 2 && parts[0] == "api":
		s.resources(w, "", parts[1])
	case len(parts) == 3 && parts[0] == "apis":
		if s.refused[path] != 0 {
			refuse(w, s.refused[path], "")
			return true
		}
		s.resources(w, parts[1], parts[2])
	default:
		return false
	}
	return true
}

func (s *server) groups() []object {
	known := map[string]object{}
	for _, one := range s.served {
		parts := strings.Split(strings.TrimPrefix(one, "-"), "/")
		if parts[0] == "" {
			continue
		}
		version := object{"groupVersion": parts[0] + "/" + parts[1], "version": parts[1]}
		known[parts[0]] = object{"name": parts[0], "versions": []object{version}, "preferredVersion": version}
	}
	return slices.Collect(maps.Values(known))
}

func (s *server) resources(w http.ResponseWriter, group, version string) {
	var all []object
	for _, one := range s.served {
		rest, cluster := strings.CutPrefix(one, "-")
		if parts := strings.Split(rest, "/"); parts[0] == group && parts[1] == version {
			all = append(all, object{"name": parts[2], "kind": parts[3], "namespaced": !cluster, "verbs": []string{"get", "list"}})
		}
	}
	_ = json.NewEncoder(w).Encode(object{
		"kind": "APIResourceList", "apiVersion": "v1", "groupVersion": strings.TrimPrefix(group+"/"+version, "/"), "resources": all,
	})
}

// list gives a page; the token of the next one is the number of its first item.
func (s *server) list(w http.ResponseWriter, path string, q url.Values) {
	s.mu.Lock()
	defer s.mu.Unlock()
	from, _ := strconv.Atoi(q.Get("continue"))
	if from > 0 && len(s.expire[path]) > 0 {
		next := s.expire[path][0]
		s.expire[path] = s.expire[path][1:]
		refuse(w, http.StatusGone, next)
		return
	}
	var all []object
	for _, o := range s.objects[path] {
		if selected(o, q) {
			all = append(all, o)
		}
	}
	if path == "/api/v1/secrets" {
		s.secrets = append(s.secrets, q.Get("fieldSelector"))
	}
	metadata := object{"resourceVersion": strconv.Itoa(s.version)}
	limit, _ := strconv.Atoi(q.Get("limit"))
	if q.Get("resourceVersion") != "" && q.Get("resourceVersion") != "0" {
		limit = 0
	}
	all = all[min(from, len(all)):]
	if limit > 0 && len(all) > limit {
		metadata["continue"] = strconv.Itoa(from + limit)
		all = all[:limit]
	}
	s.largest = max(s.largest, len(all))
	_ = json.NewEncoder(w).Encode(object{"kind": "List", "apiVersion": "v1", "metadata": metadata, "items": all})
}

func selected(o object, q url.Values) bool {
	m := o["metadata"].(object)
	for term := range strings.SplitSeq(q.Get("fieldSelector"), ",") {
		key, value, _ := strings.Cut(term, "=")
		switch {
		case key == "metadata.name" && m["name"] != value, key == "type" && o["type"] != value:
			return false
		}
	}
	key, value, _ := strings.Cut(q.Get("labelSelector"), "=")
	if key == "" {
		return true
	}
	labels, _ := m["labels"].(object)
	return labels[key] == value
}

func (s *server) find(path, namespace, name string) object {
	for _, o := range s.objects[path] {
		m := o["metadata"].(object)
		own, _ := m["namespace"].(string)
		if m["name"] == name && own == namespace {
			return o
		}
	}
	return nil
}

func (s *server) get(w http.ResponseWriter, path, namespace, name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	o := s.find(path, namespace, name)
	if o == nil {
		refuse(w, http.StatusNotFound, "")
		return
	}
	_ = json.NewEncoder(w).Encode(o)
}

// write creates, replaces, applies or deletes.
func (s *server) write(w http.ResponseWriter, r *http.Request, path, namespace, name string) {
	body, _ := io.ReadAll(r.Body)
	s.mu.Lock()
	defer s.mu.Unlock()
	if path != leases {
		s.writes = append(s.writes, r.Method+" "+r.URL.RequestURI()+" "+r.Header.Get("Content-Type")+" "+string(body))
	}
	var o object
	_ = json.Unmarshal(body, &o)
	there := s.find(path, namespace, name)
	switch r.Method {
	case http.MethodDelete:
		uid, _ := o["preconditions"].(object)["uid"].(string)
		if there == nil || uid != "" && there["metadata"].(object)["uid"] != uid {
			refuse(w, http.StatusConflict, "")
			return
		}
		s.objects[path] = slices.DeleteFunc(s.objects[path], func(x object) bool { return same(x, there) })
		_ = json.NewEncoder(w).Encode(object{"kind": "Status", "apiVersion": "v1", "status": "Success"})
		return
	case http.MethodPut:
		if there == nil || there["metadata"].(object)["resourceVersion"] != o["metadata"].(object)["resourceVersion"] {
			refuse(w, http.StatusConflict, "")
			return
		}
	case http.MethodPatch:
		if group := strings.Split(path, "/")[2]; schemas[group] != nil && unlike(schemas[group](), o, "") != nil {
			refuse(w, http.StatusUnprocessableEntity, "")
			return
		}
		if there != nil {
			o["metadata"].(object)["uid"] = there["metadata"].(object)["uid"]
		}
	case http.MethodPost:
		if s.find(path, namespace, o["metadata"].(object)["name"].(string)) != nil {
			refuse(w, http.StatusConflict, "")
			return
		}
	}
	s.put(path, o)
	_ = json.NewEncoder(w).Encode(o)
}

// watch tells of everything and then of what is added.
func (s *server) watch(w http.ResponseWriter, r *http.Request, path string) {
	from, _ := strconv.Atoi(r.URL.Query().Get("resourceVersion"))
	initial := r.URL.Query().Get("sendInitialEvents") == "true"
	if initial && s.old {
		refuse(w, http.StatusUnprocessableEntity, "")
		return
	}
	if initial {
		from = 0
	}
	send := func(kind string, o object) { _ = json.NewEncoder(w).Encode(object{"type": kind, "object": o}) }
	for {
		s.mu.Lock()
		for _, o := range s.objects[path] {
			if v, _ := strconv.Atoi(o["metadata"].(object)["resourceVersion"].(string)); v > from {
				send("ADDED", withKind(path, o))
			}
		}
		if from = s.version; initial {
			initial = false
			send("BOOKMARK", withKind(path, object{"metadata": object{
				"resourceVersion": strconv.Itoa(from), "annotations": object{"k8s.io/initial-events-end": "true"},
			}}))
		}
		changed := s.changed
		w.(http.Flusher).Flush()
		s.mu.Unlock()
		select {
		case <-changed:
		case <-r.Context().Done():
			return
		}
	}
}

func withKind(path string, o object) object {
	all := maps.Clone(o)
	all["apiVersion"], all["kind"] = "v1", map[string]string{"/api/v1/limitranges": "LimitRange", "/api/v1/services": "Service"}[path]
	if path == "/api/v1/namespaces" {
		all["apiVersion"], all["kind"] = "meta.k8s.io/v1", "PartialObjectMetadata"
	}
	return all
}
