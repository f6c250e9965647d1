"""Mount tables in, verdict out."""

import pytest

from zaffre.store.mounts import network_mount

TABLE = """\
22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
30 22 0:26 / /mnt/shared rw - nfs4 server:/x rw,vers=4.2
31 22 0:27 / /mnt/with\\040space rw shared:2 master:1 - cifs //server/x rw
32 30 0:28 / /mnt/shared/scratch rw - tmpfs tmpfs rw
33 22 0:29 / /mnt/hidden rw - nfs server:/y rw
34 33 0:30 / /mnt/hidden rw - ext4 /dev/vdb rw
35 22 0:31 / /mnt/fuse rw - fuse.sshfs user@host:/ rw
broken line
"""


@pytest.mark.parametrize(
    ("path", "type_"),
    [
        ("/home/me/.zaffre/zaffre.db", None),
        ("/mnt/shared/zaffre.db", "nfs4"),
        ("/mnt/sharedness/zaffre.db", None),
        ("/mnt/with space/a/b/zaffre.db", "cifs"),
        ("/mnt/shared/scratch/zaffre.db", None),
        ("/mnt/hidden/zaffre.db", None),
        ("/mnt/fuse/zaffre.db", "fuse.sshfs"),
    ],
)
def test_the_nearest_mount_decides(tmp_path, path, type_):
    table = tmp_path / "mountinfo"
    table.write_text(TABLE)
    found = network_mount(tmp_path.__class__(path), table)
    assert (found.type if found else None) == type_


def test_without_a_mount_table_nothing_is_refused(tmp_path):
    assert network_mount(tmp_path, tmp_path / "missing") is None


def test_this_machine_has_a_table_that_can_be_read(tmp_path):
    assert network_mount(tmp_path) is None
