using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using ServeBench.Domain.Yaml;

namespace ServeBench.OnnxServer.Configuration;

/// <summary>What <c>--print-config</c> prints: the options as a file that <c>--config</c> reads, each with where it comes from.</summary>
internal static class ConfigurationText
{
    public static string Render(ServerOptions options, OptionValues values)
    {
        var text = new StringBuilder("{\n  \"Server\": {\n");
        var settings = Settings(options);
        for (var i = 0; i < settings.Count; i++)
        {
            var (option, value) = settings[i];
            text.Append("    ").Append(Quote(option.Name)).Append(": ").Append(value).Append(i + 1 < settings.Count ? "," : "");
            text.Append(" // ").Append(Where(option, values) ?? "default").Append('\n');
        }
        return text.Append("  }\n}\n").ToString();
    }

    private static string? Where(OptionDefinition option, OptionValues values) => option == KnownOptions.Urls
        ? (values.Value(option) ?? values.Value(KnownOptions.Host) ?? values.Value(KnownOptions.Port))?.Where
        : values.Value(option)?.Where;

    /// <summary>Every option that has a value, as JSON.</summary>
    private static List<(OptionDefinition Option, string Value)> Settings(ServerOptions o)
    {
        var all = new List<(OptionDefinition, string)>
        {
            (KnownOptions.Urls, Quote(string.Join(';', o.Urls))),
            (KnownOptions.Model, $"[{string.Join(", ", o.Models.Select(m => Quote(m.ToString())))}]"),
            (KnownOptions.Threads, $"{o.Threads}"),
            (KnownOptions.Instances, $"{o.Instances}"),
            (KnownOptions.Spin, o.Spin ? "\"on\"" : "\"off\""),
            (KnownOptions.Provider, Word(o.Provider)),
            (KnownOptions.Device, $"{o.Device}"),
        };
        if (o.Cache is { } cache) all.Add((KnownOptions.Cache, Quote(cache)));
        all.AddRange(
        [
            (KnownOptions.Batching, Word(o.Batching)),
            (KnownOptions.Grouping, Word(o.Grouping)),
            (KnownOptions.MaxBatch, $"{o.MaxBatch}"),
            (KnownOptions.MaxBatchTokens, $"{o.MaxBatchTokens}"),
            (KnownOptions.MaxDelay, Time(o.MaxDelay)),
            (KnownOptions.MaxQueue, $"{o.MaxQueue}"),
            (KnownOptions.MaxWait, Time(o.MaxWait)),
            (KnownOptions.Timeout, Time(o.Timeout)),
            (KnownOptions.MaxItems, $"{o.MaxItems}"),
            (KnownOptions.MaxBody, $"{o.MaxBody}"),
            (KnownOptions.MaxConnections, $"{o.MaxConnections}"),
            (KnownOptions.ReadTimeout, Time(o.ReadTimeout)),
            (KnownOptions.LongInputs, o.Truncate ? "\"truncate\"" : "\"refuse\""),
            (KnownOptions.DrainTime, Time(o.DrainTime)),
            (KnownOptions.StopTime, Time(o.StopTime)),
            (KnownOptions.LogLevel, Word(o.LogLevel)),
            (KnownOptions.LogFormat, o.LogsJson ? "\"json\"" : "\"text\""),
        ]);
        if (o.Traces is { } traces) all.Add((KnownOptions.Traces, Quote(traces.ToString())));
        return all;
    }

    private static string Word<T>(T value) where T : struct, Enum => Quote(value.ToString().ToLowerInvariant());

    private static string Time(TimeSpan time) => Quote(DurationText.Format(time));

    private static string Quote(string text) => $"\"{JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";
}
