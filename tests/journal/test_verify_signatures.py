"""The verifier's own Ed25519, held against RFC 8032 and against a library."""

from __future__ import annotations

import random

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from crisis_desk.journal import verify

# RFC 8032, section 7.1: TEST 1, TEST 2, TEST 3, TEST SHA(abc): public key, message, signature.
RFC_8032 = [
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe"
        "24655141438e7a100b",
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302a"
        "eeb00d291612bb0c00",
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed2"
        "8dc027beceea1ec40a",
    ),
    (
        "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
        "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce8"
        "0e2a9ac94fa54ca49f",
        "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac1"
        "7ad9bef1177331a704",
    ),
]
VECTORS = [tuple(bytes.fromhex(text) for text in vector) for vector in RFC_8032]


@pytest.mark.parametrize(("public", "message", "signature"), VECTORS)
def test_signatures_of_rfc_8032_hold(public: bytes, message: bytes, signature: bytes) -> None:
    assert verify.signature_holds(public, message, signature) is True


@pytest.mark.parametrize(("public", "message", "signature"), VECTORS)
def test_any_changed_part_does_not_hold(public: bytes, message: bytes, signature: bytes) -> None:
    for position in (0, 17, 31, 32, 48, 63):
        changed = bytearray(signature)
        changed[position] ^= 1
        assert verify.signature_holds(public, message, bytes(changed)) is False
    assert verify.signature_holds(public, message + b"\0", signature) is False
    assert (
        verify.signature_holds(VECTORS[0][0] if public != VECTORS[0][0] else VECTORS[1][0], message, signature) is False
    )


def test_signatures_of_another_implementation_hold() -> None:
    chance = random.Random(8032)
    for length in range(40):
        key = Ed25519PrivateKey.from_private_bytes(chance.randbytes(32))
        message = chance.randbytes(length)
        assert verify.signature_holds(key.public_key().public_bytes_raw(), message, key.sign(message)) is True


def test_second_form_of_a_signature_is_refused() -> None:
    """Section 5.1.7: s must lie below the order of the group, or every signature would have several forms."""
    public, message, signature = VECTORS[1]
    s = int.from_bytes(signature[32:], "little") + verify.ORDER
    assert verify.signature_holds(public, message, signature[:32] + s.to_bytes(32, "little")) is False


@pytest.mark.parametrize("length", [0, 31, 33, 63, 65, 96])
def test_wrong_lengths_are_refused(length: int) -> None:
    public, message, signature = VECTORS[1]
    assert verify.signature_holds(public, message, (signature * 2)[:length]) is False
    assert verify.signature_holds((public * 3)[:length], message, signature) is False


@pytest.mark.parametrize(
    "public",
    [
        b"\x02" + bytes(31),  # y = 2 lies on no point of the curve.
        (verify.P + 1).to_bytes(32, "little"),  # y is not reduced.
        b"\x01" + bytes(30) + b"\x80",  # x = 0 has no sign.
    ],
)
def test_bytes_that_are_no_point_are_refused(public: bytes) -> None:
    with pytest.raises(ValueError, match="not a point of the curve"):
        verify.signature_holds(public, b"", VECTORS[0][2])
