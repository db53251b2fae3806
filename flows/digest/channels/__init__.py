"""The kinds of channels: each module has one, as a record; a new one is added to the list here and nowhere else."""

from __future__ import annotations

from collections.abc import Mapping

from flows.digest.channel import ChannelKind
from flows.digest.channels.discord import DISCORD
from flows.digest.channels.feed import FEED
from flows.digest.channels.feishu import FEISHU
from flows.digest.channels.mail import MAIL
from flows.digest.channels.markdown import MARKDOWN
from flows.digest.channels.slack import SLACK
from flows.digest.channels.telegram import TELEGRAM
from flows.digest.channels.webhook import WEBHOOK

KINDS: Mapping[str, ChannelKind] = {
    each.name: each
    for each in (
        FEED,
        MARKDOWN,
        MAIL,
        SLACK,
        DISCORD,
        TELEGRAM,
        FEISHU,
        WEBHOOK,
    )
}
"""The kinds by their names, in the order of the documentation."""
