-- How a person is found. Everything here is worked out from the record and can be dropped and made
-- again: `people.search_index` publishes it after a migration, and fills it when it is new.
--
--   people_searchperson   one row for each standing person: the words of all their names, born when,
--                         outward codes, and all of these together as keys under one GIN index
--   people_searchword     one row for each word of any name, with what a misspelling of it may look
--                         like: itself less one letter (so one letter wrong, missing, too many or two
--                         exchanged meet), and how it sounds
--
-- Neither is a model: the role that serves pages has no right to them, no history is kept of them,
-- and only the function at the end, which applies the rule of who may know of whom, reads them.

CREATE TABLE IF NOT EXISTS people_searchperson (
    person_id text PRIMARY KEY,
    forenames text[] NOT NULL,
    surnames text[] NOT NULL,
    others text[] NOT NULL,
    born date,
    outwards text[] NOT NULL,
    earlier_outwards text[] NOT NULL,
    keys text[] NOT NULL
);
CREATE INDEX IF NOT EXISTS people_searchperson_keys ON people_searchperson
    USING gin (keys) WITH (fastupdate = off);
CREATE TABLE IF NOT EXISTS people_searchword (
    word text PRIMARY KEY,
    keys text[] NOT NULL,
    bearers integer NOT NULL DEFAULT 1
);
CREATE INDEX IF NOT EXISTS people_searchword_keys ON people_searchword
    USING gin (keys) WITH (fastupdate = off);
CREATE INDEX IF NOT EXISTS people_searchword_letters ON people_searchword
    USING gin (word gin_trgm_ops) WITH (fastupdate = off);
CREATE INDEX IF NOT EXISTS people_searchword_begins ON people_searchword (word text_pattern_ops);

