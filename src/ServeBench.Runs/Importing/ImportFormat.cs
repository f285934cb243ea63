using System.IO.Compression;
using ServeBench.Domain.Faults;

namespace ServeBench.Runs.Importing;

/// <summary>A format in which other tools leave their results, known by how its files begin.</summary>
/// <param name="Source">For people: <c>hey, CSV</c>.</param>
/// <param name="Begins">How the first line begins.</param>
/// <param name="Made">How such a file is made.</param>
internal sealed record ImportFormat(string Source, string Begins, string Made)
{
    public static readonly ImportFormat K6Csv = new("k6, raw CSV", "metric_name,timestamp,metric_value", "k6 run --out csv=FILE");
    public static readonly ImportFormat K6Points = new("k6, raw JSON", "{\"type\":\"Metric\"", "k6 run --out json=FILE");
    public static readonly ImportFormat K6PointsOld = new("k6, raw JSON", "{\"metric\":", "k6 run --out json=FILE");
    public static readonly ImportFormat K6Summary = new("k6, summary", "{", "k6 run --summary-export=FILE");
    public static readonly ImportFormat Locust = new("Locust, statistics", "Type,Name,Request Count", "locust --csv=FILE, the file that ends in _stats.csv");
    public static readonly ImportFormat Hey = new("hey, CSV", "response-time,DNS+dialup", "hey -o csv");
    public static readonly ImportFormat Ab = new("ab, gnuplot", "starttime\tseconds\tctime", "ab -g FILE");

    private static readonly ImportFormat[] All = [K6Csv, K6Points, K6PointsOld, Locust, Hey, Ab, K6Summary];

    /// <summary>The format of a file.</summary>
    /// <exception cref="FaultException">when there is no such file, or it is of none of the formats.</exception>
    public static ImportFormat Of(string file)
    {
        if (!File.Exists(file)) throw new FaultException(new Fault("--from", null, null, $"there is no file {file}", "Give the path of a file that another tool has written"));
        using var reader = Open(file);
        var first = FirstLine(reader, file);
        return All.FirstOrDefault(f => first.StartsWith(f.Begins, StringComparison.Ordinal)) ?? throw new FaultException(new Fault(
            "--from", null, null, $"{file} is of no format that is known here: it begins with '{(first.Length <= 80 ? first : first[..80] + "...")}'",
            $"Known are: {string.Join("; ", All.DistinctBy(f => f.Made).Select(f => f.Made))}"));
    }

    /// <summary>Opens a file as text, compressed or not.</summary>
    public static StreamReader Open(string file)
    {
        var stream = File.OpenRead(file);
        var compressed = stream.ReadByte() == 0x1f && stream.ReadByte() == 0x8b;
        stream.Position = 0;
        return new StreamReader(compressed ? new GZipStream(stream, CompressionMode.Decompress) : stream);
    }

    private static string FirstLine(StreamReader reader, string file)
    {
        try
        {
            return reader.ReadLine() ?? "";
        }
        catch (InvalidDataException e)
        {
            throw new FaultException(new Fault("--from", null, null, $"{file} cannot be unpacked: {e.Message}", "Give the file as the tool has written it"));
        }
    }
}
