"""Slack: what people write there becomes questions, what the assistant says becomes messages.

    app ── claim before the ack ──> listeners ──> Desk ──> cards ──> SlackClient
                                                   │
                                     assistant, store, checks

``rich``, ``blocks``, ``cards``, ``modals``, ``home`` and ``manifest`` are pure: values in, Slack's JSON out, every limit kept by
construction. ``incoming`` reads Slack's JSON into values. ``client`` is the door to slack_sdk, ``app`` the one to Bolt.
"""
