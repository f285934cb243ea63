using System.Globalization;
using ServeBench.NullServer.Latency;

namespace ServeBench.NullServer;

/// <summary>Reads the program's arguments.</summary>
internal static class CommandLine
{
    public const string Help = $"""
        A server that does nothing, for measuring load drivers. It answers every request with the same body.

          --port=N            port on 127.0.0.1; 0, the default, takes a free one
          --response-bytes=N  bytes of the body, a JSON string (default 128)
          --embedding=N       answer like the OpenAI embeddings API with vectors of N components instead
          --items=N           how many vectors such an answer holds (default 1)
          --latency=L         delay of each answer: {LatencyDistribution.Forms} (default none)
          --seed=N            decides the delays drawn and the requests dropped (default 0)
          --drift=D           added to every delay, moving in a straight line: from=5ms,to=10ms,over=10s
          --stall=S           stands still now and then: every=10s,for=1s
          --rate=R            serves so many requests per second, one after the other (default any number)
          --drop=P            closes the connection instead of answering, for that share of requests (default 0)
          --accept-delay=D    the first request on a connection waits that long
          --cache-hit=D       answers a body that came before after that long
          --serving=S         epoll (one thread, Linux only) or threads (one per connection, anywhere)

        Prints its address on one line and serves until SIGTERM or Ctrl+C.
        A request to /delay/N is answered N nanoseconds after its receipt, whatever --latency says.
        GET /planted tells the delays planted and achieved.
        """;

    /// <param name="arguments">The program's arguments.</param>
    /// <param name="problems">Everything that is wrong with them; empty when the options can be used.</param>
    public static NullServerOptions Parse(IEnumerable<string> arguments, out IReadOnlyList<string> problems)
    {
        var options = new NullServerOptions();
        var found = new List<string>();
        foreach (var argument in arguments)
        {
            var equals = argument.IndexOf('=', StringComparison.Ordinal);
            var (name, value) = equals < 0 ? (argument, "") : (argument[..equals], argument[(equals + 1)..]);
            options = name switch
            {
                "--port" => options with { Port = Number(argument, value, 0, 65535, found) },
                "--response-bytes" => options with { ResponseBytes = Number(argument, value, 2, 1 << 28, found) },
                "--embedding" => options with { EmbeddingDimensions = Number(argument, value, 1, 1 << 20, found) },
                "--items" => options with { Items = Number(argument, value, 1, 1 << 16, found) },
                "--seed" => options with { Seed = Number(argument, value, 0, int.MaxValue, found) },
                "--drift" => options with { Drift = Found(Latency.Drift.Parse(value), argument, "a drift like from=5ms,to=10ms,over=10s", found) },
                "--stall" => options with { Stall = Found(Latency.Stall.Parse(value), argument, "stalls like every=10s,for=1s, shorter than the time between them", found) },
                "--rate" => options with { Rate = Decimal(argument, value, 0.001, 1e7, found) },
                "--drop" => options with { DropShare = Decimal(argument, value, 0, 1, found) },
                "--accept-delay" => options with { AcceptDelay = Duration(argument, value, found) },
                "--cache-hit" => options with { CacheHit = Duration(argument, value, found) },
                "--latency" => options with { Latency = ReadLatency(value, found) },
                "--serving" => options with { Serving = Serving(value, found) },
                _ => Unknown(options, argument, found),
            };
        }
        problems = found;
        return options;
    }

    private static NullServerOptions Unknown(NullServerOptions options, string argument, List<string> problems)
    {
        problems.Add($"{argument}: not an option of this program; known: --port --response-bytes --embedding --items --latency --seed --drift --stall --rate --drop --accept-delay --cache-hit --serving");
        return options;
    }

    private static int Number(string argument, string value, int least, int most, List<string> problems)
    {
        if (int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most) return number;
        problems.Add($"{argument}: '{value}' is not a whole number from {least} to {most}");
        return least;
    }

    private static double Decimal(string argument, string value, double least, double most, List<string> problems)
    {
        if (double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most) return number;
        problems.Add($"{argument}: '{value}' is not a number from {least} to {most}");
        return least;
    }

    private static long Duration(string argument, string value, List<string> problems)
    {
        if (DurationArgument.Parse(value) is { } duration) return duration;
        problems.Add($"{argument}: '{value}' is not a duration like 50ms");
        return 0;
    }

    private static T? Found<T>(T? value, string argument, string what, List<string> problems)
        where T : class
    {
        if (value is null) problems.Add($"{argument}: not {what}");
        return value;
    }

    private static LatencyDistribution ReadLatency(string value, List<string> problems)
    {
        if (LatencyDistribution.TryParse(value, out var problem) is { } latency) return latency;
        problems.Add($"--latency: {problem}");
        return LatencyDistribution.None;
    }

    private static ServingKind? Serving(string value, List<string> problems)
    {
        switch (value)
        {
            case "epoll": return ServingKind.Epoll;
            case "threads": return ServingKind.Threads;
        }
        problems.Add($"--serving: '{value}' is not one of epoll, threads");
        return null;
    }
}
