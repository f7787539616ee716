package provider

import (
	"context"
	"slices"
	"testing"
	"testing/synctest"
	"time"
)

// A resource that keeps projects waits for one that is giving them back, and one that
// would give them back leaves them where they are kept.
func TestTransfersOfOneApplyKeepOutOfEachOthersWay(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var transfers orgTransfers
		kept, over := transfers.giveBack(idSet{"p", "q"})
		if len(kept) > 0 {
			t.Fatalf("%v are kept by nobody", kept)
		}
		isKept := false
		go func() {
			if err := transfers.keep(t.Context(), idSet{"q", "r"}); err != nil {
				t.Error(err)
			}
			isKept = true
		}()
		synctest.Wait()
		if isKept {
			t.Error("q is kept while it is given back")
		}
		late, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if err := transfers.keep(late, idSet{"p"}); err == nil {
			t.Error("p is kept while it is given back")
		}
		over()
		synctest.Wait()
		if !isKept {
			t.Error("q is not kept after it was given back")
		}
		if kept, _ := transfers.giveBack(idSet{"p", "q"}); !slices.Equal(kept, idSet{"q"}) || !transfers.keepsOf(idSet{"r"}) || transfers.keepsOf(idSet{"p"}) {
			t.Errorf("%v are kept, want q", kept)
		}
	})
}

func TestTransfersClash(t *testing.T) {
	t.Parallel()
	stays := transferPlan{token: "a", ids: idSet{"p", "q"}, toOrgID: labs}
	for name, test := range map[string]struct {
		plan transferPlan
		want idSet
	}{
		"planned once more":     {plan: transferPlan{token: "a", ids: idSet{"p"}, toOrgID: studio}},
		"same place":            {plan: transferPlan{token: "b", ids: idSet{"p"}, toOrgID: labs}},
		"other projects":        {plan: transferPlan{token: "b", ids: idSet{"r"}, toOrgID: studio}},
		"other place":           {plan: transferPlan{token: "b", ids: idSet{"q", "r"}, toOrgID: studio}, want: idSet{"q"}},
		"place not known yet":   {plan: transferPlan{token: "b", ids: idSet{"q"}}},
		"given back":            {plan: transferPlan{token: "b", ids: idSet{"p", "q"}, givesBack: true}, want: idSet{"p", "q"}},
		"given back by itself":  {plan: transferPlan{token: "a", ids: idSet{"p"}, givesBack: true}},
		"others are given back": {plan: transferPlan{token: "b", ids: idSet{"r"}, givesBack: true}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var transfers orgTransfers
			if first := transfers.plan(stays); first != nil {
				t.Fatalf("the first plan clashes: %v", first)
			}
			var got idSet
			if clash := transfers.plan(test.plan); clash != nil {
				got = clash.ids
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("got %v, want %v", got, test.want)
			}
			// The other way round it is the same.
			var turned orgTransfers
			turned.plan(test.plan)
			if clash := turned.plan(stays); (clash != nil) != (len(test.want) > 0) {
				t.Errorf("the other way round: %v", clash)
			}
		})
	}
}

// It does not matter whether the project or its transfer is planned first.
func TestProjectsAndTransfersContradictInEitherOrder(t *testing.T) {
	t.Parallel()
	transfer := transferPlan{token: "a", ids: idSet{"p"}, toOrgID: labs}
	var transfers orgTransfers
	transfers.plan(transfer)
	if to := transfers.planProject("p", acme); to != labs {
		t.Errorf("got %q", to)
	}
	if got := transfers.configuredFor(idSet{"p", "q"}, labs); !slices.Equal(got[acme], idSet{"p"}) {
		t.Errorf("got %v", got)
	}
	for _, orgID := range []string{labs, ""} {
		if to := transfers.planProject("p", orgID); to != "" || len(transfers.configuredFor(idSet{"p"}, labs)) > 0 {
			t.Errorf("org_id = %q contradicts: %q", orgID, to)
		}
	}
}
