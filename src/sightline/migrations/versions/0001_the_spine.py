"""The spine: people, issues, files, facts, the log and what is read from it."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)

FIXED = ("seq", "kind", "subject_type", "subject_id", "version", "issue_id", "actor_id", "at", "recorded_at")


def upgrade() -> None:
    op.create_table(
        "event_log",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("last_position", BIG, nullable=False),
        sa.CheckConstraint("id = 1", name="ck_event_log_one_row"),
        sa.PrimaryKeyConstraint("id", name="pk_event_log"),
    )
    op.create_table(
        "jobs",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("dedup", sa.Text(), nullable=True),
        sa.Column("attempts", BIG, nullable=False),
        sa.Column("max_attempts", BIG, nullable=False),
        sa.Column("run_at", MOMENT, nullable=False),
        sa.Column("lease", sa.Text(), nullable=True),
        sa.Column("leased_until", MOMENT, nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("finished_at", MOMENT, nullable=True),
        sa.CheckConstraint("state IN ('queued', 'running', 'done', 'dead')", name="ck_jobs_state"),
        sa.PrimaryKeyConstraint("id", name="pk_jobs"),
        sa.UniqueConstraint("dedup", name="uq_jobs_dedup"),
    )
    op.create_index("ix_jobs_due", "jobs", ["state", "run_at"])

    op.create_table(
        "labels",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_key", sa.Text(), nullable=False),
        sa.Column("colour", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("version", BIG, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_labels"),
        sa.UniqueConstraint("name_key", name="uq_labels_name_key"),
    )
    op.create_table(
        "projects",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("last_number", BIG, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("deleted_at", MOMENT, nullable=True),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("version", BIG, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_projects"),
        sa.UniqueConstraint("key", name="uq_projects_key"),
    )
    op.create_table(
        "reader_cursors",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("position", BIG, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_reader_cursors"),
    )
    op.create_table(
        "sign_in_failures",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("bucket", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sign_in_failures"),
    )
    op.create_index("ix_sign_in_failures_at", "sign_in_failures", ["at"])
    op.create_index("ix_sign_in_failures_bucket_at", "sign_in_failures", ["bucket", "at"])

    op.create_table(
        "users",
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("email_key", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("deleted_at", MOMENT, nullable=True),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("version", BIG, nullable=False),
        sa.CheckConstraint("role IN ('reporter', 'maintainer', 'admin')", name="ck_users_role"),
        sa.PrimaryKeyConstraint("id", name="pk_users"),
        sa.UniqueConstraint("email_key", name="uq_users_email_key"),
    )
    op.create_index("ix_users_name", "users", ["name"])

    op.create_table(
        "api_tokens",
        sa.Column("user_id", BIG, nullable=False),
        sa.Column("secret_hash", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("scopes", sa.JSON(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=True),
        sa.Column("revoked_at", MOMENT, nullable=True),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("version", BIG, nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_api_tokens_user_id"),
        sa.PrimaryKeyConstraint("id", name="pk_api_tokens"),
        sa.UniqueConstraint("secret_hash", name="uq_api_tokens_secret_hash"),
    )
    op.create_index("ix_api_tokens_user_id", "api_tokens", ["user_id"])

    op.create_table(
        "devices",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("user_id", BIG, nullable=False),
        sa.Column("secret_hash", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_devices_user_id"),
        sa.PrimaryKeyConstraint("id", name="pk_devices"),
        sa.UniqueConstraint("secret_hash", name="uq_devices_secret_hash"),
    )
    op.create_index("ix_devices_user_id", "devices", ["user_id"])

    op.create_table(
        "idempotency_keys",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("user_id", BIG, nullable=False),
        sa.Column("route", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("answer", sa.JSON(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_idempotency_keys_user_id"),
        sa.PrimaryKeyConstraint("id", name="pk_idempotency_keys"),
        sa.UniqueConstraint("user_id", "route", "key", name="uq_idempotency_keys_user_id_route_key"),
    )
    op.create_index("ix_idempotency_keys_created_at", "idempotency_keys", ["created_at"])

    op.create_table(
        "issue_counts",
        sa.Column("reporter_id", BIG, nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("severity", sa.Text(), nullable=False),
        sa.Column("number", BIG, nullable=False),
        sa.CheckConstraint("severity IN ('low', 'medium', 'high', 'critical')", name="ck_issue_counts_severity"),
        sa.CheckConstraint("status IN ('open', 'triaged', 'in_progress', 'done')", name="ck_issue_counts_status"),
        sa.ForeignKeyConstraint(["reporter_id"], ["users.id"], name="fk_issue_counts_reporter_id"),
        sa.PrimaryKeyConstraint("reporter_id", "status", "severity", name="pk_issue_counts"),
    )
    op.create_index("ix_issue_counts_standing", "issue_counts", ["status", "severity"])

    op.create_table(
        "revisions",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("author_id", BIG, nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("erased_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["author_id"], ["users.id"], name="fk_revisions_author_id"),
        sa.PrimaryKeyConstraint("id", name="pk_revisions"),
    )
    op.create_index("ix_revisions_author_id", "revisions", ["author_id"])

    op.create_table(
        "sessions",
        sa.Column("user_id", BIG, nullable=False),
        sa.Column("carrier", sa.Text(), nullable=False),
        sa.Column("secret_hash", sa.Text(), nullable=True),
        sa.Column("user_agent", sa.Text(), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("version", BIG, nullable=False),
        sa.CheckConstraint("carrier IN ('browser', 'program')", name="ck_sessions_carrier"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_sessions_user_id"),
        sa.PrimaryKeyConstraint("id", name="pk_sessions"),
        sa.UniqueConstraint("secret_hash", name="uq_sessions_secret_hash"),
    )
    op.create_index("ix_sessions_user_id", "sessions", ["user_id"])

    op.create_table(
        "issues",
        sa.Column("project_id", BIG, nullable=False),
        sa.Column("number", BIG, nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("description_id", BIG, nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("resolution", sa.Text(), nullable=True),
        sa.Column("duplicate_of_id", BIG, nullable=True),
        sa.Column("severity", sa.Text(), nullable=False),
        sa.Column("priority", sa.Text(), nullable=False),
        sa.Column("assignee_id", BIG, nullable=True),
        sa.Column("reporter_id", BIG, nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("attachments_count", BIG, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.Column("triaged_at", MOMENT, nullable=True),
        sa.Column("started_at", MOMENT, nullable=True),
        sa.Column("done_at", MOMENT, nullable=True),
        sa.Column("deleted_at", MOMENT, nullable=True),
        sa.Column("last_position", BIG, nullable=False),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("version", BIG, nullable=False),
        sa.CheckConstraint("(status = 'done') = (resolution IS NOT NULL)", name="ck_issues_done_has_resolution"),
        sa.CheckConstraint("duplicate_of_id IS NULL OR resolution = 'duplicate'", name="ck_issues_duplicate_of_what"),
        sa.CheckConstraint("priority IN ('none', 'low', 'medium', 'high', 'urgent')", name="ck_issues_priority"),
        sa.CheckConstraint(
            "resolution IN ('fixed', 'wont_fix', 'duplicate', 'invalid', 'answered')", name="ck_issues_resolution"
        ),
        sa.CheckConstraint("severity IN ('low', 'medium', 'high', 'critical')", name="ck_issues_severity"),
        sa.CheckConstraint("status IN ('open', 'triaged', 'in_progress', 'done')", name="ck_issues_status"),
        sa.CheckConstraint("duplicate_of_id <> id", name="ck_issues_not_its_own_duplicate"),
        sa.ForeignKeyConstraint(["assignee_id"], ["users.id"], name="fk_issues_assignee_id"),
        sa.ForeignKeyConstraint(["description_id"], ["revisions.id"], name="fk_issues_description_id"),
        sa.ForeignKeyConstraint(["duplicate_of_id"], ["issues.id"], name="fk_issues_duplicate_of_id"),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name="fk_issues_project_id"),
        sa.ForeignKeyConstraint(["reporter_id"], ["users.id"], name="fk_issues_reporter_id"),
        sa.PrimaryKeyConstraint("id", name="pk_issues"),
        sa.UniqueConstraint("project_id", "number", name="uq_issues_project_id_number"),
    )
    op.create_index("ix_issues_assignee_id", "issues", ["assignee_id"])
    op.create_index("ix_issues_description_id", "issues", ["description_id"])
    op.create_index("ix_issues_duplicate_of_id", "issues", ["duplicate_of_id"])
    op.create_index("ix_issues_last_position", "issues", ["last_position"])
    op.create_index("ix_issues_reporter_position", "issues", ["reporter_id", "last_position"])
    op.create_index("ix_issues_reporter_updated", "issues", ["reporter_id", "updated_at", "id"])
    op.create_index("ix_issues_status_updated", "issues", ["status", "updated_at", "id"])
    op.create_index("ix_issues_updated", "issues", ["updated_at", "id"])

    op.create_table(
        "refresh_tokens",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("session_id", BIG, nullable=False),
        sa.Column("secret_hash", sa.Text(), nullable=False),
        sa.Column("issued_at", MOMENT, nullable=False),
        sa.Column("spent_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["session_id"], ["sessions.id"], name="fk_refresh_tokens_session_id"),
        sa.PrimaryKeyConstraint("id", name="pk_refresh_tokens"),
        sa.UniqueConstraint("secret_hash", name="uq_refresh_tokens_secret_hash"),
    )
    op.create_index("ix_refresh_tokens_session_id", "refresh_tokens", ["session_id"])

    op.create_table(
        "attachments",
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("size", BIG, nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("storage_key", sa.Text(), nullable=True),
        sa.Column("uploader_id", BIG, nullable=False),
        sa.Column("issue_id", BIG, nullable=True),
        sa.Column("extraction", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=True),
        sa.Column("problems", sa.JSON(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("discarded_at", MOMENT, nullable=True),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("version", BIG, nullable=False),
        sa.CheckConstraint(
            "extraction IN ('queued', 'running', 'done', 'failed', 'none')", name="ck_attachments_extraction"
        ),
        sa.ForeignKeyConstraint(["issue_id"], ["issues.id"], name="fk_attachments_issue_id"),
        sa.ForeignKeyConstraint(["uploader_id"], ["users.id"], name="fk_attachments_uploader_id"),
        sa.PrimaryKeyConstraint("id", name="pk_attachments"),
    )
    op.create_index("ix_attachments_issue_id", "attachments", ["issue_id"])
    op.create_index(
        "ix_attachments_staged",
        "attachments",
        ["created_at"],
        postgresql_where=sa.text("issue_id IS NULL"),
        sqlite_where=sa.text("issue_id IS NULL"),
    )
    op.create_index("ix_attachments_uploader_id", "attachments", ["uploader_id"])

    op.create_table(
        "counted_issues",
        sa.Column("issue_id", BIG, autoincrement=False, nullable=False),
        sa.Column("reporter_id", BIG, nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("severity", sa.Text(), nullable=False),
        sa.Column("is_trashed", sa.Boolean(), nullable=False),
        sa.CheckConstraint("severity IN ('low', 'medium', 'high', 'critical')", name="ck_counted_issues_severity"),
        sa.CheckConstraint("status IN ('open', 'triaged', 'in_progress', 'done')", name="ck_counted_issues_status"),
        sa.ForeignKeyConstraint(["issue_id"], ["issues.id"], name="fk_counted_issues_issue_id"),
        sa.ForeignKeyConstraint(["reporter_id"], ["users.id"], name="fk_counted_issues_reporter_id"),
        sa.PrimaryKeyConstraint("issue_id", name="pk_counted_issues"),
    )
    op.create_index("ix_counted_issues_reporter_id", "counted_issues", ["reporter_id"])

    op.create_table(
        "events",
        sa.Column("seq", BIG, autoincrement=True, nullable=False),
        sa.Column("position", BIG, nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject_type", sa.Text(), nullable=False),
        sa.Column("subject_id", BIG, nullable=False),
        sa.Column("version", BIG, nullable=False),
        sa.Column("issue_id", BIG, nullable=True),
        sa.Column("actor_id", BIG, nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("erased_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["actor_id"], ["users.id"], name="fk_events_actor_id"),
        sa.ForeignKeyConstraint(["issue_id"], ["issues.id"], name="fk_events_issue_id"),
        sa.PrimaryKeyConstraint("seq", name="pk_events"),
        sa.UniqueConstraint("position", name="uq_events_position"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_events_actor_id", "events", ["actor_id"])
    op.create_index("ix_events_issue", "events", ["issue_id", "seq"])
    op.create_index("ix_events_subject", "events", ["subject_type", "subject_id", "seq"])
    op.create_index(
        "ix_events_unstamped",
        "events",
        ["seq"],
        postgresql_where=sa.text("position IS NULL"),
        sqlite_where=sa.text("position IS NULL"),
    )

    op.create_table(
        "issue_keys",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("project_id", BIG, nullable=False),
        sa.Column("number", BIG, nullable=False),
        sa.Column("issue_id", BIG, nullable=False),
        sa.ForeignKeyConstraint(["issue_id"], ["issues.id"], name="fk_issue_keys_issue_id"),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name="fk_issue_keys_project_id"),
        sa.PrimaryKeyConstraint("id", name="pk_issue_keys"),
        sa.UniqueConstraint("project_id", "number", name="uq_issue_keys_project_id_number"),
    )
    op.create_index("ix_issue_keys_issue_id", "issue_keys", ["issue_id"])

    op.create_table(
        "issue_labels",
        sa.Column("issue_id", BIG, nullable=False),
        sa.Column("label_id", BIG, nullable=False),
        sa.ForeignKeyConstraint(["issue_id"], ["issues.id"], name="fk_issue_labels_issue_id"),
        sa.ForeignKeyConstraint(["label_id"], ["labels.id"], name="fk_issue_labels_label_id"),
        sa.PrimaryKeyConstraint("issue_id", "label_id", name="pk_issue_labels"),
    )
    op.create_index("ix_issue_labels_label_id", "issue_labels", ["label_id"])

    op.create_table(
        "spans",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("issue_id", BIG, nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("from_at", MOMENT, nullable=False),
        sa.Column("to_at", MOMENT, nullable=True),
        sa.Column("from_position", BIG, nullable=False),
        sa.ForeignKeyConstraint(["issue_id"], ["issues.id"], name="fk_spans_issue_id"),
        sa.PrimaryKeyConstraint("id", name="pk_spans"),
        sa.UniqueConstraint(
            "issue_id", "field", "value", "from_position", name="uq_spans_issue_id_field_value_from_position"
        ),
    )
    op.create_index("ix_spans_as_of", "spans", ["field", "value", "from_at"])
    op.create_index(
        "ix_spans_open",
        "spans",
        ["issue_id", "field"],
        postgresql_where=sa.text("to_at IS NULL"),
        sqlite_where=sa.text("to_at IS NULL"),
    )

    op.create_table(
        "facts",
        sa.Column("attachment_id", BIG, nullable=True),
        sa.Column("issue_id", BIG, nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("value", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("reading", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("extractor", sa.Text(), nullable=True),
        sa.Column("corrected_by_id", BIG, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("version", BIG, nullable=False),
        sa.CheckConstraint(
            "type IN ('text', 'number', 'money', 'date', 'datetime', 'duration', 'bool')", name="ck_facts_type"
        ),
        sa.CheckConstraint("(attachment_id IS NULL) <> (issue_id IS NULL)", name="ck_facts_one_source"),
        sa.ForeignKeyConstraint(["attachment_id"], ["attachments.id"], name="fk_facts_attachment_id"),
        sa.ForeignKeyConstraint(["corrected_by_id"], ["users.id"], name="fk_facts_corrected_by_id"),
        sa.ForeignKeyConstraint(["issue_id"], ["issues.id"], name="fk_facts_issue_id"),
        sa.PrimaryKeyConstraint("id", name="pk_facts"),
        sa.UniqueConstraint("attachment_id", "name", name="uq_facts_attachment_id_name"),
        sa.UniqueConstraint("issue_id", "name", name="uq_facts_issue_id_name"),
    )
    op.create_index("ix_facts_corrected_by_id", "facts", ["corrected_by_id"])
    op.create_index("ix_facts_name", "facts", ["name"])

    op.create_table(
        "text_chunks",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("attachment_id", BIG, nullable=False),
        sa.Column("ordinal", BIG, nullable=False),
        sa.Column("lines", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["attachment_id"], ["attachments.id"], name="fk_text_chunks_attachment_id"),
        sa.PrimaryKeyConstraint("id", name="pk_text_chunks"),
        sa.UniqueConstraint("attachment_id", "ordinal", name="uq_text_chunks_attachment_id_ordinal"),
    )

    op.execute("INSERT INTO event_log (id, last_position) VALUES (1, 0)")
    if op.get_bind().dialect.name == "sqlite":
        _protect_on_sqlite()
    else:
        _protect_on_postgresql()


def _allowed(same: str, as_text: str = "") -> str:
    """The two edits of an event that are permitted: its position, once, and blanking its personal text, once."""
    fixed = " AND ".join(f"NEW.{column} {same} OLD.{column}" for column in FIXED)
    stamping = (
        f"OLD.position IS NULL AND NEW.position IS NOT NULL AND NEW.erased_at {same} OLD.erased_at "
        f"AND NEW.payload{as_text} {same} OLD.payload{as_text}"
    )
    erasing = f"OLD.erased_at IS NULL AND NEW.erased_at IS NOT NULL AND NEW.position {same} OLD.position"
    return f"{fixed} AND (({stamping}) OR ({erasing}))"


def _protect_on_sqlite() -> None:
    op.execute(f"""
        CREATE TRIGGER events_are_kept BEFORE UPDATE ON events WHEN NOT ({_allowed("IS")})
        BEGIN SELECT RAISE(ABORT, 'events are append-only'); END
    """)
    op.execute("""
        CREATE TRIGGER events_stay BEFORE DELETE ON events
        BEGIN SELECT RAISE(ABORT, 'events are append-only'); END
    """)
    # INSERT OR REPLACE takes the old row away without asking the DELETE trigger.
    op.execute("""
        CREATE TRIGGER events_are_new BEFORE INSERT ON events
        WHEN EXISTS (SELECT 1 FROM events WHERE seq = NEW.seq OR position = NEW.position)
        BEGIN SELECT RAISE(ABORT, 'events are append-only'); END
    """)
    # Writers queue on SQLite, so the order of insertion is the order of commits.
    op.execute("""
        CREATE TRIGGER events_get_positions AFTER INSERT ON events WHEN NEW.position IS NULL
        BEGIN UPDATE events SET position = NEW.seq WHERE seq = NEW.seq; END
    """)


def _protect_on_postgresql() -> None:
    op.execute(f"""
        CREATE FUNCTION events_are_kept() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_OP = 'UPDATE' AND {_allowed("IS NOT DISTINCT FROM", "::text")} THEN
                RETURN NEW;
            END IF;
            RAISE EXCEPTION 'events are append-only';
        END $$
    """)
    for name, what, each in (("kept", "UPDATE OR DELETE", "ROW"), ("whole", "TRUNCATE", "STATEMENT")):
        op.execute(
            f"CREATE TRIGGER events_are_{name} BEFORE {what} ON events "
            f"FOR EACH {each} EXECUTE FUNCTION events_are_kept()"
        )


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION events_are_kept()")


TABLES = (
    "text_chunks",
    "facts",
    "spans",
    "issue_labels",
    "issue_keys",
    "events",
    "counted_issues",
    "attachments",
    "refresh_tokens",
    "issues",
    "sessions",
    "revisions",
    "issue_counts",
    "idempotency_keys",
    "devices",
    "api_tokens",
    "users",
    "sign_in_failures",
    "reader_cursors",
    "projects",
    "labels",
    "jobs",
    "event_log",
)
