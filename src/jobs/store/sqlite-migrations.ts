/** The tables of the embedded store. A step is never changed once released; the next one is added at the end. */
export const STORE_MIGRATIONS: readonly string[] = [
  `CREATE TABLE documents (
     sequence INTEGER PRIMARY KEY AUTOINCREMENT,
     kind TEXT NOT NULL,
     id TEXT NOT NULL,
     tenant TEXT NOT NULL,
     state TEXT NOT NULL,
     version INTEGER NOT NULL,
     expires_at INTEGER,
     value TEXT NOT NULL,
     UNIQUE (kind, id)
   );
   CREATE INDEX documents_by_kind ON documents (kind, sequence);
   CREATE INDEX documents_by_state ON documents (kind, state, sequence);
   CREATE INDEX documents_by_tenant ON documents (kind, tenant, sequence);
   CREATE INDEX documents_by_tenant_and_state ON documents (kind, tenant, state, sequence);
   CREATE INDEX documents_by_expiry ON documents (kind, expires_at) WHERE expires_at IS NOT NULL;

   -- Counted as they change: a service asks how much is waiting before it takes each job.
   CREATE TABLE document_counts (
     kind TEXT NOT NULL,
     tenant TEXT NOT NULL,
     state TEXT NOT NULL,
     documents INTEGER NOT NULL,
     PRIMARY KEY (kind, tenant, state)
   ) WITHOUT ROWID;
   CREATE TRIGGER count_created AFTER INSERT ON documents BEGIN
     INSERT INTO document_counts VALUES (new.kind, new.tenant, new.state, 1)
       ON CONFLICT DO UPDATE SET documents = documents + 1;
   END;
   CREATE TRIGGER count_removed AFTER DELETE ON documents BEGIN
     UPDATE document_counts SET documents = documents - 1
       WHERE kind = old.kind AND tenant = old.tenant AND state = old.state;
   END;
   CREATE TRIGGER count_changed AFTER UPDATE OF state ON documents WHEN old.state <> new.state BEGIN
     UPDATE document_counts SET documents = documents - 1
       WHERE kind = old.kind AND tenant = old.tenant AND state = old.state;
     INSERT INTO document_counts VALUES (new.kind, new.tenant, new.state, 1)
       ON CONFLICT DO UPDATE SET documents = documents + 1;
   END;

   -- Number 0: published only, kept for a moment so that other processes hear of it.
   CREATE TABLE events (
     position INTEGER PRIMARY KEY AUTOINCREMENT,
     stream TEXT NOT NULL,
     number INTEGER NOT NULL,
     value TEXT NOT NULL
   );
   CREATE UNIQUE INDEX events_by_number ON events (stream, number) WHERE number > 0;
   CREATE INDEX events_published ON events (position) WHERE number = 0;

   CREATE TABLE counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;`,
];
