/*
 * http_trust.c: the system's certificates, found cheaply.
 *
 * By default libcurl uses the system's bundle and the system's hashed
 * directory together. Both hold the same certificates, but the two together
 * make it parse the whole bundle for every connection: 22 ms on Debian. Of
 * the directory alone it reads the one certificate that it needs; the bundle
 * alone it parses once, since it keeps the parsed store only when no
 * directory is set.
 */
#include "http_trust.h"

#include <ctype.h>
#include <dirent.h>
#include <unistd.h>

#include <curl/curl.h>

/* OpenSSL looks certificates up as eight hex digits, a dot and a count. */
static int is_hashed_name(const char *name)
{
  int i;
  for (i = 0; i < 8; i++)
    if (!isxdigit((unsigned char)name[i]))
      return 0;
  return name[8] == '.' && isdigit((unsigned char)name[9]);
}

static int is_hashed_directory(const char *path)
{
  DIR *dir = opendir(path);
  struct dirent *entry;
  int found = 0;
  if (dir == NULL)
    return 0;
  while (!found && (entry = readdir(dir)) != NULL)
    found = is_hashed_name(entry->d_name);
  closedir(dir);
  return found;
}

static void choose(cog_http_settings *s)
{
  const curl_version_info_data *info = curl_version_info(CURLVERSION_NOW);
  if (info->capath != NULL && is_hashed_directory(info->capath))
    s->ca_path = info->capath;
  else if (info->cainfo != NULL && access(info->cainfo, R_OK) == 0)
    s->ca_file = info->cainfo;
}

void cog_trust_choose(cog_http_settings *s)
{
  if (s->ca_file == NULL && s->ca_path == NULL)
    choose(s);
}
