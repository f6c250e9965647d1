"""Dockerfiles read instead of run."""

import pytest

from zaffre.builder.parts import bases, reading


class Files:
    """A build context of a test."""

    def __init__(self, **files):
        self.files = {name.replace("__", "/").replace("_", "."): text for name, text in files.items()}

    def text(self, path):
        return self.files.get(path.removeprefix("./"))

    def names(self):
        return self.files


def read(text, **files):
    return reading.read(text, "Dockerfile", Files(**files), bases.of_image)


def problems(stage):
    return [str(problem) for problem in (*stage.lines.problems, *stage.needs)]


def test_requirement_files_by_any_way_they_come_in():
    for lines in (
        "COPY requirements.txt .\nRUN pip install -r requirements.txt",
        "COPY requirements.txt /tmp/r.txt\nRUN pip install --no-cache-dir -r /tmp/r.txt && rm /tmp/r.txt",
        "WORKDIR /app\nCOPY . .\nRUN cd /app && python -m pip install -U --requirement requirements.txt",
        "COPY *.txt /x/\nRUN /usr/local/bin/pip3 --no-input install -r /x/requirements.txt",
        'COPY ["requirements.txt", "/x/"]\nRUN ["pip", "install", "-r", "/x/requirements.txt"]',
        "ARG F=requirements.txt\nADD ${F} /x/\nRUN conda run -n base --no-capture-output pip install -r /x/$F",
    ):
        stage = read(
            f"FROM python:3.10\n{lines}\n", requirements_txt="# a comment\nsix==1.16.0 \\\n  --hash=sha256:0\nattrs\n"
        )
        assert not problems(stage), lines
        assert list(stage.lines.requirements) == ["six==1.16.0", "attrs"], lines
        assert stage.lines.requirements["six==1.16.0"] == "requirements.txt:2: six==1.16.0"
        assert stage.python == "==3.10.*"


def test_nested_requirement_files_and_constraints():
    stage = read(
        "FROM python\nCOPY . /x\nRUN pip install -r /x/deep/a.txt -c /x/c.txt",
        deep__a_txt="-r b.txt\nsix\n",
        deep__b_txt="attrs\n",
        c_txt="six<2\n",
    )
    assert list(stage.lines.requirements) == ["attrs", "six"]
    assert list(stage.constraints) == ["six<2"]


def test_requirement_files_that_name_one_another_end():
    stage = read("FROM python\nCOPY . .\nRUN pip install -r a.txt", a_txt="-r a.txt\n")
    assert any("without end" in problem for problem in problems(stage))


def test_conda_files_and_their_lines():
    conda = (
        "name: x\nchannels: [conda-forge]\ndependencies:\n  - python=3.9\n  - pip:\n      - six==1.16\n  - numpy=1.26\n"
    )
    for run in (
        "conda env create -p $CONDA_PREFIX -f conda.yml -q && rm conda.yml && conda clean -a -y",
        "/miniconda/bin/conda env update -n base --file=conda.yml",
        "mamba env update -n base -f conda.yml",
    ):
        stage = read(f"FROM continuumio/miniconda3\nCOPY conda.yml .\nRUN {run}\n", conda_yml=conda)
        assert not problems(stage), run
        assert stage.python == "==3.9.*"
        assert stage.lines.requirements["six==1.16"] == "conda.yml:6: six==1.16"
        assert stage.lines.requirements["numpy==1.26.*"] == "conda.yml:7: numpy=1.26"


def test_conda_packages_on_the_command_line():
    stage = read("FROM continuumio/miniconda3\nRUN conda create -n x -y python=3.9 pip=21 'numpy~=1.22' -c conda-forge")
    assert not problems(stage)
    assert (stage.python, list(stage.lines.requirements)) == ("==3.9.*", ["numpy~=1.22"])


def test_the_later_line_wins_and_is_told():
    stage = read("FROM python\nRUN pip install six==1.15 attrs\nRUN pip install 'six>=1.16' attrs")
    assert list(stage.lines.requirements) == ["attrs", "six>=1.16"]
    assert any("Dockerfile:3: six>=1.16 replaces" in note for note in stage.lines.notes)


def test_stages_arguments_and_here_documents():
    stage = read(
        "ARG TAG=3.11\nFROM python:${TAG} AS base\nENV A=1\nRUN <<EOF\nset -e\npip install six\nEOF\n"
        "FROM ubuntu AS other\nRUN pip install attrs\n"
        "FROM base\nCOPY --from=other /opt/venv /opt/venv\nCOPY <<EOF r.txt\nclick\nEOF\nRUN pip install -r r.txt\n"
    )
    assert not problems(stage)
    assert stage.python == "==3.11.*"
    assert set(stage.lines.requirements) == {"six", "attrs", "click"}
    assert stage.environ == {"A": "1"}


def test_only_the_last_stage_counts():
    stage = read("FROM golang AS tool\nRUN make\nFROM python:3.11\nRUN pip install six\n")
    assert not problems(stage)


def test_variables_reach_the_job_but_those_of_the_image():
    stage = read(
        'FROM python\nENV MODE=fast GREETING="hello you" PATH=/x:$PATH\nENV BOTH=$MODE-2\nENV MLFLOW_TRACKING_URI=http://x\n'
    )
    assert stage.environ == {"MODE": "fast", "GREETING": "hello you", "BOTH": "fast-2"}
    assert any("MLFLOW_TRACKING_URI" in note for note in stage.lines.notes)


