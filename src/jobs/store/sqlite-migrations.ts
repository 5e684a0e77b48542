/** The tables of the embedded store. A step is never changed once released; the next one is added at the end. */
export const MIGRATIONS: readonly string[] = [
  `CREATE TABLE documents (
     sequence INTEGER PRIMARY KEY AUTOINCREMENT,
     kind TEXT NOT NULL,
     id TEXT NOT NULL,
     tenant TEXT NOT NULL,
     state TEXT NOT NULL,
     version INTEGER NOT NULL,
     value TEXT NOT NULL,
     UNIQUE (kind, id)
   );
   CREATE INDEX documents_by_state ON documents (kind, state, sequence);
   CREATE INDEX documents_by_tenant ON documents (kind, tenant, sequence);
   CREATE TABLE events (
     stream TEXT NOT NULL,
     number INTEGER NOT NULL,
     value TEXT NOT NULL,
     PRIMARY KEY (stream, number)
   ) WITHOUT ROWID;
   CREATE TABLE counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;`,
];
