using System.Globalization;
using System.Net;
using System.Runtime.InteropServices;
using ServeBench.Domain.Faults;
using ServeBench.Domain.Yaml;
using ServeBench.Models.Store;

namespace ServeBench.OnnxServer.Configuration;

/// <summary>Makes typed options of what was given. Every fault is collected, and a harmless value is used meanwhile.</summary>
internal sealed class ServerOptionsReader(OptionValues values, FaultList faults)
{
    public ServerOptions Read()
    {
        var usual = new ServerOptions { Models = [] };
        var instances = Number(ServerOptionList.Instances, 1, 256, usual.Instances);
        return new ServerOptions
        {
            Urls = Urls(usual.Urls),
            GrpcPort = Given(ServerOptionList.GrpcPort) ? Number(ServerOptionList.GrpcPort, 0, 65535, 0) : null,
            Models = Models(),
            Instances = instances,
            Threads = Number(ServerOptionList.Threads, 1, 1024, Math.Max(1, Environment.ProcessorCount / instances)),
            Spin = Choice(ServerOptionList.Spin, ("off", false), ("on", true)),
            Provider = Choice(ServerOptionList.Provider, ("cpu", Provider.Cpu), ("cuda", Provider.Cuda), ("tensorrt", Provider.TensorRt)),
            Device = Number(ServerOptionList.Device, 0, 1023, usual.Device),
            Cache = values.Value(ServerOptionList.Cache)?.Text,
            Batching = Choice(ServerOptionList.Batching, ("dynamic", BatchingMode.Dynamic), ("none", BatchingMode.None)),
            Grouping = Choice(ServerOptionList.Grouping, ("length", GroupingMode.Length), ("arrival", GroupingMode.Arrival)),
            MaxBatch = Number(ServerOptionList.MaxBatch, 1, 4096, usual.MaxBatch),
            MaxBatchTokens = Number(ServerOptionList.MaxBatchTokens, 1, 1 << 20, usual.MaxBatchTokens),
            MaxDelay = Duration(ServerOptionList.MaxDelay, TimeSpan.Zero, TimeSpan.FromSeconds(10), usual.MaxDelay),
            MaxQueue = Number(ServerOptionList.MaxQueue, 1, 1 << 20, usual.MaxQueue),
            MaxSequences = Number(ServerOptionList.MaxSequences, 1, 1024, usual.MaxSequences),
            MaxContext = Given(ServerOptionList.MaxContext) ? Number(ServerOptionList.MaxContext, 2, 1 << 20, 2) : null,
            CacheMemory = Number(ServerOptionList.CacheMemory, 1, 1 << 24, usual.CacheMemory),
            PromptPart = Number(ServerOptionList.PromptPart, 1, 1 << 16, usual.PromptPart),
            MaxWait = Given(ServerOptionList.MaxWait)
                ? Duration(ServerOptionList.MaxWait, TimeSpan.FromMilliseconds(1), TimeSpan.FromHours(1), TimeSpan.FromSeconds(1))
                : null,
            Timeout = Duration(ServerOptionList.Timeout, TimeSpan.FromMilliseconds(1), ServerOptions.LongestTimeout, usual.Timeout),
            MaxItems = Number(ServerOptionList.MaxItems, 1, 1 << 16, usual.MaxItems),
            MaxPixels = Number(ServerOptionList.MaxPixels, 1, 1 << 28, usual.MaxPixels),
            MaxBody = Number(ServerOptionList.MaxBody, 1 << 10, 1 << 30, usual.MaxBody),
            MaxConnections = Number(ServerOptionList.MaxConnections, 1, 1 << 20, usual.MaxConnections),
            ReadTimeout =
                Duration(ServerOptionList.ReadTimeout, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(10), usual.ReadTimeout),
            DrainTime = Duration(ServerOptionList.DrainTime, TimeSpan.Zero, TimeSpan.FromMinutes(10), usual.DrainTime),
            StopTime = Duration(ServerOptionList.StopTime, TimeSpan.Zero, TimeSpan.FromMinutes(10), usual.StopTime),
            Truncate = Choice(ServerOptionList.LongInputs, ("refuse", false), ("truncate", true)),
            LogLevel = Choice(
                ServerOptionList.LogLevel,
                ("information", LogLevel.Information),
                ("debug", LogLevel.Debug),
                ("warning", LogLevel.Warning),
                ("error", LogLevel.Error),
                ("none", LogLevel.None)),
            LogsJson = Choice(ServerOptionList.LogFormat, ("text", false), ("json", true)),
            Traces = Address(ServerOptionList.Traces),
        };
    }

    private bool Given(ServerOption option) => values.Value(option) is not null;

    private IReadOnlyList<ListenUrl> Urls(IReadOnlyList<ListenUrl> otherwise)
    {
        var (host, port) = (values.Value(ServerOptionList.Host), values.Value(ServerOptionList.Port));
        if (values.Value(ServerOptionList.Urls) is not { } value)
            return host is null && port is null ? otherwise : [HostAndPort(otherwise[0], host)];
        if ((host ?? port) is { } other)
            Fault(ServerOptionList.Urls, value, $"{other.Where} says where to listen, too", "Give --urls, or --host and --port, not both");
        var urls = new List<ListenUrl>();
        foreach (var text in value.Text.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (Url(text) is { } url) urls.Add(url);
            else
                Fault(
                    ServerOptionList.Urls,
                    value,
                    $"'{text}' is not an address of the form http://HOST:PORT, where HOST is an IP address, localhost or *");
        }
        return urls;
    }

