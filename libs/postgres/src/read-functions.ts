/** An SQL expression: one look at the index, whereas a function of SQL would be planned anew in each statement. */
export const versionOf = (stream: string): string =>
  `coalesce((select v.version from event_store.events v where v.stream = ${stream} order by v.version desc limit 1), 0)`;

const EVENT = `'[' || to_json(e.stream)::text || ',' || e.version || ',' || e.position || ',' || e.schema || ','
  || (date_part('epoch', e.recorded_at) * 1000)::bigint || ',' || e.data::text || ',' || e.metadata::text || ']'`;

/**
 * What is read, as functions, so that its plans keep to the keys as those of the append do. An event is one line of JSON: the
 * client takes it in one piece, which costs it less than half of what seven columns would. The first line of a slice tells of the whole.
 */
export const readFunctions = `
create function read_stream_v1(wanted text, after_version bigint, at_most int) returns table (line text)
language plpgsql stable
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set jit = off
as $$
begin
  return query select '[' || ${versionOf('wanted')} || ']';
  return query
    select ${EVENT}
      from event_store.events e
     where e.stream = wanted and e.version > after_version
     order by e.version limit at_most;
end $$;

create function read_log_v1(after_position bigint, at_most int, wanted text[]) returns table (line text)
language plpgsql stable
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set jit = off
as $$
begin
  return query
    select '["' || l.epoch || '",' || coalesce((select max(e.position) from event_store.events e), 0) || ']'
      from event_store.log l where l.is_only;
  return query
    select ${EVENT}
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
