// Package contract holds HTTP exchanges against Neon's official OpenAPI
// documents, strictly. It is an oracle for tests and imported by tests alone.
//
// The documents come from the npm package @neondatabase/api-client; package.json
// pins it and `npm ci` in this directory installs it. Without it, [Load] fails
// with [ErrNotInstalled], and [ForTest] and [Wrap] skip out loud, or fail the
// test where the environment says CI=true.
//
// Stricter than the documents' own words:
//   - An object has the properties that are documented and no others. Parts
//     composed with allOf are merged before the whole is closed. Objects
//     documented as maps stay maps.
//   - Formats are checked: uuid, date-time, email, uri, int32, int64, uint64.
//   - Query parameters, content types, bodies and successful statuses that
//     aren't documented are violations. Error statuses are documented through
//     the `default` answer.
//
// What can't be seen from a document is not checked: whether an answer is true,
// authorization, answer headers other than Content-Type, and what is inside
// bodies that aren't JSON.
package contract
