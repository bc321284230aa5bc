--- White space and invisible characters around names and codes. A text that
-- was copied from a page, a message or a spreadsheet brings them along; no user
-- name and no code has any (the service's patterns allow letters, marks,
-- symbols, digits and punctuation).
-- @module cognito.blanks

local M = {}

-- In UTF-8, by what the service's patterns leave out: separators (Z), and the
-- format characters (Cf) that are met in copied text. Not `%s`, which follows
-- the locale.
local sequences = {
  "[ \t\r\n\f\v]",
  "\194[\133\160\173]", -- next line, no-break space, soft hyphen
  "\216\156", -- Arabic letter mark
  "\225\154\128", "\225\160\142", -- Ogham space, Mongolian vowel separator
  "\226\128[\128-\143]", -- spaces of many widths, zero width, directions
  "\226\128[\168-\175]", -- separators of lines, embeddings, narrow no-break space
  "\226\129[\159-\175]", -- mathematical space, word joiner, isolates
  "\227\128\128", -- ideographic space
  "\239\187\191", -- zero width no-break space, the byte order mark
}

local SPACE = "[ \t\r\n\f\v]*"

local function shorter(text)
  for _, sequence in ipairs(sequences) do
    text = text:gsub("^" .. sequence, ""):gsub(sequence .. "$", "")
  end
  return text
end

--- Removes them from both ends.
-- @tparam string text
-- @treturn string
function M.trim(text)
  if not text:find "[\128-\255]" then
    return text:match("^" .. SPACE .. "(.-)" .. SPACE .. "$")
  end
  local before
  repeat
    before, text = text, shorter(text)
  until text == before
  return text
end

--- Removes all of them.
-- @tparam string text
-- @treturn string
function M.remove(text)
  for _, sequence in ipairs(sequences) do
    text = text:gsub(sequence, "")
  end
  return text
end

--- Whether there is nothing else in a text.
-- @tparam string text
-- @treturn boolean
function M.are_all(text)
  return M.trim(text) == ""
end

return M
