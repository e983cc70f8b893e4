"""The worker: carries letters and does what is due, one job at a time in each of its threads."""

import structlog
from django.db import close_old_connections
from django.utils.module_loading import import_string

PATIENCE = 15  # seconds for the jobs under way when asked to end


def work(concurrency: int) -> None:
    """Work until SIGTERM; then finish what is under way."""
    app = import_string("ombud.lib.jobs.app")
    # An app of its own: jobs queued by a deed still go the deed's own connection.
    mine = app.with_connector(app.connector.get_worker_connector())
    mine.run_worker(
        concurrency=concurrency,
        listen_notify=True,
        shutdown_graceful_timeout=PATIENCE,
        delete_jobs="successful",
        task_middleware=[afresh],
    )


def afresh(job, context, worker):
    """A connection that broke since the last job is opened again; every line names the job."""
    close_old_connections()
    with structlog.contextvars.bound_contextvars(job=context.job.id, task=context.job.task_name):
        try:
            return job()
        finally:
            close_old_connections()
