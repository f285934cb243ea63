using System.Text.Json;
using ServeBench.Domain.Plans;
using ServeBench.Load.K6.Results;

namespace ServeBench.Load.Tests.K6.Results;

/// <summary>The cases under K6/Recorded, and how their scripts were run.</summary>
internal static class RecordedCase
{
    public static string Folder => Path.Combine(Repository.Root, "tests", "ServeBench.Load.Tests", "K6", "Recorded");

    public static string File(string name) => Path.Combine(Folder, name);

    public static RawResult Read(string name) => RawResult.Read(File(name));

    public static CaseTiming Timing(LoadShape shape) => new()
    {
        Shape = shape,
        WarmUp = TimeSpan.FromSeconds(1),
        WarmUpWindow = TimeSpan.FromMilliseconds(250),
        Margin = TimeSpan.FromMilliseconds(200),
        Measure = TimeSpan.FromSeconds(1),
        Deadline = TimeSpan.FromSeconds(10),
        ExpectedStatus = 200,
        Arrivals = [.. JsonSerializer.Deserialize<decimal[]>(System.IO.File.ReadAllText(File("arrivals.json")))!.Select(t => (long)(t * 1_000_000))],
        Order = [0, 1, 2],
        WarmUpOrder = [0, 1, 2],
        Items = [1, 1, 1],
    };
}
