"""Which images an interpreter stands in for."""

import pytest

from zaffre.builder.parts import images


@pytest.mark.parametrize(
    ("image", "python"),
    [
        ("python", ""),
        ("python:3.11", "3.11"),
        ("python:3.10.13-slim-bookworm", "3.10"),
        ("library/python:latest", ""),
        ("library/python:3.11.6", "3.11"),
        ("docker.io/python", ""),
        ("docker.io/library/python:3.12", "3.12"),
        ("python:3.11@sha256:0000", "3.11"),
        ("mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu20.04", ""),
        ("mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04:latest", ""),
        ("mcr.microsoft.com/azureml/openmpi3.1.2-ubuntu18.04:20220113.v1", ""),
        ("mcr.microsoft.com/azureml/openmpi4.1.0-cuda11.8-cudnn8-ubuntu22.04:latest", ""),
        ("mcr.microsoft.com/azureml/openmpi5.0-cuda12.4-ubuntu22.04:latest", ""),
        ("mcr.microsoft.com/azureml/minimal-py312-inference:latest", "3.12"),
        ("mcr.microsoft.com/azureml/minimal-ubuntu22.04-py310-cpu-inference:latest", "3.10"),
        ("mcr.microsoft.com/azureml/minimal-ubuntu20.04-py38-cuda11.6.2-gpu-inference", "3.8"),
        ("continuumio/miniconda3", ""),
    ],
)
def test_python_images(image, python):
    assert images.python_of(image) == python


@pytest.mark.parametrize(
    "image",
    [
        "ubuntu:22.04",
        "pytorch/pytorch:latest",
        "docker.io/tensorflow/serving:latest",
        "mcr.microsoft.com/azureml/curated/tensorflow-2.12-cuda11:latest",
        "registry.example.com:5000/python:3.11",
        "evil/python:3.11",
        "pythonic",
    ],
)
def test_other_images(image):
    assert images.python_of(image) is None
