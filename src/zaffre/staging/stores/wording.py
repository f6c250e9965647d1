"""Refusals of stores in words a user can act on: which credential was used, and what it lacks."""

from __future__ import annotations

from collections.abc import Mapping

from zaffre.core.errors import Forbidden, Unavailable
from zaffre.staging.order import StoreSpec

_GRANTS = {
    "azure_blob": "the role Storage Blob Data Reader (Contributor to write), or a SAS with r and l (and c, w, d to write)",
    "azure_data_lake_gen2": "the role Storage Blob Data Reader (Contributor to write) on the account or file system",
    "azure_file": "the account key, or a SAS for the share with r and l (and c, w, d to write)",
    "one_lake": "the role Viewer (Contributor to write) in the workspace",
    "s3": "s3:ListBucket on the bucket and s3:GetObject (s3:PutObject, s3:DeleteObject to write) on its objects",
    "gcs": "the role Storage Object Viewer (Storage Object User to write) on the bucket",
    "sftp": "the right to read (and write) there",
    "http": "a URL that may be read",
}
_WORDS = {
    "account_key": "an account key",
    "sas_token": "a SAS token",
    "client_secret": "a service principal",
    "certificate": "a service principal with a certificate",
    "secret_access_key": "an access key",
    "service_account": "a service account",
    "password": "a password",
    "private_key": "a private key",
}


def used(credentials: Mapping[str, str], *, identity: bool = False) -> str:
    """Which credential a store was opened with; never its secret part."""
    who = credentials.get("client_id") or credentials.get("access_key_id") or credentials.get("username") or ""
    for field, words in _WORDS.items():
        if credentials.get(field):
            return f"{words} ({who})" if who else words
    return "this machine's identity" if identity else "no credentials"


def denied(spec: StoreSpec, opened_with: str, what: str, detail: str = "") -> Forbidden:
    """403 and 401, as a sentence."""
    said = f" ({detail})" if detail else ""
    hint = f"it needs {_GRANTS.get(spec.type, 'more rights')}"
    if opened_with == "no credentials":
        hint += "; give the datastore credentials, or let it use this machine's identity (setting data.identity)"
    return Forbidden(f"{spec.shown} refused {opened_with} for {what}{said}; {hint}")


def unreachable(spec: StoreSpec, what: str, why: str) -> Unavailable:
    """It did not answer, or not sensibly."""
    return Unavailable(f"{spec.shown}: {what} failed: {why}")
