using System.Text.Json;
using ServeBench.Domain.Plans;
using ServeBench.Domain.Protocols;
using ServeBench.Domain.Workloads;

namespace ServeBench.Load.K6.Scripts;

/// <summary>One line of the script: a name with the condition that must hold.</summary>
public sealed record ScriptCheck(string Name, string Condition);

/// <summary>One threshold: a metric with the condition that it must meet.</summary>
public sealed record ScriptThreshold(string Metric, string Condition);

/// <summary>The values that every template can use, by the names it uses.</summary>
internal static class ScriptModel
{
    private const int CheckEvery = 16;

    public static Dictionary<string, object> Of(ScriptCase one, string template)
    {
        var closed = one.Shape as ClosedLoop;
        var open = one.Shape as OpenLoop;
        var users = VirtualUsers.Of(one.Shape, one.Deadline, one.LatencyP95);
        var (numerator, unit) = Rate(open?.Rate ?? 1);
        var values = new Dictionary<string, object>
        {
            ["title"] = OneLine(one.Title),
            ["question"] = OneLine(one.Question),
            ["protocol"] = one.Protocol,
            ["template"] = template,
            ["file"] = one.File,
            ["host"] = one.Host,
            ["payloadFile"] = one.PayloadFile,
            ["arrivalFile"] = one.ArrivalFile,
            ["warmUp"] = Number(one.WarmUpSeconds),
            ["margin"] = Number(one.MarginSeconds),
            ["measure"] = Number(one.MeasureSeconds),
            ["checkEvery"] = CheckEvery,
            ["vus"] = users,
            ["warmUpVus"] = closed?.Concurrency ?? one.WarmUpConcurrency,
            ["closed"] = closed is not null,
            ["open"] = open is not null,
            ["constantArrivals"] = open?.Arrivals == ArrivalProcesses.Constant,
            ["scheduledArrivals"] = open?.Arrivals == ArrivalProcesses.Poisson,
            ["rate"] = Number(open?.Rate ?? 0),
            ["rateNumerator"] = numerator,
            ["rateUnit"] = unit,
            ["deadline"] = Number(one.Deadline.TotalSeconds),
            // Every request has ended by its deadline; a second more, so that k6 never cuts one off.
            ["gracefulStop"] = Number(Math.Ceiling(one.Deadline.TotalSeconds) + 1),
            ["binary"] = one.Binary,
            ["ownPaths"] = one.OwnPaths,
            ["waitsForSend"] = one.Transport is WebSocketTransport or GrpcTransport { Streams: true },
            ["ownMetric"] = one.Transport is not HttpTransport,
            ["thresholds"] = Thresholds(one).ToArray(),
        };
        TransportModel.AddTo(values, one);
        return values;
    }

    /// <summary>A rate as whole iterations per unit of time, which is all that k6 takes: 24.5 per second is 245 in 10 s.</summary>
    public static (long Numerator, string Unit) Rate(double rate)
    {
        var (seconds, value) = (1, (decimal)rate);
        while (value != decimal.Truncate(value) && seconds < 1000) (seconds, value) = (seconds * 10, value * 10);
        return ((long)decimal.Round(value), $"{seconds}s");
    }

    public static string Number(double value) => value.ToString("0.######");

    /// <summary>A JavaScript string in single quotes.</summary>
    public static string Quoted(string text) => "'" + JsonEncodedText.Encode(text, System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping).Value.Replace("'", "\\'", StringComparison.Ordinal).Replace("\\\"", "\"", StringComparison.Ordinal) + "'";

    /// <summary>An object of texts as JavaScript writes it.</summary>
    public static string ObjectOf(IEnumerable<KeyValuePair<string, string>> texts) =>
        "{ " + string.Join(", ", texts.Select(t => $"{Quoted(t.Key)}: {Quoted(t.Value)}")) + " }";

    private static IEnumerable<ScriptThreshold> Thresholds(ScriptCase one)
    {
        var own = one.Transport is not HttpTransport;
        if (one.ErrorRate is { } errors) yield return new ScriptThreshold(own ? "request_failed{phase:measure}" : "http_req_failed{phase:measure}", $"rate<={Number(errors)}");
        if (!own) yield return new ScriptThreshold("checks{phase:measure}", "rate==1");
        if (one.LatencyP95 is { } p95)
        {
            var metric = one.Shape is OpenLoop ? "latency_from_schedule" : own ? "request_duration" : "http_req_duration";
            yield return new ScriptThreshold($"{metric}{{phase:measure}}", $"p(95)<={Number(p95.TotalMilliseconds)}");
        }
        if (one.Shape is OpenLoop open) yield return new ScriptThreshold(open.Arrivals == ArrivalProcesses.Constant ? "dropped_iterations" : "dropped_arrivals", "count==0");
    }

    /// <summary>A title cannot end the comment that it stands in.</summary>
    private static string OneLine(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
