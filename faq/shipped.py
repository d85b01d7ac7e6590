"""The knowledge as we ship it, read and indexed: kept beside the bytecode, as building it takes ten times longer.

The file is named by a fingerprint of everything it was made of, so an edited table or rule is seen at once. It is
trusted exactly as much as the bytecode in the same folder, and like it does without where it cannot be written.
"""

from __future__ import annotations

import gc
import os
import pickle
import sys
import tempfile
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple

from core.doors import DoorKeeper
from faq.doors import keep_doors
from faq.gate import OneAtATime
from faq.lexicon import Lexicon, load_lexicon
from faq.library import Library

_ROOT = Path(__file__).parents[1]
_FOLDER = Path(__file__).parent / "__pycache__"
# What reads the tables (faq, and the parts of core that it uses) and the tables themselves.
_SOURCES = ("faq", "core")
_ENDINGS = frozenset({".py", ".yaml", ".toml", ".json", ".txt"})


class Knowledge(NamedTuple):
    """All that answers questions before an office has changed anything."""

    library: Library
    lexicon: Lexicon
    matcher: OneAtATime
    doors: DoorKeeper


def load_knowledge(folder: Path = _FOLDER) -> Knowledge:
    """The shipped knowledge, from the kept file if it fits. Raises ContentError as Library.load does."""
    file = folder / f"knowledge-{fingerprint()}.pickle"
    # What an interrupted or foreign writer left is as good as nothing, whatever it makes of the attempt to read it.
    with suppress(Exception):
        return _read(file)
    built = build_knowledge()
    with suppress(OSError):
        _keep(file, built)
    return built


def build_knowledge() -> Knowledge:
    """Read and index the tables. Raises ContentError naming the file and the part that is wrong."""
    library, lexicon = Library.load(), load_lexicon()
    return Knowledge(library, lexicon, OneAtATime(library, lexicon), keep_doors(library))


def fingerprint() -> str:
    """Of the interpreter, of the code that reads and of what is read."""
    seen = blake2b(sys.version.encode(), digest_size=16)
    for source in _SOURCES:
        for file in sorted((_ROOT / source).rglob("*")):
            if file.suffix in _ENDINGS:
                data = file.read_bytes()
                seen.update(f"{file.relative_to(_ROOT)} {len(data)}\n".encode() + data)
    return seen.hexdigest()


def _read(file: Path) -> Knowledge:
    data = file.read_bytes()
    was_on = gc.isenabled()
    # A hundred thousand new objects and no garbage among them: looking for it would double the time.
    gc.disable()
    try:
        return Knowledge(*pickle.loads(data))
    finally:
        if was_on:
            gc.enable()


def _keep(file: Path, knowledge: Knowledge) -> None:
    """Appears whole or not at all; what was kept before is of no more use."""
    file.parent.mkdir(exist_ok=True)
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=".knowledge-")
    try:
        with os.fdopen(handle, "wb") as part:
            pickle.dump(tuple(knowledge), part, protocol=pickle.HIGHEST_PROTOCOL)
        os.chmod(name, 0o644)
        Path(name).replace(file)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    for old in file.parent.glob("knowledge-*.pickle"):
        if old != file:
            old.unlink(missing_ok=True)


if __name__ == "__main__":
    load_knowledge()
