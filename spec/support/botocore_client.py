"""A recovery as botocore's client speaks it: the other side of
spec/services/botocore_client_spec.lua.

Takes the address of a local user pool and its settings from the environment,
and prints one JSON line for each step: its name and the error's code, or what
of the reply the spec looks at.
"""

import base64
import hashlib
import hmac
import json
import os
import sys
import urllib.request

import botocore.session
from botocore.config import Config
from botocore.exceptions import ClientError

USERNAME, FIRST, SECOND = "ada", "Analytical-Engine-1837", "Difference-Engine-1822"
POOL = {"UserPoolId": os.environ["COGNITO_USER_POOL_ID"], "Username": USERNAME}
CLIENT_ID = os.environ["COGNITO_CLIENT_ID"]
ENDPOINT = os.environ["COGNITO_ENDPOINT"]


def new_client(**changes):
    return botocore.session.get_session().create_client(
        "cognito-idp",
        region_name=os.environ["AWS_REGION"],
        endpoint_url=ENDPOINT,
        config=Config(retries={"total_max_attempts": 1}),
        **changes,
    )


def secret_hash(secret):
    text = (USERNAME + CLIENT_ID).encode()
    digest = hmac.new(secret.encode(), text, hashlib.sha256).digest()
    return base64.b64encode(digest).decode()


def app(secret=os.environ["COGNITO_CLIENT_SECRET"]):
    """What every operation of the app client takes."""
    return {"ClientId": CLIENT_ID, "SecretHash": secret_hash(secret), "Username": USERNAME}


def auth(password):
    return {
        "ClientId": CLIENT_ID,
        "AuthFlow": "USER_PASSWORD_AUTH",
        "AuthParameters": {
            "USERNAME": USERNAME,
            "PASSWORD": password,
            "SECRET_HASH": app()["SecretHash"],
        },
    }


def code():
    with urllib.request.urlopen(ENDPOINT + "/outbox") as reply:
        return json.load(reply)[-1]["code"]


def step(name, call, look=lambda reply: None, **params):
    try:
        line = {"saw": look(call(**params))}
    except ClientError as error:
        status = error.response["ResponseMetadata"]["HTTPStatusCode"]
        line = {"error": error.response["Error"]["Code"], "status": status}
    print(json.dumps({"step": name, **line}))


def medium(reply):
    return reply["CodeDeliveryDetails"]["DeliveryMedium"]


def status(reply):
    return reply["UserStatus"]


def signed_in(reply):
    return "AccessToken" in reply["AuthenticationResult"]


def count(reply):
    return len(reply["Users"])


def year(reply):
    return reply["UserCreateDate"].year


def main():
    idp = new_client()
    stranger = new_client(aws_access_key_id=os.environ["AWS_ACCESS_KEY_ID"], aws_secret_access_key="wrong")
    email = [{"Name": "email", "Value": "ada@example.com"}]
    step("sign_up", idp.sign_up, medium, Password=FIRST, UserAttributes=email, **app())
    step("resend", idp.resend_confirmation_code, medium, **app())
    step("confirm", idp.confirm_sign_up, ConfirmationCode=code(), **app())
    step("sign in", idp.initiate_auth, signed_in, **auth(FIRST))
    step("forgot", idp.forgot_password, medium, ClientMetadata={"why": "lost"}, **app())
    step("wrong code", idp.confirm_forgot_password, ConfirmationCode="x", Password=SECOND, **app())
    step("confirm forgot", idp.confirm_forgot_password, ConfirmationCode=code(), Password=SECOND, **app())
    step("old password", idp.initiate_auth, **auth(FIRST))
    step("new password", idp.initiate_auth, signed_in, **auth(SECOND))
    step("get", idp.admin_get_user, status, **POOL)
    step("date", idp.admin_get_user, year, **POOL)
    step("reset", idp.admin_reset_user_password, **POOL)
    step("get after reset", idp.admin_get_user, status, **POOL)
    step("locked out", idp.initiate_auth, **auth(SECOND))
    step("back in", idp.confirm_forgot_password, ConfirmationCode=code(), Password=FIRST, **app())
    step("sign out", idp.admin_user_global_sign_out, **POOL)
    step("list", idp.list_users, count, UserPoolId=POOL["UserPoolId"])
    step("wrong secret", idp.forgot_password, **app(secret="wrong"))
    step("wrong key", stranger.admin_get_user, status, **POOL)
    step("nobody", idp.admin_get_user, **{**POOL, "Username": "nobody"})


if __name__ == "__main__":
    sys.exit(main())
