package output

import (
	"net/url"
	"path"
	"regexp"
	"strings"

	"github.com/kslint/kslint/lint"
)

// sourceRoot names the folder that relative names of files begin at.
const sourceRoot = "SRCROOT"

// sarifLocationOf gives what has no line the first one: code scanning services refuse results without.
func sarifLocationOf(file string, at lint.Range) sarifLocation {
	at = place(at)
	region := sarifRegion{max(1, at.Line), at.Column, at.EndLine, at.EndColumn}
	return sarifLocation{Physical: sarifPhysical{Artifact: artifact(file), Region: region}}
}

var drive = regexp.MustCompile(`^[A-Za-z]:/`)

// artifact is a relative name below the source root, a full one as a file URI; both percent-encoded.
func artifact(file string) sarifArtifact {
	steps := strings.Split(file, "/")
	for i, step := range steps {
		steps[i] = strings.ReplaceAll(url.PathEscape(step), ":", "%3A") // a colon would end a scheme
	}
	uri := strings.Join(steps, "/")
	switch {
	case path.IsAbs(file):
		return sarifArtifact{URI: "file://" + uri}
	case drive.MatchString(file):
		return sarifArtifact{URI: "file:///" + strings.Replace(uri, "%3A", ":", 1)}
	}
	return sarifArtifact{URI: uri, URIBaseID: sourceRoot}
}
