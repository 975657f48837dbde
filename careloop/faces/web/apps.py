from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "careloop.faces.web"
    label = "web"

    def ready(self) -> None:
        """Start following the sign-in machinery and learn to word the log; their models exist only now."""
        from careloop.faces.web.access import sentences  # noqa: F401 - fills the registry of wordings
        from careloop.faces.web.account_log import listen
        from careloop.faces.web.desk import sentences as desk_sentences  # noqa: F401 - so does this
        from careloop.faces.web.mail_admin import sentences as mail_sentences  # noqa: F401 - so does this

        listen()
