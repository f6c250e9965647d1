"""Names below a root, while others are at work there too."""

import os

from zaffre.store.blobs import paths


def test_what_goes_away_while_a_folder_is_listed_is_not_in_the_list(tmp_path):
    (tmp_path / "draft").write_text("x")
    with os.scandir(tmp_path) as found:
        entry = next(found)
    (tmp_path / "draft").unlink()
    assert paths._entry(entry) is None
