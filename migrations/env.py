"""Alembic's entry: runs the numbered migrations on the connection that `crisis_desk.platform.migrate` hands over."""

from __future__ import annotations

from alembic import context

from crisis_desk.features import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=False,
    transaction_per_migration=True,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
