/// The tables of an index. One file per repository; see Docs/Decisions/0025-code-graph.md.
enum GraphDatabase {
    /// "mgrf": says that a file is one of these.
    static let applicationID = 0x6d67_7266
    /// Raised whenever what is stored changes its meaning: an index of another version is made anew.
    static let version = 6

    static let schema = """
        CREATE TABLE files(
            id INTEGER PRIMARY KEY,
            path TEXT NOT NULL UNIQUE,
            language TEXT,
            traits INTEGER NOT NULL,
            bytes INTEGER NOT NULL,
            modified INTEGER NOT NULL,
            changed INTEGER NOT NULL,
            inode INTEGER NOT NULL,
            hash BLOB NOT NULL,
            lines INTEGER NOT NULL,
            text BLOB,
            facts BLOB);
        CREATE INDEX stamps ON files(path, bytes, modified, changed, inode, language);
        CREATE TABLE definitions(
            name TEXT NOT NULL,
            file INTEGER NOT NULL,
            ordinal INTEGER NOT NULL,
            kind INTEGER NOT NULL,
            PRIMARY KEY(name, file, ordinal)) WITHOUT ROWID;
        CREATE VIRTUAL TABLE words USING fts5(path, symbols, docs, body, content='', tokenize='code');
        CREATE VIRTUAL TABLE trigrams USING fts5(text, content='', tokenize='trigrams', detail=none);
        CREATE TABLE commits(id INTEGER PRIMARY KEY, paths TEXT NOT NULL);
        CREATE VIRTUAL TABLE messages USING fts5(subject, body, content='', tokenize='code');
        CREATE TABLE links(
            file INTEGER PRIMARY KEY,
            path TEXT NOT NULL,
            traits INTEGER NOT NULL,
            defined BLOB NOT NULL,
            mentioned BLOB NOT NULL,
            used BLOB NOT NULL);
        CREATE TABLE unlinked(file INTEGER PRIMARY KEY);
        CREATE TRIGGER file_added AFTER INSERT ON files BEGIN INSERT OR IGNORE INTO unlinked VALUES(new.id); END;
        CREATE TRIGGER file_removed AFTER DELETE ON files BEGIN INSERT OR IGNORE INTO unlinked VALUES(old.id); END;
        CREATE TABLE facts_of_index(name TEXT PRIMARY KEY, value) WITHOUT ROWID;
        """
}
