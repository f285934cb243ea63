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

    private static string? Where(ServerOption option, OptionValues values) => option == ServerOptionList.Urls
        ? (values.Value(option) ?? values.Value(ServerOptionList.Host) ?? values.Value(ServerOptionList.Port))?.Where
        : values.Value(option)?.Where;

    /// <summary>Every option that has a value, as JSON.</summary>
    private static List<(ServerOption Option, string Value)> Settings(ServerOptions o)
    {
        var all = new List<(ServerOption, string)>
        {
            (ServerOptionList.Urls, Quote(string.Join(';', o.Urls))),
            (ServerOptionList.Model, $"[{string.Join(", ", o.Models.Select(m => Quote(m.ToString())))}]"),
            (ServerOptionList.Threads, $"{o.Threads}"),
            (ServerOptionList.Instances, $"{o.Instances}"),
            (ServerOptionList.Spin, o.Spin ? "\"on\"" : "\"off\""),
            (ServerOptionList.Provider, Word(o.Provider)),
            (ServerOptionList.Device, $"{o.Device}"),
        };
        if (o.Cache is { } cache) all.Add((ServerOptionList.Cache, Quote(cache)));
        all.AddRange(
        [
            (ServerOptionList.Batching, Word(o.Batching)),
            (ServerOptionList.Grouping, Word(o.Grouping)),
            (ServerOptionList.MaxBatch, $"{o.MaxBatch}"),
            (ServerOptionList.MaxBatchTokens, $"{o.MaxBatchTokens}"),
            (ServerOptionList.MaxDelay, Time(o.MaxDelay)),
            (ServerOptionList.MaxSequences, $"{o.MaxSequences}"),
            (ServerOptionList.CacheMemory, $"{o.CacheMemory}"),
            (ServerOptionList.PromptPart, $"{o.PromptPart}"),
            (ServerOptionList.MaxQueue, $"{o.MaxQueue}"),
            (ServerOptionList.Timeout, Time(o.Timeout)),
            (ServerOptionList.MaxItems, $"{o.MaxItems}"),
            (ServerOptionList.MaxPixels, $"{o.MaxPixels}"),
            (ServerOptionList.MaxBody, $"{o.MaxBody}"),
            (ServerOptionList.MaxConnections, $"{o.MaxConnections}"),
            (ServerOptionList.ReadTimeout, Time(o.ReadTimeout)),
            (ServerOptionList.LongInputs, o.Truncate ? "\"truncate\"" : "\"refuse\""),
            (ServerOptionList.DrainTime, Time(o.DrainTime)),
            (ServerOptionList.StopTime, Time(o.StopTime)),
            (ServerOptionList.LogLevel, Word(o.LogLevel)),
            (ServerOptionList.LogFormat, o.LogsJson ? "\"json\"" : "\"text\""),
        ]);
        if (o.GrpcPort is { } grpc) all.Insert(1, (ServerOptionList.GrpcPort, $"{grpc}"));
        if (o.MaxContext is { } context) all.Add((ServerOptionList.MaxContext, $"{context}"));
        if (o.MaxWait is { } wait) all.Add((ServerOptionList.MaxWait, Time(wait)));
        if (o.Traces is { } traces) all.Add((ServerOptionList.Traces, Quote(traces.ToString())));
        return all;
    }

    private static string Word<T>(T value) where T : struct, Enum => Quote(value.ToString().ToLowerInvariant());

    private static string Time(TimeSpan time) => Quote(DurationText.Format(time));

    private static string Quote(string text) => $"\"{JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";
}
