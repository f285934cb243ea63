using System.Globalization;
using Cake.Core;
using Cake.Core.Diagnostics;
using Cake.Frosting;
using Microsoft.Extensions.DependencyInjection;
using ServeBench.Build.Composition;
using ServeBench.Build.Options;
using ServeBench.Build.Stages;
using ServeBench.Build.Tasks;
using ServeBench.Build.Terminal;
using ServeBench.Domain.Faults;

namespace ServeBench.Build;

/// <summary>The pipeline: reads the command line, says everything that is wrong with it at once, and runs the tasks.</summary>
public static class Program
{
    public static int Main(string[] args)
    {
        // Whatever the environment says of globalisation: numbers and dates look the same everywhere.
        CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        using var screen = new Screen();
        try
        {
            var faults = new FaultList();
            var line = CommandLine.Parse(args, faults);
            if (line.IsOn(KnownOptions.Version)) return Say(screen, RepositoryPaths.Version);
            if (line.IsOn(KnownOptions.Help) || args.Length == 0) return Say(screen, HelpText.Whole());

            var target = TaskCatalogue.Find(line.Value(KnownOptions.Target) ?? TaskCatalogue.Default, faults);
            using var services = new ProgramServices(RepositoryPaths.Find(), screen);
            if (target?.HasWork == false && line.IsOn(KnownOptions.Exclusive)) faults.Add(NothingAlone(target));
            // What only names of the catalogue can answer is held against it even where the task would do without.
            var options = target?.NeedsCatalogue == true || line.SelectsWhatIsMeasured ? services.Read(line, faults) : null;
            var compare = CompareRequest.Of(line, target?.Name == "Compare", faults);
            faults.ThrowIfAny();
            if (options is { Endpoints.Named.Count: > 0 } && target!.Measures)
            {
                if (line.IsOn(KnownOptions.DryRun))
                    foreach (var said in EndpointStacks.Describe(options, services.Catalogue)) screen.Say(said);
                else if (!line.IsOn(KnownOptions.Tree) && !line.IsOn(KnownOptions.Description))
                    EndpointStacks.Check(options, services.Catalogue, screen);
            }
            using var held = OneMeasurement.Hold(target!, line);
            if (held is not null) services.BeginToLook();
            return Run(services, line, options, compare, target!.Name);
        }
        catch (Exception e)
        {
            return Failure.Report(e, screen);
        }
    }

    private static Fault NothingAlone(KnownTask task) => new(KnownOptions.Exclusive.Name, null, null,
        $"{task.Name} is nothing but the tasks it depends on, so it does nothing alone",
        $"Name one of them (./build.sh --target={task.Name} --tree), such as --target=Report");

    private static int Run(ProgramServices services, CommandLine line, BuildOptions? options, CompareRequest compare, string target)
    {
        var outcome = new ProgramOutcome();
        using var interruption = new Interruption(services.Screen);
        var log = new EngineLog(services.Screen);
        var ended = CakeHost.Create()
            .UseContext<BuildContext>()
            .UseLifetime<BuildLifetime>()
            .ConfigureServices(s => s
                .AddSingleton(services)
                .AddSingleton(services.Screen)
                .AddSingleton(
                    new RequestedOptions(
                        options,
                        RunPlace.Of(line, services.Paths.Root),
                        line.Value(KnownOptions.Lane) ?? TestLanes.All,
                        line.Value(KnownOptions.What),
                        compare))
                .AddSingleton(services.Screen.Console)
                .AddSingleton(outcome)
                .AddSingleton(interruption)
                .AddSingleton<ICakeLog>(log)
                .AddSingleton<ICakeReportPrinter, EngineReport>())
            .Run(Arguments(line, target));
        if (outcome.Failure is { } failure) return Failure.Report(failure, services.Screen);
        if (ended == 0) return outcome.ExitCode;
        services.Screen.Error(log.Errors);
        return ExitCodes.Failed;
    }

    private static IEnumerable<string> Arguments(CommandLine line, string target)
    {
        var arguments = line.EngineArguments
            .Where(a => !a.StartsWith(KnownOptions.Target.Name, StringComparison.Ordinal))
            .Append($"{KnownOptions.Target.Name}={target}");
        // A dry run says what it would do through the engine's log.
        return line.Has(KnownOptions.Verbosity)
            ? arguments
            : arguments.Append($"{KnownOptions.Verbosity.Name}={(line.IsOn(KnownOptions.DryRun) ? "normal" : "quiet")}");
    }

    private static int Say(Screen screen, string text)
    {
        screen.Say(text);
        return ExitCodes.Success;
    }
}
