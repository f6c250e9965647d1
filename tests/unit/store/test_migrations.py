"""The schema: the steps make what ``tables`` says, a newer one is refused, a current one costs nothing."""

import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from zaffre.core.errors import Invalid
from zaffre.store import Store, leases, migrations
from zaffre.store.database import Server
from zaffre.store.dialect import dialect
from zaffre.store.tables import metadata
from zaffre.testing.clock import ManualClock


@pytest.fixture(params=["sqlite", "postgresql"])
async def url(request, tmp_path):
    """A database that was opened once, of each kind there is."""
    made = f"sqlite:///{tmp_path}/zaffre.db" if request.param == "sqlite" else request.getfixturevalue("postgres_url")
    store = await Store.open(made, ManualClock())
    await store.close()
    return made


def test_the_steps_known_are_the_steps_there_are():
    script = ScriptDirectory(str(Path(migrations.__file__).parent))
    walked = [step.revision for step in script.walk_revisions()]
    assert tuple(reversed(walked)) == migrations.REVISIONS
    assert script.get_current_head() == migrations.HEAD


async def test_the_steps_make_the_tables(url):
    engine = dialect(url).writer()
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    engine.dispose()


async def test_the_first_step_alone_is_walked_on_from(url):
    """As a database of the first version is: its work items are anybody's."""
    engine = dialect(url).writer()
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE work DROP COLUMN place"))
        for table in ("results", "people", "tokens", "quotas"):
            connection.execute(text(f"DROP TABLE {table}"))
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
        connection.execute(text("INSERT INTO work (key, due, nudged) VALUES ('run:old', 1.0, false)"))
    engine.dispose()
    store = await Store.open(url, ManualClock(), Server("here", lambda now: None))
    assert [lease.key for lease in await store.write(lambda tx: leases.claim(tx, "me", 10, 5))] == ["run:old"]
    await store.close()


async def test_a_newer_schema_is_refused(url):
    engine = dialect(url).writer()
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    with pytest.raises(Invalid, match="newer Zaffre"):
        await Store.open(url, ManualClock())


async def test_a_start_on_a_current_schema_imports_no_alembic(url):
    program = (
        "import asyncio, sys; from zaffre.store import Store; from zaffre.testing.clock import ManualClock\n"
        "async def main():\n"
        "    store = await Store.open(sys.argv[1], ManualClock()); await store.close()\n"
        "asyncio.run(main())\n"
        "print(*sorted({name.partition('.')[0] for name in sys.modules} & {'alembic', 'cryptography'}))\n"
    )
    done = subprocess.run([sys.executable, "-c", program, url], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == ""


async def test_another_database_is_refused_with_what_was_expected():
    for url in ("mysql://host/db", "sqlite:///relative.db", "nonsense"):
        with pytest.raises(Invalid, match="sqlite:////absolute"):
            await Store.open(url, ManualClock())
