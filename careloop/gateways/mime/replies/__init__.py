"""The reply without what it answers."""

from careloop.gateways.mime.replies.splitting import split_reply
from careloop.gateways.mime.replies.types import Reply

__all__ = ["Reply", "split_reply"]
