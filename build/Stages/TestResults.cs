using System.Xml.Linq;

namespace ServeBench.Build.Stages;

/// <summary>What one start of a test program came to, read from the results that xunit writes.</summary>
/// <param name="Passed">The names of the tests that passed.</param>
/// <param name="Skipped">The tests that were skipped, each with its reason.</param>
/// <param name="Failed">The tests that failed.</param>
/// <param name="Errors">Faults outside a test, each with what is known of it.</param>
/// <param name="Seconds">How long the tests took.</param>
internal sealed record TestResults(
    IReadOnlyList<string> Passed,
    IReadOnlyList<(string Name, string Reason)> Skipped,
    IReadOnlyList<FailedTest> Failed,
    IReadOnlyList<(string Name, string Failure)> Errors,
    double Seconds)
{
    private const int MostAgain = 10;

    /// <param name="file">In xunit's XML format.</param>
    public static TestResults Read(XDocument file)
    {
        var tests = file.Descendants("test").ToLookup(t => (string?)t.Attribute("result"));
        return new TestResults(
            [.. tests["Pass"].Select(Name)],
            [.. tests["Skip"].Select(t => (Name(t), (string?)t.Element("reason") ?? ""))],
            [
                .. tests["Fail"].Select(t => new FailedTest(
                    Name(t),
                    $"{(string?)t.Attribute("type")}.{(string?)t.Attribute("method")}",
                    t.Descendants("trait").Any(trait => (string?)trait.Attribute("name") == "lane"),
                    (string?)t.Element("failure") ?? ""))
            ],
            [.. file.Descendants("error").Select(e => (Name(e), (string?)e.Element("failure") ?? ""))],
            file.Descendants("assembly").Sum(a => (double?)a.Attribute("time") ?? 0));
    }

    /// <summary>
    /// The methods to run once more: those that failed in a lane other than <see cref="TestLanes.Fast"/>. They measure, or hold whole
    /// programs against a clock, and what else the machine does at that moment can fail one of them; a fault fails it again. None where so
    /// many failed, or a fault outside a test is known, that chance is no explanation.
    /// </summary>
    public IReadOnlyList<string> Again => Errors.Count > 0 || Failed.Count > MostAgain
        ? []
        : [.. Failed.Where(f => f.HasLane).Select(f => f.Method).Distinct(StringComparer.Ordinal)];

    /// <param name="second">What came of running <see cref="Again"/>.</param>
    /// <returns>
    /// The results in all, and the tests that passed the second time. What did not run then has failed, and so has what failed then alone,
    /// and a test whose shown name is another's, too, if any of them failed.
    /// </returns>
    public (TestResults InAll, IReadOnlyList<FailedTest> Recovered) After(TestResults second)
    {
        var again = Again;
        var failedAgain = second.Failed.Select(f => f.Name).ToHashSet(StringComparer.Ordinal);
        var recovered = Failed
            .Where(f => again.Contains(f.Method) && second.Passed.Contains(f.Name) && !failedAgain.Contains(f.Name)).ToArray();
        var late = second.Failed.Where(s => Failed.All(f => f.Name != s.Name)).ToArray();
        return (
            this with
            {
                Passed = [.. Passed.Where(p => !failedAgain.Contains(p)), .. recovered.Select(r => r.Name)],
                Failed = [.. Failed.Where(f => !recovered.Contains(f)), .. late],
                Errors = [.. Errors, .. second.Errors],
                Seconds = Seconds + second.Seconds,
            },
            recovered);
    }

    private static string Name(XElement element) => (string?)element.Attribute("name") ?? "";
}

/// <summary>A test that failed.</summary>
/// <param name="Name">As it is shown: with its arguments.</param>
/// <param name="Method">Its class and method, as <c>--filter-method</c> takes it.</param>
/// <param name="HasLane">Whether it is in a lane other than <see cref="TestLanes.Fast"/>.</param>
/// <param name="Failure">What it said.</param>
internal sealed record FailedTest(string Name, string Method, bool HasLane, string Failure);
