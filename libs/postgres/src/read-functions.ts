/** An SQL expression: one look at the index, whereas a function of SQL would be planned anew in each statement. */
export const versionOf = (stream: string): string =>
  `coalesce((select v.version from event_store.events v where v.stream = ${stream} order by v.version desc limit 1), 0)`;

/**
 * What is read, as functions, so that its plans keep to the keys as those of the append do. The first row of a slice tells of
 * the whole: its `stream` is null.
 */
export const readFunctions = `
create function read_stream_v1(wanted text, after_version bigint, at_most int) returns table (
  stream text, version bigint, "position" bigint, type text, schema int, data json, metadata json,
  recorded_ms double precision
)
language plpgsql stable
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set jit = off
as $$
#variable_conflict use_column
begin
  return query select null, ${versionOf('wanted')}, null::bigint, null, null::int, null::json, null::json,
                      null::double precision;
  return query
    select e.stream, e.version, e.position, e.type, e.schema, e.data, e.metadata,
           date_part('epoch', e.recorded_at) * 1000
      from event_store.events e
     where e.stream = wanted and e.version > after_version
     order by e.version limit at_most;
end $$;

create function read_log_v1(after_position bigint, at_most int, wanted text[]) returns table (
  stream text, version bigint, "position" bigint, type text, schema int, data json, metadata json,
  recorded_ms double precision
)
language plpgsql stable
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set jit = off
as $$
#variable_conflict use_column
begin
  return query
    select null, null::bigint, coalesce((select max(e.position) from event_store.events e), 0), epoch::text, null::int,
           null::json, null::json, null::double precision
      from event_store.log where is_only;
  return query
    select e.stream, e.version, e.position, e.type, e.schema, e.data, e.metadata,
           date_part('epoch', e.recorded_at) * 1000
      from event_store.events e
     where e.position > after_position and e.position <= after_position + at_most
       and (wanted is null or e.category = any (wanted))
     order by e.position;
end $$;

create function find_answers_v1(wanted text, principals text[], command_ids text[]) returns table (
  principal text, command_id text, request_hash text, outcome json, from_version bigint, to_version bigint
)
language plpgsql stable
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set jit = off
set enable_hashjoin = off
set enable_mergejoin = off
as $$
#variable_conflict use_column
begin
  return query
    select a.principal, a.command_id, a.request_hash, a.outcome, a.from_version, a.to_version
      from unnest(principals, command_ids) with ordinality as c(principal, command_id, place)
      join event_store.answered_commands a on a.stream = wanted and (a.principal, a.command_id) = (c.principal, c.command_id)
     order by c.place;
end $$;
`;
