package provider

import (
	"context"
	"errors"
	"runtime"
	"testing"
	"weak"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// However a CLI says null, the function gets it.
func TestFunctionsTakeNull(t *testing.T) {
	t.Parallel()
	null, err := tfprotov6.NewDynamicValue(tftypes.String, tftypes.NewValue(tftypes.String, nil))
	if err != nil {
		t.Fatal(err)
	}
	for name, argument := range map[string]*tfprotov6.DynamicValue{"a null value": &null, "an empty value": {}, "no value": nil} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			resp, err := NewServer("test", Options{})().CallFunction(t.Context(), &tfprotov6.CallFunctionRequest{
				Name: "is_org_id", Arguments: []*tfprotov6.DynamicValue{argument},
			})
			if err != nil {
				t.Fatal(err)
			}
			if resp.Error != nil {
				t.Fatal(resp.Error.Text)
			}
			got, err := resp.Result.Unmarshal(tftypes.Bool)
			if err != nil || !got.Equal(tftypes.NewValue(tftypes.Bool, false)) {
				t.Errorf("got %s, error %v", got, err)
			}
		})
	}
}

// List resources and actions are found by what the server's type can do.
func TestServerKeepsItsAbilities(t *testing.T) {
	t.Parallel()
	made := NewServer("test", Options{})()
	if _, ok := made.(server); !ok {
		t.Errorf("the framework's server is not wrapped but %T", made)
	}
	if _, ok := made.(tfprotov6.ListResourceServer); !ok {
		t.Error("the server has no list resources")
	}
	if _, ok := made.(tfprotov6.ActionServer); !ok {
		t.Error("the server has no actions")
	}
}

// A plan of ten thousand resources makes forty thousand calls, and what belongs to
// one may not stay until the last.
func TestServerKeepsNothingOfCallsThatHaveEnded(t *testing.T) {
	t.Parallel()
	made := NewServer("test", Options{})()
	type key struct{}
	call := func() weak.Pointer[[1024]byte] {
		held := new([1024]byte)
		ctx, cancel := context.WithCancel(context.WithValue(t.Context(), key{}, held))
		defer cancel() // as gRPC does
		if _, err := made.ValidateResourceConfig(ctx, &tfprotov6.ValidateResourceConfigRequest{TypeName: "neon_project"}); err != nil {
			t.Fatal(err)
		}
		return weak.Make(held)
	}
	left := call()
	runtime.GC()
	if left.Value() != nil {
		t.Error("what the context of a call holds is kept")
	}
	runtime.KeepAlive(made)
}

// What a call leaves running sees that it has ended.
func TestContextOfACall(t *testing.T) {
	t.Parallel()
	type key struct{}
	outer, cancel := context.WithCancel(context.WithValue(t.Context(), key{}, "value"))
	defer cancel()
	var during context.Context
	_, err := briefly(outer, func(ctx context.Context, _ struct{}) (struct{}, error) {
		during = ctx //nolint:fatcontext // to look at it later
		derived, stop := context.WithCancel(ctx)
		defer stop()
		if ctx.Err() != nil || ctx.Value(key{}) != "value" {
			t.Errorf("within the call it has the error %v and the value %v", ctx.Err(), ctx.Value(key{}))
		}
		cancel()
		<-derived.Done()
		return struct{}{}, context.Cause(ctx)
	}, struct{}{})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("the end of the outer one shows as %v", err)
	}
	<-during.Done()
	if during.Err() == nil || during.Value(key{}) != nil {
		t.Errorf("after the call it has the error %v and the value %v", during.Err(), during.Value(key{}))
	}
}
