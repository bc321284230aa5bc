"""Signs requests with botocore: the other half of signer_check.lua.

Reads a file of JSON lines, one request each, and prints one JSON line each
with the canonical request and the Authorization header.
"""

import hashlib
import json
import sys

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials


def request_of(case, body):
    request = AWSRequest(method=case["method"], url=case["url"], data=body)
    for name, value in case["headers"]:
        request.headers[name] = value  # appends, also to a name already there
    if case["sign_body"]:
        request.headers["X-Amz-Content-SHA256"] = hashlib.sha256(body).hexdigest()
    return request


def sign(case):
    """The steps of SigV4Auth.add_auth, at a time of our choosing."""
    request = request_of(case, bytes.fromhex(case["body"]))
    credentials = Credentials(
        case["access_key_id"], case["secret_access_key"], case.get("session_token")
    )
    signer = SigV4Auth(credentials, case["service"], case["region"])
    request.context["timestamp"] = case["time"]
    signer._modify_request_before_signing(request)
    canonical_request = signer.canonical_request(request)
    text = signer.string_to_sign(request, canonical_request)
    signer._inject_signature_to_request(request, signer.signature(text, request))
    return {
        "canonical_request": canonical_request,
        "authorization": request.headers["Authorization"],
    }


def main():
    with open(sys.argv[1], encoding="utf-8") as cases:
        for line in cases:
            print(json.dumps(sign(json.loads(line))))


if __name__ == "__main__":
    main()
