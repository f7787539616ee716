package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/neon-orgs/terraform-provider-neon/internal/emulator"
)

// shutdownTime is how long running requests get to end after a signal.
const shutdownTime = 3 * time.Second

// run serves the emulator until ctx ends.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	s, err := parseSettings(args, stderr)
	if errors.Is(err, flag.ErrHelp) {
		return nil
	}
	if err != nil {
		return err
	}
	if err := checkLoopback(s.listen, s.allowRemote); err != nil {
		return err
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", s.listen)
	if err != nil {
		return fmt.Errorf("can't listen on %s: %w", s.listen, err)
	}
	k, err := s.keep(ctx, stderr)
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	emu, err := s.emulator(k, stderr)
	if err != nil {
		return errors.Join(err, listener.Close(), k.close(ctx))
	}
	if err := announce(stdout, listener.Addr()); err != nil {
		return errors.Join(err, listener.Close(), k.end(ctx, emu))
	}
	return errors.Join(serve(ctx, listener, emu), k.end(ctx, emu))
}

func serve(ctx context.Context, listener net.Listener, handler http.Handler) error {
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownTime)
	defer cancel()
	if err := server.Shutdown(grace); err != nil {
		// A request hangs, by a fault for instance: it is cut off.
		return server.Close()
	}
	return nil
}

// announce prints the one line that tells that the emulator is ready, and where.
func announce(stdout io.Writer, addr net.Addr) error {
	base := "http://" + addr.String()
	line := struct {
		APIURL     string `json:"api_url"`
		ControlURL string `json:"control_url"`
	}{base + "/api/v2", base + "/_emulator"}
	return json.NewEncoder(stdout).Encode(line)
}

// checkLoopback refuses addresses that others could reach: the emulator's keys
// are known to everybody.
func checkLoopback(listen string, allowRemote bool) error {
	if allowRemote {
		return nil
	}
	host, _, err := net.SplitHostPort(listen)
	if err != nil {
		return fmt.Errorf("--listen must be an address and a port, such as 127.0.0.1:7777: %w", err)
	}
	if host == "localhost" {
		return nil
	}
	if ip := net.ParseIP(host); ip == nil || !ip.IsLoopback() {
		return fmt.Errorf("--listen %s is not a loopback address, so others could reach the emulator; give --allow-remote if they should", listen)
	}
	return nil
}

// settings are what the command line says.
type settings struct {
	listen, seed            string
	persist, postgres       string
	latency, operationDelay time.Duration
	noRateLimit, quiet      bool
	allowRemote             bool
}

func parseSettings(args []string, stderr io.Writer) (settings, error) {
	var s settings
	flags := flag.NewFlagSet("neon-emulator", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.Usage = func() {
		_, _ = fmt.Fprint(stderr, usage)
		flags.PrintDefaults()
		_, _ = fmt.Fprint(stderr, defaultWorld)
	}
	flags.StringVar(&s.listen, "listen", "127.0.0.1:7777", "`address` to listen on; port 0 picks a free one")
	flags.StringVar(&s.seed, "seed", "", "JSON `file` with the world to start with")
	flags.StringVar(&s.persist, "persist", "", "`file` that keeps the world; a world that is in it goes before --seed")
	flags.StringVar(&s.postgres, "postgres", "", "`URL` of a PostgreSQL server that gets a real database for each of the world's")
	flags.DurationVar(&s.latency, "latency", 0, "least time that an API request takes")
	flags.DurationVar(&s.operationDelay, "operation-delay", 0, "time that operations run after a change")
	flags.BoolVar(&s.noRateLimit, "no-rate-limit", false, "never answer 429")
	flags.BoolVar(&s.quiet, "quiet", false, "log no requests")
	flags.BoolVar(&s.allowRemote, "allow-remote", false, "allow an address that others can reach")
	if err := flags.Parse(args); err != nil {
		return s, err
	}
	if flags.NArg() > 0 {
		return s, fmt.Errorf("unexpected argument %q; see --help", flags.Arg(0))
	}
	return s, nil
}

func (s settings) emulator(k keeping, stderr io.Writer) (*emulator.Emulator, error) {
	opts := emulator.Options{Latency: s.latency, OperationDelay: s.operationDelay, RateLimit: !s.noRateLimit}
	k.fill(&opts)
	if !s.quiet {
		opts.Logger = slog.New(slog.NewTextHandler(stderr, nil))
	}
	if s.seed != "" {
		data, err := os.ReadFile(s.seed)
		if err != nil {
			return nil, fmt.Errorf("can't read the seed: %w", err)
		}
		seed, err := emulator.ParseSeed(data)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", s.seed, err)
		}
		opts.Seed = &seed
	}
	if opts.Logger != nil && k.store.HasWorld() {
		opts.Logger.Info("the world is the one in the file; a reset goes back to the seed", slog.String("file", s.persist))
	}
	return emulator.New(opts)
}

const usage = `neon-emulator is a Neon control plane in memory. It serves the API under
/api/v2 and a control API under /_emulator, and prints one JSON line with both
addresses on standard output when it is ready.

With --persist the world survives a restart, even a kill -9: a change is in the
file before it is answered. The file holds keys and passwords.

With --postgres connection strings work: each database and role of the world is
one on that server, under a name that begins with the id of its branch. It takes
a superuser, on a server that no other emulator uses:

  PGPASSWORD=… neon-emulator --postgres postgresql://postgres@127.0.0.1:5432/postgres

Without --persist these databases go when the program ends. Give it a server
that has nothing else on it: a connection string runs any SQL, though never as
the superuser.

Changes by the control API need the header Content-Type: application/json, and
requests that a browser sends for another web site are refused.

`

const defaultWorld = `
Without --seed it starts with this world:

  organization                  plan    members
  org-partner-acme-10000001     scale   admin@partner.test (admin), dev@partner.test (member)
  org-partner-labs-10000002     scale   admin@partner.test (admin), dev@partner.test (member)
  org-customer-bloom-20000001   launch  owner@customer.test (admin)

  key                   whose
  napi_partner_admin    admin@partner.test (personal)
  napi_partner_dev      dev@partner.test (personal)
  napi_customer_owner   owner@customer.test (personal)
  napi_partner_org      org-partner-acme-10000001 (organization)

There are no projects. Try it:

  export NEON_API_HOST=http://127.0.0.1:7777/api/v2
  export NEON_API_KEY=napi_partner_admin
  curl -H "Authorization: Bearer $NEON_API_KEY" $NEON_API_HOST/users/me/organizations
`
