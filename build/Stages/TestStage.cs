using System.Xml.Linq;
using ServeBench.Build.Composition;
using ServeBench.Domain.Faults;
using ServeBench.Processes.Commands;

namespace ServeBench.Build.Stages;

/// <summary>
/// Builds every test project and runs a lane of each by itself, one after the other: some measure, and must not disturb each
/// other. Ends with the line <c>N passed, N failed, N skipped</c>.
/// </summary>
internal static class TestStage
{
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
        foreach (var project in projects)
        {
            var counts = await RunAsync(context, project, Path.Combine(results, $"{project}.xml"));
            passed += counts.Passed;
            failed += counts.Failed;
            skipped += counts.Skipped;
        }
        if (failed > 0) context.Outcome.Failed();
        context.Screen.Say($"{passed} passed, {failed} failed, {skipped} skipped");
    }

    private static async Task<(int Passed, int Failed, int Skipped)> RunAsync(BuildContext context, string project, string file)
    {
        using var step = context.Services.Observer.Begin($"Testing {project}");
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
            .. TestLanes.Filter(context.Lane),
        ];
        var command =
            new CommandSpec(context.Services.Paths.Program(project), arguments) { WorkingDirectory = context.Services.Paths.Root };
        var result = await context.Services.Commands.TryRunAsync(command, cancellationToken: context.Cancelled);
        if (!File.Exists(file))
            throw new RunFailedException(
                $"{project} ended with code {result.ExitCode} and without results:{Environment.NewLine}{result.Output}{result.Error}",
                "Run it by itself to see more");

        var assemblies = XDocument.Load(file).Descendants("assembly").ToArray();
        int Sum(string attribute) => assemblies.Sum(a => (int?)a.Attribute(attribute) ?? 0);
        if (assemblies.Sum(a => (int?)a.Attribute("total") ?? 0) == 0) return (0, 0, 0);
        foreach (var test in assemblies.Descendants("test").Where(t => (string?)t.Attribute("result") == "Skip"))
            context.Screen.Say($"  skipped  {(string?)test.Attribute("name")}: {(string?)test.Element("reason")}");
        foreach (var test in assemblies.Descendants("test").Where(t => (string?)t.Attribute("result") == "Fail"))
            context.Screen.Error(
                $"  FAILED   {(string?)test.Attribute("name")}{Environment.NewLine}{Indented((string?)test.Element("failure"))}");
        foreach (var error in assemblies.Descendants("error"))
            context.Screen.Error(
                $"  ERROR    {(string?)error.Attribute("name")}{Environment.NewLine}{Indented((string?)error.Element("failure"))}");
        context.Screen.Say(
            $"{project}: {Sum("passed")} passed, {Sum("failed") + Sum("errors")} failed, {Sum("skipped")} skipped, "
                + $"{assemblies.Sum(a => (double?)a.Attribute("time") ?? 0):0.0} s");
        return (Sum("passed"), Sum("failed") + Sum("errors"), Sum("skipped"));
    }

    private static string Indented(string? text) =>
        string.Join(Environment.NewLine, (text ?? "").Split('\n').Select(l => "           " + l.TrimEnd()));
}
