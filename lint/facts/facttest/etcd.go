package facttest

import (
	"fmt"
	"strings"
)

// etcdFiles are the paths of a member's files.
type etcdFiles struct{ ca, cert, key, ctlCert, ctlKey string }

// etcdEnv is what KubeKey writes.
func (l *Layout) etcdEnv(i int, name string, f etcdFiles) []byte {
	text := `# Environment file for etcd v3.5.24
ETCD_DATA_DIR=/var/lib/etcd
ETCD_ADVERTISE_CLIENT_URLS=https://IP:2379
ETCD_INITIAL_ADVERTISE_PEER_URLS=https://IP:2380
ETCD_INITIAL_CLUSTER_STATE=existing
ETCD_METRICS=basic
ETCD_LISTEN_CLIENT_URLS=https://IP:2379,https://127.0.0.1:2379
ETCD_INITIAL_CLUSTER_TOKEN=k8s_etcd
ETCD_LISTEN_PEER_URLS=https://IP:2380
ETCD_NAME=NAME
ETCD_INITIAL_CLUSTER=MEMBERS
ETCD_ELECTION_TIMEOUT=5000
ETCD_HEARTBEAT_INTERVAL=250

# TLS settings
ETCD_TRUSTED_CA_FILE=CA
ETCD_CERT_FILE=CERT
ETCD_KEY_FILE=KEY
ETCD_CLIENT_CERT_AUTH=true

ETCD_PEER_TRUSTED_CA_FILE=CA
ETCD_PEER_CERT_FILE=CERT
ETCD_PEER_KEY_FILE=KEY
ETCD_PEER_CLIENT_CERT_AUTH=true

# CLI settings
ETCDCTL_ENDPOINTS=https://127.0.0.1:2379
ETCDCTL_CACERT=CA
ETCDCTL_KEY=CTLK
ETCDCTL_CERT=CTLC
`
	prefix := strings.TrimSuffix(name, l.Hosts[i])
	return []byte(strings.NewReplacer(
		"=CTLK", "="+f.ctlKey, "=CTLC", "="+f.ctlCert, "=CA\n", "="+f.ca+"\n", "=CERT", "="+f.cert, "=KEY", "="+f.key,
		"=NAME", "="+name, "=MEMBERS", "="+l.urls(prefix+"HOST=https://IP:2380"), "https://IP:", "https://"+address(i)+":",
	).Replace(text))
}

// apiServer is the static pod, as far as etcd and its own certificate go.
func apiServer(ip, servers, ca, cert, key, mount string) []byte {
	return fmt.Appendf(nil, `apiVersion: v1
kind: Pod
metadata:
  name: kube-apiserver
  namespace: kube-system
spec:
  containers:
  - name: kube-apiserver
    image: registry.k8s.io/kube-apiserver:v1.28.15
    command:
    - kube-apiserver
    - --advertise-address=%s
    - --etcd-cafile=%s
    - --etcd-certfile=%s
    - --etcd-keyfile=%s
    - --etcd-servers=%s
    - --tls-cert-file=/etc/kubernetes/pki/apiserver.crt
    volumeMounts:
    - {name: certs, mountPath: /etc/kubernetes/pki, readOnly: true}
    - {name: etcd-certs, mountPath: %s, readOnly: true}
  hostNetwork: true
  volumes:
  - {name: certs, hostPath: {path: /etc/kubernetes/pki, type: DirectoryOrCreate}}
  - {name: etcd-certs, hostPath: {path: %s, type: DirectoryOrCreate}}
`, ip, ca, cert, key, servers, mount, mount)
}

// etcdPod is kubeadm's static pod.
func (l *Layout) etcdPod(i int) []byte {
	return []byte(strings.NewReplacer("HOST", l.Hosts[i], "IP", address(i), "MEMBERS", l.urls("HOST=https://IP:2380")).Replace(`apiVersion: v1
kind: Pod
metadata:
  name: etcd
  namespace: kube-system
spec:
  containers:
  - name: etcd
    image: registry.k8s.io/etcd:3.5.15-0
    command:
    - etcd
    - --advertise-client-urls=https://IP:2379
    - --cert-file=/etc/kubernetes/pki/etcd/server.crt
    - --client-cert-auth=true
    - --data-dir=/var/lib/etcd
    - --initial-advertise-peer-urls=https://IP:2380
    - --initial-cluster=MEMBERS
    - --key-file=/etc/kubernetes/pki/etcd/server.key
    - --listen-client-urls=https://127.0.0.1:2379,https://IP:2379
    - --listen-metrics-urls=http://127.0.0.1:2381
    - --listen-peer-urls=https://IP:2380
    - --name=HOST
    - --peer-cert-file=/etc/kubernetes/pki/etcd/peer.crt
    - --peer-client-cert-auth=true
    - --peer-key-file=/etc/kubernetes/pki/etcd/peer.key
    - --peer-trusted-ca-file=/etc/kubernetes/pki/etcd/ca.crt
    - --trusted-ca-file=/etc/kubernetes/pki/etcd/ca.crt
    volumeMounts:
    - {name: data, mountPath: /var/lib/etcd}
    - {name: certs, mountPath: /etc/kubernetes/pki/etcd}
  hostNetwork: true
  volumes:
  - {name: certs, hostPath: {path: /etc/kubernetes/pki/etcd, type: DirectoryOrCreate}}
  - {name: data, hostPath: {path: /var/lib/etcd, type: DirectoryOrCreate}}
`))
}

// EtcdSecret is the Secret that Prometheus reads etcd's certificates from.
func EtcdSecret(ca, client *Pair) []byte {
	return Secret("kubesphere-monitoring-system", "kube-etcd-client-certs", map[string][]byte{
		"etcd-client-ca.crt": ca.PEM(), "etcd-client.crt": client.PEM(), "etcd-client.key": client.KeyPEM(),
	})
}
