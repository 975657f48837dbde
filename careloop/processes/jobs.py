"""Work that calls the world: deferred in an act's transaction, done after it, at least once (design.md D2)."""

from datetime import timedelta

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from careloop.domains.files.services import draw_preview
from careloop.kernel import clock
from careloop.kernel.readers import prepare_months
from careloop.kernel.scope import workspace_scope
from careloop.processes.calling import fetch_recording as fetch_left_recording
from careloop.processes.exporting import write_export as write_facts
from careloop.processes.mailing_notices import mail_notices_to
from careloop.processes.portal_access import mail_link
from careloop.processes.promising import recount_hours as recount
from careloop.processes.routing.presence import tell
from careloop.processes.sending import send
from careloop.processes.sweeping import sweep_blobs, sweep_deliveries, sweep_runs, sweep_uploads
from careloop.processes.texting import fetch_files
from careloop.processes.webhooks import send_webhook as try_webhook

__all__ = [
    "fetch_recording",
    "fetch_text_files",
    "mail_notices",
    "mail_sign_in_link",
    "preview_file",
    "recount_hours",
    "retry_stalled",
    "send_message",
    "send_webhook",
    "tell_presence",
    "upkeep",
    "write_export",
]

STALLED_AFTER = timedelta(minutes=2)


@app.task(name="send_message", queue="mail", retry=RetryStrategy(max_attempts=5, wait=5))
def send_message(*, workspace_id: int, message_id: int) -> None:
    """Put a queued message on the wire. A second run, after a crash, never sends: it tells a person."""
    send(workspace_id=workspace_id, message_id=message_id)


@app.task(name="fetch_text_files", queue="files", retry=RetryStrategy(max_attempts=6, wait=15))
def fetch_text_files(*, workspace_id: int, hook_id: int) -> None:
    """Fetch the files that came with a text message, and let it in; after the third failure without them."""
    fetch_files(workspace_id=workspace_id, hook_id=hook_id)


@app.task(name="fetch_recording", queue="files", retry=RetryStrategy(max_attempts=6, wait=15))
def fetch_recording(*, workspace_id: int, hook_id: int) -> None:
    """Fetch the message that a caller left, and put it into a case; after the third failure without it."""
    fetch_left_recording(workspace_id=workspace_id, hook_id=hook_id)


@app.task(name="send_webhook", queue="webhooks", retry=RetryStrategy(max_attempts=5, wait=30))
def send_webhook(*, workspace_id: int, delivery_id: int) -> None:
    """Try a message to another system once; further tries are rung by its timer."""
    try_webhook(workspace_id=workspace_id, delivery_id=delivery_id)


@app.task(name="tell_presence", queue="routing", retry=RetryStrategy(max_attempts=5, wait=5))
def tell_presence(*, workspace_id: int, from_workspace_id: int, event_id: int) -> None:
    """Tell one workspace what somebody who serves it did in another."""
    tell(workspace_id=workspace_id, from_workspace_id=from_workspace_id, event_id=event_id)


@app.task(name="mail_notices", queue="mail", retry=RetryStrategy(max_attempts=5, wait=60))
def mail_notices(*, workspace_id: int, user_id: int) -> None:
    """Mail a person what they have not read."""
    mail_notices_to(workspace_id=workspace_id, user_id=user_id)


@app.task(name="mail_sign_in_link", queue="mail", retry=RetryStrategy(max_attempts=4, wait=15))
def mail_sign_in_link(*, workspace_id: int, sealed_address: str, link: str, next_path: str, language: str) -> None:
    """Mail a customer the link that lets them into the portal."""
    mail_link(
        workspace_id=workspace_id,
        sealed_address=sealed_address,
        link=link,
        next_path=next_path,
        language=language,
    )


@app.task(name="preview_file", queue="files", retry=RetryStrategy(max_attempts=3, wait=30))
def preview_file(*, workspace_id: int, file_id: int) -> None:
    """Draw the small picture of an image."""
    with workspace_scope(workspace_id):
        draw_preview(file_id=file_id)


@app.task(name="write_export", queue="files", lock="write_export", retry=RetryStrategy(max_attempts=3, wait=30))
def write_export(*, workspace_id: int, export_id: int) -> None:
    """Write a file of facts that somebody asked for; one at a time, so that jobs that take seconds are never kept waiting."""
    write_facts(workspace_id=workspace_id, export_id=export_id)


@app.task(name="recount_hours", queue="upkeep", retry=RetryStrategy(max_attempts=5, wait=30))
def recount_hours(*, workspace_id: int, calendar_id: int) -> None:
    """Work out again when clocks are due, because hours have changed."""
    recount(workspace_id=workspace_id, calendar_id=calendar_id)


@app.periodic(cron="* * * * *")
@app.task(name="retry_stalled", queue="upkeep", queueing_lock="retry_stalled", pass_context=False)
async def retry_stalled(timestamp: int) -> None:
    """Hand the jobs of workers that died to those that live."""
    for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_AFTER.total_seconds()):
        await app.job_manager.retry_job(job)


@app.periodic(cron="17 3 * * *")
@app.task(name="upkeep", queue="upkeep", queueing_lock="upkeep")
def upkeep(timestamp: int) -> None:
    """Make room in the log for the months to come, and throw away what nobody needs any more.

    That is: uploads that nobody sent, bytes that nothing names, runs of rules of more than a year ago, and what webhooks sent
    more than a month ago.

    Bytes first: those of tonight's uploads stay until tomorrow, for a backup that is being made and has seen their rows.
    """
    prepare_months()
    sweep_blobs(at=clock.now())
    sweep_uploads(at=clock.now())
    sweep_runs(at=clock.now())
    sweep_deliveries(at=clock.now())
