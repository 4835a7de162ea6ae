-- SPDX-License-Identifier: Apache-2.0
--
-- The store's schema, version 1, as SQLite keeps it. SCHEMA.md tells how to read it; the comments inside
-- the statements are kept in the file, so that `.schema` shows them.
--
-- Keys grow in the order of arrival, so that pages fill and are left: no table that a fact or an event goes
-- into has an index beside its key. What is found by its words is found through `tail` and `word`, which are
-- appended to. One small index, by the hash of an article's id, is touched at random, once an article.
--
-- Changes here are a new file in migrations/, never an edit of this one.

CREATE TABLE meta ( -- what is said once about the store
    name TEXT PRIMARY KEY, -- epoch: UUID of this store's numbering of events; created: when
    value TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE tally ( -- counts kept up with each transaction
    name TEXT PRIMARY KEY, -- a state: how many revisions are in it; facts: how many are current;
        -- searched: the revision up to which `search` holds the texts
    value INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE stream ( -- the streams of events; those of facts are the kinds too
    id INTEGER PRIMARY KEY, -- 0: article
    name TEXT NOT NULL UNIQUE, -- article, fact.investment …
    last INTEGER NOT NULL DEFAULT 0 -- number of its newest event, 0: none
);

CREATE TABLE revision ( -- an article with one text
    rev INTEGER PRIMARY KEY, -- 1, 2, 3 … in the order of acceptance
    state INTEGER NOT NULL DEFAULT 0, -- 0 accepted, 1 stored, 2 failed, 3 superseded, 4 retracted
    attempts INTEGER NOT NULL DEFAULT 0, -- crashes that it was in work at
    facts INTEGER NOT NULL DEFAULT 0, -- how many were stored of it
    first_event INTEGER NOT NULL DEFAULT 0, -- the events that its storing made, or its failing; 0: none
    last_event INTEGER NOT NULL DEFAULT 0,
    end_event INTEGER NOT NULL DEFAULT 0, -- article.superseded or article.retracted, behind its facts'
    number INTEGER NOT NULL, -- 1, 2, 3 … among the revisions of its id
    received INTEGER NOT NULL, -- milliseconds since 1970
    size INTEGER NOT NULL, -- bytes of its text
    id_hash BLOB NOT NULL, -- BLAKE2b, 16 bytes
    text_hash BLOB NOT NULL,
    id TEXT NOT NULL,
    source TEXT,
    url TEXT,
    title TEXT,
    published TEXT, -- ISO 8601, as pushed
    reason TEXT -- why it failed
);
-- Who is this article? The text's hash makes the look-up of a duplicate one search of the index.
CREATE UNIQUE INDEX revision_identity ON revision (id_hash, number, text_hash);
-- What is still to be done, those that were in work at a crash last.
CREATE INDEX revision_unfinished ON revision (attempts, rev) WHERE state = 0;
-- What was set aside: few.
CREATE INDEX revision_aside ON revision (state, rev) WHERE state > 1;

CREATE TABLE text ( -- the articles' texts, apart so that a change of state stays small
    rev INTEGER PRIMARY KEY REFERENCES revision,
    text TEXT NOT NULL
);

CREATE TABLE observation ( -- what a revision states, in the order of the evidence
    id INTEGER PRIMARY KEY, -- rev * 65536 + n; people write rev.n
    kind INTEGER NOT NULL, -- stream.id
    record TEXT NOT NULL -- JSON, see extractor/FACTS.md
);

CREATE TABLE event ( -- the log: 1, 2, 3 … without a gap; a body is made of rows that do not change
    seq INTEGER PRIMARY KEY,
    prev INTEGER NOT NULL, -- the event before in its stream, 0: none
    time INTEGER NOT NULL, -- milliseconds since 1970
    stream INTEGER NOT NULL, -- stream.id
    change INTEGER NOT NULL, -- of a fact: 0 created, 1 retracted; of an article: its state
    rev INTEGER NOT NULL,
    n INTEGER NOT NULL, -- of a fact: its number; of an article: how many facts
    reason TEXT -- of article.failed
);

CREATE TABLE tail ( -- words of stored revisions that are not in `word` yet
    rev INTEGER PRIMARY KEY,
    words TEXT NOT NULL -- joined by blanks; daemon/words.h lists the forms
);

CREATE TABLE word ( -- which revisions have this word? written a block at a time, never changed
    block INTEGER NOT NULL, -- rev / 1024
    word TEXT NOT NULL, -- changchun, e:bmw, p:shenyang, k:investment, a:cny:09, d:20220623 …
    part INTEGER NOT NULL, -- a block that was late in part is written in parts
    revs BLOB NOT NULL, -- which of the 1024: daemon/postings.h
    PRIMARY KEY (block, word, part)
) WITHOUT ROWID;

-- Full text, for whoever opens the file: SELECT rowid FROM search WHERE search MATCH 'NEAR(harbour crane)'.
-- It holds the revisions up to tally.searched: the rest follows when the writer has time.
CREATE VIRTUAL TABLE search USING fts5 (
    text, content = 'text', content_rowid = 'rev', columnsize = 0,
    tokenize = 'unicode61 remove_diacritics 2'
);
INSERT INTO search (search, rank) VALUES ('automerge', 0);
INSERT INTO search (search, rank) VALUES ('crisismerge', 1999);

CREATE VIEW articles AS
SELECT rev, id, number AS revision, source, url, title, published,
    strftime('%Y-%m-%dT%H:%M:%SZ', received / 1000, 'unixepoch') AS received,
    CASE state WHEN 0 THEN 'accepted' WHEN 1 THEN 'stored' WHEN 2 THEN 'failed'
        WHEN 3 THEN 'superseded' ELSE 'retracted' END AS state,
    facts, reason
FROM revision;

CREATE VIEW facts AS
SELECT (o.id >> 16) || '.' || (o.id & 65535) AS fact,
    substr(s.name, 6) AS kind,
    json_extract(o.record, '$.modality') AS modality,
    json_extract(o.record, '$.reported_by') AS reported_by,
    CASE r.state WHEN 1 THEN 'current' ELSE 'retracted' END AS status,
    r.id AS article, r.number AS revision, r.source, r.published,
    json_extract(o.record, '$.evidence.text') AS evidence,
    o.record, o.id, r.rev
FROM observation AS o JOIN stream AS s ON s.id = o.kind JOIN revision AS r ON r.rev = o.id >> 16;

CREATE VIEW fillers AS -- one row for each filler of each role
SELECT (o.id >> 16) || '.' || (o.id & 65535) AS fact,
    substr(s.name, 6) AS kind,
    role.key AS role,
    json_extract(filler.value, '$.type') AS type,
    json_extract(filler.value, '$.text') AS text,
    json_extract(filler.value, '$.number') AS number,
    json_extract(filler.value, '$.unit') AS unit,
    json_extract(filler.value, '$.bound') AS bound,
    json_extract(filler.value, '$.value') AS value,
    o.id, o.id >> 16 AS rev
FROM observation AS o JOIN stream AS s ON s.id = o.kind,
    json_each(o.record, '$.roles') AS role, json_each(role.value) AS filler;

CREATE VIEW events AS
SELECT e.seq, e.prev, strftime('%Y-%m-%dT%H:%M:%fZ', e.time / 1000.0, 'unixepoch') AS time,
    s.name || '.' || CASE WHEN e.stream > 0 THEN CASE e.change WHEN 0 THEN 'created' ELSE 'retracted' END
        ELSE CASE e.change WHEN 1 THEN 'stored' WHEN 2 THEN 'failed' WHEN 3 THEN 'superseded'
            ELSE 'retracted' END END AS topic,
    CASE WHEN e.stream > 0 THEN e.rev || '.' || e.n END AS fact,
    r.id AS article, r.number AS revision, e.rev
FROM event AS e JOIN stream AS s ON s.id = e.stream JOIN revision AS r ON r.rev = e.rev;

INSERT INTO tally VALUES ('accepted', 0), ('stored', 0), ('failed', 0), ('superseded', 0),
    ('retracted', 0), ('facts', 0), ('searched', 0);
INSERT INTO stream VALUES (0, 'article', 0);
