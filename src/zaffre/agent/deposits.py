"""Outputs, moved from staging to their final place when the command has ended: a reader sees all of one or nothing.

A whole output appears by one rename; a merged one file by file, each by a rename. Links are moved as links and never
followed, so that no output can reach out of its place. Across file systems a copy beside the place is renamed.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat

from zaffre.agent import copying, failpoint
from zaffre.agent.failure import OUTPUT_FAILED, Failure, words
from zaffre.agent.order import Deposit

ANY = "any"
"""The kind of an output that is what the command made of it, a file or a folder; its place is not there before."""
_OCCUPIED = (errno.ENOTEMPTY, errno.EEXIST, errno.ENOTDIR, errno.EISDIR)
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


def prepare(deposits: list[Deposit]) -> None:
    """Make the places that the command writes to."""
    for deposit in deposits:
        place = deposit.staging if deposit.kind == "folder" else os.path.dirname(deposit.staging)
        try:
            os.makedirs(place, exist_ok=True)
        except OSError as error:
            raise Failure(OUTPUT_FAILED, name=deposit.name, message=words(error)) from error


def save(deposits: list[Deposit], success: bool, beat: copying.Beat) -> tuple[list[str], Failure | None]:
    """Move what is to be kept; one that fails does not keep the others from being saved."""
    saved: list[str] = []
    trouble: Failure | None = None
    for deposit in deposits:
        if not (success or deposit.always):
            continue
        try:
            if _save(deposit, beat):
                saved.append(deposit.name)
        except (OSError, RecursionError) as error:
            trouble = trouble or Failure(OUTPUT_FAILED, name=deposit.name, message=words(error))
        failpoint.hit("deposit")
    return saved, trouble


def _save(deposit: Deposit, beat: copying.Beat) -> bool:
    """False when the command left nothing there."""
    try:
        found = os.lstat(deposit.staging)
    except FileNotFoundError:
        return False
    folder = stat.S_ISDIR(found.st_mode)
    if not folder and not stat.S_ISREG(found.st_mode):
        raise OSError(errno.EINVAL, "a %s was expected, a link or special file was found" % deposit.kind)
    kind = "folder" if folder else "file"
    if deposit.kind not in (kind, ANY):
        raise OSError(errno.EINVAL, "a %s was expected, a %s was found" % (deposit.kind, kind))
    os.makedirs(os.path.dirname(deposit.final), exist_ok=True)
    if not (deposit.merge and folder):
        _move_whole(deposit.staging, deposit.final, beat)
    elif not _appear(deposit.staging, deposit.final):
        os.makedirs(deposit.final, exist_ok=True)
        _merge_folder(deposit.staging, deposit.final, beat)
    return True


def _appear(staging: str, final: str) -> bool:
    """Move a folder to where there is none, so that nothing has to be merged; False where that cannot be."""
    if os.path.lexists(final):
        return False
    try:
        os.rename(staging, final)
    except OSError:  # on another disk, or somebody has just made it
        return False
    return True


def _move_whole(staging: str, final: str, beat: copying.Beat) -> None:
    draft = _beside(final, "new")
    try:
        os.rename(staging, final)
        return
    except OSError as error:
        if error.errno == errno.EXDEV:
            discard(draft)
            copying.tree(staging, draft, beat)
            staging = draft
        elif error.errno not in _OCCUPIED:
            raise
    _replace(staging, final)


def _replace(staging: str, final: str) -> None:
    """An earlier attempt's output gives way; it is back in place if the new one cannot take it."""
    aside = _beside(final, "old")
    discard(aside)
    if os.path.lexists(final):
        os.rename(final, aside)
    failpoint.hit("replace")
    try:
        os.rename(staging, final)
    except OSError:
        if os.path.lexists(aside):
            os.rename(aside, final)
        raise
    discard(aside)


def _merge_folder(staging: str, final: str, beat: copying.Beat) -> None:
    source = os.open(staging, _FOLDER)
    try:
        target = os.open(final, _FOLDER)
        try:
            _merge(source, target, beat)
        finally:
            os.close(target)
    finally:
        os.close(source)


def _merge(source: int, target: int, beat: copying.Beat) -> None:
    for name in os.listdir(source):
        beat()
        mode = os.stat(name, dir_fd=source, follow_symlinks=False).st_mode
        if stat.S_ISDIR(mode):
            _merge_child(source, target, name, beat)
        elif stat.S_ISREG(mode) or stat.S_ISLNK(mode):
            _move_one(source, target, name, beat)
            failpoint.hit("merge")


def _merge_child(source: int, target: int, name: str, beat: copying.Beat) -> None:
    with contextlib.suppress(FileExistsError):
        os.mkdir(name, 0o777, dir_fd=target)
    inner = os.open(name, _FOLDER, dir_fd=source)
    try:
        outer = os.open(name, _FOLDER, dir_fd=target)
        try:
            _merge(inner, outer, beat)
        finally:
            os.close(outer)
    finally:
        os.close(inner)


def _move_one(source: int, target: int, name: str, beat: copying.Beat) -> None:
    try:
        os.rename(name, name, src_dir_fd=source, dst_dir_fd=target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        draft = _beside(name, "new")
        here, there = "/proc/self/fd/%d/%s" % (source, name), "/proc/self/fd/%d/%s" % (target, draft)
        if os.path.islink(here):
            os.symlink(os.readlink(here), there)
        else:
            copying.file(here, there, beat)
        os.rename(draft, name, src_dir_fd=target, dst_dir_fd=target)


def _beside(final: str, word: str) -> str:
    folder, name = os.path.split(final)
    return os.path.join(folder, ".%s.%d.%s" % (name, os.getpid(), word))


def discard(path: str) -> None:
    """Remove a file, a link or a folder; without ``shutil``, whose size every fork of the agent would pay for."""
    if not os.path.isdir(path) or os.path.islink(path):
        with contextlib.suppress(FileNotFoundError):
            os.unlink(path)
        return
    for folder, folders, others in os.walk(path, topdown=False):
        for name in others:
            os.unlink(os.path.join(folder, name))
        for name in folders:
            inner = os.path.join(folder, name)
            (os.unlink if os.path.islink(inner) else os.rmdir)(inner)
    os.rmdir(path)
