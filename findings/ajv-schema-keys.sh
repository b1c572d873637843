#!/usr/bin/env bash
# What ajv says of a schema whose key has a space before a colon, as in "Intercom Cloud Mode:settings":
#
#   nothing, or "URI scheme is malformed", depending on which fast-uri npm happens to install.
#
# Ajv takes a key for a URI, and leaves reading it to fast-uri, which it wants as "^3.0.1". Up to 3.1.0 that
# passes such a scheme through; 3.1.9 throws, out of getSchema(). Whoever names schemas in words has a program
# that worked, and throws at its first call after the next install: @segment/action-destinations 3.497.0,
# freshly installed, handles no event any more. An "overrides" for fast-uri 3.0.6 puts it right; the benchmark
# in shared/tracking/benches/mapping/peer has it.
#
# Needs npm and its registry. Prints what it saw; ends with 1 when that is no longer so.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

cat > ask.js <<'JS'
const Ajv = require("ajv").default;
try {
  new Ajv().getSchema("Intercom Cloud Mode:settings");
  console.log("no such schema");
} catch (error) {
  console.log(error.message);
}
JS

ask() {
  printf '{"private":true,"dependencies":{"ajv":"8.20.0"},"overrides":{"fast-uri":"%s"}}' "$1" > package.json
  rm -rf node_modules package-lock.json
  npm install --no-audit --no-fund --loglevel=error > /dev/null
  node ask.js
}

older=$(ask 3.0.6)
newer=$(ask 3.1.9)
echo "fast-uri 3.0.6: $older"
echo "fast-uri 3.1.9: $newer"
[ "$older" = "no such schema" ] && [ "$newer" = "URI scheme is malformed." ]
