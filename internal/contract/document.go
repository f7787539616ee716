package contract

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/getkin/kin-openapi/openapi3"
)

// ErrNotInstalled says that the documents that package.json pins aren't there.
var ErrNotInstalled = errors.New("the official OpenAPI documents are not installed: run `npm ci` in internal/contract")

const documentFile = "public-v2-for-users.gen.yaml"

// layer is one published document and the operations that are taken from it.
type layer struct {
	module     string   // folder below node_modules
	version    string   // as package.json pins it
	operations []string // "METHOD /path"; none means all of them
}

// layers returns the documents in the order in which they are read. Together
// they describe the API; no operation is in two of them.
func layers() []layer {
	return []layer{
		{module: "@neondatabase/api-client", version: "2.7.3"},
		// Neon still answers this one, though its newest document has dropped it.
		{module: "api-client-2-7-2", version: "2.7.2", operations: []string{"GET /consumption_history/account"}},
	}
}

// read returns the layer's document from below nodeModules. The error is
// ErrNotInstalled when the package is missing or of another version.
func (l layer) read(nodeModules string) (*openapi3.T, error) {
	dir := filepath.Join(nodeModules, filepath.FromSlash(l.module))
	if err := l.checkVersion(dir); err != nil {
		return nil, err
	}
	file := filepath.Join(dir, documentFile)
	doc, err := openapi3.NewLoader().LoadFromFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%w: %s of %s is missing", ErrNotInstalled, documentFile, l.module)
	}
	if err != nil {
		return nil, fmt.Errorf("read the OpenAPI document of %s: %w", l.module, err)
	}
	return doc, nil
}

// checkVersion keeps a stale installation from being taken for the contract.
func (l layer) checkVersion(dir string) error {
	manifest, err := os.ReadFile(filepath.Join(dir, "package.json")) //nolint:gosec // a fixed path inside the repository
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%w: %s is missing", ErrNotInstalled, l.module)
	}
	if err != nil {
		return err
	}
	var pkg struct {
		Version string `json:"version"`
	}
	if err := json.Unmarshal(manifest, &pkg); err != nil {
		return fmt.Errorf("read package.json of %s: %w", l.module, err)
	}
	if pkg.Version != l.version {
		return fmt.Errorf("%w: %s is %s, wanted is %s", ErrNotInstalled, l.module, pkg.Version, l.version)
	}
	return nil
}

// findNodeModules looks for this package's node_modules from the module root,
// which is above the working directory of every Go test.
func findNodeModules() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "internal", "contract", "package.json")); err == nil {
			return filepath.Join(dir, "internal", "contract", "node_modules"), nil
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", fmt.Errorf("%w: no internal/contract/package.json at or above the working directory", ErrNotInstalled)
		}
		dir = parent
	}
}
