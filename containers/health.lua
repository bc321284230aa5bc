--- Exits with 0 while the sandbox of this container answers.
local http = require "socket.http"

http.TIMEOUT = 2
local _, status = http.request(("http://127.0.0.1:%s/"):format(os.getenv "COGNITO_SANDBOX_PORT" or "9229"))
os.exit(status == 200 and 0 or 1)
