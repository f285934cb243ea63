using System.Text.Json;

namespace ServeBench.Load.K6.Running;

/// <summary>Reads k6's log (<c>--log-format=json</c>) while it grows: what the script says of its progress, and what went wrong.</summary>
internal sealed class K6Log(string file)
{
    private readonly List<KeptLine> _answers = [];
    private readonly List<string> _errors = [];
    private long _read;
    private string _rest = "";

    /// <summary>
    /// Unix nanoseconds at which the test's own clock was zero, within a few milliseconds; null until a first iteration has said
    /// so.
    /// </summary>
    public long? TestStart { get; private set; }

    /// <summary>Whole answers that the script has written.</summary>
    public IReadOnlyList<KeptLine> Answers => _answers;

    /// <summary>Distinct errors, in the order in which they came; at most a few.</summary>
    public IReadOnlyList<string> Errors => _errors;

    /// <summary>Exceptions thrown by iterations.</summary>
    public int Exceptions { get; private set; }

    /// <summary>Reads what has been added since the last time.</summary>
    public void ReadOn()
    {
        if (!File.Exists(file)) return;
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        stream.Position = _read;
        using var reader = new StreamReader(stream);
        var text = _rest + reader.ReadToEnd();
        _read = stream.Position;
        var end = text.LastIndexOf('\n');
        _rest = text[(end + 1)..];
        if (end < 0) return;
        foreach (var line in text[..end].Split('\n', StringSplitOptions.RemoveEmptyEntries)) Take(line);
    }

    private void Take(string line)
    {
        if (!line.StartsWith('{'))
        {
            if (line.StartsWith("panic:", StringComparison.Ordinal)) AddError(line);
            return;
        }
        try
        {
            using var json = JsonDocument.Parse(line);
            var (message, level, source) =
                (Text(json.RootElement, "msg"), Text(json.RootElement, "level"), Text(json.RootElement, "source"));
            if (source == "console" && message.StartsWith('{')) Said(message);
            else if (level is "error" or "fatal" or "panic")
            {
                if (source == "stacktrace" && Text(json.RootElement, "scenario").Length > 0) Exceptions++;
                AddError(string.Join(' ', message.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)));
            }
        }
        catch (JsonException)
        {
            AddError(line);
        }
    }

    /// <summary>A line that the script itself has written.</summary>
    private void Said(string message)
    {
        using var json = JsonDocument.Parse(message);
        var said = json.RootElement;
        if (said.TryGetProperty("clock", out var clock) && said.TryGetProperty("wall", out var wall))
        {
            TestStart ??= (long)((wall.GetDouble() - clock.GetDouble()) * 1e6);
        }
        else if (said.TryGetProperty("body", out var body)
            && said.TryGetProperty("iteration", out var iteration)
            && said.TryGetProperty("status", out var status))
        {
            _answers.Add(new KeptLine(iteration.GetInt32(), status.GetInt32(), System.Text.Encoding.UTF8.GetBytes(body.GetString() ?? "")));
        }
    }

    private void AddError(string error)
    {
        const int Most = 20;
        if (_errors.Count < Most && !_errors.Contains(error)) _errors.Add(error);
    }

    private static string Text(JsonElement line, string name) =>
        line.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
}

/// <param name="Iteration">Which iteration's answer it is.</param>
/// <param name="Status">Its status.</param>
/// <param name="Body">The whole body.</param>
internal sealed record KeptLine(int Iteration, int Status, byte[] Body);
