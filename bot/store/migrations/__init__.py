"""The steps that bring a database to this version, run by :mod:`bot.store.upgrade`."""
