// Package facts works out what a set of files says taken together: who the hosts are, which settings each etcd member runs
// with, which file a path in them leads to, which certificate is checked against which CA and whether that succeeds. The words
// are those of the fault catalogue (terms.md). Whether any of it is a fault is for rules to say.
//
// # What rules get
//
// A rule with facts: [etcd] in its metadata, which needs scope: set, gets input.facts. For such a rule input.set is not cut:
// it holds every document of the set at its own position, null where a document is not of the rule's targets. A "document"
// below is that position, a "path" a path in that document, so {"document": x.document, "path": x.path, "args": …} is a finding
// at x. A certificate of a PEM file has the path ["blocks", n], which is its BEGIN line; any other has that of the string that
// holds it. In the table ? marks a key that may be absent, and id is a position in facts.certificates.
//
//	now                                      number   seconds since 1970, whole: what starts and ends are compared with
//
// certificates: comes with every kind but hosts.
//
//	certificates[id]                                  a file or string that holds at least one certificate
//	  .id                                    number
//	  .document .path                                 where its first certificate stands
//	  .file .host                            string   as those of the document
//	  .name                                  string   base name of the file, or the key: tls.crt, client-certificate-data
//	  .role?                                 string   what its place says it is, see Role
//	  .named_for?                            string   <host> of member-<host>.pem, admin-, node-; <registry> of
//	                                                  registry files (certs.d/<registry>/…, <registry>.pem)
//	  .read                                  array    "leaf", "ca", both or none: what rules of areas A and B read it as.
//	                                                  A leaf file is judged by certs[0], a CA file by all of certs
//	  .content                               string   the same for the same certificates in the same order: kk copies its
//	                                                  files to every host, and one of them may be spoken of for all
//	  .certs[i]                                       its certificates in order: certs[0] is the leaf, the others its chain
//	    .document .path
//	    .subject .issuer .cn                 string   RFC 2253; the subject's common name, "" for none
//	    .not_before .not_after               string   RFC 3339, UTC
//	    .starts .ends                        number   the same in seconds since 1970; expired is .ends < facts.now
//	    .is_ca                               boolean
//	    .dns                                 array    DNS SANs in lower case
//	    .ips                                 array    IP SANs as Go writes them: an IPv4 address is never ::ffff:…
//	    .usages?                             array    extended usages: "serverAuth", "clientAuth", "anyExtendedKeyUsage" …, else
//	                                                  the OID; absent where the certificate names none
//	    .sha256                              string   of the DER, 64 hexadecimal digits
//	    .signature                           string   such as SHA256-RSA
//	    .unreadable                          true     then it has document and path alone, and no rule can judge it
//
// hosts: of the one KubeKey Cluster of the set, else of its one Inventory; then the host folders that none of them is known by.
//
//	hosts[i]
//	  .name                                  string   as written there, or the last part of the folder
//	  .document? .path?                               the host's entry; absent for a mere folder
//	  .folder?                               string   the one host folder whose last part is the name; .host of documents
//	  .node_ipv4?                            string   first part of internalAddress or address; internal_ipv4 of v4.
//	  .node_ipv6?                            string   IP literals are written as Go writes them, anything else as in the file
//	  .roles                                 array    names of the groups that it is in, child groups included
//
// etcd: members and clients by their settings, never by what runs.
//
//	etcd.one_cluster                         boolean  the set has exactly one KubeKey Cluster, or no Cluster and one Inventory
//	etcd.members[i]                                   an etcd.env with ETCD_ variables, or a static pod's container etcd
//	  .source                                string   "env", "static-pod"
//	  .document .host
//	  .name?                                 string   ETCD_NAME, default when it is absent; absent for a template
//	  .config_file                           boolean  ETCD_CONFIG_FILE is set: etcd ignores all else, and settings is empty
//	  .settings.<ETCD_NAME>                           by variable, flags too (--peer-cert-file is ETCD_PEER_CERT_FILE);
//	                                                  what is empty is absent
//	    .path
//	    .value                               string   null where it holds a template ({{ or $(…)): set, but not to be judged
//	    .bool?                               boolean  what Go's ParseBool makes of the value, where it makes anything
//	    .urls?                               array    of the variables ending in _URLS
//	    .entries?                            array    of ETCD_INITIAL_CLUSTER: {name, url?}; url is absent where it
//	                                                  cannot be parsed
//	    .certificate?                        id       of the certificate and CA files, where the path is resolved
//	etcd.clients[i]                                   who dials etcd
//	  .kind                                  string   "apiserver", "etcdctl", "k3s", "secret" (kube-etcd-client-certs),
//	                                                  "external" (etcd.external of a Cluster: nobody's leaf, only .ca counts)
//	  .document .host
//	  .path                                           of the endpoints, or of the object
//	  .servers                               array    of URLs; empty where they are not known
//	  .ca? .cert? .key?                               where it is set:
//	    .path
//	    .value?                              string   the configured path; null for a template; absent for a Secret
//	    .certificate?                        id       not of .key
//	    .file?                               string   the path on its host: of kube-apiserver through the mount of a folder of
//	                                                  the host, absent where none leads there
//	    .folder?                             array    names of the files of that folder on that host, as far as the set has
//	                                                  them, keys too; absent where it has none. People hand over a choice of
//	                                                  their files: that one is not among them says little
//	    .pem?                                boolean  of a Secret: its value is PEM, a certificate for ca and cert, else a key
//	etcd.in_use[i]                                    in-use leaves
//	  .certificate                           id       judge certs[0] of it
//	  .known                                 string   "reference", or "name" where nothing but the file's name says so
//	  .uses[j]                                        {kind, document, path}: the setting that names it, or its own place.
//	                                                  kind: "server", "peer", "apiserver", "etcdctl", "k3s", "secret", "name"
//	etcd.authorities[i]                               CA files of verifier pairs; as in_use, kind also "external". By its name
//	                                                  an authority is known where the host folder names no other
//	etcd.pairs[i]                                     verifier pairs of one host or one cluster, each content once
//	  .kind                                  string   "peer", "server" (clients check it), "client" (etcd checks it)
//	  .leaf .ca                                       {certificate, document, path}: id, and the setting that names it
//	  .verifies                              boolean  whatever the dates: as Go does, any usage, all certificates of the CA
//	                                                  file are roots, those behind the leaf intermediates; SHA-1 counts
//	  .verifies_now                          boolean  with the dates of all of the chain, the leaf included
//	etcd.pairs_complete                      boolean  false where there are more than anybody looks at: no cluster has as many
//	etcd.keypairs[i]                                  certificate and key, both resolved, the key readable; each once
//	  .kind                                  string   as uses, and "client" (ETCD_CLIENT_CERT_FILE), "peer-client"
//	  .certificate                           id
//	  .match                                 boolean
//	  .document .path                                 the setting that names the key, or the key file's own place
//	  .cert                                           {document, path} of the setting that names the certificate, likewise
//
// A URL is {url, scheme, host, port, is_ip, loopback, unspecified}: host without brackets and in lower case, an IP as Go writes
// it; port "" for none; url is scheme://host:port made of these, so equal addresses are equal texts. Those that cannot be
// parsed are left out.
//
// kubeconfigs: v1 Config, in a file of its own or in a string of an object.
//
//	kubeconfigs[i]
//	  .document .path .file .host                     path is [] : the whole of it
//	  .kind                                  string   "file", "cluster" (spec.connection.kubeconfig), "configmap", "secret"
//	  .carrier?                                       {document, path} of the object that holds it
//	  .role?                                 string   "admin", "controller-manager", "scheduler", "kubelet", "super-admin",
//	                                                  "bootstrap-kubelet": /etc/kubernetes/<role>.conf of a host folder
//	  .user?                                          of current-context; without one, the only user
//	    .name .path
//	    .other_auth                          boolean  it has token, tokenFile, exec, auth-provider or username
//	    .embedded                            boolean  client-certificate-data rather than a path
//	    .certificate?                        id       a path is followed to a file of the same host folder only
//	  .cluster?                                       likewise
//	    .name .path
//	    .insecure                            boolean
//	    .tls_server_name?                    string
//	    .server?                                      {path, url?}: url as above, absent where it cannot be parsed
//	    .embedded .certificate?                       certificate-authority-data, certificate-authority
//	    .verifies                            array    ids of apiserver.crt files that the CA verifies, dates ignored
//
// webhooks: terms of webhook-ca-expired.
//
//	webhooks.client_configs[i]
//	  .document .path                                 of clientConfig
//	  .exported                              boolean  the object has metadata.uid
//	  .injected                              boolean  an annotation lets an injector write the caBundle
//	  .service?                                       {name, namespace, port, listed}: port 443 when absent; listed says that
//	                                                  the name is in the catalogue's list; absent for a url
//	  .ca_path                                        of caBundle
//	  .certificate?                          id       of caBundle, where it holds a certificate
//	  .secrets[j]                                     webhook Secrets of that service and namespace, with a server certificate,
//	                                                  where caBundle holds one: {secret, verifies, verifies_now}, secret a
//	                                                  position in webhooks.secrets
//	webhooks.secrets[i]                               the Secrets of the list
//	  .document .name .namespace                      namespace "" for none
//	  .service                               string   that it serves
//	  .server? .ca?                          id       tls.crt or server.crt; ca.crt or caBundle
//
// # What stands around one document
//
// A rule without scope: set may ask for facts: [limits, services]. They are about the namespace of its document, and without
// positions. Objects without a namespace are each other's neighbours, or else those of kubesphere-system.
//
//	limits.limits.<resource>                 true     a LimitRange of type Container gives containers this limit
//	limits.requests.<resource>               true     likewise a request
//	services[i]                                       Services with a selector
//	  .name
//	  .selector                              object   labels
//	  .ports                                 array    target ports, numbers or names
package facts
