"""The workers of a Dask cluster, which do the work of `processes` on any number of machines.

They need what those have: this release of Paperlog with the extra `paperlog[dask]`, and whatever the work reads. Bytes
go out and come back, so that nothing is pickled but the name of a function and a request.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from concurrent.futures import Future, InvalidStateError
from contextlib import suppress
from importlib.metadata import version
from threading import Event, Lock, Thread
from types import TracebackType
from typing import Self

from flows.parallel.processes import WorkerEnded, work_named
from transforms.errors import PaperlogError

try:
    from distributed import Client
except ImportError as error:
    raise PaperlogError("a cluster of Dask needs an extra: pip install 'paperlog[dask]'") from error

CONNECT_SECONDS = 10.0
# So long nobody waits for a cluster that lost its last worker: its own machines may start one again.
WITHOUT_WORKERS_SECONDS = 30.0
LOOKS_EVERY_SECONDS = 1.0
ANSWER_SECONDS = 5.0

_log = logging.getLogger("paperlog.cluster")


class Cluster:
    """The workers of one scheduler, as `Workers` are those of one machine. A context manager."""

    process_ids: tuple[int, ...] = ()
    """None on this machine."""

    def __init__(self, address: str, work: str, patience_seconds: float = WITHOUT_WORKERS_SECONDS) -> None:
        """`work` names the function that they call, as `package.module:function`: bytes in, bytes out.

        Raises PaperlogError if the scheduler does not answer or has no worker.
        """
        self._work, self._release, self._patience_seconds = work, version("paperlog"), patience_seconds
        try:
            self._client = Client(address, timeout=CONNECT_SECONDS, set_as_default=False, name="paperlog")
        except (OSError, ValueError) as error:
            raise PaperlogError(f"no scheduler of Dask answers at {address}") from error
        except TypeError as error:
            raise PaperlogError(
                f"the scheduler of Dask at {address} wants TLS: Dask's own settings name no certificates "
                "(distributed.comm.tls)"
            ) from error
        if not self._has_workers:
            self._client.close(timeout=CONNECT_SECONDS)
            raise PaperlogError(f"the scheduler of Dask at {address} has no worker")
        self._executor = self._client.get_executor(pure=False)
        self._waiting: dict[Future[bytes], Future[bytes | None]] = {}
        self._lock, self._is_ended = Lock(), Event()
        self._watch = Thread(target=self._look, name="paperlog-cluster", daemon=True)
        self._watch.start()

    def __enter__(self) -> Self:
        """Itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Take back what is not done yet, and leave the cluster as it is."""
        self._is_ended.set()
        self._watch.join()
        self._give_up("the work was taken back")
        with suppress(Exception):  # a cluster that is gone has nothing to take back
            self._executor.shutdown(wait=False)
        self._client.close(timeout=CONNECT_SECONDS)

    def submit(self, request: bytes) -> Future[bytes]:
        """Have it done by a worker that is free. The future raises WorkerEnded if it was not done."""
        answer: Future[bytes] = Future()
        try:
            asked = self._executor.submit(answered, self._release, self._work, request)
        except Exception as error:  # noqa: BLE001 - the cluster is gone
            answer.set_exception(WorkerEnded(f"the cluster takes no work: {error}"))
            return answer
        with self._lock:
            self._waiting[answer] = asked
        asked.add_done_callback(lambda done: self._settle(answer, done))
        return answer

    @property
    def _has_workers(self) -> bool:
        """Asked with a limit: a scheduler that stands still answers nothing, for ever."""
        if self._client.status != "running" or (scheduler := self._client.scheduler) is None:
            return False
        try:
            found = self._client.sync(scheduler.identity, n_workers=-1, callback_timeout=ANSWER_SECONDS)
        except (OSError, RuntimeError):  # also TimeoutError
            return False
        return bool(found["workers"])

    def _look(self) -> None:
        """In a thread: Dask itself waits for a worker for ever."""
        seen_at = time.monotonic()
        while not self._is_ended.wait(LOOKS_EVERY_SECONDS):
            if self._has_workers:
                seen_at = time.monotonic()
            elif self._waiting and time.monotonic() - seen_at > self._patience_seconds:
                _log.warning("the cluster has no worker any more: this process does its work")
                self._give_up("the cluster has no worker any more")

    def _give_up(self, reason: str) -> None:
        """Take back all that waits: what ended one worker would end the next one that comes."""
        with self._lock:
            waiting = dict(self._waiting)
        for answer, asked in waiting.items():
            self._refuse(answer, reason)
            asked.cancel()

    def _settle(self, answer: Future[bytes], done: Future[bytes | None]) -> None:
        """Whatever a cluster may raise means that the work is not done."""
        try:
            found = done.result()
        except BaseException as error:  # noqa: BLE001 - also CancelledError
            if not answer.done():
                _log.warning("a worker of the cluster ended (%s): this process does its work", type(error).__name__)
            self._refuse(answer, f"a worker of the cluster ended: {error}")
            return
        if found is None:
            self._refuse(answer, "a worker of the cluster could not do it, or is of another release")
        else:
            self._close(answer, lambda: answer.set_result(found))

    def _refuse(self, answer: Future[bytes], reason: str) -> None:
        self._close(answer, lambda: answer.set_exception(WorkerEnded(reason)))

    def _close(self, answer: Future[bytes], close: Callable[[], None]) -> None:
        with self._lock:
            self._waiting.pop(answer, None)
        with suppress(InvalidStateError):  # nobody waits for it any more
            close()


def answered(release: str, work: str, request: bytes) -> bytes | None:
    """On a worker: the answer; None if it is of another release or the work fails there."""
    if version("paperlog") != release:
        return None
    try:
        return work_named(work)(request)
    except Exception:  # noqa: BLE001 - whoever asked does the same, and meets the same error where it is told
        return None
