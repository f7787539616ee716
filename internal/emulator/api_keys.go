package emulator

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"

	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
)

func apiKeyRoutes() []route {
	return []route{
		{method: http.MethodGet, pattern: "/api_keys", keys: personalOnly, handle: listAPIKeys},
		{method: http.MethodPost, pattern: "/api_keys", keys: personalOnly, body: keyCreateShape, handle: createAPIKey},
		{method: http.MethodDelete, pattern: "/api_keys/{key_id}", keys: personalOnly, handle: revokeAPIKey},
		{method: http.MethodGet, pattern: "/organizations/{org_id}/api_keys", keys: noScopedKey, handle: listOrgAPIKeys},
		{method: http.MethodPost, pattern: "/organizations/{org_id}/api_keys", keys: personalOnly, body: orgKeyCreateShape, handle: createOrgAPIKey},
		{method: http.MethodDelete, pattern: "/organizations/{org_id}/api_keys/{key_id}", keys: noScopedKey, handle: revokeOrgAPIKey},
	}
}

var (
	keyNameShape      = text{max: 64}
	keyCreateShape    = object{required: []string{"key_name"}, fields: map[string]shape{"key_name": keyNameShape}}
	orgKeyCreateShape = object{required: []string{"key_name"}, fields: map[string]shape{"key_name": keyNameShape, "project_id": idShape}}
)

// keysOf are the keys of an account.
func (a account) keysOf() *[]*Key {
	if a.org != nil {
		return &a.org.Keys
	}
	return &a.user.Keys
}

func (k *Key) fields() neon.APIKeyFields {
	return neon.APIKeyFields{ID: k.ID, Name: k.Name, CreatedAt: k.CreatedAt}
}

func (k *Key) use() neon.APIKeyUse {
	return neon.APIKeyUse{LastUsedAt: k.LastUsedAt, LastUsedFromAddr: k.LastUsedFrom}
}

func (w *world) listKeys(of account) []neon.APIKey {
	list := []neon.APIKey{}
	for _, k := range *of.keysOf() {
		creator := neon.APIKeyCreator{ID: k.CreatedBy}
		if u := w.userByID(k.CreatedBy); u != nil {
			creator.Name = u.Name
		}
		list = append(list, neon.APIKey{APIKeyFields: k.fields(), CreatedBy: creator, APIKeyUse: k.use(), ProjectID: k.ProjectID})
	}
	slices.SortFunc(list, func(a, b neon.APIKey) int { return cmp.Compare(a.ID, b.ID) })
	return list
}

func (x *exchange) createKey(of account, request neon.APIKeyCreate) (reply, error) {
	k := &Key{
		Secret: x.w.ids.apiKey(), ID: x.w.nextKeyID(), Name: request.KeyName, ProjectID: request.ProjectID,
		CreatedAt: x.w.second(), CreatedBy: x.caller.user.ID,
	}
	keys := of.keysOf()
	*keys = append(*keys, k)
	x.w.addKey(k, of)
	return ok(http.StatusOK, neon.CreatedAPIKey{APIKeyFields: k.fields(), Key: k.Secret, CreatedBy: k.CreatedBy, ProjectID: k.ProjectID})
}

// revokeKey ends the key of the path: the next request with it is refused.
func (x *exchange) revokeKey(of account) (reply, error) {
	keys := of.keysOf()
	i := slices.IndexFunc(*keys, func(k *Key) bool { return strconv.FormatInt(k.ID, 10) == x.params["key_id"] })
	if i < 0 {
		return reply{}, notFound("API key not found")
	}
	k := (*keys)[i]
	*keys = slices.Delete(*keys, i, i+1)
	delete(x.w.callers, k.Secret)
	return ok(http.StatusOK, neon.RevokedAPIKey{APIKeyFields: k.fields(), CreatedBy: k.CreatedBy, APIKeyUse: k.use(), Revoked: true, ProjectID: k.ProjectID})
}

func listAPIKeys(x *exchange) (reply, error) {
	return ok(http.StatusOK, x.w.listKeys(x.caller.account()))
}

func createAPIKey(x *exchange) (reply, error) {
	request, err := decode[neon.APIKeyCreate](x)
	if err != nil {
		return reply{}, err
	}
	return x.createKey(x.caller.account(), request)
}

func revokeAPIKey(x *exchange) (reply, error) { return x.revokeKey(x.caller.account()) }

// keyedOrganization is the organization of the path, for callers who may manage
// its keys.
func (x *exchange) keyedOrganization() (account, error) {
	org, err := x.organizationToManage(x.params["org_id"], "manage its API keys")
	return account{org: org}, err
}

func listOrgAPIKeys(x *exchange) (reply, error) {
	of, err := x.keyedOrganization()
	if err != nil {
		return reply{}, err
	}
	return ok(http.StatusOK, x.w.listKeys(of))
}

func createOrgAPIKey(x *exchange) (reply, error) {
	of, err := x.keyedOrganization()
	if err != nil {
		return reply{}, err
	}
	request, err := decode[neon.APIKeyCreate](x)
	if err != nil {
		return reply{}, err
	}
	if request.ProjectID != "" {
		p := x.w.project(request.ProjectID)
		if p == nil || p.DeletedAt != nil || p.OrgID != of.org.ID {
			return reply{}, projectNotFound()
		}
	}
	return x.createKey(of, request)
}

func revokeOrgAPIKey(x *exchange) (reply, error) {
	of, err := x.keyedOrganization()
	if err != nil {
		return reply{}, err
	}
	return x.revokeKey(of)
}
