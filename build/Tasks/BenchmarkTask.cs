using Cake.Frosting;
using ServeBench.Build.Composition;

namespace ServeBench.Build.Tasks;

/// <summary>Nothing of its own: it is the tasks it depends on, in this order.</summary>
[TaskName("Benchmark")]
[TaskDescription("The whole benchmark: models, calibration, ceilings, load, report.")]
[IsDependentOn(typeof(LoadTask))]
[IsDependentOn(typeof(ReportTask))]
[Measures]
public sealed class BenchmarkTask : FrostingTask<BuildContext>;
