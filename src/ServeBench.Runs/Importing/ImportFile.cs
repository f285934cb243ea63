using System.Text.Json;
using System.Text.RegularExpressions;
using ServeBench.Domain.Faults;
using ServeBench.Load.K6.Results;
using ServeBench.Processes.Running;

namespace ServeBench.Runs.Importing;

/// <summary>A file that is to be imported, plain or compressed, in UTF-8 or with a mark that says otherwise.</summary>
internal sealed partial class ImportFile
{
    private const int LongestHead = 1 << 16;

    private readonly Lazy<JsonOutline?> _document;

    /// <exception cref="FaultException">when there is no such file.</exception>
    /// <exception cref="RunFailedException">when it cannot be read.</exception>
    public ImportFile(string path)
    {
        Path = path;
        if (Directory.Exists(path)) throw Missing($"{path} is a folder", "Give the path of one file in it");
        if (!File.Exists(path)) throw Missing($"there is no file {path}", "Give the path of a file that another tool has written");
        if (SpecialFile.KindOf(path) is { } kind)
            throw Missing($"{path} is {kind}, no regular file: it cannot be read twice", "Write what it gives to a file first");
        Head = Guarded(() =>
        {
            using var reader = Open();
            var head = new char[LongestHead];
            return new string(head, 0, reader.ReadBlock(head, 0, head.Length));
        });
        FirstLine = Head.Split('\n').Select(l => l.Trim()).FirstOrDefault(l => l.Length > 0) ?? "";
        _document = new Lazy<JsonOutline?>(() => IsDocument(Head) && !IsLines(FirstLine) ? Outline() : null);
    }

    public string Path { get; }

    /// <summary>What is to be said of the file beside what it holds; sentences without a full stop.</summary>
    public List<string> Remarks { get; } = [];

    /// <summary>Its first characters.</summary>
    public string Head { get; }

    /// <summary>The first line with something on it.</summary>
    public string FirstLine { get; }

    /// <summary>What it holds when it is one JSON document; null when it is none.</summary>
    public JsonOutline? Document => _document.Value;

    public BoundedText Open() => new(new StreamReader(WholeGzipStream.Open(Path)));

    /// <summary>Its lines that are not blank, with their numbers.</summary>
    public IEnumerable<(int Number, string Text)> Lines()
    {
        using var reader = Open();
        for (var number = 1; reader.ReadLine() is { } line; number++)
            if (!string.IsNullOrWhiteSpace(line)) yield return (number, line);
    }

    /// <summary>
    /// The lines of what a tool has printed, from one that it begins with on, without colours; what a shell or a log has written before
    /// is passed over.
    /// </summary>
    /// <exception cref="InvalidDataException">when there is a second beginning.</exception>
    public IEnumerable<(int Number, string Text)> Printed(Func<string, bool> begins, bool fromStart = false)
    {
        var begun = fromStart;
        foreach (var (number, line) in Lines())
        {
            var text = WithoutColours(line);
            if (string.IsNullOrWhiteSpace(text)) continue;
            if (begins(text))
            {
                if (begun) throw Several(number);
                begun = true;
            }
            if (begun) yield return (number, text);
        }
    }

    public static InvalidDataException Several(int line) => new(
        $"it holds several results, one after the other (the second from line {line} on): import each from a file of its own");

    /// <summary>Whether a line of the file's head is what a printed result begins with.</summary>
    public bool HasPrinted(Func<string, bool> begins) => Head.Split('\n').Any(l => begins(WithoutColours(l.TrimEnd('\r'))));

    public RunFailedException Bad(string problem, string remedy = "Give the file as the tool has written it") =>
        new($"{Path} {problem}", remedy);

    public RunFailedException BadLine(int line, string problem) =>
        Bad($"line {line}{problem}", "The file was cut off or changed: run the tool again");

    /// <summary>Says of which file it is when reading fails.</summary>
    public T Guarded<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (InvalidDataException e)
        {
            throw new RunFailedException(
                $"{Path} cannot be read whole: {e.Message}", "The file was cut off or changed: run the tool again", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RunFailedException($"{Path} cannot be read: {e.Message}", "Give a file that this user may read", e);
        }
    }

    private JsonOutline Outline() => Guarded(() =>
    {
        try
        {
            using var reader = Open();
            return JsonOutline.Read(reader);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            var place = (e as JsonException)?.LineNumber is { } line ? $" beyond line {line + 1}" : "";
            throw new RunFailedException(
                $"{Path} is not whole: its JSON cannot be read{place}", "The file was cut off or changed: run the tool again", e);
        }
    });

    private static string WithoutColours(string line) =>
        line.Contains('\x1b', StringComparison.Ordinal) ? Colours().Replace(line, "") : line;

    /// <summary>Whether a text begins like an object, or a list of them; other brackets are in what tools print.</summary>
    private static bool IsDocument(string head)
    {
        var text = head.AsSpan().TrimStart();
        return text.StartsWith('{') || (text.StartsWith('[') && text[1..].TrimStart() is ['{' or ']', ..]);
    }

    private static FaultException Missing(string problem, string remedy) => new(new Fault("--from", null, null, problem, remedy));

    [GeneratedRegex(@"\x1b\[[0-9;]*[A-Za-z]")]
    private static partial Regex Colours();

    /// <summary>Whether each line is a JSON object of its own, as in raw output: one that stands for one request or one point.</summary>
    private static bool IsLines(string line)
    {
        try
        {
            using var json = JsonDocument.Parse(line);
            return json.RootElement.ValueKind == JsonValueKind.Object
                && (K6Line(json.RootElement) || VegetaLine(json.RootElement) || AiPerfLine(json.RootElement));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return false; // the line is a part of a document
        }
    }

    public static bool K6Line(JsonElement line) =>
        line.TryGetProperty("metric", out _)
            && line.TryGetProperty("type", out var type)
            && type.ValueKind == JsonValueKind.String
            && type.GetString() is "Metric" or "Point";

    public static bool VegetaLine(JsonElement line) =>
        line.TryGetProperty("bytes_in", out _)
            && line.TryGetProperty("code", out _)
            && line.TryGetProperty("timestamp", out _)
            && line.TryGetProperty("latency", out _);

    public static bool AiPerfLine(JsonElement line) =>
        line.TryGetProperty("metadata", out var data)
            && data.ValueKind == JsonValueKind.Object
            && data.TryGetProperty("request_start_ns", out _)
            && line.TryGetProperty("metrics", out _);

    /// <summary>Whether the first line is such an object.</summary>
    public bool FirstLineIs(Func<JsonElement, bool> kind)
    {
        if (!FirstLine.StartsWith('{')) return false;
        try
        {
            using var json = JsonDocument.Parse(FirstLine);
            return json.RootElement.ValueKind == JsonValueKind.Object && kind(json.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return false; // what begins like JSON may be anything
        }
    }
}
