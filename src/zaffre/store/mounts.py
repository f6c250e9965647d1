"""Which file system a path lies on: a database on a network one is a database lost some day."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

NETWORK = frozenset({
    "nfs", "nfs3", "nfs4", "cifs", "smb2", "smb3", "smbfs", "afs", "afpfs", "ncpfs", "davfs", "webdav",
    "ceph", "cephfs", "glusterfs", "lustre", "gpfs", "beegfs", "orangefs", "ocfs2", "gfs", "gfs2",
    "fuse.sshfs", "fuse.s3fs", "fuse.gcsfuse", "fuse.blobfuse", "fuse.blobfuse2", "fuse.rclone", "fuse.goofys",
    "fuse.mount-s3", "fuse.juicefs", "fuse.seaweedfs", "fuse.glusterfs", "fuse.cephfs", "fuse.davfs", "fuse.davfs2",
})  # fmt: skip
_ESCAPE = re.compile(r"\\([0-7]{3})")


@dataclass(frozen=True, slots=True)
class Mount:
    """Where a file system is attached, and of what type it is."""

    point: str
    type: str


def network_mount(path: Path, table: Path = Path("/proc/self/mountinfo")) -> Mount | None:
    """The network mount that ``path`` is on, or None. Where the kernel has no mount table nothing is known."""
    try:
        lines = table.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return None
    real = path.resolve()
    holding = [mount for mount in map(_parse, lines) if mount is not None and real.is_relative_to(mount.point)]
    if not holding:
        return None
    # Of two mounts on one point the later hides the earlier.
    nearest = max(enumerate(holding), key=lambda pair: (len(Path(pair[1].point).parts), pair[0]))[1]
    return nearest if nearest.type in NETWORK else None


def _parse(line: str) -> Mount | None:
    head, separator, tail = line.partition(" - ")
    fields = head.split(" ")
    if not separator or len(fields) < 5:
        return None
    return Mount(point=_ESCAPE.sub(lambda found: chr(int(found[1], 8)), fields[4]), type=tail.split(" ", 1)[0])
