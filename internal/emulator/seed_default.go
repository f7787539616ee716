package emulator

// DefaultSeed is the world the emulator starts with when it is given none: a
// partner with two organizations, and a customer. README.md describes it.
func DefaultSeed() Seed {
	const (
		admin = "admin@partner.test"
		dev   = "dev@partner.test"
		owner = "owner@customer.test"
	)
	return Seed{
		Users: []User{
			{ID: "6f1c2a52-58a1-4c39-9d0e-6b7f5b1f0a01", Email: admin, Name: "Ada", LastName: "Partner", Plan: "scale", Keys: []*Key{{Secret: "napi_partner_admin"}}},
			{ID: "6f1c2a52-58a1-4c39-9d0e-6b7f5b1f0a02", Email: dev, Name: "Dev", LastName: "Partner", Plan: "free", Keys: []*Key{{Secret: "napi_partner_dev"}}},
			{ID: "6f1c2a52-58a1-4c39-9d0e-6b7f5b1f0a03", Email: owner, Name: "Olive", LastName: "Customer", Plan: "free", Keys: []*Key{{Secret: "napi_customer_owner"}}},
		},
		Organizations: []Organization{
			{
				ID: "org-partner-acme-10000001", Name: "Partner Acme", Plan: "scale",
				Members: []*Member{{Email: admin, Role: roleAdmin}, {Email: dev, Role: roleMember}},
				Keys:    []*Key{{Secret: "napi_partner_org"}},
			},
			{
				ID: "org-partner-labs-10000002", Name: "Partner Labs", Plan: "scale",
				Members: []*Member{{Email: admin, Role: roleAdmin}, {Email: dev, Role: roleMember}},
			},
			{
				ID: "org-customer-bloom-20000001", Name: "Customer Bloom", Plan: "launch",
				Members: []*Member{{Email: owner, Role: roleAdmin}},
			},
		},
	}
}
