package lint

import "fmt"

// Switch is on or off.
type Switch bool

// UnmarshalJSON reads on or off. YAML has made booleans of them before.
func (s *Switch) UnmarshalJSON(data []byte) error {
	switch string(data) {
	case "true", `"on"`:
		*s = true
	case "false", `"off"`:
		*s = false
	default:
		return fmt.Errorf("%s: expected on or off", data)
	}
	return nil
}

// Ratchets tells whether an update may keep a violation of a rule that was there before it.
func (c *Config) Ratchets(id string) bool {
	if c == nil || c.Enforcement == nil {
		return true
	}
	on, said := c.Enforcement.Ratchet[mostExact(c.Enforcement.Ratchet, id)]
	return bool(on) || !said
}
