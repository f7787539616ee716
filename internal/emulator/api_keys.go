package emulator

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"time"
)

func apiKeyRoutes() []route {
	return []route{
		{method: http.MethodGet, pattern: "/api_keys", keys: personalOnly, handle: listAPIKeys},
		{method: http.MethodPost, pattern: "/api_keys", keys: personalOnly, body: keyCreateShape, handle: createAPIKey},
		{method: http.MethodDelete, pattern: "/api_keys/{key_id}", keys: personalOnly, handle: revokeAPIKey},
	}
}

var keyCreateShape = object{required: []string{"key_name"}, fields: map[string]shape{"key_name": text{max: 64}}}

type keyCreateRequest struct {
	KeyName string `json:"key_name"`
}

type keyCreator struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Image string `json:"image"`
}

type keyListItem struct {
	ID               int64      `json:"id"`
	Name             string     `json:"name"`
	CreatedAt        time.Time  `json:"created_at"`
	CreatedBy        keyCreator `json:"created_by"`
	LastUsedAt       *time.Time `json:"last_used_at"`
	LastUsedFromAddr string     `json:"last_used_from_addr"`
}

type createdKey struct {
	ID        int64     `json:"id"`
	Key       string    `json:"key"`
	Name      string    `json:"name"`
	CreatedAt time.Time `json:"created_at"`
	CreatedBy string    `json:"created_by"`
}

type revokedKey struct {
	ID               int64      `json:"id"`
	Name             string     `json:"name"`
	CreatedAt        time.Time  `json:"created_at"`
	CreatedBy        string     `json:"created_by"`
	LastUsedAt       *time.Time `json:"last_used_at"`
	LastUsedFromAddr string     `json:"last_used_from_addr"`
	Revoked          bool       `json:"revoked"`
}

func listAPIKeys(x *exchange) (reply, error) {
	u := x.caller.user
	list := []keyListItem{}
	for _, k := range u.Keys {
		list = append(list, keyListItem{
			ID: k.ID, Name: k.Name, CreatedAt: k.CreatedAt, CreatedBy: keyCreator{ID: u.ID, Name: u.Name},
			LastUsedAt: k.LastUsedAt, LastUsedFromAddr: k.LastUsedFrom,
		})
	}
	slices.SortFunc(list, func(a, b keyListItem) int { return cmp.Compare(a.ID, b.ID) })
	return ok(http.StatusOK, list)
}

func createAPIKey(x *exchange) (reply, error) {
	request, err := decode[keyCreateRequest](x)
	if err != nil {
		return reply{}, err
	}
	u := x.caller.user
	k := &Key{Secret: x.w.ids.apiKey(), ID: x.w.nextKeyID(), Name: request.KeyName, CreatedAt: x.w.second(), CreatedBy: u.ID}
	u.Keys = append(u.Keys, k)
	x.w.addKey(k, x.caller.account())
	return ok(http.StatusOK, createdKey{ID: k.ID, Key: k.Secret, Name: k.Name, CreatedAt: k.CreatedAt, CreatedBy: k.CreatedBy})
}

func revokeAPIKey(x *exchange) (reply, error) {
	u := x.caller.user
	i := slices.IndexFunc(u.Keys, func(k *Key) bool { return strconv.FormatInt(k.ID, 10) == x.params["key_id"] })
	if i < 0 {
		return reply{}, notFound("API key not found")
	}
	k := u.Keys[i]
	u.Keys = slices.Delete(u.Keys, i, i+1)
	delete(x.w.callers, k.Secret)
	return ok(http.StatusOK, revokedKey{
		ID: k.ID, Name: k.Name, CreatedAt: k.CreatedAt, CreatedBy: k.CreatedBy,
		LastUsedAt: k.LastUsedAt, LastUsedFromAddr: k.LastUsedFrom, Revoked: true,
	})
}
