--- Steps of the model in words, for people who read a counter-example.

local M = {}

local commits = { ok = "", held = ", and the answer to its commit is lost, which holds",
  lost = ", and its commit is lost, which does not hold" }

local sentences = {
  begin = "worker %d begins", kill = "worker %d is killed", lapse = "worker %d stands still for longer than its lease",
  finish = "worker %d ends its run", turn = "worker %d has a turn%s", enter = "worker %d is entered again%s",
  rejoin = "worker %d connects to the journal again%s",
  check = "worker %d looks user %d up, and checks that the call is not late",
  date = "worker %d dates the request of user %d",
  send = "worker %d sends the request of user %d",
  ["send too late"] = "worker %d sends the request of user %d, and the service refuses its old date: %s",
  ["send too late, reply lost"] = "worker %d sends the request of user %d, the service refuses its old date (%s), and"
    .. " the reply is lost",
  unsent = "worker %d cannot send the request of user %d",
  ["carry out"] = "the service carries out worker %d's request of user %d: %s",
  ["carry out, reply lost"] = "the service carries out worker %d's request of user %d (%s), and the reply is lost",
  refuse = "the service answers worker %d's request of user %d: %s",
  ["refuse, reply lost"] = "the service answers worker %d's request of user %d (%s), and the reply is lost",
  ["time out"] = "worker %d waits no longer for the request of user %d",
  look = "worker %d looks up what became of user %d",
  ["look in vain"] = "worker %d's look at user %d fails",
  arrive = "a request of user %d arrives late, and is carried out",
  recover = "user %d chooses a new password", move = "user %d changes the address",
  due = "the look at user %d is due", ["stray lapses"] = "the lease of a name ends that no process has",
  pause = "an operator pauses", resume = "an operator resumes", cancel = "an operator cancels",
  ["resume failed"] = "an operator has failed users tried again",
  ["resume uncertain"] = "an operator has uncertain users repeated",
  copy = "the journal is copied", ["use copy"] = "the copy is worked on",
}

--- A step in words.
-- @tparam string what
-- @tparam ?number worker
-- @param detail a row's number, a task or the fate of a commit
-- @tparam ?string more of a refusal
-- @treturn string
function M.of(what, worker, detail, more)
  local values = { worker }
  if type(detail) == "table" then
    values[#values + 1] = detail.row
  elseif detail ~= nil then
    values[#values + 1] = commits[detail] or detail
  end
  values[#values + 1] = more
  local unpack = rawget(_G, "unpack") or table.unpack
  return sentences[what]:format(unpack(values))
end

return M
