package facts

// markRead notes what rules of areas A and B read each file as: in-use leaves and CA files of etcd, what its place says that
// it is, the current context of kubeconfigs, webhooks.
func (s *survey) markRead() {
	for _, u := range s.inUse {
		u.holder.reads(AsLeaf)
	}
	for _, u := range s.authorities {
		u.holder.reads(AsCA)
	}
	for _, h := range s.holders {
		switch h.Role {
		case APIServer, APIServerKubeletClient, FrontProxyClient, KubeletClient, RegistryServer, RegistryClient, WebhookServer:
			h.reads(AsLeaf)
		case ClusterCA, FrontProxyCA, RegistryCA, RegistryClientCA, WebhookCA:
			h.reads(AsCA)
		}
	}
	for _, k := range s.kubeconfigs {
		if k.user != nil && !k.otherAuth {
			k.user.holder.reads(AsLeaf)
		}
		if k.cluster != nil && !k.insecure {
			k.cluster.holder.reads(AsCA)
		}
	}
	for _, h := range s.hooks {
		if !h.injected {
			h.ca.reads(AsCA)
		}
	}
}
