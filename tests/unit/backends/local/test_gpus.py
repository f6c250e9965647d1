"""``nvidia-smi -q -x`` read. The text is written after NVIDIA's document type, not recorded from a machine with GPUs."""

from __future__ import annotations

import pytest

from zaffre.backends.local import gpus

ONE = """
  <gpu id="00000000:{bus}:00.0">
    <product_name>{name}</product_name>
    <uuid>{uuid}</uuid>
    <fb_memory_usage><total>{memory}</total><used>3 MiB</used></fb_memory_usage>
    <processes></processes>
  </gpu>"""
HEAD = '<?xml version="1.0" ?>\n<!DOCTYPE nvidia_smi_log SYSTEM "nvsmi_device_v12.dtd">\n<nvidia_smi_log>'
A, B = "GPU-aaaaaaaa-0000-0000-0000-000000000000", "GPU-bbbbbbbb-0000-0000-0000-000000000000"
TWO = (
    HEAD
    + ONE.format(bus="01", name="Tesla T4", uuid=A, memory="15360 MiB")
    + ONE.format(bus="02", name="Tesla T4", uuid=B, memory="15360 MiB")
    + "</nvidia_smi_log>\n"
).encode()


def test_gpus_are_known_by_uuid():
    found = gpus.read(TWO)
    assert [one.uuid for one in found] == [A, B]
    assert (found[0].name, found[0].memory) == ("Tesla T4", 15360 * 1024**2)


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver.",
        (HEAD + "</nvidia_smi_log>").encode(),
        (HEAD + ONE.format(bus="01", name="x", uuid="N/A", memory="N/A") + "</nvidia_smi_log>").encode(),
    ],
)
def test_what_cannot_be_given_is_none(text):
    assert gpus.read(text) == ()


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        (None, [A, B]), ("", []), ("1", [B]), ("1,0", [B, A]), ("0,7,1", [A]), ("-1", []), (B, [B]), ("GPU-aaaa", [A]),
    ],
)  # fmt: skip
def test_the_variable_chooses_as_cuda_reads_it(chosen, expected):
    assert [one.uuid for one in gpus.visible(gpus.read(TWO), chosen)] == expected


def test_a_machine_without_the_tool_has_none(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert gpus.found({}) == ()


def test_the_tool_is_asked(monkeypatch, tmp_path):
    tool = tmp_path / "nvidia-smi"
    (tmp_path / "answer").write_bytes(TWO)
    tool.write_text(
        f'#!/bin/sh\n[ "$*" = "-q -x" ] && while IFS= read -r line; do echo "$line"; done < {tmp_path}/answer\n'
    )
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert [one.uuid for one in gpus.found({"CUDA_VISIBLE_DEVICES": "1"})] == [B]
    tool.write_text("#!/bin/sh\nexit 9\n")
    assert gpus.found({}) == ()
