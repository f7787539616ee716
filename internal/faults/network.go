package faults

import (
	"context"
	"fmt"
	"net"
	"sync"
)

// network is a connection to one server in memory, so that a test's own clock
// decides when a connection times out. Everything above is net/http as it is.
type network struct {
	host  string
	conns chan net.Conn
	once  sync.Once
	done  chan struct{}

	mu      sync.Mutex
	strayed []string // addresses of other hosts that were called
}

func newNetwork(host string) *network {
	return &network{host: host, conns: make(chan net.Conn), done: make(chan struct{})}
}

// dial is for http.Transport. Nothing else is there than the one host.
func (n *network) dial(ctx context.Context, _, address string) (net.Conn, error) {
	if address != n.host {
		n.mu.Lock()
		n.strayed = append(n.strayed, address)
		n.mu.Unlock()
		return nil, fmt.Errorf("dial %s: no such host", address)
	}
	ours, theirs := net.Pipe()
	select {
	case n.conns <- theirs:
		return ours, nil
	case <-n.done:
		return nil, net.ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// Accept implements net.Listener.
func (n *network) Accept() (net.Conn, error) {
	select {
	case conn := <-n.conns:
		return conn, nil
	case <-n.done:
		return nil, net.ErrClosed
	}
}

// Close implements net.Listener.
func (n *network) Close() error {
	n.once.Do(func() { close(n.done) })
	return nil
}

// Addr implements net.Listener.
func (n *network) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 80} }
