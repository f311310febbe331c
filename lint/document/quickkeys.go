package document

import (
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
)

// usualKeys are the keys that most objects of the API have: they need not be made again for each.
var usualKeys = func() map[string]*ast.Term {
	keys := map[string]*ast.Term{}
	for name := range strings.FieldsSeq(`
		apiVersion kind metadata spec status name namespace labels annotations uid generation resourceVersion creationTimestamp
		deletionTimestamp finalizers generateName ownerReferences controller blockOwnerDeletion data stringData type immutable
		replicas selector matchLabels matchExpressions key operator values template strategy rollingUpdate maxSurge maxUnavailable
		revisionHistoryLimit progressDeadlineSeconds minReadySeconds paused updateStrategy serviceName volumeClaimTemplates
		podManagementPolicy containers initContainers ephemeralContainers image imagePullPolicy command args workingDir ports
		containerPort hostPort protocol hostIP env value valueFrom secretKeyRef configMapKeyRef fieldRef fieldPath resourceFieldRef
		resource divisor envFrom configMapRef secretRef optional prefix resources limits requests cpu memory claims
		ephemeral-storage livenessProbe readinessProbe startupProbe httpGet path port host scheme httpHeaders tcpSocket exec grpc
		service initialDelaySeconds timeoutSeconds periodSeconds successThreshold failureThreshold terminationGracePeriodSeconds
		lifecycle preStop postStart sleep seconds volumeMounts mountPath subPath readOnly mountPropagation volumeDevices volumes
		configMap secret emptyDir persistentVolumeClaim claimName hostPath projected sources downwardAPI items mode defaultMode
		secretName sizeLimit medium serviceAccountToken expirationSeconds audience securityContext runAsNonRoot runAsUser
		runAsGroup fsGroup fsGroupChangePolicy supplementalGroups seccompProfile allowPrivilegeEscalation privileged
		readOnlyRootFilesystem capabilities add drop procMount serviceAccountName serviceAccount automountServiceAccountToken
		restartPolicy dnsPolicy dnsConfig nameservers searches options schedulerName nodeName nodeSelector hostNetwork hostPID
		hostIPC hostAliases hostnames hostname ip subdomain affinity nodeAffinity podAffinity podAntiAffinity
		requiredDuringSchedulingIgnoredDuringExecution preferredDuringSchedulingIgnoredDuringExecution nodeSelectorTerms weight
		preference podAffinityTerm labelSelector namespaces namespaceSelector topologyKey tolerations effect tolerationSeconds
		topologySpreadConstraints maxSkew whenUnsatisfiable priorityClassName priority preemptionPolicy imagePullSecrets
		enableServiceLinks shareProcessNamespace runtimeClassName terminationMessagePath terminationMessagePolicy tty stdin
		observedGeneration updatedReplicas readyReplicas availableReplicas conditions message reason lastTransitionTime
		lastUpdateTime completions parallelism backoffLimit activeDeadlineSeconds ttlSecondsAfterFinished schedule
		concurrencyPolicy suspend jobTemplate successfulJobsHistoryLimit failedJobsHistoryLimit minAvailable scaleTargetRef
		minReplicas maxReplicas metrics targetPort nodePort clusterIP webhooks clientConfig caBundle url rules operations
		apiGroups apiVersions failurePolicy sideEffects admissionReviewVersions`) {
		ast.InternStringTerm(name) // lint.Field asks for them by the same terms
		keys[name] = ast.InternedTerm(name)
	}
	return keys
}()
