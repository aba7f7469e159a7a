"""Live checks: read-only looks at a paste, a token, an IoT hub or the network that confirm a cause or rule it out.

One function is the way in for every surface, :func:`bot.checks.runner.diagnose`. Nothing here writes to a hub,
connects as a device, or lets a key out; ``iot_hub.py`` alone talks through azure-iot-hub.
"""
