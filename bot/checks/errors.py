"""Why live checks could not run at all; what a hub answers is never an error, it becomes a finding.

    CheckError
    ├── HubUnknown          no hub is configured at all
    │   └── HubNotNamed     no hub of that name is configured, or which of several is meant is not said
    ├── HubMisconfigured    a connection string, host or CA file that cannot be right
    ├── DeviceMalformed     what was given cannot be the id of a device
    └── CheckUnavailable    a package that the checks need is not installed

Messages are English templates with ``{named}`` values, keys of the catalogs. None ever holds a key: a hub is
named by the name it is configured under and by its host.
"""

from __future__ import annotations

from bot.errors import BotError


class CheckError(BotError):
    """Something the person who runs the checks can mend."""

    code = "check"


class HubUnknown(CheckError):
    """No hub to ask."""

    code = "hub-unknown"


class HubNotNamed(HubUnknown):
    """A name that is missing or names nothing: the call is at fault, not the settings."""

    is_usage = True


class HubMisconfigured(CheckError):
    """Settings of a hub that cannot work."""

    code = "hub-settings"


class DeviceMalformed(CheckError):
    """A device or module id that no hub would take."""

    code = "device-id"
    is_usage = True


class CheckUnavailable(CheckError):
    """A package is missing."""

    code = "checks-unavailable"
