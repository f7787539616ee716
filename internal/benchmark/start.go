package main

import (
	"context"
	"fmt"
	"io"
	"os/exec"
	"slices"
	"time"

	"github.com/hashicorp/go-hclog"
	"github.com/hashicorp/go-plugin"
	"google.golang.org/grpc"
)

// start runs a provider as a CLI does, asks for its schema, and tells how long
// that took and how much memory is resident then, in bytes. What the provider logs
// goes to log.
func (b *bench) start(ctx context.Context, v variant, log io.Writer, env ...string) (took time.Duration, memory int64, err error) {
	cmd := exec.CommandContext(ctx, b.binary(v))
	cmd.Env = append(cleanEnv(), env...)
	client := plugin.NewClient(&plugin.ClientConfig{
		HandshakeConfig: plugin.HandshakeConfig{
			MagicCookieKey: "TF_PLUGIN_MAGIC_COOKIE", MagicCookieValue: "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2",
		},
		VersionedPlugins: map[int]plugin.PluginSet{6: {"provider": connection{}}},
		Cmd:              cmd,
		SkipHostEnv:      true,
		AllowedProtocols: []plugin.Protocol{plugin.ProtocolGRPC},
		AutoMTLS:         true,
		Logger:           hclog.NewNullLogger(),
		Stderr:           log,
	})
	defer client.Kill()
	began := time.Now()
	protocol, err := client.Client()
	if err != nil {
		return 0, 0, fmt.Errorf("starting %s: %w", v, err)
	}
	dispensed, err := protocol.Dispense("provider")
	if err != nil {
		return 0, 0, err
	}
	conn, _ := dispensed.(*grpc.ClientConn)
	var answer []byte
	if err := conn.Invoke(ctx, "/tfplugin6.Provider/GetProviderSchema", []byte{}, &answer, grpc.ForceCodec(bytesCodec{}), grpc.MaxCallRecvMsgSize(64<<20)); err != nil {
		return 0, 0, fmt.Errorf("asking %s for its schema: %w", v, err)
	}
	took = time.Since(began)
	return took, statusBytes(client.ReattachConfig().Pid, "VmRSS:"), nil
}

// fastestStart is the fastest of several starts of each of two variants, which
// take turns, and the memory that each had in the middle of its own.
func (b *bench) fastestStart(ctx context.Context, times int, variants ...variant) (took []time.Duration, memory []int64, err error) {
	all := make([][]int64, len(variants))
	took = make([]time.Duration, len(variants))
	for i := range times {
		for j, v := range variants {
			one, resident, err := b.start(ctx, v, io.Discard)
			if err != nil {
				return nil, nil, err
			}
			all[j] = append(all[j], resident)
			if i == 0 || one < took[j] {
				took[j] = one
			}
		}
	}
	for _, resident := range all {
		slices.Sort(resident)
		memory = append(memory, resident[len(resident)/2])
	}
	return took, memory, nil
}

// connection is the plugin whose client is the connection itself.
type connection struct{ plugin.NetRPCUnsupportedPlugin }

// GRPCServer implements plugin.GRPCPlugin.
func (connection) GRPCServer(*plugin.GRPCBroker, *grpc.Server) error { return nil }

// GRPCClient implements plugin.GRPCPlugin.
func (connection) GRPCClient(_ context.Context, _ *plugin.GRPCBroker, conn *grpc.ClientConn) (any, error) {
	return conn, nil
}

// bytesCodec leaves messages encoded: the empty request, and an answer that nobody
// looks into.
type bytesCodec struct{}

// Marshal implements encoding.Codec.
func (bytesCodec) Marshal(v any) ([]byte, error) { return v.([]byte), nil } //nolint:forcetypeassert // start gives no other

// Unmarshal implements encoding.Codec.
func (bytesCodec) Unmarshal(data []byte, v any) error {
	*v.(*[]byte) = slices.Clone(data) //nolint:forcetypeassert // as above
	return nil
}

// Name implements encoding.Codec.
func (bytesCodec) Name() string { return "proto" }

// measureStart compares starting the provider with starting one that has next to
// no schema.
func (b *bench) measureStart(ctx context.Context) (measurement, error) {
	took, memory, err := b.fastestStart(ctx, b.sizes.start, ours, empty)
	if err != nil {
		return measurement{}, err
	}
	m := measurement{Row: "start", What: "starting the provider, up to its schema"}
	m.fastest(took[0], took[1])
	m.memory(memory[0])
	m.MemoryFloorMiB = float64(memory[1]) / mib
	m.timed(b, "wall/empty", m.Ratio, 1.3)
	m.timed(b, "memory/empty", m.MemoryMiB/m.MemoryFloorMiB, 1.3)
	return m, nil
}
