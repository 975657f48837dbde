"""The peer's side of the chat benchmark: an echo of Django Channels with the groups in memory."""

import django
from channels.generic.websocket import AsyncWebsocketConsumer
from channels.routing import ProtocolTypeRouter, URLRouter
from django.conf import settings
from django.urls import path

settings.configure(CHANNEL_LAYERS={"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}})
django.setup()


class Echo(AsyncWebsocketConsumer):
    """Passes each word on to everybody in its chat."""

    async def connect(self) -> None:
        self.group = f"chat-{self.scope['url_route']['kwargs']['chat']}"
        await self.channel_layer.group_add(self.group, self.channel_name)
        await self.accept()

    async def disconnect(self, code: int) -> None:
        await self.channel_layer.group_discard(self.group, self.channel_name)

    async def receive(self, text_data: str = "", bytes_data: bytes = b"") -> None:
        await self.channel_layer.group_send(self.group, {"type": "chat.word", "text": text_data})

    async def chat_word(self, event: dict[str, str]) -> None:
        await self.send(text_data=event["text"])


application = ProtocolTypeRouter({"websocket": URLRouter([path("chat/<int:chat>", Echo.as_asgi())])})
