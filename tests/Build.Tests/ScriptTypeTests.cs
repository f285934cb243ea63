using ServeBench.Build.Composition;
using ServeBench.Build.Terminal;
using ServeBench.Domain.Plans;
using ServeBench.Domain.Workloads;
using ServeBench.Load.K6.Scripts;
using ServeBench.Load.Wire;
using ServeBench.Processes.Commands;

namespace ServeBench.Build.Tests;

/// <summary>Every script that the catalogue of this repository can give holds to k6's types (<c>npm run check</c>).</summary>
[Lane("node")]
public sealed class ScriptTypeTests : IDisposable
{
    private readonly Screen _screen = new();
    private readonly RepositoryPaths _paths = RepositoryPaths.Find();
    private readonly string _folder = Directory.CreateTempSubdirectory("servebench-scripts-").FullName;

    public void Dispose()
    {
        _screen.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Every_workload_has_scripts_that_pass_the_type_check()
    {
        var tsc = TypeScript();
        using var services = new ProgramServices(_paths, _screen);
        var writer = new ScriptWriter(services.Catalogue.Folders.Templates);
        var written = 0;
        foreach (var workload in services.Catalogue.Workloads)
        {
            foreach (var (scenario, shape) in workload.Scenarios.SelectMany(s => Shapes(s).Distinct().Select(shape => (s, shape))))
            {
                foreach (var protocol in workload.Protocols.Select(services.Catalogue.Protocol))
                {
                    var name = $"{workload.Name}.{protocol.Name}.{scenario.Name}-{shape.Id}.js";
                    await File.WriteAllTextAsync(Path.Combine(_folder, name), writer.Write(Case(workload, scenario, shape, protocol, name)), Ct);
                    written++;
                }
            }
        }
        Assert.True(written >= services.Catalogue.Workloads.Count);
        var faults = await CheckAsync(tsc);
        Assert.True(faults.Length == 0, faults);
        // The check finds what is wrong.
        await File.AppendAllTextAsync(Directory.EnumerateFiles(_folder, "*.js").First(), "http.pots(1);\n", Ct);
        Assert.Contains("Property 'pots' does not exist", await CheckAsync(tsc), StringComparison.Ordinal);
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private string TypeScript()
    {
        var tsc = Path.Combine(_paths.NodeModules, "typescript", "bin", "tsc");
        Assert.SkipUnless(File.Exists(tsc), "typescript is not installed: run npm ci in the repository's folder");
        return tsc;
    }

    private async Task<string> CheckAsync(string tsc)
    {
        var shown = _paths.Root.Replace('\\', '/');
        var types = $"\"typeRoots\": [\"{shown}/node_modules/@types\"], \"paths\": {{ \"k6\": [\"{shown}/node_modules/@types/k6\"], \"k6/*\": [\"{shown}/node_modules/@types/k6/*\"] }}";
        await File.WriteAllTextAsync(Path.Combine(_folder, "tsconfig.json"),
            $"{{ \"extends\": \"{shown}/k6/tsconfig.json\", \"compilerOptions\": {{ {types} }}, \"include\": [\"*.js\", \"{shown}/k6/types/*.d.ts\"] }}", Ct);
        var result = await new CommandRunner().TryRunAsync(new CommandSpec("node", tsc, "--project", _folder) { Timeout = TimeSpan.FromMinutes(3) }, cancellationToken: Ct);
        return result.Output + result.Error;
    }

    /// <summary>Shares of the ceiling stand here as if it were 240/s; what follows from a search has no script.</summary>
    private static IEnumerable<LoadShape> Shapes(Scenario scenario) =>
        scenario.Profiles.SelectMany(p => scenario.Shapes(p, share => 240 * share)).Select(s => s.Resolved(share => 240 * share, null)).OfType<LoadShape>();

    private static ScriptCase Case(Workload workload, Scenario scenario, LoadShape shape, Domain.Protocols.Protocol protocol, string name) => new()
    {
        Title = $"{workload.Name}, {scenario.Name}: {shape.Title}",
        Question = scenario.Title,
        Protocol = protocol.Name,
        Wire = WireFormat.Of(protocol),
        // As of the first request: the protocol's own may hold variables, which a script knows nothing of.
        Path = "/v1/answers?of=a-model",
        Shape = shape,
        WarmUpSeconds = 3,
        MarginSeconds = 0.5,
        MeasureSeconds = shape.Course?.Duration.TotalSeconds ?? 4,
        WarmUpConcurrency = 4,
        Deadline = workload.Objectives.Deadline,
        LatencyP95 = workload.Objectives.LatencyP95,
        ErrorRate = workload.Objectives.ErrorRate,
        File = name,
        PayloadFile = "payloads.json",
        DrawFile = "draws.json",
        ArrivalFile = "arrivals.json",
    };
}
