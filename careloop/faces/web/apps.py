from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "careloop.faces.web"
    label = "web"

    def ready(self) -> None:
        """Start following the sign-in machinery and learn to word the log; their models exist only now."""
        from careloop.faces.web.access import sentences  # noqa: F401 - fills the registry of wordings
        from careloop.faces.web.account_log import listen
        from careloop.faces.web.boards import sentences as board_sentences  # noqa: F401 - so does this
        from careloop.faces.web.calls import sentences as call_sentences  # noqa: F401 - so does this
        from careloop.faces.web.chats import sentences as chat_sentences  # noqa: F401 - so does this
        from careloop.faces.web.desk import sentences as desk_sentences  # noqa: F401 - so does this
        from careloop.faces.web.flags import sentences as flag_sentences  # noqa: F401 - so does this
        from careloop.faces.web.invoices import sentences as invoice_sentences  # noqa: F401 - so does this
        from careloop.faces.web.mail_admin import sentences as mail_sentences  # noqa: F401 - so does this
        from careloop.faces.web.phones import sentences as phone_sentences  # noqa: F401 - so does this
        from careloop.faces.web.procedures import sentences as procedure_sentences  # noqa: F401 - so does this
        from careloop.faces.web.promises import sentences as promise_sentences  # noqa: F401 - and this
        from careloop.faces.web.reports import sentences as report_sentences  # noqa: F401 - so does this
        from careloop.faces.web.routing import sentences as routing_sentences  # noqa: F401 - so does this
        from careloop.faces.web.rules import sentences as rule_sentences  # noqa: F401 - so does this
        from careloop.faces.web.tasks import sentences as task_sentences  # noqa: F401 - so does this
        from careloop.faces.web.texting import sentences as text_sentences  # noqa: F401 - so does this
        from careloop.faces.web.wall import sentences as wall_sentences  # noqa: F401 - so does this
        from careloop.faces.web.webhooks import sentences as webhook_sentences  # noqa: F401 - so does this

        listen()
