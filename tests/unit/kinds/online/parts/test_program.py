"""A Dockerfile's own server, and where its files lie without a container."""

import pytest

from zaffre.kinds.online.parts import program

FILE = """# syntax=docker/dockerfile:1
FROM python:3.11 AS builder
CMD ["never"]
FROM python:3.11-slim
ENV PORT=8000 \\
    MODE=x
WORKDIR /srv
WORKDIR app
COPY --chown=a:b requirements.txt ./
COPY app.py /srv/app/
COPY static /srv/app/static
ENV MODEL_BASE_PATH=/var/azureml-app/azureml-models/iris/1 HERE=${PORT}
"""


@pytest.mark.parametrize(
    ("end", "words"),
    [
        ('CMD ["uvicorn", "app:app", "--port", "8000"]', ("uvicorn", "app:app", "--port", "8000")),
        ('ENTRYPOINT ["python"]\nCMD ["/srv/app/app.py"]', ("python", "/srv/app/app.py")),
        ('CMD ["a"]\nENTRYPOINT ["b"]', ("b",)),
        ("ENTRYPOINT []\nCMD run --it", ("/bin/sh", "-c", "exec run --it")),
        ("CMD one && two", ("/bin/sh", "-c", "one && two")),
        ("EXPOSE 8000", ()),
    ],
)
def test_what_is_started(end, words):
    assert program.read(FILE + end).words == words


def test_variables_folder_and_copies():
    found = program.read(FILE)
    assert found.environ == {
        "PORT": "8000", "MODE": "x", "MODEL_BASE_PATH": "/var/azureml-app/azureml-models/iris/1", "HERE": "8000",
    }  # fmt: skip
    assert found.folder == "/srv/app"
    assert dict(found.copies)["/srv/app/app.py"] == "app.py"


def test_paths_of_the_image_become_those_of_the_context_and_the_model():
    told = program.read(
        FILE + 'CMD ["python", "/srv/app/app.py", "--static=/srv/app/static/x", "/srv/apple", "/mnt/m/iris/1"]'
    ).to_json()
    placed = program.placed(told, "/context", "/models", "/mnt/m")
    assert placed["argv"] == ["python", "/context/app.py", "--static=/context/static/x", "/srv/apple", "/models/iris/1"]
    assert placed["folder"] == "/context"
    assert placed["environ"]["MODEL_BASE_PATH"] == "/models/iris/1"


def test_a_whole_context_copied_is_the_folder():
    told = program.read('FROM x\nWORKDIR /app\nCOPY . .\nCMD ["sh", "/app/bin/run.sh"]').to_json()
    placed = program.placed(told, "/context", "/models")
    assert (placed["folder"], placed["argv"]) == ("/context", ["sh", "/context/bin/run.sh"])


@pytest.mark.parametrize(
    ("command", "azures"),
    [
        ('["runsvdir", "/var/runit"]', True),
        ('["/opt/miniconda/bin/azmlinfsrv", "--entry_script", "score.py"]', True),
        ('["uvicorn", "app:app"]', False),
    ],
)
def test_azures_own_server_is_known(command, azures):
    assert program.read(f"FROM x\nCMD {command}").is_azures is azures
