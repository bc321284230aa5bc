-- core_call.lua over TLS: most of it is OpenSSL's work.
return dofile "spec/torture/core_call.lua"
