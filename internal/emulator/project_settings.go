package emulator

import (
	"net/netip"
	"strings"
	"time"

	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
)

// Defaults of a project that says nothing. Neon leaves quota, audit log level
// and preload libraries out until they are set.
func defaultSettings() *neon.ProjectSettings {
	return &neon.ProjectSettings{
		AllowedIPs:               &neon.AllowedIPs{IPs: &[]string{}, ProtectedBranchesOnly: new(false)},
		EnableLogicalReplication: new(false),
		MaintenanceWindow:        &neon.MaintenanceWindow{Weekdays: []int64{5}, StartTime: "07:00", EndTime: "08:00"},
		BlockPublicConnections:   new(false),
		BlockVPCConnections:      new(false),
		Hipaa:                    new(false),
	}
}

func defaultEndpointDefaults() *neon.DefaultEndpointSettings {
	return &neon.DefaultEndpointSettings{AutoscalingLimitMinCU: new(0.25), AutoscalingLimitMaxCU: new(2.0), SuspendTimeoutSeconds: new(int64(0))}
}

// completeProject fills in what a new project leaves open.
func completeProject(p *Project, plan plan) {
	if p.StorePasswords == nil {
		p.StorePasswords = new(true)
	}
	if p.HistoryRetentionSeconds == nil {
		p.HistoryRetentionSeconds = new(min(defaultRetention, plan.maxRetention))
	}
	p.Settings = mergeSettings(defaultSettings(), p.Settings)
	p.DefaultEndpointSettings = mergeEndpointDefaults(defaultEndpointDefaults(), p.DefaultEndpointSettings)
}

// override replaces old by a change, if there is one.
func override[T any](old *T, change *T) *T {
	if change == nil {
		return old
	}
	return change
}

// mergeSettings gives new settings: what change names, and the rest as it was.
func mergeSettings(old, change *neon.ProjectSettings) *neon.ProjectSettings {
	if change == nil {
		return old
	}
	return &neon.ProjectSettings{
		Quota:                    mergeQuota(old.Quota, change.Quota),
		AllowedIPs:               mergeAllowedIPs(old.AllowedIPs, change.AllowedIPs),
		EnableLogicalReplication: override(old.EnableLogicalReplication, change.EnableLogicalReplication),
		MaintenanceWindow:        override(old.MaintenanceWindow, change.MaintenanceWindow),
		BlockPublicConnections:   override(old.BlockPublicConnections, change.BlockPublicConnections),
		BlockVPCConnections:      override(old.BlockVPCConnections, change.BlockVPCConnections),
		AuditLogLevel:            override(old.AuditLogLevel, change.AuditLogLevel),
		Hipaa:                    override(old.Hipaa, change.Hipaa),
		PreloadLibraries:         override(old.PreloadLibraries, change.PreloadLibraries),
	}
}

func mergeQuota(old, change *neon.ProjectQuota) *neon.ProjectQuota {
	if old == nil || change == nil {
		return override(old, change)
	}
	return &neon.ProjectQuota{
		ActiveTimeSeconds:  override(old.ActiveTimeSeconds, change.ActiveTimeSeconds),
		ComputeTimeSeconds: override(old.ComputeTimeSeconds, change.ComputeTimeSeconds),
		WrittenDataBytes:   override(old.WrittenDataBytes, change.WrittenDataBytes),
		DataTransferBytes:  override(old.DataTransferBytes, change.DataTransferBytes),
		LogicalSizeBytes:   override(old.LogicalSizeBytes, change.LogicalSizeBytes),
	}
}

func mergeAllowedIPs(old, change *neon.AllowedIPs) *neon.AllowedIPs {
	if old == nil || change == nil {
		return override(old, change)
	}
	return &neon.AllowedIPs{
		IPs:                   override(old.IPs, change.IPs),
		ProtectedBranchesOnly: override(old.ProtectedBranchesOnly, change.ProtectedBranchesOnly),
	}
}

