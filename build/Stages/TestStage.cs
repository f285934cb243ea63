using System.Xml.Linq;
using ServeBench.Build.Composition;
using ServeBench.Domain.Faults;
using ServeBench.Processes.Commands;

namespace ServeBench.Build.Stages;

/// <summary>
/// Builds every test project and runs a lane of each, one after the other: some measure, and must not disturb each other. Whole runs are
/// mostly waited for, so the projects that measure nothing run beside them (<see cref="TestLanes.BesideWholeRuns"/>). What failed in a
/// lane of tests that measure or run whole programs is run once more, and what passes then is named with its first failure
/// (<see cref="TestResults.Again"/>). Ends with the line <c>N passed, N failed, N skipped</c>.
/// </summary>
internal static class TestStage
{
    /// <summary>What is said of one project stands together.</summary>
    private static readonly Lock Saying = new();

    public static async Task RunAsync(BuildContext context)
    {
        var root = context.Services.Paths.Root;
        var results = Path.Combine(context.Services.Paths.Artifacts, "tests");
        if (Directory.Exists(results)) Directory.Delete(results, recursive: true);
        Directory.CreateDirectory(results);
        var projects = Directory.EnumerateFiles(Path.Combine(root, "tests"), "*.csproj", SearchOption.AllDirectories)
            .Select(p => Path.GetFileNameWithoutExtension(p)!).Order(StringComparer.Ordinal).ToArray();

        using (context.Services.Observer.Begin("Building the tests"))
        {
            var build = new CommandSpec("dotnet", "build", "ServeBench.slnx", "-c", "Release", "-v", "quiet", "-nologo")
            {
                WorkingDirectory = root,
                Remedy = "Mend what the compiler says"
            };
            await context.Services.Commands.RunAsync(build, cancellationToken: context.Cancelled);
        }
        var packages = TestLanes.NeedsNpm(context.Lane) ? await NpmPackages.InstallAsync(context) : null;
        if (packages is not null) context.Screen.Say($"Tests that need npm packages are skipped: {packages}");
        int passed = 0, failed = 0, skipped = 0;
        var beside = projects.Where(p => TestLanes.BesideWholeRuns.Contains(p));
        await Task.WhenAll(RunInOrderAsync(projects.Where(p => p == TestLanes.WholeRuns)), RunInOrderAsync(beside));
        await RunInOrderAsync(projects.Except([TestLanes.WholeRuns, .. beside]));
        if (failed > 0) context.Outcome.Failed();
        context.Screen.Say($"{passed} passed, {failed} failed, {skipped} skipped");

        async Task RunInOrderAsync(IEnumerable<string> some)
        {
            foreach (var project in some)
            {
                var tests = await RunAsync(context, project, results);
                Interlocked.Add(ref passed, tests.Passed.Count);
                Interlocked.Add(ref failed, tests.Failed.Count + tests.Errors.Count);
                Interlocked.Add(ref skipped, tests.Skipped.Count);
            }
        }
    }

    private static async Task<TestResults> RunAsync(BuildContext context, string project, string folder)
    {
        using var step = context.Services.Observer.Begin($"Testing {project}");
        var tests = await RunAsync(context, project, Path.Combine(folder, $"{project}.xml"), TestLanes.Filter(context.Lane));
        if (tests.Again is { Count: > 0 } again)
        {
            string[] filter = [.. again.SelectMany(m => (string[])["--filter-method", m])];
            try
            {
                var second = await RunAsync(context, project, Path.Combine(folder, $"{project}.again.xml"), filter);
                (tests, var recovered) = tests.After(second);
                foreach (var test in recovered)
                    context.Screen.Say(
                        $"  passed   {test.Name}, when it ran again; at first it failed{Environment.NewLine}{Indented(test.Failure)}");
            }
            catch (RunFailedException e)
            {
                context.Screen.Error($"  ERROR    what failed did not run again: {e.Message}");
            }
        }
        Say(context, project, tests);
        return tests;
    }

    private static void Say(BuildContext context, string project, TestResults tests)
    {
        using var said = Saying.EnterScope();
        foreach (var (name, reason) in tests.Skipped) context.Screen.Say($"  skipped  {name}: {reason}");
        foreach (var test in tests.Failed)
            context.Screen.Error($"  FAILED   {test.Name}{Environment.NewLine}{Indented(test.Failure)}");
        foreach (var (name, failure) in tests.Errors)
            context.Screen.Error($"  ERROR    {name}{Environment.NewLine}{Indented(failure)}");
        if (tests.Passed.Count + tests.Failed.Count + tests.Errors.Count + tests.Skipped.Count > 0)
            context.Screen.Say(
                $"{project}: {tests.Passed.Count} passed, {tests.Failed.Count + tests.Errors.Count} failed, {tests.Skipped.Count} skipped, "
                    + $"{tests.Seconds:0.0} s");
    }

    private static async Task<TestResults> RunAsync(BuildContext context, string project, string file, IReadOnlyList<string> filter)
    {
        string[] arguments =
        [
            "--report-xunit-xml",
            "--report-xunit-xml-filename",
            Path.GetFileName(file),
            "--results-directory",
            Path.GetDirectoryName(file)!,
            "--no-ansi",
            "--progress",
            "off",
            .. filter,
        ];
        var command =
            new CommandSpec(context.Services.Paths.Program(project), arguments) { WorkingDirectory = context.Services.Paths.Root };
        var result = await context.Services.Commands.TryRunAsync(command, cancellationToken: context.Cancelled);
        return File.Exists(file)
            ? TestResults.Read(XDocument.Load(file))
            : throw new RunFailedException(
                $"{project} ended with code {result.ExitCode} and without results:{Environment.NewLine}{result.Output}{result.Error}",
                "Run it by itself to see more");
    }

    private static string Indented(string text) =>
        string.Join(Environment.NewLine, text.Split('\n').Select(l => "           " + l.TrimEnd()));
}
