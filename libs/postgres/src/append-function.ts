import { versionOf } from './read-functions.js';

const IN_TWO_LOOKS = `  if cardinality(command_appends) > 0 then
    select coalesce(array_agg(distinct c.append), '{}') into refused
      from unnest(command_appends, command_streams, principals, command_ids) as c(append, stream, principal, command_id)
      join event_store.answered_commands a using (stream, principal, command_id);
  end if;
  if cardinality(refused) > 0 then
    return query
      select c.append, null::bigint, a.principal, a.command_id, a.request_hash, a.outcome, a.from_version, a.to_version
        from unnest(command_appends, command_streams, principals, command_ids) as c(append, stream, principal, command_id)
        join event_store.answered_commands a using (stream, principal, command_id);
  end if;
`;

const IN_ONE_LOOK = `  -- In one look: what is forgotten between two of them would be refused by the first, and not told of by the second.
  if cardinality(command_appends) > 0 then
    for append, version, principal, command_id, request_hash, outcome, from_version, to_version in
      select c.append, null, a.principal, a.command_id, a.request_hash, a.outcome, a.from_version, a.to_version
        from unnest(command_appends, command_streams, principals, command_ids) as c(append, stream, principal, command_id)
        join event_store.answered_commands a using (stream, principal, command_id)
    loop
      refused := refused || append;
      return next;
    end loop;
  end if;
`;

/**
 * The append as one statement. Gives a row for each append that was not done: with `version` alone where that was not the expected
 * one, and one for each command that had been answered before.
 *
 * Its plans must not depend on how small the tables were when it was first called, hence the settings: every access is by key.
 * An append that could be lost in a crash of the server would have its position given out again, so the commit is always waited for.
 */
const UNTIL_REPEATS = `function append_v1(
  streams text[], expected bigint[],
  event_appends int[], event_streams text[], event_versions bigint[], event_types text[], event_schemas int[],
  event_data text, event_metadata text,
  command_appends int[], command_streams text[], principals text[], command_ids text[], request_hashes text[],
  from_versions bigint[], to_versions bigint[], outcomes text
) returns table (
  append int, version bigint, principal text, command_id text, request_hash text, outcome json, from_version bigint,
  to_version bigint
)
language plpgsql
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set jit = off
set enable_hashjoin = off
set enable_mergejoin = off
as $$
#variable_conflict use_column
declare
  refused int[] := '{}';
  conflicting int[];
  head bigint;
begin
  if current_setting('synchronous_commit') = 'off' then
    perform set_config('synchronous_commit', 'on', true);
  end if;
  perform 1 from event_store.log where is_only for update;

`;

const FROM_CONFLICTS = `  select coalesce(array_agg(s.append), '{}'),
         coalesce((select max(e.position) from event_store.events e), 0)
    into conflicting, head
    from unnest(streams, expected) with ordinality as s(stream, expected, append)
   where s.expected <> ${versionOf('s.stream')} and s.append <> all (refused);
  if cardinality(conflicting) > 0 then
    return query
      select s.append::int, ${versionOf('s.stream')}, null, null, null, null::json, null::bigint, null::bigint
        from unnest(streams) with ordinality as s(stream, append) where s.append = any (conflicting);
    refused := refused || conflicting;
  end if;

  insert into event_store.events
      (position, version, recorded_at, schema, stream, category, type, data, metadata)
    select head + row_number() over (order by e.place), e.version, clock_timestamp(), e.schema, e.stream,
           split_part(e.stream, '-', 1), e.type, e.data::json, e.metadata::json
      from unnest(event_appends, event_streams, event_versions, event_types, event_schemas,
                  string_to_array(event_data, chr(10)), string_to_array(event_metadata, chr(10)))
           with ordinality as e(append, stream, version, type, schema, data, metadata, place)
     where e.append <> all (refused);
  if cardinality(command_appends) > 0 then
    insert into event_store.answered_commands
        (answered_at, from_version, to_version, stream, principal, command_id, request_hash, outcome)
      select clock_timestamp(), c.from_version, c.to_version, c.stream, c.principal, c.command_id, c.request_hash,
             c.outcome::json
        from unnest(command_appends, command_streams, principals, command_ids, request_hashes, from_versions, to_versions,
                    string_to_array(outcomes, chr(10)))
             as c(append, stream, principal, command_id, request_hash, from_version, to_version, outcome)
       where c.append <> all (refused);
  end if;
end $$;
`;

export const firstAppendFunction = `
create ${UNTIL_REPEATS}${IN_TWO_LOOKS}
${FROM_CONFLICTS}`;
export const appendFunctionInOneLook = `
create or replace ${UNTIL_REPEATS}${IN_ONE_LOOK}
${FROM_CONFLICTS}`;