@pytest.mark.parametrize(
    "run",
    [
        "curl -fsSL https://x | bash",
        "bash install.sh",
        "make && make install",
        "pip install .",
        "pip install -e /app",
        "wget https://x && dpkg -i x.deb",
        "python setup.py develop",
        "npm install -g x",
        "R -e 'source(\"https://x\")'",
    ],
)
def test_what_only_an_engine_can_do_names_its_line(run):
    told = problems(read(f"FROM python\n\nRUN {run}\n"))
    assert told
    assert all(problem.startswith("Dockerfile:3: RUN ") and "docker, podman or buildah" in problem for problem in told)


def test_an_image_of_unknown_content_is_the_only_complaint():
    told = problems(read("FROM nvcr.io/nvidia/pytorch:22.02-py3\nRUN make\n"))
    assert len(told) == 1
    assert told[0].startswith("Dockerfile:1: FROM nvcr.io/nvidia/pytorch:22.02-py3")


def test_debian_packages_are_listed_with_their_lines():
    stage = read(
        "FROM ubuntu:22.04\nRUN apt-get update -qq && \\\n DEBIAN_FRONTEND=noninteractive apt-get install -y "
        "--no-install-recommends curl=7.* python3-pip libgl1 && rm -rf /var/lib/apt/lists/*\n"
    )
    assert not problems(stage)
    assert stage.system == {"curl": "Dockerfile:2", "libgl1": "Dockerfile:2"}


def test_a_file_nobody_copied():
    told = problems(read("FROM python\nRUN pip install -r requirements.txt\n"))
    assert told == [
        "Dockerfile:2: requirements.txt is read here, but no COPY line puts a file of the context there; "
        "check the path, and that .dockerignore does not leave it out"
    ]


def test_mistakes():
    assert problems(read("")) == ["Dockerfile: expected a Dockerfile that begins with FROM, found none"]
    assert "no instruction of a Dockerfile" in problems(read("FROM python\nRUM x\n"))[0]
    assert "redirection" in read("FROM python\nRUN pip install six>=1\n").lines.notes[0]
    assert (
        "conda.yml:2"
        in problems(read("FROM python\nCOPY . .\nRUN conda env create -f conda.yml", conda_yml="a: 1\n b: [\n"))[0]
    )


def test_r():
    stage = read(
        "FROM rocker/tidyverse:latest\nRUN R -e \"install.packages(c('carrier', 'optparse'), repos = 'https://cran.example')\"\n"
        "RUN install2.r --error tcltk2\nCOPY install.R /x/\nRUN Rscript /x/install.R\n",
        install_R='library(utils)\ninstall.packages("mlflow")\nremotes::install_version("jsonlite", "1.8.0")\n',
    )
    assert not problems(stage)
    assert set(stage.r.packages) >= {"carrier", "optparse", "tcltk2", "mlflow", "jsonlite==1.8.0", "tidyverse"}
    assert stage.r.repositories == ["https://cran.example"]


def test_renv():
    packages = '{"renv": {}, "jsonlite": {"Version": "1.8.0"}}'
    lock = f'{{"R": {{"Repositories": [{{"URL": "https://cran.example"}}]}}, "Packages": {packages}}}'
    stage = read("FROM r-base\nCOPY renv.lock .\nRUN Rscript -e 'renv::restore()'\n", renv_lock=lock)
    assert not problems(stage)
    assert stage.r.packages == {"jsonlite==1.8.0": "renv.lock"}


def test_sources():
    assert reading.sources("ARG A=1\nFROM x:${A} AS a\nFROM a\nFROM --platform=linux/amd64 y") == ["x:1", "y"]


def test_files_that_only_an_image_would_have_are_told_by_their_line():
    stage = read(
        "FROM python\nCOPY requirements.txt /x/\nRUN pip install -r /x/requirements.txt\nCOPY app.py data /app/\n"
        "ADD https://x.example/model.bin /m/\nCOPY <<EOF /etc/rc\nset\nEOF\n",
        requirements_txt="six\n",
        app_py="1",
        data__a_csv="1",
    )
    assert not problems(stage)
    left = "was left out: there is no image. A job brings its files as code or inputs."
    assert stage.lines.notes == [
        f"Dockerfile:4: COPY app.py data /app/ {left}",
        f"Dockerfile:5: ADD https://x.example/model.bin /m/ {left}",
        f"Dockerfile:6: COPY <<EOF /etc/rc {left}",
    ]


def test_the_rest_of_a_folder_is_told_without_its_line():
    told = ["Dockerfile: of COPY . /x only what is installed from it was taken; there is no image."]
    for before in ("", "# a comment\n"):
        stage = read(f"FROM python\n{before}COPY . /x\nRUN pip install -r /x/r.txt", r_txt="six\n", app_py="1")
        assert stage.lines.notes == told


def test_files_of_a_stage_that_is_left_behind_are_not_told():
    stage = read("FROM python AS first\nCOPY app.py /app/\nFROM python\nRUN pip install six\n", app_py="1")
    assert stage.lines.notes == []
    stage = read("FROM python AS first\nCOPY app.py /app/\nFROM first\nRUN pip install six\n", app_py="1")
    assert stage.lines.notes[0].startswith("Dockerfile:2: COPY app.py /app/ was left out")
