"""Says what botocore makes of AWS configuration files.

Reads a JSON list of cases, `{ "config", "credentials", "env", "profile" }`,
and prints a JSON list: "keys ID" for credentials, "none" where a profile has
none, "login" where a valid SSO profile only lacks a token, else the name of
the exception. With the argument "files" it adds token and region to the keys;
with "values" it says all that the config file holds, in profiles, sso-sessions
and services.
"""

import json
import os
import sys
import tempfile

import botocore.configloader
import botocore.session
from botocore.exceptions import SSOTokenLoadError, UnauthorizedSSOTokenError


def write(folder, name, text):
    path = os.path.join(folder, name)
    with open(path, "w", encoding="utf-8", newline="") as file:
        file.write(text)
    return path


def look(case):
    if "values" in sys.argv[1:]:
        found = botocore.configloader.load_config(os.environ["AWS_CONFIG_FILE"])
        names = ("profiles", "sso_sessions", "services")  # older ones lack the last
        return {name: found[name] for name in names if name in found}
    session = botocore.session.Session(profile=case.get("profile"))
    found = session.get_credentials()
    if not found:
        return "none"
    frozen = found.get_frozen_credentials()
    words = "keys " + frozen.access_key
    if "files" in sys.argv[1:]:
        region = session.get_config_variable("region")
        words += f" token {frozen.token or '-'} region {region or '-'}"
    return words


def outcome(case, folder):
    os.environ.clear()
    os.environ.update(case.get("env", {}))
    os.environ["HOME"] = folder
    os.environ["AWS_EC2_METADATA_DISABLED"] = "true"
    os.environ["AWS_CONFIG_FILE"] = write(folder, "config", case.get("config", ""))
    os.environ["AWS_SHARED_CREDENTIALS_FILE"] = write(
        folder, "credentials", case.get("credentials", "")
    )
    try:
        return look(case)
    except (SSOTokenLoadError, UnauthorizedSSOTokenError):
        return "login"
    except Exception as error:  # its kind is the answer
        return type(error).__name__


def main():
    cases = json.load(sys.stdin)
    outcomes = []
    for case in cases:
        with tempfile.TemporaryDirectory() as folder:
            outcomes.append(outcome(case, folder))
    print(json.dumps(outcomes))


main()
