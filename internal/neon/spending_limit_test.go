package neon

import "testing"

func TestSpendingLimitWhoseAnswerWasLost(t *testing.T) {
	t.Parallel()
	const (
		path                = " /organizations/org-a-1/billing/spending_limit"
		get, put, del       = "GET" + path, "PUT" + path, "DELETE" + path
		none, five, another = `{"spending_limit_cents":null}`, `{"spending_limit_cents":500}`, `{"spending_limit_cents":7}`
	)
	for name, test := range map[string]struct {
		clear bool
		steps []step
		want  []string
		fails bool
	}{
		"set":                    {false, []step{ok(five)}, []string{put}, false},
		"set, and lost":          {false, []step{cut(), ok(five)}, []string{put, get}, false},
		"lost before it was set": {false, []step{cut(), ok(another), ok(five)}, []string{put, get, put}, false},
		"lost, nobody can tell":  {false, []step{cut(), status(403)}, []string{put, get}, true},
		"refused":                {false, []step{status(403)}, []string{put}, true},
		"cleared":                {true, []step{ok(`{}`)}, []string{del}, false},
		"cleared, and lost":      {true, []step{cut(), ok(none)}, []string{del, get}, false},
		"lost before clearing":   {true, []step{cut(), ok(five), ok(`{}`)}, []string{del, get, del}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, script := scriptedClient(t, test.steps...)
			var err error
			if test.clear {
				err = client.ClearSpendingLimit(t.Context(), "org-a-1")
			} else {
				err = client.SetSpendingLimit(t.Context(), "org-a-1", 500)
			}
			if (err != nil) != test.fails {
				t.Errorf("got %v", err)
			}
			wantCalls(t, script, test.want...)
		})
	}
}

func TestSpendingLimitIsRead(t *testing.T) {
	t.Parallel()
	client, _ := scriptedClient(t, ok(`{"spending_limit_cents":500}`), ok(`{"spending_limit_cents":null}`))
	if limit, err := client.GetSpendingLimit(t.Context(), "org-a-1"); err != nil || limit == nil || *limit != 500 {
		t.Errorf("got %v, %v", limit, err)
	}
	if limit, err := client.GetSpendingLimit(t.Context(), "org-a-1"); err != nil || limit != nil {
		t.Errorf("got %v, %v", limit, err)
	}
}
