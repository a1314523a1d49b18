"""Sealing a key set for a backup: under a passphrase or a key that lie elsewhere, never in clear beside the data.

`KKB` · form (1 byte: 1 key, 2 passphrase) · salt (16) · nonce (12) · ciphertext · tag: AES-256-GCM, the head
authenticated. From a passphrase the key comes by scrypt (RFC 7914; n = 2**17, r = 8, p = 1: 128 MiB), from a key by
HKDF-Expand over the salt, so that each backup has a key of its own.
"""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from domain.errors import Broken, Invalid, Unavailable
from vault.ciphers import NONCE_BYTES, derive
from vault.provider import KEY_BYTES

_MAGIC = b"KKB"
_KEY, _PASSPHRASE = 1, 2
_SALT = 16
_HEAD = len(_MAGIC) + 1 + _SALT
LEAST_PASSPHRASE = 16
_MOST = 4096


@dataclass(frozen=True, slots=True)
class BackupSecret:
    """What a backup's keys are sealed under. In no representation."""

    form: int
    secret: bytes = field(repr=False)

    def _cipher(self, salt: bytes) -> AESGCM:
        if self.form == _KEY:
            return AESGCM(derive(self.secret, "backup/" + salt.hex()))
        return AESGCM(Scrypt(salt=salt, length=KEY_BYTES, n=2**17, r=8, p=1).derive(self.secret))

    def seal(self, content: bytes) -> bytes:
        """A bundle."""
        salt, nonce = os.urandom(_SALT), os.urandom(NONCE_BYTES)
        head = _MAGIC + bytes((self.form,)) + salt
        return head + nonce + self._cipher(salt).encrypt(nonce, content, head)

    def open(self, bundle: bytes) -> bytes:
        """What was sealed. Raises Invalid for another secret or kind of secret, and for an altered bundle."""
        head, nonce, sealed = bundle[:_HEAD], bundle[_HEAD : _HEAD + NONCE_BYTES], bundle[_HEAD + NONCE_BYTES :]
        if len(bundle) < _HEAD + NONCE_BYTES + 16 or not head.startswith(_MAGIC):
            raise Broken(field="keys", cause="not a backup's keys")
        if head[len(_MAGIC)] != self.form:
            cause = "the backup's keys are sealed under the other kind of secret"
            raise Invalid(field="keys", fix="--key-file or --passphrase-file", cause=cause)
        try:
            return self._cipher(head[-_SALT:]).decrypt(nonce, sealed, head)
        except InvalidTag:
            cause = "the backup's keys do not open: another secret, or altered"
            raise Invalid(field="keys", fix="backup.secret_of_this_backup", cause=cause) from None


def read_secret(key_file: Path | None, passphrase_file: Path | None) -> BackupSecret:
    """The secret in one of two files, which its owner alone may read: 32 bytes, or a passphrase in the first line.

    Raises Invalid for none or both, for a file that others may read and for one that holds too little; Unavailable.
    """
    if key_file is not None and passphrase_file is None:
        secret = _owned(key_file)
        if len(secret) != KEY_BYTES:
            raise Invalid(field="--key-file", fix="head -c 32 /dev/urandom", cause="a backup key has 32 bytes")
        return BackupSecret(_KEY, secret)
    if passphrase_file is None or key_file is not None:
        raise Invalid(field="--key-file", fix="--key-file or --passphrase-file", cause="name one secret for the keys")
    secret = _owned(passphrase_file).split(b"\n", 1)[0].strip()
    if len(secret) < LEAST_PASSPHRASE:
        cause = f"a passphrase has at least {LEAST_PASSPHRASE} bytes"
        raise Invalid(field="--passphrase-file", fix="longer_passphrase", cause=cause)
    return BackupSecret(_PASSPHRASE, secret)


def _owned(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            status = os.fstat(file.fileno())
            if not stat.S_ISREG(status.st_mode) or status.st_mode & 0o077:
                raise Invalid(field=path.name, fix="keys.mode_0600", cause="file open to group or others")
            return file.read(_MOST)
    except OSError as error:
        raise Unavailable(field="--key-file", cause=f"secret not read: errno {error.errno}") from None
