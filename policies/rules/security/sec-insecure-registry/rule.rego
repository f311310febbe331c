# METADATA
# title: Image registry without verified TLS
# description: >-
#   A registry in insecureRegistries, or with skipTLSVerify or plainHTTP, is believed whoever answers for it: anyone on the way can hand
#   every node another image, and it runs. Registries on the machine itself are sound, and one that speaks plain HTTP only and needs the
#   setting is another rule's. An absent skip_tls_verify of KubeKey v4 is not judged.
# related_resources:
# - ref: https://github.com/kubesphere/kubekey/blob/3.x/cmd/kk/pkg/registry/docker_registry_config.go
# - ref: https://github.com/kubesphere/kubekey/blob/3.x/cmd/kk/pkg/container/templates/containerd_config.go
# - ref: https://github.com/kubesphere/kubekey/blob/main/builtin/core/roles/defaults/defaults/main/02-image_registry.yaml
# custom:
#   severity: warning
#   scope: set
#   targets: [kubekey-cluster, kubekey-config, kubekey-inventory]
#   message: "registry \"{registry}\" is used without verified TLS: anyone on the way can hand the nodes other images"
#   remediation: >-
#     Name the registry's CA in auths.<registry>.caFile (KubeKey v4: image_registry.auth.ca_file) and take the registry out of
#     insecureRegistries, skipTLSVerify and plainHTTP.
#   zh:
#     title: 镜像仓库未校验 TLS
#     description: >-
#       写在 insecureRegistries 里，或设置了 skipTLSVerify、plainHTTP 的仓库，谁应答就信谁：链路上的任何人都能把别的镜像塞给所有节点并运行。本机上的仓库没有问题；只提供
#       HTTP、必须这样配置的仓库由另一条规则处理。KubeKey v4 未写 skip_tls_verify 时不做判断。
#     message: "访问仓库 \"{registry}\" 时未校验 TLS：链路上的任何人都能替换节点拉取的镜像"
#     remediation: >-
#       在 auths.<仓库>.caFile（KubeKey v4 为 image_registry.auth.ca_file）中指定仓库的 CA，并去掉 insecureRegistries 中的该仓库以及
#       skipTLSVerify、plainHTTP。
package policies.rules.security["sec-insecure-registry"]

import data.policies.lib.cidr
import data.policies.lib.registry
import future.keywords.not

deny contains {"document": first.document, "path": first.path, "args": {"registry": name}} if {
	some setup in registry.setups(input.set)
	some name in {entry.registry | some entry in _entries(setup)}
	not registry.is_loopback(name)
	not _is_http_mirror(setup, name)
	not _another_speaks(setup, name)
	first := [entry | some entry in _entries(setup); entry.registry == name][0]
}

_entries(setup) := array.concat(listed, setup.switches) if {
	listed := [object.union(entry, {"registry": name}) |
		some entry in _judged(setup)
		name := _name(entry.value, setup.manager)
	]
}

# The lists of v4 are not judged.
_judged(setup) := [entry | some entry in setup.insecure; input.set[entry.document].target == "kubekey-cluster"]

# Whatever else an element is, rules of area H say. dockerd knows ranges and takes a scheme off, containerd neither.
_name(element, _) := registry.plain(element)

_name(element, manager) := element if {
	manager != "containerd"
	cidr.valid(element)
}

_name(element, "docker") := registry.plain(regex.replace(element, `^https?://`, "")) if {
	is_string(element)
	regex.match(`^https?://`, element)
}

_is_http_mirror(setup, name) if {
	some mirror in setup.mirrors
	is_string(mirror.value)
	startswith(mirror.value, "http://")
	registry.plain(trim_right(trim_prefix(mirror.value, "http://"), "/")) == name
}

# Rule registry-http-not-insecure: the runtime is not told that the private registry speaks plain HTTP.
_another_speaks(setup, name) if {
	name in setup.private
	["plain_http", name] in {[entry.switch, entry.registry] | some entry in setup.switches}
	setup.manager in {"docker", "containerd"}
	not setup.lists_private
	not name in {registry.plain(listed.value) | some listed in setup.insecure}
	not _lies_in_range(setup, name)
}

_lies_in_range(setup, name) if {
	setup.manager == "docker"
	registry.may_lie_in([listed.value | some listed in setup.insecure], name)
}
