package admission

import "sync"

// bodies are the memory of large bodies, to be used again: 32 of 18 MB at once would otherwise leave garbage of many times what is
// held at a time, faster than it is collected, which is what the container's limit is made of.
type bodies struct{ free sync.Pool }

// grain is what their size is rounded up to in bytes, so that one fits many.
const grain = 4 << 20

// take gives n bytes, of whatever was there before.
func (b *bodies) take(n int64) []byte {
	if old, ok := b.free.Get().(*[]byte); ok && int64(cap(*old)) >= n {
		return (*old)[:n]
	}
	return make([]byte, n, (n+grain-1)/grain*grain)
}

// give takes back what nobody looks at any more.
func (b *bodies) give(body []byte) { b.free.Put(&body) }

// room is where a body is read to. That of a large one is used again when it is released.
func (c *call) room(n int64) []byte {
	if c.lane != c.large {
		return make([]byte, n)
	}
	body, release := c.bodies.take(n), c.held
	c.held = func() {
		c.bodies.give(body)
		release()
	}
	return body
}
