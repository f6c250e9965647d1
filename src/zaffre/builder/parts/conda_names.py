"""What conda calls a package, and what the Python package index calls it.

Most names are the same, but for case and punctuation. Listed here are those that differ, and those that are no
Python packages at all: compilers, drivers, shared libraries. A wheel carries its own libraries, so they are left out.
"""

from __future__ import annotations

import re

_TO_PYPI = {
    "pytorch": "torch",
    "pytorch-cpu": "torch",
    "pytorch-gpu": "torch",
    "torchvision-cpu": "torchvision",
    "tensorflow-base": "tensorflow",
    "tensorflow-mkl": "tensorflow",
    "tensorflow-gpu": "tensorflow",
    "tensorflow-eigen": "tensorflow",
    "keras-gpu": "keras",
    "matplotlib-base": "matplotlib",
    "seaborn-base": "seaborn",
    "numpy-base": "numpy",
    "dask-core": "dask",
    "distributed": "distributed",
    "py-xgboost": "xgboost",
    "py-xgboost-cpu": "xgboost-cpu",
    "py-xgboost-gpu": "xgboost",
    "opencv": "opencv-python-headless",
    "py-opencv": "opencv-python-headless",
    "pytables": "tables",
    "python-graphviz": "graphviz",
    "msgpack-python": "msgpack",
    "psycopg2": "psycopg2-binary",
    "pyarrow-core": "pyarrow",
    "arrow-cpp": "pyarrow",
    "ruamel_yaml": "ruamel.yaml",
    "faiss": "faiss-cpu",
    "pysoundfile": "soundfile",
    "python-snappy": "python-snappy",
    "jupyter_client": "jupyter-client",
    "importlib_metadata": "importlib-metadata",
    "importlib_resources": "importlib-resources",
    "typing_extensions": "typing-extensions",
    "python-dateutil": "python-dateutil",
    "fbprophet": "prophet",
    "kaleido-core": "kaleido",
    "python-kaleido": "kaleido",
    "pyspark-base": "pyspark",
    "ray-core": "ray",
    "ray-default": "ray[default]",
    "ray-tune": "ray[tune]",
    "uvicorn-standard": "uvicorn[standard]",
    "fsspec": "fsspec",
    "azure-storage-blob": "azure-storage-blob",
    "lightgbm-cpu": "lightgbm",
    "libtorch": "torch",
    "mlflow-ui": "mlflow",
    "interpret-core": "interpret-core",
    "pyqt": "PyQt5",
    "pillow-simd": "pillow",
    "skl2onnx": "skl2onnx",
    "sklearn": "scikit-learn",
    "pandas-profiling": "ydata-profiling",
    "conda-pack": "conda-pack",
    "simpleitk": "SimpleITK",
    "pocl": "",
}

_NOT_PYTHON = frozenset(
    """
    anaconda conda conda-build conda-env mamba micromamba nb_conda nb_conda_kernels anaconda-client
    cudatoolkit cudatoolkit-dev cudnn nccl cuda cuda-version pytorch-cuda cpuonly pytorch-mutex magma cutensor nvcc
    mkl mkl-include mkl-devel blas blas-devel openblas nomkl intel-openmp llvm-openmp tbb lapack atlas
    openmpi mpich mpi impi_rt msmpi ucx rdma-core
    gcc gxx clang clangxx llvm gfortran compilers c-compiler cxx-compiler fortran-compiler binutils make automake
    autoconf libtool m4 pkg-config patchelf bison flex swig-bin
    openssl ca-certificates zlib xz bzip2 zstd lz4-c readline ncurses tk tcl sqlite gdbm expat libffi yaml icu krb5
    curl wget git git-lfs unzip zip p7zip tar gzip coreutils bash zsh tmux vim nano tree htop jq sed grep openssh rsync
    nodejs node npm yarn openjdk maven go rust ruby perl rstudio julia tini
    ffmpeg x264 x265 sox libsndfile portaudio imagemagick graphviz poppler tesseract ghostscript pandoc texlive-core
    freetype fontconfig jpeg libpng giflib tiff webp cairo pango harfbuzz glib gtk3 gobject-introspection qt qt-main
    hdf5 netcdf4-c proj geos gdal-bin boost boost-cpp eigen arpack suitesparse metis glpk ipopt coin-or-cbc
    protobuf-c grpc-cpp snappy rocksdb leveldb postgresql mysql redis-server unixodbc freetds
    python_abi tzdata _libgcc_mutex _openmp_mutex
    """.split()  # noqa: SIM905 - read best as a table
)
_LIBRARIES_OF_PYTHON = frozenset(
    ("librosa", "libsass", "libcst", "libclang", "libtmux", "liblinear-official", "libsvm-official")
)
_NOT_PYTHON_SHAPES = re.compile(
    r"^(?:lib[a-z0-9_+.-]+|r-.+|.+_linux-64|.+_linux-aarch64|_.+|cuda-.+|ld_impl.*|vs20\d\d.*|xorg-.+)$"
)


def to_pypi(conda_name: str) -> str | None:
    """The index's name of a conda package (extras included), or ``None`` when it is no Python package."""
    name = conda_name.lower()
    if name in _TO_PYPI:
        return _TO_PYPI[name] or None
    if name in _NOT_PYTHON:
        return None
    if name not in _LIBRARIES_OF_PYTHON and _NOT_PYTHON_SHAPES.match(name):
        return None
    return name
