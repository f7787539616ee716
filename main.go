// Command terraform-provider-neon serves the Neon provider to Terraform and OpenTofu.
package main

import (
	"flag"
	"log"

	"github.com/neon-orgs/terraform-provider-neon/internal/provider"
)

// version is set by the linker when a release is built.
var version = "dev"

func main() {
	debug := flag.Bool("debug", false, "keep running and print how a CLI can attach, for use with a debugger")
	flag.Parse()

	serve := provider.Serve
	if *debug {
		serve = provider.ServeDebug
	}
	if err := serve(provider.NewServer(version, provider.Options{})); err != nil {
		log.Fatal(err)
	}
}
