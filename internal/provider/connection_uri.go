package provider

import (
	"net/url"
	"strconv"
	"strings"
)

// defaultPostgresPort is where a connection string leads that names no port.
const defaultPostgresPort = 5432

// connectionParts is what a connection string says.
type connectionParts struct {
	host     string
	port     int64
	user     string
	password string // empty where there is none
	database string
	// options are the parameters after the question mark, such as sslmode.
	options map[string]string
}

// parseConnectionURI takes a connection string apart. Its errors don't show it, as
// it holds a password.
func parseConnectionURI(s string) (connectionParts, *problem) {
	if strings.TrimSpace(s) == "" {
		return connectionParts{}, connectionURIProblem("The value is empty.")
	}
	u, err := url.Parse(s)
	switch {
	case err != nil:
		return connectionParts{}, connectionURIProblem("The value is not a well-formed URI. A password with characters such as / or # in it has to be written with their % codes.")
	case u.Scheme != "postgresql" && u.Scheme != "postgres":
		return connectionParts{}, connectionURIProblem("The value doesn't begin with postgresql:// or postgres://.")
	case u.User == nil || u.User.Username() == "":
		return connectionParts{}, connectionURIProblem("The URI has no user.")
	case u.Hostname() == "":
		return connectionParts{}, connectionURIProblem("The URI has no host.")
	case strings.Trim(u.Path, "/") == "":
		return connectionParts{}, connectionURIProblem("The URI has no database after the host.")
	}
	options, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return connectionParts{}, connectionURIProblem("The part after the question mark is malformed.")
	}
	parts := connectionParts{
		host: u.Hostname(), port: defaultPostgresPort, user: u.User.Username(), database: strings.TrimPrefix(u.Path, "/"),
		options: map[string]string{},
	}
	parts.password, _ = u.User.Password()
	if port := u.Port(); port != "" {
		if parts.port, err = strconv.ParseInt(port, 10, 32); err != nil {
			return connectionParts{}, connectionURIProblem("The URI's port is not a number.")
		}
	}
	for name, values := range options {
		parts.options[name] = values[len(values)-1]
	}
	return parts, nil
}

func connectionURIProblem(mistake string) *problem {
	return newProblem("Invalid connection URI", mistake+
		" A connection URI looks like postgresql://user:password@host/database?sslmode=require; it is the \"uri\" of a neon_connection_uri.")
}