-- The words of part of a name, and the whole of it run together: "Anne-Marie" is found as "Annemarie".
CREATE OR REPLACE FUNCTION people_words(name text) RETURNS text[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT coalesce(array_agg(DISTINCT word), '{}')
    FROM (
        SELECT regexp_split_to_table(public.people_plain(name), '\s+') AS word
        UNION ALL
        SELECT replace(public.people_plain(name), ' ', '')
    ) AS words
    WHERE word <> '' AND length(word) <= 40
$$;

-- What a word may be met by: itself, itself less any one letter, and its sounds.
CREATE OR REPLACE FUNCTION people_wordkeys(word text) RETURNS text[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT array_agg(DISTINCT key)
    FROM (
        SELECT word AS key
        UNION ALL
        SELECT overlay(word PLACING '' FROM place FOR 1)
        FROM generate_series(1, length(word)) AS place
        WHERE length(word) BETWEEN 3 AND 24
        UNION ALL
        SELECT '~' || public.dmetaphone(word) WHERE length(public.dmetaphone(word)) > 1
        UNION ALL
        SELECT '~' || public.dmetaphone_alt(word) WHERE length(public.dmetaphone_alt(word)) > 1
    ) AS keys
$$;

CREATE OR REPLACE FUNCTION people_searchrows(ids text[]) RETURNS SETOF people_searchperson
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT id, forenames, surnames, others, born, outwards, earlier_outwards,
        ARRAY(
            SELECT DISTINCT key FROM (
                SELECT unnest(forenames || surnames || others)
                UNION ALL SELECT 'o:' || unnest(outwards || earlier_outwards)
                UNION ALL SELECT 'd:' || to_char(born, 'YYYYMMDD') WHERE born IS NOT NULL
                UNION ALL SELECT 'y:' || to_char(born, 'YYYY') WHERE born IS NOT NULL
            ) AS all_keys (key)
            ORDER BY key
        )
    FROM (
        SELECT person.id::text,
            public.people_words(person.forename) AS forenames,
            public.people_words(person.surname) AS surnames,
            {others} AS others,
            coalesce(person.born_on, person.expected_on) AS born,
            {outwards} AS outwards,
            {earlier_outwards} AS earlier_outwards
        FROM public.people_person AS person
        WHERE person.struck_out_at IS NULL AND (ids IS NULL OR person.id = ANY (ids))
    ) AS held
$$;

-- Make the rows of these people again; of everybody, given no list. In one order, so that two
-- writers cannot hold each other up.
CREATE OR REPLACE FUNCTION people_searchrefresh(ids text[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF ids IS NULL THEN
        TRUNCATE public.people_searchperson, public.people_searchword;
    ELSE
        DELETE FROM public.people_searchperson WHERE person_id = ANY (ids);
    END IF;
    INSERT INTO public.people_searchperson
        SELECT * FROM public.people_searchrows(ids) ORDER BY person_id
        ON CONFLICT (person_id) DO NOTHING;
    IF ids IS NULL THEN
        PERFORM public.people_searchtidy();
        RETURN;
    END IF;
    INSERT INTO public.people_searchword (word, keys)
        SELECT word, public.people_wordkeys(word)
        FROM (
            SELECT DISTINCT unnest(forenames || surnames || others) AS word
            FROM public.people_searchperson WHERE person_id = ANY (ids)
        ) AS words
        WHERE NOT EXISTS (
            SELECT FROM public.people_searchword AS there WHERE there.word = words.word
        )
        ORDER BY word
        ON CONFLICT (word) DO NOTHING;
END
$$;

-- Count who bears each word, and forget words nobody bears any more. A word is never counted by the
-- write that adds a person: two people adding a Smith at once would wait for one another.
CREATE OR REPLACE FUNCTION people_searchtidy() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    CREATE TEMPORARY TABLE people_borne ON COMMIT DROP AS
        SELECT word, count(*)::integer AS bearers
        FROM public.people_searchperson,
            LATERAL (SELECT DISTINCT unnest(forenames || surnames || others)) AS borne (word)
        GROUP BY word;
    DELETE FROM public.people_searchword AS held
        WHERE NOT EXISTS (SELECT FROM people_borne AS borne WHERE borne.word = held.word);
    INSERT INTO public.people_searchword AS held (word, keys, bearers)
        SELECT word, public.people_wordkeys(word), bearers FROM people_borne
        ON CONFLICT (word) DO UPDATE SET bearers = excluded.bearers
        WHERE held.bearers <> excluded.bearers;
    DROP TABLE people_borne;
END
$$;

-- Follow a table that says something of a person: `TG_ARGV[0]` is the column that names them.
CREATE OR REPLACE FUNCTION people_searchfollow() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    ids text[];
    earlier text[] := '{}';
BEGIN
    IF TG_OP = 'TRUNCATE' THEN
        PERFORM public.people_searchrefresh(NULL);
        RETURN NULL;
    END IF;
    EXECUTE format('SELECT array_agg(DISTINCT %I::text) FROM changed', TG_ARGV[0]) INTO ids;
    IF TG_OP = 'UPDATE' THEN
        EXECUTE format('SELECT array_agg(DISTINCT %I::text) FROM earlier', TG_ARGV[0]) INTO earlier;
    END IF;
    IF cardinality(ids || earlier) > 0 THEN
        PERFORM public.people_searchrefresh(ids || earlier);
    END IF;
    RETURN NULL;
END
$$;

-- The people most like what was typed, the most alike first.
--
--   typed         the words of a name, as `people_plain` writes them
--   nick_places, nick_words   other forms of the word at each place: Bill for William
--   days, day_weights         the day of birth asked for, and days it may be a slip for
--   years, year_weights       years of birth, where an age was typed
--   outward                   an outward code, small letters
--
-- Each word typed is first met with the words there are (a few tens of thousands, not a million
-- people); people are then those who bear something like two of the words typed, or one and the
-- day, the code or the year. A weight is about the logarithm of how much rarer such a slip is than
-- none: 0 for the same word, -7 for a word that is not there at all.
--
-- `met`, `ways` and `from_others` say why, one for each word typed: the word it was met with (null
-- for none), how (same, spelt, nickname), and whether only another name of theirs has it.
CREATE OR REPLACE FUNCTION people_find(
    typed text[], nick_places integer[], nick_words text[], days date[], day_weights real[],
    years integer[], year_weights real[], outward text, most integer
) RETURNS TABLE (
    person_id text, weight real, named real,
    met text[], ways text[], from_others boolean[], lives_there boolean, lived_there boolean
)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
SET enable_seqscan = off
SET enable_indexscan = on
SET jit = off
SET plan_cache_mode = force_generic_plan
AS $$
DECLARE
    lacking CONSTANT real := -7;
    enough CONSTANT integer := 40;
    too_many CONSTANT integer := 1500;
    count_typed integer := coalesce(array_length(typed, 1), 0);
    near_places integer[];
    near_words text[];
    near_weights real[];
    near_ways text[];
    day_keys text[] := ARRAY(SELECT 'd:' || to_char(day, 'YYYYMMDD') FROM unnest(days) AS day);
    year_keys text[] := ARRAY(SELECT 'y:' || year FROM unnest(years) AS year);
    outward_keys text[] := CASE WHEN outward = '' THEN '{}' ELSE ARRAY['o:' || outward] END;
    found text[] := '{}';
    these text[];
    those text[];
    any_word text[];
    furthest real;
BEGIN
    -- Not a setting of the function: it may be made, and called, before the library is loaded.
    PERFORM set_config('pg_trgm.similarity_threshold', '0.42', true);
    SELECT array_agg(near.place), array_agg(near.word), array_agg(near.weight), array_agg(near.way)
    INTO near_places, near_words, near_weights, near_ways
    FROM (
        SELECT ranked.place, ranked.word, ranked.weight, ranked.way,
            row_number() OVER (PARTITION BY ranked.place ORDER BY ranked.weight DESC, bearers DESC) AS rank
        FROM (
            SELECT place, word, max(bearers) AS bearers, max(alike.weight)::real AS weight,
                (array_agg(way ORDER BY alike.weight DESC))[1] AS way
            FROM (
                SELECT asked.place::integer, held.word, held.bearers,
                    CASE WHEN held.word = asked.word THEN 'same' ELSE 'spelt' END AS way,
                    CASE
                        WHEN held.word = asked.word THEN 0
                        WHEN apart = 1 THEN
                            (CASE WHEN length(asked.word) <= 4 THEN -3 ELSE -2.3 END)
                            + (CASE WHEN sounds THEN 0.5 ELSE 0 END)
                        WHEN apart = 2 AND length(held.word) = length(asked.word) AND (
                            SELECT string_agg(one, '' ORDER BY one) FROM regexp_split_to_table(held.word, '') AS one
                        ) = (
                            SELECT string_agg(one, '' ORDER BY one) FROM regexp_split_to_table(asked.word, '') AS one
                        ) THEN -2.3
                        WHEN length(asked.word) >= 3 AND starts_with(held.word, asked.word) THEN
                            greatest(-4.5, -2 - 0.25 * (length(held.word) - length(asked.word)))
                        WHEN apart = 2 THEN
                            (CASE WHEN length(asked.word) <= 4 THEN -6 WHEN length(asked.word) <= 6 THEN -4.6 ELSE -4 END)
                            + (CASE WHEN sounds THEN 1.2 ELSE 0 END)
                        WHEN sounds AND apart <= 1 + length(asked.word) / 3 THEN -3.4 - 0.3 * (apart - 3)
                        WHEN apart <= length(asked.word) / 2 THEN -4.2 - 0.6 * (apart - 2)
                    END AS weight
                FROM unnest(typed) WITH ORDINALITY AS asked (word, place),
                    LATERAL (
                        SELECT w.word, w.bearers FROM public.people_searchword AS w
                        WHERE w.keys && public.people_wordkeys(asked.word)
                        UNION
                        (SELECT w.word, w.bearers FROM public.people_searchword AS w
                        WHERE length(asked.word) >= 3
                            AND w.word ~>=~ asked.word AND w.word ~<~ (asked.word || '~')
                        LIMIT 200)
                        UNION
                        SELECT w.word, w.bearers FROM public.people_searchword AS w
                        WHERE length(asked.word) >= 6 AND w.word % asked.word AND NOT EXISTS (
                            SELECT FROM public.people_searchword AS itself
                            WHERE itself.word = asked.word
                        )
                    ) AS held,
                    LATERAL (
                        SELECT public.levenshtein(held.word, asked.word) AS apart,
                            public.dmetaphone(held.word) = public.dmetaphone(asked.word) AS sounds
                    ) AS compared
                UNION ALL
                SELECT nick.place, nick.word, held.bearers, 'nickname', -2
                FROM unnest(nick_places, nick_words) AS nick (place, word)
                    JOIN public.people_searchword AS held ON held.word = nick.word
            ) AS alike
            WHERE alike.weight > lacking
            GROUP BY place, word
        ) AS ranked
    ) AS near
    WHERE near.rank <= 90;

    any_word := ARRAY(SELECT DISTINCT word FROM unnest(near_words) AS word);

    -- Two of the words typed; at first near ones alone, which are nearly always enough.
    FOREACH furthest IN ARRAY ARRAY[-2.6, -7]::real[] LOOP
        EXIT WHEN cardinality(found) >= enough;
        FOR one IN 1 .. count_typed - 1 LOOP
            these := ARRAY(
                SELECT near.word FROM unnest(near_places, near_words, near_weights) AS near (place, word, weight)
                WHERE near.place = one AND near.weight >= furthest);
            FOR other IN one + 1 .. count_typed LOOP
                those := ARRAY(
                    SELECT near.word FROM unnest(near_places, near_words, near_weights) AS near (place, word, weight)
                    WHERE near.place = other AND near.weight >= furthest);
                found := found || ARRAY(
                    SELECT s.person_id FROM public.people_searchperson AS s
                    WHERE s.keys && these AND s.keys && those LIMIT too_many);
            END LOOP;
        END LOOP;
    END LOOP;
    IF cardinality(day_keys) > 0 THEN
        -- Two statements: an "or" would have every row of the day compared one by one.
        IF count_typed = 0 THEN
            found := found || ARRAY(
                SELECT s.person_id FROM public.people_searchperson AS s
                WHERE s.keys && day_keys LIMIT too_many);
        ELSE
            found := found || ARRAY(
                SELECT s.person_id FROM public.people_searchperson AS s
                WHERE s.keys && day_keys AND s.keys && any_word LIMIT too_many);
        END IF;
    END IF;
    IF cardinality(outward_keys) > 0 AND cardinality(any_word) > 0 AND cardinality(found) < too_many THEN
        found := found || ARRAY(
            SELECT s.person_id FROM public.people_searchperson AS s
            WHERE s.keys && outward_keys AND s.keys && any_word LIMIT too_many);
    END IF;
    IF cardinality(year_keys) > 0 AND count_typed = 1 THEN
        found := found || ARRAY(
            SELECT s.person_id FROM public.people_searchperson AS s
            WHERE s.keys && year_keys AND s.keys && any_word LIMIT too_many);
    END IF;
    -- One word alone, or no two that anybody has: the nearest words until there are enough people.
    IF count_typed > 0 AND cardinality(found) < most THEN
        FOREACH furthest IN ARRAY ARRAY[0, -2.6, -4.5]::real[] LOOP
            EXIT WHEN cardinality(found) >= enough;
            these := ARRAY(
                SELECT near.word FROM unnest(near_places, near_words, near_weights) AS near (place, word, weight)
                WHERE near.weight >= furthest);
            found := found || ARRAY(
                SELECT s.person_id FROM public.people_searchperson AS s WHERE s.keys && these LIMIT 400);
        END LOOP;
    END IF;

    RETURN QUERY
    WITH candidate AS (
        SELECT s.* FROM public.people_searchperson AS s
        WHERE s.person_id = ANY (ARRAY(SELECT DISTINCT id FROM unnest(found) AS id))
    ), matched AS (
        SELECT candidate.person_id, near.place, max(near.weight - bears.less) AS weight
        FROM candidate,
            LATERAL (
                SELECT unnest(candidate.forenames || candidate.surnames), 0::real
                UNION ALL SELECT unnest(candidate.others), 0.4::real
            ) AS bears (word, less)
            JOIN unnest(near_places, near_words, near_weights) AS near (place, word, weight)
                ON near.word = bears.word
        GROUP BY 1, 2
    ), named AS (
        SELECT matched.person_id, sum(matched.weight) AS weight, count(*) AS places
        FROM matched GROUP BY 1
    ), weighed AS (
        SELECT candidate.person_id AS id,
            (coalesce(named.weight, 0) + lacking * (count_typed - coalesce(named.places, 0))
            + CASE
                WHEN cardinality(days) = 0 THEN 0
                WHEN candidate.born IS NULL THEN -3.5
                ELSE coalesce(
                    (SELECT max(day.weight) FROM unnest(days, day_weights) AS day (day, weight)
                     WHERE day.day = candidate.born),
                    CASE WHEN (extract(year FROM candidate.born) = extract(year FROM days[1]))::integer
                        + (extract(month FROM candidate.born) = extract(month FROM days[1]))::integer
                        + (extract(day FROM candidate.born) = extract(day FROM days[1]))::integer >= 2
                        THEN -4 ELSE -8 END)
              END
            + CASE
                WHEN cardinality(years) = 0 THEN 0
                WHEN candidate.born IS NULL THEN -3
                ELSE coalesce(
                    (SELECT max(year.weight) FROM unnest(years, year_weights) AS year (year, weight)
                     WHERE year.year = extract(year FROM candidate.born)), -7)
              END
            + CASE
                WHEN outward = '' THEN 0
                WHEN outward = ANY (candidate.outwards) THEN 0
                WHEN outward = ANY (candidate.earlier_outwards) THEN -0.6
                ELSE -4.5
              END
            )::real AS weight,
            (coalesce(named.weight, 0) + lacking * (count_typed - coalesce(named.places, 0)))::real AS named,
            public.similarity(
                array_to_string(candidate.forenames || candidate.surnames, ' '),
                array_to_string(typed, ' ')) AS whole
        FROM candidate LEFT JOIN named ON named.person_id = candidate.person_id
    ), best AS (
        SELECT * FROM weighed
        WHERE {may_know}
        ORDER BY weighed.weight DESC, weighed.whole DESC, weighed.id
        LIMIT most
    )
    SELECT best.id, best.weight, best.named, why.met, why.ways, why.from_others,
        outward = ANY (s.outwards), outward = ANY (s.earlier_outwards)
    FROM best JOIN public.people_searchperson AS s ON s.person_id = best.id,
        LATERAL (
            SELECT array_agg(meeting.word ORDER BY asked.place) AS met,
                array_agg(meeting.way ORDER BY asked.place) AS ways,
                array_agg(meeting.less > 0 ORDER BY asked.place) AS from_others
            FROM generate_series(1, count_typed) AS asked (place)
                LEFT JOIN LATERAL (
                    SELECT near.word, near.way, bears.less
                    FROM unnest(near_places, near_words, near_weights, near_ways)
                            AS near (place, word, weight, way)
                        JOIN (
                            SELECT unnest(s.forenames || s.surnames), 0::real
                            UNION ALL SELECT unnest(s.others), 0.4::real
                        ) AS bears (word, less) ON bears.word = near.word
                    WHERE near.place = asked.place
                    ORDER BY near.weight - bears.less DESC, bears.less, near.word
                    LIMIT 1
                ) AS meeting ON true
        ) AS why
    ORDER BY best.weight DESC, best.whole DESC, best.id;
END
$$;
