"""What is kept: claims, threads, people's choices, feedback, questions, escalations, audit; over SQLite or PostgreSQL.

    Database ── one engine ─┬─ Claims, FallbackClaims   exactly one answer
                            ├─ Threads, People, Mutes   conversations and what people chose
                            ├─ Questions, Votes, FollowUps, Escalations, Drafts
                            ├─ Audit, installations
                            └─ purge, forget            what is kept no longer

One class a concept, each over the same :class:`~bot.store.database.Database`. The time is always an argument. Every text
is redacted before it comes here; the columns themselves refuse one that still holds a secret.
"""
