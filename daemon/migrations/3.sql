-- SPDX-License-Identifier: Apache-2.0
--
-- The store's schema, version 3: articles by their ids, without a page at random for each that comes.

CREATE TABLE known ( -- which revisions has this article?
    id_hash BLOB NOT NULL, -- revision.id_hash
    rev INTEGER NOT NULL,
    text BLOB NOT NULL, -- the first 8 bytes of revision.text_hash
    PRIMARY KEY (id_hash, rev)
) WITHOUT ROWID;
INSERT INTO known SELECT id_hash, rev, substr(text_hash, 1, 8) FROM revision ORDER BY id_hash, rev;
-- tally.known: the revision up to which it is complete. Those behind it come in the order of their hashes.
INSERT INTO tally SELECT 'known', ifnull(max(rev), 0) FROM revision;
DROP INDEX revision_identity;
