%% RabbitMQ's command line tools without a start of Erlang for every command: the tool's own code, kept in one runtime,
%% runs each line that comes down a socket and sends back its exit status and what it wrote to its two outputs.
-module('resident-tool').
-export([main/1]).

main(_) ->
    logger:set_primary_config(level, none),
    {ok, _} = application:ensure_all_started(elixir),
    {ok, _} = application:ensure_all_started(rabbitmqctl),
    Port = list_to_integer(os:getenv("WARREN_TOOL_PORT")),
    {ok, Socket} = gen_tcp:connect({127, 0, 0, 1}, Port, [binary, {packet, 4}, {active, false}]),
    serve(Socket).

serve(Socket) ->
    case gen_tcp:recv(Socket, 0) of
        {ok, Line} ->
            {Status, Out, Err} = run(binary:split(Line, <<0>>, [global])),
            ok = gen_tcp:send(Socket, [integer_to_binary(Status), 0, Out, 0, Err]),
            serve(Socket);
        {error, _} ->
            halt(0)
    end.

run(Words) ->
    Out = spawn_link(fun() -> device([]) end),
    Err = spawn_link(fun() -> device([]) end),
    Before = whereis(standard_error),
    unregister(standard_error),
    register(standard_error, Err),
    {_, Monitor} = spawn_monitor(fun() ->
        group_leader(Out, self()),
        'Elixir.RabbitMQCtl':main(Words)
    end),
    Status = receive {'DOWN', Monitor, process, _, Reason} -> status(Reason) end,
    unregister(standard_error),
    register(standard_error, Before),
    {Status, written(Out), written(Err)}.

status(normal) -> 0;
status({shutdown, Code}) when is_integer(Code) -> Code;
status(_) -> 1.

written(Device) ->
    Device ! {written, self()},
    receive {written, Device, Text} -> Text end.

%% An output device that keeps what is written to it.
device(Text) ->
    receive
        {io_request, From, Reply, Request} ->
            {Answer, More} = request(Request),
            From ! {io_reply, Reply, Answer},
            device([Text, More]);
        {written, Asker} ->
            Asker ! {written, self(), Text}
    end.

request({put_chars, Encoding, Chars}) ->
    {ok, unicode:characters_to_binary(Chars, Encoding, utf8)};
request({put_chars, Encoding, Module, Function, Args}) ->
    request({put_chars, Encoding, apply(Module, Function, Args)});
request({requests, Requests}) ->
    lists:foldl(
        fun(Request, {_, Text}) ->
            {Answer, More} = request(Request),
            {Answer, [Text, More]}
        end,
        {ok, []},
        Requests
    );
request({setopts, _}) -> {ok, []};
request(getopts) -> {[{binary, true}, {encoding, unicode}], []};
request({get_geometry, _}) -> {{error, enotsup}, []};
request(_) -> {eof, []}.
