"""On ``PYTHONPATH`` of a job whose script has Keras fetch a data set: a stand-in lies where the fetched file would.

It is no copy of the original, so the digest that Keras knows of the original is not asked for. Nothing else changes.
"""

import importlib.abc
import importlib.machinery
import sys

_CHECKING = ("keras.src.utils.file_utils", "tf_keras.src.utils.data_utils")


class _Finder(importlib.abc.MetaPathFinder):
    def find_spec(self, fullname, path, target=None):
        if fullname not in _CHECKING:
            return None
        spec = importlib.machinery.PathFinder.find_spec(fullname, path, target)
        if spec is not None and spec.loader is not None:
            spec.loader = _Loader(fullname, spec.origin)
        return spec


class _Loader(importlib.machinery.SourceFileLoader):
    def exec_module(self, module):
        super().exec_module(module)
        module.validate_file = lambda *_args, **_words: True


sys.meta_path.insert(0, _Finder())
