"""Checks on a module: is it there, and may its device speak for it?"""

from __future__ import annotations

from bot.answer import Finding
from bot.checks.check import Evidence, confirmed, read_in, ruled_out, unread
from bot.checks.known_device import left_out


def unusable_parent(evidence: Evidence) -> Finding | None:
    """A module's calls are refused where its device is missing or disabled."""
    reading = evidence.facts.state
    if reading is None or not evidence.module:
        return None
    if reading.is_missing:
        message = "The module's device {device} does not exist; the hub then answers 401 for its modules."
        return confirmed("module-device-unusable", message, read_in(reading), device=evidence.device)
    state = reading.value
    if state is None:
        return unread("module-device-unusable", reading)
    if state.is_enabled is None:
        return left_out("module-device-unusable", reading, "status")
    if state.is_enabled:
        message = "The module's device {device} exists and is enabled."
        return ruled_out("module-device-unusable", message, read_in(reading), device=state.device_id)
    message = "The module's device {device} is disabled; the hub then answers 401 for its modules."
    return confirmed("module-device-unusable", message, read_in(reading), device=state.device_id)


def module_missing(evidence: Evidence) -> Finding | None:
    """Does the hub know the module?"""
    reading = evidence.facts.module
    if reading is None:
        return None
    if reading.is_missing:
        message = "{device} has no module {module}."
        return confirmed(
            "module-missing", message, read_in(reading), device=evidence.device, module=evidence.module
        )
    if reading.value is None:
        return unread("module-missing", reading)
    message = "{device} has a module {module}."
    return ruled_out(
        "module-missing", message, read_in(reading), device=evidence.device, module=evidence.module
    )
