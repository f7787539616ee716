//go:build !windows

package emulator

import (
	"errors"
	"os"
	"syscall"
)

// lockFile makes this process the only one that has the file locked, until it
// is closed or the process ends. It is a file of its own because the one with
// the world is replaced with every write.
func lockFile(path string) (*os.File, error) {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600) //nolint:gosec // beside the file that the user names
	if err != nil {
		return nil, err
	}
	err = syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		err = errLocked
	}
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return file, nil
}

// syncDirectory makes a rename in a directory last.
func syncDirectory(path string) error {
	directory, err := os.Open(path) //nolint:gosec // where the file is that the user names
	if err != nil {
		return err
	}
	return errors.Join(directory.Sync(), directory.Close())
}
