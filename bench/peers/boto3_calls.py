"""The SDK for Python: boto3_calls.py URL AUTHORITY CALLS OPERATION IN_FLIGHT"""
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import boto3
from botocore.config import Config

url, authority, calls, operation, in_flight = sys.argv[1:]
calls, in_flight = int(calls), int(in_flight)

client = boto3.client(
    "cognito-idp", endpoint_url=url, verify=authority, region_name="us-east-1",
    aws_access_key_id="AKIDEXAMPLE", aws_secret_access_key="wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
    config=Config(max_pool_connections=in_flight))


def once(_=None):
    if operation == "forgot_password":
        client.forgot_password(ClientId="3n4b5urk1ft4fl3mg5e62d9ado", Username="alice@example.com")
    else:
        client.admin_reset_user_password(UserPoolId="us-east-1_AbCdEfGhI", Username="alice@example.com")


def call_all(n):
    if in_flight == 1:
        for _ in range(n):
            once()
    else:
        with ThreadPoolExecutor(in_flight) as threads:
            list(threads.map(once, range(n)))


if calls > 1:
    call_all(calls // 10 + in_flight)
cpu, wall = time.process_time(), time.monotonic()
call_all(calls)
cpu, wall = time.process_time() - cpu, time.monotonic() - wall
print(f"{cpu / calls * 1e6:.3f} {wall / calls * 1e6:.3f}")
