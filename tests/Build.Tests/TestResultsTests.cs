using System.Xml.Linq;
using ServeBench.Build.Stages;

namespace ServeBench.Build.Tests;

/// <summary>What is run a second time, and what a second time may change.</summary>
public sealed class TestResultsTests
{
    private const string Lane = """<traits><trait name="lane" value="slow" /></traits>""";

    [Fact]
    public void Counts_names_and_reasons_are_read()
    {
        var results = TestResults.Read(File(Pass("A.B.C(x: 1)"), Skip("A.B.D", "there is no k6"), Fail("A.B.E(x: 2)", "E", "")));
        Assert.Equal(["A.B.C(x: 1)"], results.Passed);
        Assert.Equal([("A.B.D", "there is no k6")], results.Skipped);
        Assert.Equal([new FailedTest("A.B.E(x: 2)", "T.E", HasLane: false, "expected 1")], results.Failed);
        Assert.Equal(2.5, results.Seconds);
        Assert.Empty(results.Errors);
    }

    [Fact]
    public void What_measures_is_run_again_and_what_is_fast_is_not()
    {
        var first = TestResults.Read(File(Pass("ok"), Fail("row 1", "m", Lane), Fail("row 2", "m", Lane), Fail("other", "n", Lane), Fail("quick", "q", "")));
        Assert.Equal(["T.m", "T.n"], first.Again);
        var (inAll, recovered) = first.After(TestResults.Read(File(Pass("row 1"), Fail("row 2", "m", Lane), Pass("quick"))));
        Assert.Equal(["row 1"], recovered.Select(r => r.Name));
        Assert.Equal(["ok", "row 1"], inAll.Passed);
        // One failed again, one did not run again, one may not.
        Assert.Equal(["row 2", "other", "quick"], inAll.Failed.Select(f => f.Name));
        Assert.Equal(5, inAll.Seconds);
    }

    [Fact]
    public void What_fails_the_second_time_only_and_rows_of_one_name_have_failed()
    {
        var first = TestResults.Read(File(Pass("row 1"), Pass("row 2"), Fail("row...", "m", Lane), Fail("row...", "m", Lane)));
        var (inAll, recovered) = first.After(TestResults.Read(File(Pass("row 1"), Fail("row 2", "m", Lane), Pass("row..."), Fail("row...", "m", Lane))));
        Assert.Empty(recovered);
        Assert.Equal(["row 1"], inAll.Passed);
        Assert.Equal(["row...", "row...", "row 2"], inAll.Failed.Select(f => f.Name));
    }

    [Fact]
    public void Nothing_is_run_again_where_chance_is_no_explanation()
    {
        Assert.Empty(TestResults.Read(File([.. Enumerable.Range(0, 11).Select(i => Fail($"row {i}", "m", Lane))])).Again);
        var broken = File(Fail("row", "m", Lane));
        broken.Root!.Add(XElement.Parse("""<error name="fixture"><failure>it was not made</failure></error>"""));
        var results = TestResults.Read(broken);
        Assert.Empty(results.Again);
        Assert.Equal([("fixture", "it was not made")], results.Errors);
    }

    private static XDocument File(params string[] tests) =>
        XDocument.Parse($"""<assemblies><assembly time="2.5"><collection>{string.Concat(tests)}</collection></assembly></assemblies>""");

    private static string Pass(string name) => $"""<test name="{name}" type="T" method="p" result="Pass" />""";

    private static string Skip(string name, string reason) =>
        $"""<test name="{name}" type="T" method="s" result="Skip"><reason>{reason}</reason></test>""";

    private static string Fail(string name, string method, string traits) =>
        $"""<test name="{name}" type="T" method="{method}" result="Fail">{traits}<failure>expected 1</failure></test>""";
}
