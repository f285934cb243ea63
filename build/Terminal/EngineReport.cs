using Cake.Core;
using Cake.Core.Diagnostics;

namespace ServeBench.Build.Terminal;

/// <summary>The engine's headings and its table of durations; shown from <c>--verbosity=normal</c> on.</summary>
public sealed class EngineReport(ICakeLog log, Screen screen) : ICakeReportPrinter
{
    public void Write(CakeReport report)
    {
        if (log.Verbosity < Verbosity.Normal) return;
        screen.Say("");
        foreach (var entry in report.Where(e => e.ExecutionStatus != CakeTaskExecutionStatus.Skipped))
            screen.Say($"{entry.TaskName,-16}{entry.Duration.TotalSeconds,8:0.00} s");
    }

    public void WriteStep(string name, Verbosity verbosity)
    {
        if (log.Verbosity >= Verbosity.Normal) screen.Heading($"{Environment.NewLine}{name}");
    }

    public void WriteLifeCycleStep(string name, Verbosity verbosity)
    {
        if (log.Verbosity >= Verbosity.Diagnostic) screen.Say(name);
    }

    public void WriteSkippedStep(string name, Verbosity verbosity)
    {
        if (log.Verbosity >= Verbosity.Normal) screen.Say($"{name} (skipped)");
    }
}
