%% The benches of actors on Erlang/OTP. Argument: the name of a bench.
%%
%% Reads lines of words (`cpu`, `work 500`) and answers with lines of JSON; ends when its input does.
-module(actor_bench).
-behaviour(gen_server).
-export([main/1]).
-export([init/1, handle_call/3, handle_cast/2]).

-define(PAIRS, 4).
-define(BATCH, 100).
-define(MESSAGES, 100000).
-define(ASKS, 20000).
-define(SPAWNS, 100000).
-define(IDLE_ACTORS, 200000).
-define(LEAVES, 1000000).
-define(BRANCHES, 10).

main([Bench]) ->
    Main = self(),
    %% It reads also while the work is going on, so that this ends with whoever asks.
    spawn_link(fun() -> read(Main) end),
    Prepared = prepare(Bench),
    io:format("{\"type\":\"ready\"}~n"),
    serve(Bench, Prepared).


read(Main) ->
    case io:get_line("") of
        Line when is_list(Line) ->
            Main ! {line, string:lexemes(Line, " \n")},
            read(Main);
        _ ->
            halt(0, [{flush, false}])
    end.

serve(Bench, Prepared) ->
    receive
        {line, ["cpu"]} ->
            io:format("{\"type\":\"cpu\",\"micros\":~b}~n", [cpu_micros()]);
        {line, ["work", Millis]} ->
            work(Bench, Prepared, list_to_integer(Millis))
    end,
    serve(Bench, Prepared).

%% Passes until so much time has gone by; only what passes take counts.
work(Bench, Prepared, Wanted) ->
    {Operations, Millis, Cpu, Bytes} = passes(Bench, Prepared, Wanted, {0, 0.0, 0, 0}),
    Weight =
        case Bench of
            "memory" -> io_lib:format(",\"bytesPerActor\":~.1f", [Bytes / Operations]);
            _ -> ""
        end,
    io:format(
        "{\"type\":\"work\",\"work\":{\"operations\":~b,\"millis\":~.3f,\"cpuMicros\":~b~s}}~n",
        [Operations, Millis, Cpu, Weight]
    ).

passes(_, _, Wanted, {_, Millis, _, _} = Done) when Millis >= Wanted -> Done;
passes(Bench, Prepared, Wanted, {Operations, Millis, Cpu, Bytes}) ->
    Before = weight(Bench),
    CpuBefore = cpu_micros(),
    StartedAt = erlang:monotonic_time(microsecond),
    {Count, Left} = pass(Bench, Prepared),
    Spent = (erlang:monotonic_time(microsecond) - StartedAt) / 1000,
    CpuSpent = cpu_micros() - CpuBefore,
    Weight = weight(Bench) - Before,
    clear(Bench, Left),
    passes(Bench, Prepared, Wanted, {Operations + Count, Millis + Spent, Cpu + CpuSpent, Bytes + Weight}).

weight("memory") ->
    erlang:garbage_collect(),
    erlang:memory(total);
weight(_) ->
    0.

cpu_micros() ->
    {Millis, _} = erlang:statistics(runtime),
    Millis * 1000.

prepare("ask") ->
    {ok, Server} = gen_server:start_link(?MODULE, [], []),
    Server;
prepare(_) ->
    none.

pass("ping-pong", _) ->
    play(fun ping_pong/1),
    {2 * ?PAIRS * ?MESSAGES, none};
pass("flood", _) ->
    play(fun flood/1),
    {?PAIRS * ?MESSAGES, none};
pass("ask", Server) ->
    ?ASKS = ask(Server, ?ASKS, 0),
    {ok, ?ASKS} = gen_server:call(Server, take_count),
    {?ASKS, none};
pass("spawn", _) ->
    {?SPAWNS, start_crowd(?SPAWNS)};
pass("memory", _) ->
    {?IDLE_ACTORS, start_crowd(?IDLE_ACTORS)};
pass("skynet", _) ->
    Main = self(),
    spawn(fun() -> cover(0, ?LEAVES, Main) end),
    Expected = ?LEAVES * (?LEAVES - 1) div 2,
    receive
        {sum, Expected} -> {?LEAVES, none}
    end.

clear(_, none) ->
    ok;
clear(_, Actors) ->
    Watched = [{Actor, monitor(process, Actor)} || Actor <- Actors],
    [Actor ! stop || Actor <- Actors],
    [receive {'DOWN', Ref, process, Actor, _} -> ok end || {Actor, Ref} <- Watched].

%% Pairs, each of which says `done` when both sides have counted the same.
play(Start) ->
    Main = self(),
    [spawn_link(fun() -> Start(Main) end) || _ <- lists:seq(1, ?PAIRS)],
    [receive done -> ok end || _ <- lists:seq(1, ?PAIRS)].

ping_pong(Main) ->
    Self = self(),
    Echo = spawn_link(fun() -> echo(0) end),
    ?MESSAGES = batches(Self, Echo, 0),
    Echo ! {report, Self},
    receive {count, ?MESSAGES} -> Main ! done end.

batches(_, _, ?MESSAGES) -> ?MESSAGES;
batches(Self, Echo, Returned) ->
    send_batch(Self, Echo, ?BATCH),
    batches(Self, Echo, receive_batch(?BATCH, Returned)).

send_batch(_, _, 0) -> ok;
send_batch(Self, Echo, Left) ->
    Echo ! {ping, Self},
    send_batch(Self, Echo, Left - 1).

receive_batch(0, Returned) -> Returned;
receive_batch(Left, Returned) ->
    receive pong -> receive_batch(Left - 1, Returned + 1) end.

echo(Count) ->
    receive
        {ping, From} ->
            From ! pong,
            echo(Count + 1);
        {report, To} ->
            To ! {count, Count}
    end.

flood(Main) ->
    Sink = spawn_link(fun() -> sink(0) end),
    pour(Sink, ?MESSAGES),
    Sink ! {report, self()},
    receive {count, ?MESSAGES} -> Main ! done end.

pour(_, 0) -> ok;
pour(Sink, Left) ->
    Sink ! item,
    pour(Sink, Left - 1).

sink(Count) ->
    receive
        item -> sink(Count + 1);
        {report, To} -> To ! {count, Count}
    end.

ask(_, 0, Answered) -> Answered;
ask(Server, Left, Answered) ->
    pong = gen_server:call(Server, ping),
    ask(Server, Left - 1, Answered + 1).

init([]) -> {ok, 0}.
handle_call(ping, _From, Count) -> {reply, pong, Count + 1};
handle_call(take_count, _From, Count) -> {reply, {ok, Count}, 0}.
handle_cast(_, Count) -> {noreply, Count}.

start_crowd(Count) ->
    Main = self(),
    Actors = [spawn(fun() -> idle(Main) end) || _ <- lists:seq(1, Count)],
    [receive started -> ok end || _ <- Actors],
    Actors.

idle(Main) ->
    Main ! started,
    receive stop -> ok end.

cover(First, 1, Parent) ->
    Parent ! {sum, First};
cover(First, Size, Parent) ->
    Self = self(),
    Part = Size div ?BRANCHES,
    [spawn(fun() -> cover(First + Branch * Part, Part, Self) end) || Branch <- lists:seq(0, ?BRANCHES - 1)],
    Parent ! {sum, add(?BRANCHES, 0)}.

add(0, Sum) -> Sum;
add(Left, Sum) ->
    receive {sum, Part} -> add(Left - 1, Sum + Part) end.