    private ListenUrl HostAndPort(ListenUrl usual, OptionValue? host)
    {
        var port = Number(ServerOptionList.Port, 0, 65535, usual.Port);
        if (host is not { } given) return usual with { Port = port };
        var name = given.Text.Trim('[', ']');
        if (IsHost(name)) return new ListenUrl(name, port);
        Fault(ServerOptionList.Host, given, $"'{given.Text}' is not an IP address, localhost or *");
        return usual;
    }

    private static bool IsHost(string host) => host is "*" or "localhost" || IPAddress.TryParse(host, out _);

    private Uri? Address(ServerOption option)
    {
        if (values.Value(option) is not { } value) return null;
        if (!Uri.TryCreate(value.Text, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
            Fault(option, value, $"'{value.Text}' is not an address that begins with http:// or https://");
        else if (address.Scheme == "https" && !HasTls())
            Fault(
                option,
                value,
                $"'{value.Text}' needs TLS, and OpenSSL is not installed here: the image leaves it out",
                "Send to a collector's http:// address");
        else
            return address;
        return null;
    }

    /// <summary>Without OpenSSL, .NET ends the process at the first connection over TLS.</summary>
    private static bool HasTls() =>
        !OperatingSystem.IsLinux() || NativeLibrary.TryLoad("libssl.so.3", out _) || NativeLibrary.TryLoad("libssl.so.1.1", out _);

    private static ListenUrl? Url(string text)
    {
        const string Scheme = "http://";
        if (!text.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)) return null;
        var authority = text[Scheme.Length..].TrimEnd('/');
        var colon = authority.LastIndexOf(':');
        if (colon < 1
            || !int.TryParse(authority.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            || port > 65535)
            return null;
        var host = authority[..colon].Trim('[', ']');
        return IsHost(host) ? new ListenUrl(host, port) : null;
    }

    private List<ModelFolder> Models()
    {
        var models = new List<ModelFolder>();
        var given = values.Values(ServerOptionList.Model);
        if (given.Count == 0)
            faults.Add(new Fault("--model", null, null, "no model is given", $"For example {ServerOptionList.Model.Example}"));
        foreach (var value in given)
        {
            var model = Model(value.Text);
            models.Add(model);
            if (!Directory.Exists(model.Folder))
                Fault(
                    ServerOptionList.Model,
                    value,
                    $"the folder '{model.Folder}' does not exist",
                    "Prepare a model with `./build.sh --target=Models`");
            else if (!File.Exists(Path.Combine(model.Folder, ModelManifest.FileName)))
                Fault(
                    ServerOptionList.Model,
                    value,
                    $"the folder '{model.Folder}' holds no {ModelManifest.FileName}",
                    "Give a folder that `./build.sh --target=Models` prepared");
        }
        return models;
    }

    /// <summary>
    /// A folder's path may hold an equals sign, and a model's name a slash, as the hub's names do. So what is there decides: the
    /// whole text where that is a folder, else the first equals sign with a folder behind it.
    /// </summary>
    private static ModelFolder Model(string text)
    {
        if (Directory.Exists(text)) return new ModelFolder(null, text);
        var first = -1;
        for (var equals = text.IndexOf('=', StringComparison.Ordinal); equals > 0; equals = text.IndexOf('=', equals + 1))
        {
            if (first < 0) first = equals;
            if (Directory.Exists(text[(equals + 1)..])) return Named(text, equals);
        }
        return first < 0 || Path.IsPathRooted(text) || text[0] == '.' ? new ModelFolder(null, text) : Named(text, first);
    }

    private static ModelFolder Named(string text, int equals) => new(text[..equals], text[(equals + 1)..]);

    private int Number(ServerOption option, int least, int most, int otherwise)
    {
        if (values.Value(option) is not { } value) return otherwise;
        if (int.TryParse(value.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
            return number;
        Fault(option, value, $"'{value.Text}' is not a whole number from {least} to {most}");
        return otherwise;
    }

    private TimeSpan Duration(ServerOption option, TimeSpan least, TimeSpan most, TimeSpan otherwise)
    {
        if (values.Value(option) is not { } value) return otherwise;
        if (DurationText.TryParse(value.Text, out var duration) && duration >= least && duration <= most) return duration;
        Fault(
            option,
            value,
            $"'{value.Text}' is not a time from {DurationText.Format(least)} to {DurationText.Format(most)}, such as 500us, 2ms or 1s");
        return otherwise;
    }

    /// <summary>One of a few words; the first is the default.</summary>
    private T Choice<T>(ServerOption option, params ReadOnlySpan<(string Word, T Meaning)> choices)
    {
        if (values.Value(option) is not { } value) return choices[0].Meaning;
        var words = new List<string>();
        foreach (var (word, meaning) in choices)
        {
            if (word == value.Text) return meaning;
            words.Add(word);
        }
        faults.Add(new Fault(value.Where, null, null, $"'{value.Text}' is not known here", NearestName.Remedy(value.Text, words)));
        return choices[0].Meaning;
    }

    private void Fault(ServerOption option, OptionValue value, string problem, string? remedy = null) =>
        faults.Add(new Fault(value.Where, null, null, problem, remedy ?? $"For example {option.Example}"));
}