func mergeEndpointDefaults(old, change *neon.DefaultEndpointSettings) *neon.DefaultEndpointSettings {
	if change == nil {
		return old
	}
	merged := &neon.DefaultEndpointSettings{
		PgSettings:            old.PgSettings,
		PgbouncerSettings:     old.PgbouncerSettings,
		AutoscalingLimitMinCU: override(old.AutoscalingLimitMinCU, change.AutoscalingLimitMinCU),
		AutoscalingLimitMaxCU: override(old.AutoscalingLimitMaxCU, change.AutoscalingLimitMaxCU),
		SuspendTimeoutSeconds: override(old.SuspendTimeoutSeconds, change.SuspendTimeoutSeconds),
	}
	if change.PgSettings != nil {
		merged.PgSettings = change.PgSettings
	}
	if change.PgbouncerSettings != nil {
		merged.PgbouncerSettings = change.PgbouncerSettings
	}
	return merged
}

// checkSettings refuses what the document's types let through but Neon can't take.
func checkSettings(change *neon.ProjectSettings, owner account) error {
	if change == nil {
		return nil
	}
	if window := change.MaintenanceWindow; window != nil {
		if err := checkMaintenanceWindow(window); err != nil {
			return err
		}
	}
	if change.AllowedIPs != nil && change.AllowedIPs.IPs != nil {
		for _, ip := range *change.AllowedIPs.IPs {
			if !validIPRange(ip) {
				return badRequest("project.settings.allowed_ips.ips: %q is not an address, a CIDR block or a range", ip)
			}
		}
	}
	if change.Hipaa != nil && *change.Hipaa && (owner.org == nil || owner.org.AllowHipaaProjects == nil || !*owner.org.AllowHipaaProjects) {
		return forbidden("project.settings.hipaa: the account may not have HIPAA projects")
	}
	return nil
}

func checkMaintenanceWindow(window *neon.MaintenanceWindow) error {
	for _, day := range window.Weekdays {
		if day < 1 || day > 7 {
			return badRequest("project.settings.maintenance_window.weekdays must be from 1 (Monday) to 7 (Sunday), got %d", day)
		}
	}
	for _, t := range []string{window.StartTime, window.EndTime} {
		if _, err := time.Parse("15:04", t); err != nil || len(t) != len("15:04") {
			return badRequest("project.settings.maintenance_window: %q is not a time such as 07:30", t)
		}
	}
	return nil
}

// validIPRange takes 192.0.2.1, 192.0.2.0/24 and 192.0.2.1-192.0.2.9, and IPv6 alike.
func validIPRange(s string) bool {
	if first, last, isRange := strings.Cut(s, "-"); isRange {
		from, err1 := netip.ParseAddr(strings.TrimSpace(first))
		to, err2 := netip.ParseAddr(strings.TrimSpace(last))
		return err1 == nil && err2 == nil && from.BitLen() == to.BitLen() && from.Compare(to) <= 0
	}
	if _, err := netip.ParsePrefix(s); err == nil {
		return true
	}
	_, err := netip.ParseAddr(s)
	return err == nil
}

// checkCompute holds the sizes of a compute against the plan.
func checkCompute(where string, minCU, maxCU float64, suspend int64, plan plan) error {
	switch {
	case minCU > maxCU:
		return badRequest("%s: autoscaling_limit_min_cu (%v) is more than autoscaling_limit_max_cu (%v)", where, minCU, maxCU)
	case maxCU > plan.maxCU:
		return badRequest("%s: autoscaling_limit_max_cu is at most %v on the %s plan, got %v", where, plan.maxCU, plan.name, maxCU)
	case suspend > 0 && suspend < 60:
		return badRequest("%s: suspend_timeout_seconds is -1 (never), 0 (the default) or from 60 to 604800, got %d", where, suspend)
	}
	return nil
}

// checkRetention refuses a history longer than the plan keeps, in Neon's words.
func checkRetention(seconds int64, plan plan) error {
	if seconds > plan.maxRetention {
		return badRequest("requested history retention seconds exceeds allowed maximum; requested_history_retention_seconds:%q, max:%q",
			itoa(seconds), itoa(plan.maxRetention))
	}
	return nil
}
