--- URLs of proxies with a password in them, which begins with S3cr.

local M = {}

M.faulty = {
  "http://user:S3cr#t@127.0.0.1:3128", "http://user:S3cr?t@127.0.0.1:3128", "http://user:S3cr/t@127.0.0.1:3128",
  "http://user:S3cr@t@127.0.0.1:3128", "http://user:S3cr t@127.0.0.1:3128", "http://user:S3cr\\t@127.0.0.1:3128",
  "http://user:S3cr%zz@127.0.0.1:3128", "http://user:S3cr%@127.0.0.1:3128", "http://user:S3cr%0a@127.0.0.1:3128",
  "http://user:S3cret@", "http://user:S3cret@:3128", "http://user:S3cret@/", "http://user:S3cret@127.0.0.1:port",
  "http://user:S3cret@127.0.0.1:0", "http://user:S3cret@127.0.0.1:65536", "http://user:S3cret@127.0.0.1:1:2",
  "http://user:S3cret@127.0.0.1:3128#x", "http://user:S3cret@127.0.0.1?x", "http://user:S3cret@[::1", "user:S3cr#t@h:1",
  "htp://user:S3cret@127.0.0.1:3128", "ftp://user:S3cret@127.0.0.1:3128", "://user:S3cret@127.0.0.1:3128",
  "http:user:S3cret@127.0.0.1:3128", "http://[fe80::1%25lo", "http://[]:1", "http://[fe80::1%25lo]x",
  ("http://user:%s@127.0.0.1:1"):format(("S3cret"):rep(400)),
  "http//user:S3cret@127.0.0.1:3128", "http:///user:S3cret@h", "user:S3cret", "http://S3cret:x",
  -- libcurl refuses these hosts, and would quote what it can of the URL: it cuts it, perhaps before the @.
  "http://user:S3cr'et@[:::]:1", "user:S3cr'et@[1.1]:1", ("http://user:%s@[:::::]:1"):format(("S3cret"):rep(60)),
  ("https://%s@[::1:]"):format(("S3cret"):rep(60)), ("socks5h://user:%s'@[:::]:1"):format(("S3cret"):rep(60)),
}

-- The port is one that nothing listens on.
M.sound = {
  "http://127.0.0.1:1", "127.0.0.1:1", "HTTP://127.0.0.1:1", "http://user:S3cret@127.0.0.1:1/",
  "user:S3cret@127.0.0.1:1",
  "http://us%40er:S3cr%23t@127.0.0.1:1", "http://user:S3cr!$&'()*+,;=:t@127.0.0.1:1", "http://[::1]:1",
  "socks5h://user:S3cret@127.0.0.1:1", "socks4a://127.0.0.1:1", "http://user:@127.0.0.1:1",
  "http://:S3cret@127.0.0.1:1",
}

return M
