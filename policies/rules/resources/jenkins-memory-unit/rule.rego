# METADATA
# title: The memory limit of Jenkins is a size that Java does not read
# description: >-
#   ks-installer 3.4 copies jenkinsMemoryLim into the -XX:MaxRAM of Jenkins and writes M for Mi and G for Gi, no more. Java knows
#   neither fractions nor Ki and Ti nor exponents and does not start. A bare number counts bytes, for Java as for Kubernetes. 3.0 to
#   3.3 set the size of the JVM by other means.
# related_resources:
# - ref: https://github.com/kubesphere/ks-installer/blob/v3.4.1/roles/ks-devops/templates/ks-devops-values.yaml.j2
# - ref: https://docs.oracle.com/en/java/javase/11/tools/java.html
# custom:
#   severity: error
#   targets: [cluster-configuration]
#   versions: {kubesphere: ">=3.4 <3.5"}
#   message: "jenkinsMemoryLim \"{value}\" becomes -XX:MaxRAM={flag}: Java refuses to start, Jenkins ends in CrashLoopBackOff"
#   remediation: Write a whole number of Mi or Gi, such as jenkinsMemoryLim 4Gi.
#   messages:
#     bytes:
#       severity: error
#       message: "jenkinsMemoryLim \"{value}\" counts bytes, less than 1Gi: Jenkins never starts"
#       remediation: Write the unit behind the number, such as jenkinsMemoryLim 4Gi.
#   zh:
#     title: Jenkins 内存限制的写法 Java 不认识
#     description: >-
#       ks-installer 3.4 会把 jenkinsMemoryLim 原样写进 Jenkins 的 -XX:MaxRAM，只把 Mi 换成 M、Gi 换成 G。Java 不认识小数、Ki、Ti
#       和科学计数法，遇到就无法启动；不带单位的数字对 Java 和 Kubernetes 来说都是字节数。3.0 到 3.3 用别的方式设置 JVM 内存，不受影响。
#     message: "jenkinsMemoryLim \"{value}\" 会变成 -XX:MaxRAM={flag}：Java 无法启动，Jenkins 反复 CrashLoopBackOff"
#     remediation: 改成整数个 Mi 或 Gi，例如 jenkinsMemoryLim 4Gi。
#     messages:
#       bytes:
#         message: "jenkinsMemoryLim \"{value}\" 会被当作字节数，不到 1Gi：Jenkins 无法启动"
#         remediation: 在数字后面写上单位，例如 jenkinsMemoryLim 4Gi。
package policies.rules.resources["jenkins-memory-unit"]

import data.policies.lib.jenkins
import future.keywords.not

deny contains {"path": jenkins.limit.path, "args": {"value": jenkins.limit.value, "flag": flag}} if {
	jenkins.unit == "unreadable"
	flag := regex.replace(sprintf("%v", [jenkins.limit.value]), "([MG])i", "$1")
}

deny contains {"path": jenkins.limit.path, "args": {"value": jenkins.limit.value}, "message": "bytes"} if {
	jenkins.unit == "bytes"
}
