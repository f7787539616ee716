package emulator

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// The file is one JSON document:
//
//	{"format":"neon-emulator world","version":1,"world":{…},"crc32c":"…"}
//
// "world" is a snapshot, which --seed and PUT /_emulator/state take as well, and
// the checksum is over its bytes as they stand.
const (
	worldFormat  = "neon-emulator world"
	worldVersion = 1
)

func worldChecksum() *crc32.Table { return crc32.MakeTable(crc32.Castagnoli) }

type worldFile struct {
	Format   string          `json:"format"`
	Version  int             `json:"version"`
	World    json.RawMessage `json:"world"`
	Checksum string          `json:"crc32c"`
}

// readWorld reads a file that writeWorld has written; nil if there is no file.
// A file that isn't just as it was written is an error, never half a world.
func readWorld(path string) (*Seed, error) {
	data, err := os.ReadFile(path) //nolint:gosec // the file that the user names
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil //nolint:nilnil // no file and no mistake
	}
	if err != nil {
		return nil, fmt.Errorf("can't read the kept world: %w", err)
	}
	world, err := decodeWorld(data)
	if err != nil {
		return nil, fmt.Errorf("%s can't be used: %w. It was left as it is: put a good copy in its place, or name another file to start anew", path, err)
	}
	return world, nil
}

func decodeWorld(data []byte) (*Seed, error) {
	var file worldFile
	if err := json.Unmarshal(data, &file); err != nil {
		return nil, fmt.Errorf("it is truncated or garbled (%d bytes, %w)", len(data), err)
	}
	switch {
	case file.Format != worldFormat:
		return nil, fmt.Errorf("it is not a world that an emulator has kept: its format is %q, not %q", file.Format, worldFormat)
	case file.Version != worldVersion:
		return nil, fmt.Errorf("its version is %d, and this emulator knows version %d alone", file.Version, worldVersion)
	case file.Checksum != checksumText(crc32.Checksum(file.World, worldChecksum())):
		return nil, errors.New("it is garbled: the world in it doesn't have the checksum it was written with")
	}
	world, err := ParseSeed(file.World)
	if err != nil {
		return nil, err
	}
	return &world, nil
}

func checksumText(sum uint32) string { return fmt.Sprintf("%08x", sum) }

// writeWorld replaces a file by a world, so that after a crash at any moment
// the file is either the old one or the new one, whole. Only its owner can read
// it: it holds keys and passwords. head is a JSON object that lacks "projects".
func writeWorld(path string, head []byte, projects [][]byte) error {
	// The lock makes this process the only one that uses the name.
	temporary := path + ".tmp"
	if err := os.Remove(temporary); err != nil && !errors.Is(err, fs.ErrNotExist) { //nolint:gosec // beside the file that the user names
		return err
	}
	file, err := os.OpenFile(temporary, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600) //nolint:gosec // beside the file that the user names
	if err != nil {
		return err
	}
	err = encodeWorld(file, head, projects)
	if err == nil {
		err = file.Sync()
	}
	if err := errors.Join(err, file.Close()); err != nil {
		return errors.Join(err, os.Remove(temporary)) //nolint:gosec // as above
	}
	if err := os.Rename(temporary, path); err != nil { //nolint:gosec // as above
		return err
	}
	return syncDirectory(filepath.Dir(path))
}

// encodeWorld writes the document with one project on a line.
func encodeWorld(to io.Writer, head []byte, projects [][]byte) error {
	out := bufio.NewWriterSize(to, 1<<20)
	// Errors of a bufio.Writer stay: Flush gives the first.
	_, _ = fmt.Fprintf(out, "{\"format\":%q,\"version\":%d,\"world\":", worldFormat, worldVersion)
	sum := crc32.New(worldChecksum())
	world := io.MultiWriter(out, sum)
	_, _ = world.Write(head[:len(head)-1]) // without the closing brace
	separator := ",\"projects\":["
	for _, p := range projects {
		_, _ = io.WriteString(world, separator+"\n")
		_, _ = world.Write(p)
		separator = ","
	}
	if len(projects) == 0 {
		_, _ = io.WriteString(world, separator)
	}
	_, _ = io.WriteString(world, "]}")
	_, _ = fmt.Fprintf(out, ",\"crc32c\":%q}\n", checksumText(sum.Sum32()))
	return out.Flush()
}
