// Package minicli is a CLI in miniature, for tests: it makes and carries out
// plans through the plugin protocol, in the test's own process and in the time of
// its own clock, so that a thousand runs take seconds.
//
// It does what OpenTofu and Terraform do between a configuration, a state and a
// provider, and insists on what they insist on: a plan that fits the
// configuration, a result that fits the plan and leaves nothing open, states that
// go through an upgrade between commands, a provider process of its own for each
// phase, and the roads to a change that a configuration or a flag opens: -replace,
// -target, -refresh=false, saved plans, taint, lifecycle, moved and removed. What a
// provider gets wrong there is a violation, as the CLIs call it an
// error of the provider. It knows no expressions but whole references, such as
// "${neon_project.app.id}", and does one thing at a time.
package minicli
