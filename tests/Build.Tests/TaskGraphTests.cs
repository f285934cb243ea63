using System.Reflection;
using Cake.Frosting;
using ServeBench.Build.Composition;
using ServeBench.Build.Options;
using ServeBench.Build.Tasks;
using ServeBench.Build.Terminal;
using ServeBench.Domain.Faults;

namespace ServeBench.Build.Tests;

public class TaskGraphTests
{
    private static readonly Type[] Tasks =
        [.. typeof(TaskCatalogue).Assembly.GetExportedTypes().Where(t => typeof(IFrostingTask).IsAssignableFrom(t) && t is { IsClass: true, IsAbstract: false })];

    private static string Name(Type task) => task.GetCustomAttribute<TaskNameAttribute>()!.Name;

    [Fact]
    public void The_graph_is_the_one_that_is_documented()
    {
        var graph = Tasks.OrderBy(Name, StringComparer.Ordinal).ToDictionary(Name, t => string.Join(' ', t.GetCustomAttributes<IsDependentOnAttribute>().Select(d => Name(d.Task))));
        Assert.Equal(
            new Dictionary<string, string>
            {
                ["BaseImage"] = "",
                ["Benchmark"] = "Load Report",
                ["Calibrate"] = "Models",
                ["Ceiling"] = "Models",
                ["Clean"] = "",
                ["Compare"] = "",
                ["Doctor"] = "",
                ["Evidence"] = "",
                ["Help"] = "",
                ["Images"] = "",
                ["Import"] = "",
                ["List"] = "",
                ["Load"] = "Models Images Calibrate Ceiling",
                ["Models"] = "",
                ["Report"] = "",
                ["Scripts"] = "Models",
                ["Test"] = "",
                ["Verify"] = "Models Images",
            },
            graph);
    }

    [Fact]
    public void Every_task_says_what_it_does_and_delegates_in_one_line()
    {
        foreach (var task in Tasks)
        {
            Assert.InRange(task.GetCustomAttribute<TaskDescriptionAttribute>()?.Description.Length ?? 0, 20, 100);
            Assert.Equal(Name(task) + "Task", task.Name);
            // A body that is one call compiles to few bytes; more belongs into a library.
            var body = task.GetMethod("Run", BindingFlags.DeclaredOnly | BindingFlags.Public | BindingFlags.Instance) ?? task.GetMethod("RunAsync", BindingFlags.DeclaredOnly | BindingFlags.Public | BindingFlags.Instance);
            if (body is not null) Assert.InRange(body.GetMethodBody()!.GetILAsByteArray()!.Length, 1, 24);
        }
    }

    [Fact]
    public void What_measures_holds_the_lock_before_anything_is_built_and_says_who_it_is()
    {
        Assert.Equal(["Benchmark", "Calibrate", "Ceiling", "Load", "Verify"], TaskCatalogue.All.Where(t => t.Measures).Select(t => t.Name));
        var file = Path.Combine(Path.GetTempPath(), $"servebench-test-{Guid.NewGuid():N}.lock");
        var faults = new FaultList();
        KnownTask Task(string name) => TaskCatalogue.Find(name, faults)!;
        using (OneMeasurement.Hold(Task("Load"), CommandLine.Parse(["--profile=smoke", "--offline"], faults), file))
        {
            var refused = Assert.Throws<RunFailedException>(() => OneMeasurement.Hold(Task("Verify"), CommandLine.Parse([], faults), file));
            Assert.Contains($"(process {Environment.ProcessId}: ./build.sh --target=Load --profile=smoke --offline)", refused.Message, StringComparison.Ordinal);
            // What measures nothing, and what does nothing, need not wait.
            Assert.Null(OneMeasurement.Hold(Task("Report"), CommandLine.Parse([], faults), file));
            Assert.Null(OneMeasurement.Hold(Task("Load"), CommandLine.Parse(["--dryrun"], faults), file));
        }
        Assert.Empty(faults);
        File.Delete(file);
        File.Delete(file + ".owner");
    }

    /// <summary>The script asks for the same lock before it compiles the program, for the same targets.</summary>
    [Fact]
    public void The_script_asks_for_the_lock_of_what_measures_before_it_builds()
    {
        var script = File.ReadAllText(Path.Combine(RepositoryPaths.Find().Root, "build.sh"));
        Assert.Contains($"({string.Join('|', TaskCatalogue.All.Where(t => t.Measures).Select(t => t.Name))})", script, StringComparison.Ordinal);
        Assert.Contains("lock=/tmp/servebench.lock\n", script, StringComparison.Ordinal);
        Assert.InRange(script.IndexOf("flock --nonblock 8", StringComparison.Ordinal), 0, script.IndexOf("step \"Building", StringComparison.Ordinal));
    }

    [Fact]
    public void Only_the_whole_benchmark_has_no_work_of_its_own() =>
        Assert.Equal(["Benchmark"], TaskCatalogue.All.Where(t => !t.HasWork).Select(t => t.Name));

    [Fact]
    public void A_target_is_found_whatever_its_case_and_a_wrong_one_is_told()
    {
        var faults = new FaultList();
        Assert.Equal("Benchmark", TaskCatalogue.Find("benchmark", faults)!.Name);
        Assert.Empty(faults);
        Assert.Null(TaskCatalogue.Find("Benhcmark", faults));
        Assert.Contains("Did you mean Benchmark?", faults[0].Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void Help_is_as_approved() => Approved.Check("help.txt", HelpText.Whole());
}
