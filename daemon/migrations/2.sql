-- SPDX-License-Identifier: Apache-2.0
--
-- The store's schema, version 2: facts that several observations tell.
--
-- An observation is a fact of its own, with its own id, current as long as its revision is stored, unless
-- `member` says whose it is and `fact` says otherwise: so most observations have no row in either.

ALTER TABLE event ADD COLUMN fact INTEGER; -- of a fact: its id, where that is not rev * 65536 + n
ALTER TABLE event ADD COLUMN other INTEGER; -- the fact that it is disputed with, or superseded by
ALTER TABLE event ADD COLUMN sources INTEGER; -- articles that tell the fact now
ALTER TABLE event ADD COLUMN status INTEGER; -- fact.status after the event
-- event.change of a fact: 0 created, 1 retracted, 2 corroborated, 3 revised, 4 disputed, 5 superseded

CREATE TABLE fact ( -- facts of which more is to be said than their observation says
    id INTEGER PRIMARY KEY, -- of the observation that came first
    kind INTEGER NOT NULL, -- stream.id
    status INTEGER NOT NULL, -- 0 current, 1 disputed, 2 superseded, 3 retracted
    sources INTEGER NOT NULL, -- articles that tell it now
    lead INTEGER NOT NULL, -- the observation that tells it best
    newest INTEGER NOT NULL, -- the observation that came last
    observations TEXT NOT NULL, -- ids of those that tell it, a JSON array
    others TEXT NOT NULL, -- ids of facts that it is disputed with, or superseded by, a JSON array
    events TEXT NOT NULL, -- its history: numbers of events, a JSON array
    parted INTEGER NOT NULL -- 1: observations of other facts tell the same as some of its own, and contradict others
);

-- What is disputed: few.
CREATE INDEX fact_disputed ON fact (newest) WHERE status = 1;

CREATE TABLE member ( -- observations that tell a fact with another id
    id INTEGER PRIMARY KEY, -- of the observation
    fact INTEGER NOT NULL
);

-- Which observations may tell the same? Keys of observations (daemon/same.h), appended and merged: those of
-- the newest revisions are rows of key_tail, all others stand in runs, sorted.
CREATE TABLE key_tail (
    id INTEGER PRIMARY KEY,
    keys BLOB NOT NULL -- pairs of 8 bytes, little-endian: the key, the observation
);

CREATE TABLE key_run (
    run INTEGER PRIMARY KEY, -- 1, 2, 3 …
    level INTEGER NOT NULL, -- how often its keys were merged
    state INTEGER NOT NULL, -- 0 being written, 1 in use, 2 to be deleted
    pairs INTEGER NOT NULL, -- how many
    filter BLOB -- bits that are set where it has keys: most look-ups need not look
);

CREATE TABLE key_chunk ( -- written in the order of its key, never changed
    id INTEGER PRIMARY KEY, -- run << 40 | upper 40 bits of the lowest key: a page each
    keys BLOB NOT NULL
);

-- Revisions that were stored before there were keys: from `next` up to `last` they are still to be compared.
CREATE TABLE catch_up (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    next INTEGER NOT NULL,
    last INTEGER NOT NULL
);
INSERT INTO catch_up SELECT 1, 1, ifnull(max(rev), 0) FROM revision;

DROP VIEW facts;
DROP VIEW events;

CREATE VIEW observations AS -- one row for each fact that an article states
SELECT (o.id >> 16) || '.' || (o.id & 65535) AS observation,
    (ifnull(m.fact, o.id) >> 16) || '.' || (ifnull(m.fact, o.id) & 65535) AS fact,
    substr(s.name, 6) AS kind,
    json_extract(o.record, '$.modality') AS modality,
    json_extract(o.record, '$.reported_by') AS reported_by,
    CASE WHEN r.state = 1 THEN 'current' ELSE 'retracted' END AS status,
    r.id AS article, r.number AS revision, r.source, r.published,
    json_extract(o.record, '$.evidence.text') AS evidence,
    o.record, o.id, r.rev
FROM observation AS o JOIN stream AS s ON s.id = o.kind JOIN revision AS r ON r.rev = o.id >> 16
    LEFT JOIN member AS m ON m.id = o.id;

CREATE VIEW facts AS -- one row for each fact, with the article that tells it best
SELECT (f.id >> 16) || '.' || (f.id & 65535) AS fact,
    substr(s.name, 6) AS kind,
    json_extract(l.record, '$.modality') AS modality,
    json_extract(l.record, '$.reported_by') AS reported_by,
    CASE WHEN d.id IS NOT NULL THEN CASE d.status WHEN 0 THEN 'current' WHEN 1 THEN 'disputed'
        WHEN 2 THEN 'superseded' ELSE 'retracted' END
        WHEN r.state = 1 THEN 'current' ELSE 'retracted' END AS status,
    ifnull(d.sources, r.state = 1) AS sources,
    r.id AS article, r.number AS revision, r.source, r.published,
    json_extract(l.record, '$.evidence.text') AS evidence,
    l.record, f.id, r.rev
FROM observation AS f LEFT JOIN fact AS d ON d.id = f.id
    JOIN observation AS l ON l.id = ifnull(d.lead, f.id)
    JOIN stream AS s ON s.id = f.kind JOIN revision AS r ON r.rev = l.id >> 16
WHERE d.id IS NOT NULL OR NOT EXISTS (SELECT 1 FROM member AS m WHERE m.id = f.id);

CREATE VIEW events AS
SELECT e.seq, e.prev, strftime('%Y-%m-%dT%H:%M:%fZ', e.time / 1000.0, 'unixepoch') AS time,
    s.name || '.' || CASE WHEN e.stream > 0 THEN CASE e.change WHEN 0 THEN 'created'
        WHEN 1 THEN 'retracted' WHEN 2 THEN 'corroborated' WHEN 3 THEN 'revised'
        WHEN 4 THEN 'disputed' ELSE 'superseded' END
        ELSE CASE e.change WHEN 1 THEN 'stored' WHEN 2 THEN 'failed' WHEN 3 THEN 'superseded'
            ELSE 'retracted' END END AS topic,
    CASE WHEN e.stream > 0 THEN (ifnull(e.fact, (e.rev << 16) + e.n) >> 16) || '.'
        || (ifnull(e.fact, e.n) & 65535) END AS fact,
    CASE WHEN e.stream > 0 THEN e.rev || '.' || e.n END AS observation,
    CASE WHEN e.other IS NOT NULL THEN (e.other >> 16) || '.' || (e.other & 65535) END AS other,
    e.sources, r.id AS article, r.number AS revision, e.rev
FROM event AS e JOIN stream AS s ON s.id = e.stream JOIN revision AS r ON r.rev = e.rev;
