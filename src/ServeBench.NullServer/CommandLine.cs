using System.Text;
using System.Globalization;
using ServeBench.Domain.CommandLines;
using ServeBench.Domain.Faults;
using ServeBench.NullServer.Latency;
using ServeBench.NullServer.Wire;

namespace ServeBench.NullServer;

/// <summary>Reads the program's arguments.</summary>
internal static class CommandLine
{
    private static readonly CommandLineOption Port =
        new("--port", "N", "port on 127.0.0.1; 0, the default, takes a free one", "--port=8080");
    private static readonly CommandLineOption ResponseBytes =
        new("--response-bytes", "N", "bytes of the body, a JSON string (default 128)", "--response-bytes=1024");
    private static readonly CommandLineOption Body =
        new("--body", "FILE", "answer with what that file holds instead, in ASCII", "--body=answer.json");
    private static readonly CommandLineOption Wire = new(
        "--wire", "W", "wire format of the answers: http (default), sse (server-sent events), grpc or websocket", "--wire=sse")
    {
        Values = [.. AnswerFormats.All.Select(f => f.Name)]
    };
    private static readonly CommandLineOption Events =
        new("--events", "N", "events of a stream before its last, or messages of a call, each the whole body (default 1)", "--events=16");
    private static readonly CommandLineOption Last =
        new("--last", "TEXT", "data of the last event of such a stream (default [DONE])", "--last={\"final\":true}");
    private static readonly CommandLineOption Gap = new(
        "--gap", "L", "time between the events of a stream, as --latency has it (default none: all leave at once)", "--gap=constant:20ms");
    private static readonly CommandLineOption Together =
        new("--together", "N", "events of a stream that leave in one piece (default 1)", "--together=4");
    private static readonly CommandLineOption Opening = new(
        "--opening", "TEXT", "data of an event before all others of a stream (default none)", "--opening={\"role\":\"assistant\"}");
    private static readonly CommandLineOption Closing = new(
        "--closing", "TEXT", "data of an event behind all others but the last (default none)", "--closing={\"usage\":{}}");
    private static readonly CommandLineOption Cut =
        new("--cut", "P", "closes the connection in the middle of that share of streams with gaps (default 0)", "--cut=0.05");
    private static readonly CommandLineOption Latency =
        new("--latency", "L", $"delay of each answer: {LatencyDistribution.Forms} (default none)", "--latency=constant:5ms");
    private static readonly CommandLineOption Seed =
        new("--seed", "N", "decides the delays drawn and the requests dropped (default 0)", "--seed=7");
    private static readonly CommandLineOption Drift = new(
        "--drift",
        "D",
        "added to every delay, moving in a straight line: from=5ms,to=10ms,over=10s",
        "--drift=from=5ms,to=10ms,over=10s");
    private static readonly CommandLineOption Stall =
        new("--stall", "S", "stops now and then, for less than the time between: every=10s,for=1s", "--stall=every=10s,for=1s");
    private static readonly CommandLineOption Rate =
        new("--rate", "R", "serves so many requests per second, one after the other (default any number)", "--rate=200");
    private static readonly CommandLineOption Drop =
        new("--drop", "P", "closes the connection instead of answering, for that share of requests (default 0)", "--drop=0.01");
    private static readonly CommandLineOption AcceptDelay =
        new("--accept-delay", "D", "the first request on a connection waits that long", "--accept-delay=50ms");
    private static readonly CommandLineOption CacheHit =
        new("--cache-hit", "D", "answers a body that came before after that long", "--cache-hit=50us");
    private static readonly CommandLineOption Serving = new(
        "--serving", "S", "epoll (one thread, Linux only) or threads (one per connection, anywhere)", "--serving=threads")
    {
        Values = ["epoll", "threads"]
    };
    private static readonly CommandLineOption ShowHelp = new("--help", null, "show this and end", "--help") { Aliases = ["-h"] };

    private static readonly CommandLineOption[] All = [
        Port,
        ResponseBytes,
        Body,
        Wire,
        Events,
        Last,
        Gap,
        Together,
        Opening,
        Closing,
        Cut,
        Latency,
        Seed,
        Drift,
        Stall,
        Rate,
        Drop,
        AcceptDelay,
        CacheHit,
        Serving,
        ShowHelp];

    public static string Help =>
        $"""
        A server that does nothing, for measuring load drivers. It answers every request with the same body.

        {string.Join(Environment.NewLine, All.Select(o => $"  {o.Usage,-20}{o.Help}"))}

        Prints its address on one line and serves until SIGTERM or Ctrl+C.
        A request to /delay/N is answered N nanoseconds after its receipt, whatever --latency says; so is a call whose message
        begins with that text.
        GET /planted gives the delays planted and achieved.
        """;

