"""What botocore makes of sessions of roles that are kept in files.

Reads a JSON object `{ "folder", "cases": [{ "role_arn", "extra_args", "text" }] }`.
Prints for each case, as a JSON list, the name of its file, and of the text
`[key, secret, token, account, seconds left]`, read through the cache that the
aws command uses. The role itself cannot be assumed.
"""

import datetime
import json
import os
import sys

from botocore.credentials import AssumeRoleCredentialFetcher
from botocore.utils import JSONFileCache, datetime2timestamp
from dateutil.parser import parse


def look(folder, case):
    def refuse(*_args, **_kwargs):
        raise RuntimeError("it would assume the role")

    fetcher = AssumeRoleCredentialFetcher(
        client_creator=refuse,
        source_credentials=None,
        role_arn=case["role_arn"],
        extra_args=case["extra_args"],
        mfa_prompter=refuse,
        cache=JSONFileCache(folder),
    )
    name = fetcher._cache_key + ".json"
    if case.get("text"):
        with open(os.path.join(folder, name), "w") as file:
            file.write(case["text"])
    try:
        found = fetcher.fetch_credentials()
    except (RuntimeError, AttributeError):
        return {"name": name}
    ends = datetime2timestamp(parse(found["expiry_time"]))
    now = datetime.datetime.now().timestamp()
    return {
        "name": name,
        "found": [found["access_key"], found["secret_key"], found["token"]],
        "left": round(ends - now),
    }


def main():
    given = json.load(sys.stdin)
    print(json.dumps([look(given["folder"], case) for case in given["cases"]]))


main()
