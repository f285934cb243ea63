using System.Text.Json;
using ServeBench.Domain.Plans;
using ServeBench.Domain.Workloads;

namespace ServeBench.Load.K6.Scripts;

/// <summary>One line of the script: a name with the condition that must hold.</summary>
public sealed record ScriptCheck(string Name, string Condition);

/// <summary>One threshold: a metric with the condition that it must meet.</summary>
public sealed record ScriptThreshold(string Metric, string Condition);

/// <summary>One stage of a ramp: its length in seconds, and the load at its end.</summary>
public sealed record RampTarget(string Seconds, string Target);

/// <summary>The values that every template can use, by the names it uses.</summary>
internal static class ScriptModel
{
    private const int CheckEvery = 16;

    public static Dictionary<string, object> Of(ScriptCase one, string template)
    {
        var open = one.Shape as OpenLoop;
        var ramp = one.Shape.Course;
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
            ["warmUpVus"] = one.Shape switch { ClosedLoop closed => closed.Concurrency, ClosedRamp => (int)ramp!.Start, _ => one.WarmUpConcurrency },
            ["closed"] = !one.Shape.IsOpen,
            ["open"] = one.Shape.IsOpen,
            ["constantUsers"] = one.Shape is ClosedLoop,
            ["rampingUsers"] = one.Shape is ClosedRamp,
            ["rampingArrivals"] = one.Shape is OpenRamp,
            ["ramps"] = ramp is not null,
            ["rampStart"] = Number(ramp?.Start ?? 0),
            ["rampEnd"] = Number(ramp?.Stages[^1].Target ?? 0),
            ["rampLeast"] = Number(ramp?.Least ?? 0),
            ["rampStages"] = (ramp?.Stages ?? []).Select(s => new RampTarget(Number(s.Duration.TotalSeconds), Number(s.Target))).ToArray(),
            ["rampUnit"] = ramp is null ? 1 : ramp.Stages.Select(s => s.Target).Append(ramp.Start).Max(r => int.Parse(Rate(r).Unit[..^1])),
            // k6 numbers the arrivals of a rate itself; in a script of ours a Poisson schedule does.
            ["ratedArrivals"] = one.Shape is OpenRamp || open?.Arrivals == ArrivalProcesses.Constant,
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
            ["waitsForSend"] = one.Wire.K6.WaitsForSend,
            ["ownMetric"] = !one.Wire.K6.IsCountedByK6,
            ["thresholds"] = Thresholds(one).ToArray(),
            ["lists"] = false,
        };
        one.Wire.K6.Describe(values, one);
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

    /// <summary>A JSON string.</summary>
    public static string JsonText(string text) => $"\"{JsonEncodedText.Encode(text, System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";

    /// <summary>A JavaScript string in single quotes.</summary>
    public static string Quoted(string text) => "'" + JsonEncodedText.Encode(text, System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping).Value.Replace("'", "\\'", StringComparison.Ordinal).Replace("\\\"", "\"", StringComparison.Ordinal) + "'";

    /// <summary>An object of texts as JavaScript writes it.</summary>
    public static string ObjectOf(IEnumerable<KeyValuePair<string, string>> texts) =>
        "{ " + string.Join(", ", texts.Select(t => $"{Quoted(t.Key)}: {Quoted(t.Value)}")) + " }";

    private static IEnumerable<ScriptThreshold> Thresholds(ScriptCase one)
    {
        var own = !one.Wire.K6.IsCountedByK6;
        if (one.ErrorRate is { } errors) yield return new ScriptThreshold(own ? "request_failed{phase:measure}" : "http_req_failed{phase:measure}", $"rate<={Number(errors)}");
        if (!own) yield return new ScriptThreshold("checks{phase:measure}", "rate==1");
        // Over a ramp a percentile depends on how long each load lasted: the objective is not about that.
        if (one.LatencyP95 is { } p95 && one.Shape.Course is null)
        {
            var metric = one.Shape.IsOpen ? "latency_from_schedule" : own ? "request_duration" : "http_req_duration";
            yield return new ScriptThreshold($"{metric}{{phase:measure}}", $"p(95)<={Number(p95.TotalMilliseconds)}");
        }
        if (one.Shape.IsOpen) yield return new ScriptThreshold(one.Shape is OpenLoop { Arrivals: ArrivalProcesses.Poisson } ? "dropped_arrivals" : "dropped_iterations", "count==0");
    }

    /// <summary>A title cannot end the comment that it stands in.</summary>
    private static string OneLine(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