    /// <param name="arguments">The program's arguments.</param>
    /// <param name="faults">Gets everything that is wrong with them.</param>
    /// <returns>Null when help is asked for.</returns>
    public static NullServerOptions? Parse(IReadOnlyList<string> arguments, FaultList faults)
    {
        var options = new NullServerOptions();
        foreach (var (option, text) in ArgumentReader.Read(arguments, All, Port, faults))
        {
            if (option == ShowHelp) return null;
            if (option == Port) options = options with { Port = Number(option, text, 0, 65535, faults) };
            else if (option == ResponseBytes) options = options with { ResponseBytes = Number(option, text, 2, 1 << 28, faults) };
            else if (option == Body) options = options with { Body = BodyOf(text, faults) };
            else if (option == Wire) options = options with { Wire = text };
            else if (option == Events) options = options with { Events = Number(option, text, 0, 1 << 16, faults) };
            else if (option == Last) options = options with { Last = text };
            else if (option == Gap) options = options with { Gap = LatencyOf(Gap, text, faults) };
            else if (option == Together) options = options with { Together = Number(option, text, 1, 1 << 16, faults) };
            else if (option == Opening) options = options with { Opening = text };
            else if (option == Closing) options = options with { Closing = text };
            else if (option == Cut) options = options with { CutShare = Decimal(option, text, 0, 1, faults) };
            else if (option == Seed) options = options with { Seed = Number(option, text, 0, int.MaxValue, faults) };
            else if (option == Latency) options = options with { Latency = LatencyOf(Latency, text, faults) };
            else if (option == Drift) options = options with { Drift = Found(option, text, NullServer.Latency.Drift.Parse(text), faults) };
            else if (option == Stall) options = options with { Stall = Found(option, text, NullServer.Latency.Stall.Parse(text), faults) };
            else if (option == Rate) options = options with { Rate = Decimal(option, text, 0.001, 1e7, faults) };
            else if (option == Drop) options = options with { DropShare = Decimal(option, text, 0, 1, faults) };
            else if (option == AcceptDelay) options = options with { AcceptDelay = Duration(option, text, faults) };
            else if (option == CacheHit) options = options with { CacheHit = Duration(option, text, faults) };
            else if (option == Serving) options = options with { Serving = Enum.Parse<ServingKind>(text, ignoreCase: true) };
        }
        return options;
    }

    private static string? BodyOf(string file, FaultList faults)
    {
        try
        {
            var body = File.ReadAllText(file);
            if (Ascii.IsValid(body)) return body;
            var problem = $"'{file}' holds characters that are not ASCII";
            faults.Add(new Fault(Body.Flag, null, null, problem, "Write them as \\u escapes of JSON"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            faults.Add(new Fault(Body.Flag, null, null, $"'{file}' cannot be read: {e.Message}", $"For example {Body.Example}"));
        }
        return null;
    }

    private static int Number(CommandLineOption option, string text, int least, int most, FaultList faults)
    {
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
            return number;
        faults.Add(
            new Fault(option.Flag, null, null, $"'{text}' is not a whole number from {least} to {most}", $"For example {option.Example}"));
        return least;
    }

    private static double Decimal(CommandLineOption option, string text, double least, double most, FaultList faults)
    {
        if (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            && number >= least
            && number <= most)
            return number;
        faults.Add(new Fault(option.Flag, null, null, $"'{text}' is not a number from {least} to {most}", $"For example {option.Example}"));
        return least;
    }

    private static long Duration(CommandLineOption option, string text, FaultList faults)
    {
        if (DurationArgument.Parse(text) is { } duration) return duration;
        faults.Add(
            new Fault(option.Flag, null, null, $"'{text}' is not a duration of at most ten minutes", $"For example {option.Example}"));
        return 0;
    }

    private static T? Found<T>(CommandLineOption option, string text, T? value, FaultList faults)
        where T : class
    {
        if (value is null) faults.Add(new Fault(option.Flag, null, null, $"'{text}' cannot be read", $"For example {option.Example}"));
        return value;
    }

    private static LatencyDistribution LatencyOf(CommandLineOption option, string text, FaultList faults)
    {
        if (LatencyDistribution.TryParse(text, out var problem) is { } latency) return latency;
        faults.Add(new Fault(option.Flag, null, null, problem, $"For example {option.Example}"));
        return LatencyDistribution.None;
    }
}
