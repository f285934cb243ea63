using System.Text.Json;
using ServeBench.Load.Patterns;

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
        var pattern = LoadPattern.Of(one.Shape);
        var values = new Dictionary<string, object>
        {
            ["title"] = OneLine(one.Title),
            ["question"] = OneLine(one.Question),
            ["protocol"] = one.Protocol,
            ["template"] = template,
            ["file"] = one.File,
            ["host"] = one.Host,
            ["scheme"] = one.Scheme,
            ["mostPerSecond"] = one.MostPerSecond is { } most ? Number(Math.Max(1, Math.Floor(most))) : "",
            ["metadata"] = Secrets(one) is { Length: > 0 } secrets ? $"{{ {secrets} }}" : "",
            ["payloadFile"] = one.PayloadFile,
            ["drawFile"] = one.DrawFile,
            ["arrivalFile"] = one.ArrivalFile,
            ["warmUp"] = Number(one.WarmUpSeconds),
            ["margin"] = Number(one.MarginSeconds),
            ["measure"] = Number(one.MeasureSeconds),
            ["checkEvery"] = CheckEvery,
            ["vus"] = pattern.Users(one.Deadline, one.LatencyP95),
            ["warmUpVus"] = pattern.WarmUpConcurrency(one.WarmUpConcurrency),
            ["deadline"] = Number(one.Deadline.TotalSeconds),
            // Every request has ended by its deadline; a second more, so that k6 never cuts one off.
            ["gracefulStop"] = Number(Math.Ceiling(one.Deadline.TotalSeconds) + 1),
            ["binary"] = one.Binary,
            ["ownPaths"] = one.OwnPaths,
            ["ownHeaders"] = one.OwnHeaders,
            ["waitsForSend"] = one.Wire.K6.WaitsForSend,
            ["ownMetric"] = !one.Wire.K6.IsCountedByK6,
            ["thresholds"] = Thresholds(one).ToArray(),
            ["lists"] = false,
            ["rules"] = ScriptRules.OfAnswers(one.Rules),
            ["events"] = ScriptRules.OfEvents(one.Rules),
            ["bodies"] = ScriptRules.NeedBodies(one.Rules),
        };
        pattern.Describe(values);
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
    public static string JsonText(string text) =>
        $"\"{JsonEncodedText.Encode(text, System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";

    /// <summary>A JavaScript string in single quotes.</summary>
    public static string Quoted(string text) =>
        "'" + JsonEncodedText.Encode(text, System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping).Value
            .Replace("'", "\\'", StringComparison.Ordinal)
            .Replace("\\\"", "\"", StringComparison.Ordinal) + "'";

    /// <summary>An object of texts as JavaScript writes it.</summary>
    public static string ObjectOf(IEnumerable<KeyValuePair<string, string>> texts) =>
        "{ " + string.Join(", ", texts.Select(t => $"{Quoted(t.Key)}: {Quoted(t.Value)}")) + " }";

    /// <summary>The members of an object of headers whose values are in the script's environment; empty for none.</summary>
    public static string Secrets(ScriptCase one) =>
        string.Join(", ", one.SecretHeaders.Select(h => $"{Quoted(h.Key.ToLowerInvariant())}: __ENV.{h.Value} || ''"));

    private static IEnumerable<ScriptThreshold> Thresholds(ScriptCase one)
    {
        var own = !one.Wire.K6.IsCountedByK6;
        if (one.ErrorRate is { } errors)
            yield return new ScriptThreshold(
                own ? "request_failed{phase:measure}" : "http_req_failed{phase:measure}", $"rate<={Number(errors)}");
        if (!own) yield return new ScriptThreshold("checks{phase:measure}", "rate==1");
        // Over a ramp a percentile depends on how long each load lasted: the objective is not about that.
        if (one.LatencyP95 is { } p95 && one.Shape.IsSteady)
        {
            var metric = one.Shape.IsOpen ? "latency_from_schedule" : own ? "request_duration" : "http_req_duration";
            yield return new ScriptThreshold($"{metric}{{phase:measure}}", $"p(95)<={Number(p95.TotalMilliseconds)}");
        }
        if (LoadPattern.Of(one.Shape).DroppedMetric is { } dropped) yield return new ScriptThreshold(dropped, "count==0");
    }

    /// <summary>A title cannot end the comment around it.</summary>
    private static string OneLine(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
