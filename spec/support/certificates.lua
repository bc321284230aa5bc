--- Certificates for TLS tests, made by the openssl command and kept in
-- build/certificates for the next run.

local M = {}

local DIR = "build/certificates"

-- Made in a directory of its own and moved into place, so that two runs at
-- the same time do not see each other's halves. A name on the command line is
-- the subject. Only `openssl ca` takes dates in every version: -days is no
-- longer negative from OpenSSL 3.5 on.
local SCRIPT = [[
set -e
unset LD_PRELOAD # a sanitizer: mktemp leaves memory to the kernel
mkdir -p build
dir=$(mktemp -d build/certificates.XXXXXX)
cd "$dir"
key() { openssl ecparam -name prime256v1 -genkey -noout -out "$1.key"; }
authority() {
  key "$1"
  openssl req -x509 -new -key "$1.key" -out "$1.pem" -days 3650 -subj "/CN=$1"
}
request() { # name, extension
  key "$1"
  openssl req -new -key "$1.key" -subj "/CN=$1" -out "$1.csr"
  printf '%s\n' "$2" > "$1.ext"
}
certificate() { # name, extension, authority
  request "$1" "$2"
  openssl x509 -req -in "$1.csr" -CA "$3.pem" -CAkey "$3.key" -set_serial 1 \
    -days 3650 -extfile "$1.ext" -out "$1.pem"
}
dated() { # name, extension, authority, first and last year
  request "$1" "$2"
  {
    printf '[ca]\ndefault_ca=d\n[d]\ndatabase=index\nserial=serial\n'
    printf 'new_certs_dir=.\ndefault_md=sha256\npolicy=p\n[p]\ncommonName=supplied\n'
  } > ca.cnf
  : > index
  echo 02 > serial
  openssl ca -batch -notext -config ca.cnf -cert "$3.pem" -keyfile "$3.key" -in "$1.csr" \
    -extfile "$1.ext" -startdate "$4"0101000000Z -enddate "$5"0101000000Z -out "$1.pem"
}
authority ca
authority stranger
here=subjectAltName=IP:127.0.0.1,DNS:localhost
certificate good $here ca
certificate elsewhere subjectAltName=DNS:elsewhere.example ca
dated expired $here ca 2018 2019
dated future $here ca 2048 2049
certificate middle basicConstraints=critical,CA:TRUE ca
certificate leaf $here middle
cat leaf.pem middle.pem > chain.pem
key self
openssl req -x509 -new -key self.key -out self.pem -days 3650 -subj /CN=self -addext $here
mkdir hashed
cp ca.pem hashed/"$(openssl x509 -hash -noout -in ca.pem)".0
cd - >/dev/null
if [ -e build/certificates/self.pem ]; then rm -r "$dir"; exit; fi
rm -rf build/certificates # of an older version of this script
mv "$dir" build/certificates
]]

local function exists(path)
  local file = io.open(path)
  if file then file:close() end
  return file ~= nil
end

--- Paths: `ca`, `stranger` and `hashed` (a directory with the ca) to trust;
-- `good`, `elsewhere`, `expired`, `future`, `self` (signed), `leaf` (of an
-- intermediate authority) and `chain` (the same with that authority) as
-- `{ certificate, key }`.
-- @treturn table
function M.get()
  if not exists(DIR .. "/self.pem") then os.execute("(" .. SCRIPT .. ") >/dev/null 2>&1") end
  assert(exists(DIR .. "/self.pem"), "openssl could not make the test certificates")
  local function pair(name, key)
    return { DIR .. "/" .. name .. ".pem", DIR .. "/" .. (key or name) .. ".key" }
  end
  return {
    ca = DIR .. "/ca.pem",
    stranger = DIR .. "/stranger.pem",
    hashed = DIR .. "/hashed",
    good = pair "good",
    elsewhere = pair "elsewhere",
    expired = pair "expired",
    future = pair "future",
    self = pair "self",
    leaf = pair "leaf",
    chain = pair("chain", "leaf"),
  }
end

return M
