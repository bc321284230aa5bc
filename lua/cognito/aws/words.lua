--- Words of a command or of a header, quoted as for a shell.
-- @module cognito.aws.words

-- What a double quote protects, a backslash still changes.
local function unquote(text)
  return (text:gsub('\\(["\\])', "%1"))
end

-- One piece of a word at a position: its text and where it ends.
local function read_piece(command, at)
  local text, stop = command:match("^'([^']*)'()", at)
  if text then
    return text, stop
  end
  if command:sub(at, at) == '"' then
    stop = at + 1
    while command:sub(stop, stop) ~= '"' do
      stop = stop + (command:sub(stop, stop) == "\\" and 2 or 1)
      if stop > #command then
        return nil
      end
    end
    return unquote(command:sub(at + 1, stop - 1)), stop + 1
  end
  text, stop = command:match("^\\(.)()", at)
  if text then
    return text, stop
  end
  return command:match("^([^ \t\r\n'\"\\]+)()", at)
end

--- Splits a command into words as a POSIX shell would, without expanding
-- anything.
-- @tparam string command
-- @treturn[1] {string,...}
-- @treturn[2] nil when a quote or a backslash is left open
return function(command)
  local words, word = {}, nil
  local at = 1
  while at <= #command do
    local after = command:match("^[ \t\r\n]+()", at)
    if after then
      words[#words + 1], word = word, nil
      at = after
    else
      local text, stop = read_piece(command, at)
      if not text then
        return nil
      end
      word = (word or "") .. text
      at = stop
    end
  end
  words[#words + 1] = word
  return words
end
