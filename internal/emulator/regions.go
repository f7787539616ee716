package emulator

import (
	"net/http"
	"slices"
	"strings"

	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
)

const defaultRegion = "aws-us-east-1"

// regions are the places a project can live in.
var regions = []neon.Region{
	{RegionID: "aws-us-east-1", Name: "AWS US East 1 (N. Virginia)", Default: true, GeoLat: "38.13", GeoLong: "-78.45"},
	{RegionID: "aws-us-east-2", Name: "AWS US East 2 (Ohio)", GeoLat: "39.96", GeoLong: "-83.00"},
	{RegionID: "aws-us-west-2", Name: "AWS US West 2 (Oregon)", GeoLat: "46.15", GeoLong: "-123.88"},
	{RegionID: "aws-eu-central-1", Name: "AWS Europe Central 1 (Frankfurt)", GeoLat: "50.11", GeoLong: "8.68"},
	{RegionID: "aws-eu-west-2", Name: "AWS Europe West 2 (London)", GeoLat: "51.51", GeoLong: "-0.13"},
	{RegionID: "aws-ap-southeast-1", Name: "AWS Asia Pacific 1 (Singapore)", GeoLat: "1.37", GeoLong: "103.80"},
	{RegionID: "aws-ap-southeast-2", Name: "AWS Asia Pacific 2 (Sydney)", GeoLat: "-33.87", GeoLong: "151.21"},
	{RegionID: "aws-sa-east-1", Name: "AWS South America East 1 (São Paulo)", GeoLat: "-23.55", GeoLong: "-46.63"},
	{RegionID: "azure-eastus2", Name: "Azure East US 2 (Virginia)", GeoLat: "36.67", GeoLong: "-78.39"},
	{RegionID: "azure-gwc", Name: "Azure Germany West Central (Frankfurt)", GeoLat: "50.11", GeoLong: "8.68"},
	{RegionID: "azure-westus3", Name: "Azure West US 3 (Arizona)", GeoLat: "33.45", GeoLong: "-112.07"},
}

func knownRegion(id string) bool {
	return slices.ContainsFunc(regions, func(r neon.Region) bool { return r.RegionID == id })
}

// platformOf gives the cloud of a region: "aws" or "azure".
func platformOf(regionID string) string {
	platform, _, _ := strings.Cut(regionID, "-")
	return platform
}

// proxyHostOf gives the host that the endpoints of a region are under.
func proxyHostOf(regionID string) string {
	platform, place, _ := strings.Cut(regionID, "-")
	return place + "." + platform + ".neon.tech"
}

// listRegions is GET /regions.
func listRegions(x *exchange) (reply, error) {
	var allowed []string
	if orgID := x.query.text("org_id"); orgID != "" {
		org, err := x.organization(orgID)
		if err != nil {
			return reply{}, err
		}
		allowed = org.Regions
	}
	list := []neon.Region{}
	for _, region := range regions {
		if len(allowed) == 0 || slices.Contains(allowed, region.RegionID) {
			list = append(list, region)
		}
	}
	return ok(http.StatusOK, neon.RegionsList{Regions: list})
}
