--- Certificates for TLS tests, made by the openssl command and kept in
-- build/certificates for the next run.

local M = {}

local DIR = "build/certificates"

-- Made in a directory of its own and moved into place, so that two runs at
-- the same time do not see each other's halves. A name on the command line is
-- the subject; days may be negative.
local SCRIPT = [[
set -e
mkdir -p build
dir=$(mktemp -d build/certificates.XXXXXX)
cd "$dir"
key() { openssl ecparam -name prime256v1 -genkey -noout -out "$1.key"; }
authority() {
  key "$1"
  openssl req -x509 -new -key "$1.key" -out "$1.pem" -days 3650 -subj "/CN=$1"
}
certificate() { # name, alternative name, days, authority
  key "$1"
  openssl req -new -key "$1.key" -subj "/CN=$1" -out "$1.csr"
  printf 'subjectAltName=%s\n' "$2" > "$1.ext"
  openssl x509 -req -in "$1.csr" -CA "$4.pem" -CAkey "$4.key" -set_serial 1 \
    -days "$3" -extfile "$1.ext" -out "$1.pem"
}
authority ca
authority stranger
certificate good IP:127.0.0.1,DNS:localhost 3650 ca
certificate elsewhere DNS:elsewhere.example 3650 ca
certificate expired IP:127.0.0.1 -1 ca
mkdir hashed
cp ca.pem hashed/"$(openssl x509 -hash -noout -in ca.pem)".0
cd - >/dev/null
if [ -e build/certificates ]; then rm -r "$dir"; else mv "$dir" build/certificates; fi
]]

local function exists(path)
  local file = io.open(path)
  if file then file:close() end
  return file ~= nil
end

--- Paths: `ca`, `stranger` and `hashed` (a directory with the ca) to trust;
-- `good`, `elsewhere` and `expired` as `{ certificate, key }`.
-- @treturn table
function M.get()
  if not exists(DIR .. "/good.pem") then os.execute("(" .. SCRIPT .. ") >/dev/null 2>&1") end
  assert(exists(DIR .. "/good.pem"), "openssl could not make the test certificates")
  local function pair(name)
    return { DIR .. "/" .. name .. ".pem", DIR .. "/" .. name .. ".key" }
  end
  return {
    ca = DIR .. "/ca.pem",
    stranger = DIR .. "/stranger.pem",
    hashed = DIR .. "/hashed",
    good = pair "good",
    elsewhere = pair "elsewhere",
    expired = pair "expired",
  }
end

return M
