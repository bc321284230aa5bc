"""Cognito's SRP in Python's own integers, written from the protocol and not
from src/srp.c, for spec/core/srp_spec.lua.

    python3 spec/support/srp_check.py <CASES

A case is a line of hex fields with tabs between: the secret number, and then
pool, user, password, salt, B, block and timestamp, salt and B as digits that
are themselves written as hex. The answer is a line of NAME=HEX fields.
"""
import hashlib
import hmac
import sys

N = int(
    "FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA6"
    "3B139B22514A08798E3404DDEF9519B3CD3A431B302B0A6DF25F14374FE1356D6D51C245"
    "E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7EDEE386BFB5A899FA5AE9F2411"
    "7C4B1FE649286651ECE45B3DC2007CB8A163BF0598DA48361C55D39A69163FA8FD24CF5F"
    "83655D23DCA3AD961C62F356208552BB9ED529077096966D670C354E4ABC9804F1746C08"
    "CA18217C32905E462E36CE3BE39E772C180E86039B2783A2EC07A28FB5C55DF06F4C52C9"
    "DE2BCBF6955817183995497CEA956AE515D2261898FA051015728E5A8AAAC42DAD33170D"
    "04507A33A85521ABDF1CBA64ECFB850458DBEF0A8AEA71575D060C7DB3970F85A6E1E4C7"
    "ABF5AE8CDB0933D71E8C94E04A25619DCEE3D2261AD2EE6BF12FFA06D98A0864D8760273"
    "3EC86A64521F2B18177B200CBBE117577A615D6C770988C0BAD946E208E24FA074E5AB31"
    "43DB5BFCE0FD108E4B82D120A93AD2CAFFFFFFFFFFFFFFFF", 16)
G = 2


def pad(number):
    """Two's complement in the fewest bytes, as Java writes a BigInteger."""
    return number.to_bytes(number.bit_length() // 8 + 1, "big", signed=True)


def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def mac(key, *parts):
    return hmac.new(key, b"".join(parts), hashlib.sha256).digest()


def number(data):
    return int.from_bytes(data, "big")


def steps(secret, pool, user, password, salt, b, block, timestamp):
    a, salt, b = number(secret), int(salt, 16), int(b, 16)
    public = pow(G, a, N)
    k = number(sha256(pad(N), pad(G)))
    u = number(sha256(pad(public), pad(b)))
    x = number(sha256(pad(salt), sha256(pool, user, b":", password)))
    shared = pow((b - k * pow(G, x, N)) % N, a + u * x, N)
    key = mac(mac(pad(u), pad(shared)), b"Caldera Derived Key", b"\1")[:16]
    signature = mac(key, pool, user, block, timestamp)
    numbers = {"n": N, "A": public, "B": b, "salt": salt, "k": k, "u": u, "x": x, "S": shared}
    return {**{name: pad(value) for name, value in numbers.items()}, "key": key, "signature": signature}


for line in sys.stdin:
    fields = [bytes.fromhex(field) for field in line.rstrip("\n").split("\t")]
    print("\t".join("%s=%s" % (name, value.hex()) for name, value in steps(*fields).items()))
