from django.apps import AppConfig


class TelephonyConfig(AppConfig):
    name = "careloop.domains.telephony"
    label = "telephony"
