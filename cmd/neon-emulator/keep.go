package main

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"time"

	"github.com/neon-orgs/terraform-provider-neon/internal/emulator"
	"github.com/neon-orgs/terraform-provider-neon/internal/emulator/pgserver"
)

// closeTime is how long the connection to the PostgreSQL server gets to end.
const closeTime = 3 * time.Second

// keeping is what holds a world besides memory. Both may be nil.
type keeping struct {
	store  *emulator.Store
	server *pgserver.Server
}

// keep opens what the settings name.
func (s settings) keep(ctx context.Context, stderr io.Writer) (keeping, error) {
	var k keeping
	var err error
	if s.persist != "" {
		if k.store, err = emulator.OpenStore(s.persist); err != nil {
			return keeping{}, err
		}
	}
	if s.postgres != "" {
		// What fails after the answer has to be told, --quiet or not.
		if k.server, err = pgserver.Open(ctx, s.postgres, slog.New(slog.NewTextHandler(stderr, nil))); err != nil {
			return keeping{}, errors.Join(err, k.close(ctx))
		}
	}
	return k, nil
}

func (k keeping) fill(opts *emulator.Options) {
	opts.Store = k.store
	if k.server != nil {
		opts.Databases = k.server
	}
}

// end is called when nothing is served any more. A world that no file keeps
// ends with the program, and so do its databases.
func (k keeping) end(ctx context.Context, emu *emulator.Emulator) error {
	if k.server != nil && k.store == nil {
		if err := emu.Restore(emulator.Seed{}); err != nil {
			return errors.Join(err, k.close(ctx))
		}
	}
	return k.close(ctx)
}

func (k keeping) close(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), closeTime)
	defer cancel()
	var errs []error
	if k.server != nil {
		errs = append(errs, k.server.Close(ctx))
	}
	if k.store != nil {
		errs = append(errs, k.store.Close())
	}
	return errors.Join(errs...)
}
