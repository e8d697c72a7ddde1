"""Talk with Presidio in its own environment: texts in, what it would mask out."""

import json
import os
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, cast

from hotline.operate.bench.anonymizer.labelled import Labelled
from hotline.operate.bench.anonymizer.measuring import Masks
from hotline.operate.bench.anonymizer.presidio.environment import (
    Environment,
    PresidioUnavailable,
    default_folder,
    prepare,
)

_INSIDE = Path(__file__).parent / "inside.py"
_FIRST = (Labelled("They keep our papers and lock the door at night.", "en"),)
_ONE_CORE = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "PYTHONUTF8": "1"}


@dataclass(slots=True)
class Presidio:
    """A redactor. It is told the language of each text, which we are not. After the last text it tells what it cost."""

    environment: Environment
    process: subprocess.Popen[str]
    start_ms: float = 0.0
    memory_mb: float = 0.0
    reads: dict[str, str] = field(default_factory=dict)
    reads_else: str = ""

    def __call__(self, texts: Sequence[Labelled]) -> tuple[Masks, float]:
        asked = [{"text": each.text, "language": each.language} for each in texts]
        self._say(json.dumps(asked))
        answer = self._hear()
        return answer["masks"], answer["seconds"]

    def model_of(self, language: str) -> str:
        """Say what names of *language* were found with."""
        return self.reads.get(language, self.reads_else)

    def start(self) -> None:
        begun = time.perf_counter()
        self._say(json.dumps(self.environment.models))
        self(_FIRST)
        self.start_ms = (time.perf_counter() - begun) * 1000

    def finish(self) -> None:
        self._say("")
        about = self._hear()
        self.memory_mb, self.reads_else = about["memory_mb"], about["else"]
        self.reads = about["reads"] | self.environment.says

    def _say(self, line: str) -> None:
        pipe = cast(IO[str], self.process.stdin)
        pipe.write(line + "\n")
        pipe.flush()

    def _hear(self) -> Any:
        line = cast(IO[str], self.process.stdout).readline()
        if not line:
            raise PresidioUnavailable("Presidio was installed but did not run through")
        return json.loads(line)


@contextmanager
def presidio(folder: Path | None = None) -> Iterator[Presidio]:
    """Install Presidio where needed, start it, and end it afterwards."""
    environment = prepare(folder or default_folder())
    process = subprocess.Popen(  # noqa: S603 - our own script in its own environment.
        [str(environment.python), "-P", str(_INSIDE)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=os.environ | _ONE_CORE,
        encoding="utf-8",
    )
    beside = Presidio(environment, process)
    try:
        beside.start()
        yield beside
        beside.finish()
    except BrokenPipeError:
        raise PresidioUnavailable("Presidio was installed but did not run through") from None
    finally:
        process.kill()
        process.communicate()
