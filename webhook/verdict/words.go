package verdict

import "github.com/kslint/kslint/lint"

// words are what the webhook itself says in one language; what rules say is in their metadata.
type words struct {
	lang      lint.Lang
	fix       string // of the remediation
	tolerated string // stands before the message
	more      string // of the number of what is left out
	guarded   string // of labels and a namespace
	failures  map[failure]string
}

var english = words{
	lang: lint.English, fix: " (fix: %s)", tolerated: "existing violation, tolerated: ", more: "and %d more",
	guarded: "label %s of namespace %s is guarded: only those whom enforcement.guard of kslint's configuration names may change it",
	failures: map[failure]string{
		cannotEvaluate: "the rule could not be evaluated",
		tooLate:        "the rule could not be evaluated in time",
		unreadable:     "the object cannot be read: it is no valid JSON object or nested too deep",
		tooLarge:       "the object holds more containers or YAML documents than kslint looks at (1000)",
		unreadableText: "YAML in a string of the object cannot be read, and was not checked",
		internal:       "the review broke off, the webhook's log says where",
	},
}

var chinese = words{
	lang: lint.Chinese, fix: "（修复：%s）", tolerated: "原有的违规，予以放行：", more: "另有 %d 条",
	guarded: "标签 %s（命名空间 %s）受保护：只有 kslint 配置 enforcement.guard 中列出的用户或用户组可以修改",
	failures: map[failure]string{
		cannotEvaluate: "规则无法求值",
		tooLate:        "规则未能在时限内求值",
		unreadable:     "对象无法读取：不是有效的 JSON 对象，或嵌套过深",
		tooLarge:       "对象中的容器或 YAML 文档超过 kslint 检查的上限（1000 个）",
		unreadableText: "对象的字符串中的 YAML 无法读取，未作检查",
		internal:       "审查中断，详见 webhook 日志",
	},
}
