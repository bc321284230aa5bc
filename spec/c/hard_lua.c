/*
 * hard_lua.c: where the hard Lua collects all its garbage: wherever it may
 * while a function of ours runs. Everywhere would take days.
 */
#include "hard_lua.h"

#include <dlfcn.h>
#include <string.h>

#include "lobject.h"
#include "lstate.h"

static int is_ours(lua_CFunction f)
{
  static lua_CFunction last;
  static int answer;
  Dl_info info;
  union {
    lua_CFunction function;
    void *data;
  } at;
  if (f == last)
    return answer;
  at.function = last = f;
  answer = dladdr(at.data, &info) != 0 && info.dli_fname != NULL &&
           (strstr(info.dli_fname, "cognito/core.so") != NULL ||
            strstr(info.dli_fname, "cognito/wire.so") != NULL);
  return answer;
}

int hard_wants(lua_State *L)
{
  const TValue *f = s2v(L->ci->func);
  if (ttislcf(f))
    return is_ours(fvalue(f));
  return ttisCclosure(f) && is_ours(clCvalue(f)->f);
}
