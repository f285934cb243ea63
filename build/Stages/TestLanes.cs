namespace ServeBench.Build.Stages;

/// <summary>
/// The lanes of the tests. A test is in the lane that its trait <c>lane</c> names, and in <see cref="Fast"/> without one.
/// </summary>
internal static class TestLanes
{
    public const string Fast = "fast";
    public const string All = "all";
    private const string Node = "node";

    /// <summary>Lane by lane, what its tests need or do.</summary>
    public static IReadOnlyDictionary<string, string> Known { get; } = new Dictionary<string, string>
    {
        [All] = "every test",
        [Fast] = "what needs nothing but the .NET SDK, and little time",
        ["slow"] = "what takes seconds, or measures and must not be disturbed",
        ["end-to-end"] = "whole runs of the program with real servers",
        ["engine"] = "what needs a container engine",
        ["k6"] = "what needs a k6",
        [Node] = "what needs Node 20 and npm",
        ["python"] = "what needs Python 3",
    };

    /// <summary>The project whose tests run whole programs, which they mostly wait for.</summary>
    public const string WholeRuns = "EndToEnd.Tests";

    /// <summary>
    /// Projects whose tests compute, or wait within generous limits: they run beside <see cref="WholeRuns"/>. Tests of all others hold
    /// times against each other, and run with nothing beside them. (A whole run kills the container engine once, in which tests of stacks
    /// run: what that fails runs again.)
    /// </summary>
    public static IReadOnlyList<string> BesideWholeRuns { get; } =
    [
        "Architecture.Tests", "Build.Tests", "ServeBench.Domain.Tests", "ServeBench.Measurement.Tests", "ServeBench.Models.Tests",
        "ServeBench.OnnxServer.Tests", "ServeBench.Platform.Tests", "ServeBench.Processes.Tests", "ServeBench.Reports.Tests",
        "ServeBench.Runs.Tests", "ServeBench.Work.Tests", "Stacks.Tests",
    ];

    /// <summary>Whether a lane has tests that need npm packages.</summary>
    public static bool NeedsNpm(string lane) => lane is All or Node;

    /// <summary>The arguments by which a test program runs one lane alone.</summary>
    public static IReadOnlyList<string> Filter(string lane) => lane switch
    {
        All => [],
        Fast => ["--filter-not-trait", "lane=*"],
        _ => ["--filter-trait", $"lane={lane}"],
    };
}
