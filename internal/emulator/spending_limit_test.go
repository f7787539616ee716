package emulator

import (
	"net/http"
	"testing"
)

const acmeLimit = "/organizations/" + acme + "/billing/spending_limit"

func TestSpendingLimit(t *testing.T) {
	t.Parallel()
	w := start(t)
	admin, dev := w.as(adminKey), w.as(devKey)
	dev.get(acmeLimit).want(http.StatusOK, `{"spending_limit_cents":null}`)
	admin.put(acmeLimit, `{"spending_limit_cents":5000}`).want(http.StatusOK, `{"spending_limit_cents":5000}`)
	dev.get(acmeLimit).want(http.StatusOK, `{"spending_limit_cents":5000}`)
	equal(t, "in the world", *w.emu.Snapshot().Organizations[0].SpendingLimitCents, 5000)
	for range 2 { // clearing it twice is no mistake
		admin.delete(acmeLimit).want(http.StatusOK, `{}`)
		dev.get(acmeLimit).want(http.StatusOK, `{"spending_limit_cents":null}`)
	}
}

func TestSpendingLimitRefusals(t *testing.T) {
	t.Parallel()
	const (
		one   = `{"spending_limit_cents":1}`
		bloom = "/organizations/" + bloom + "/billing/spending_limit"
		labs  = "/organizations/" + labs + "/billing/spending_limit"
	)
	for name, tt := range map[string]struct {
		key, method, path, body string
		status                  int
		message                 string
	}{
		"an organization's key":    {orgKey, "PUT", acmeLimit, one, 200, one},
		"a key of a project":       {scopedKey, "GET", acmeLimit, "", 404, "scoped to"},
		"a member sets":            {devKey, "PUT", acmeLimit, one, 403, "only an admin"},
		"a member clears":          {devKey, "DELETE", acmeLimit, "", 403, "only an admin"},
		"a stranger":               {adminKey, "GET", bloom, "", 404, "organization not found"},
		"another plan, read":       {devKey, "GET", labs, "", 403, "Launch and Scale"},
		"another plan, set":        {adminKey, "PUT", labs, one, 403, "Launch and Scale"},
		"another plan, cleared":    {adminKey, "DELETE", labs, "", 403, "Launch and Scale"},
		"zero":                     {adminKey, "PUT", acmeLimit, `{"spending_limit_cents":0}`, 400, "from 1"},
		"null":                     {adminKey, "PUT", acmeLimit, `{"spending_limit_cents":null}`, 400, "an integer"},
		"nothing":                  {adminKey, "PUT", acmeLimit, `{}`, 400, "required"},
		"the launch plan has them": {customerKey, "PUT", bloom, one, 200, one},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := start(t, seeded(withEverybody), func(o *Options) { o.Seed.Organizations[1].Plan = "business" })
			w.as(tt.key).do(tt.method, tt.path, tt.body).want(tt.status, tt.message)
		})
	}
}
