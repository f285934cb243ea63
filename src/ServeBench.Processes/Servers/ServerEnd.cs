using ServeBench.Domain.Trials;
using ServeBench.Processes.Running;

namespace ServeBench.Processes.Servers;

/// <summary>How a server was ended.</summary>
/// <param name="ExitCode">The main process's, 128 + N where signal N ended it; null where nobody heard of it.</param>
/// <param name="EndedBefore">True when the main process had ended before it was asked to.</param>
/// <param name="Steps">The steps that were taken.</param>
/// <param name="Forced">What was left after them and was ended by force.</param>
public sealed record ServerEnd(
    int? ExitCode, bool EndedBefore, IReadOnlyList<StopStepRecord> Steps, IReadOnlyList<ProcessEntry> Forced);
