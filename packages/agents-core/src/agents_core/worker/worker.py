"""A worker: registered with a server, it takes the jobs it has room for, one process for each."""

from __future__ import annotations

from typing import Literal

from agents_core.emitter import Emitter
from agents_core.errors import WorkerError
from agents_core.jobs.messages import RunningJob
from agents_core.worker.credentials import find_credentials
from agents_core.worker.load import bind_load
from agents_core.worker.messages import SimulateJob
from agents_core.worker.options import WorkerOptions
from agents_core.worker.shift import Shift


class Worker(Emitter[Literal["worker_started", "worker_registered"]]):
    """Takes jobs from `run` to `aclose`, once.

    Emits ``worker_started``, with nothing, when its process pool is started, and
    ``worker_registered``, with its id, at each registration.

    Raises:
        MissingCredentialsError: a key is neither in the options nor in the environment.
        WorkerError: the URL is none of a server.
    """

    def __init__(self, options: WorkerOptions) -> None:
        super().__init__()
        self._options = options
        self._credentials = find_credentials(
            ws_url=options.ws_url, api_key=options.api_key, api_secret=options.api_secret
        )
        self._shift: Shift | None = None

    @property
    def id(self) -> str:
        """As the server knows it; ``unregistered`` before it does."""
        known = self._shift.performer.state.worker_id if self._shift else ""
        return known or "unregistered"

    @property
    def port(self) -> int:
        """Where health and metrics are served; 0 while they are not."""
        return self._shift.port if self._shift else 0

    @property
    def active_jobs(self) -> tuple[RunningJob, ...]:
        """Those that have a process."""
        processes = self._shift.pool.processes if self._shift else ()
        return tuple(process.running for process in processes if process.running is not None)

    async def run(self, *, devmode: bool = False) -> None:
        """Take jobs, until `aclose` is called.

        Args:
            devmode: use what the options call development for all that they leave open.

        Raises:
            WorkerError: the server refuses the worker, or cannot be reached any more; jobs that
                run are given the time to drain first. Or the port for health and metrics is taken.
            RuntimeError: it was run before.
            ValueError: the entry point cannot be had in another process, or an option makes no
                sense.
        """
        if self._shift is not None:
            raise RuntimeError("a worker runs once")
        load_fnc = self._options.load_fnc
        self._shift = Shift(
            self._options,
            self._options.mode(devmode=devmode),
            self._credentials,
            load=None if load_fnc is None else bind_load(load_fnc, self),
            registered=lambda worker_id: self.emit("worker_registered", worker_id),
        )
        await self._shift.run(lambda: self.emit("worker_started"))

    async def drain(self, timeout: float | None = None) -> None:
        """Take no more jobs, and wait for those that run; `run` does not return by that.

        Args:
            timeout: seconds to wait at most; None for as long as it takes.

        Raises:
            TimeoutError: jobs still run, and go on.
        """
        if self._shift is not None:
            await self._shift.drain(timeout)

    async def aclose(self) -> None:
        """End: jobs that run are shut down, each within its deadlines; then `run` returns."""
        if self._shift is not None:
            await self._shift.aclose()

    async def simulate_job(self, room: str, participant_identity: str = "") -> None:
        """Have the server offer a job for `room`, as if somebody had come in.

        Raises:
            WorkerError: the worker is not registered.
        """
        traffic = self._shift.performer.traffic if self._shift else None
        if traffic is None:
            raise WorkerError("only a registered worker can be offered a job")
        traffic.send(SimulateJob(room=room, participant=participant_identity))
