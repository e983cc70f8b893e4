"""What the desk clears away."""

from ombud.desk.api import once
from ombud.lib import jobs


@jobs.every(cron="17 * * * *")
@jobs.task(name="desk.forget_replies", queueing_lock="desk.forget_replies")
def forget_replies(timestamp: int = 0) -> int:
    return once.forget()
