"""A test of an app's recovery, in Python with botocore (boto3 is the same).

    cognito sandbox --user ada:ada@example.com -- python3 -m unittest test_recovery

The settings of the local user pool are in the environment.
"""

import base64
import hashlib
import hmac
import json
import os
import unittest
import urllib.request

import botocore.session

ENDPOINT = os.environ["AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER"]
CLIENT_ID = os.environ["COGNITO_CLIENT_ID"]
SECRET = os.environ["COGNITO_CLIENT_SECRET"].encode()


def secret_hash(username):
    digest = hmac.new(SECRET, (username + CLIENT_ID).encode(), hashlib.sha256)
    return base64.b64encode(digest.digest()).decode()


class Recovery(unittest.TestCase):
    def setUp(self):
        self.pool = botocore.session.get_session().create_client(
            "cognito-idp", region_name=os.environ["AWS_REGION"], endpoint_url=ENDPOINT
        )
        self.public = {"ClientId": CLIENT_ID, "Username": "ada", "SecretHash": secret_hash("ada")}

    def code(self):
        with urllib.request.urlopen(ENDPOINT + "/outbox") as reply:
            return json.load(reply)[-1]["code"]

    def test_recovers_an_account(self):
        sent = self.pool.forgot_password(**self.public)
        self.assertEqual("EMAIL", sent["CodeDeliveryDetails"]["DeliveryMedium"])
        self.pool.confirm_forgot_password(
            **self.public, ConfirmationCode=self.code(), Password="Difference-Engine-1822"
        )

    def test_wrong_code(self):
        self.pool.forgot_password(**self.public)
        with self.assertRaises(self.pool.exceptions.CodeMismatchException):
            self.pool.confirm_forgot_password(
                **self.public, ConfirmationCode="000000", Password="Difference-Engine-1822"
            )


if __name__ == "__main__":
    unittest.main()
