using ServeBench.Domain.Faults;
using ServeBench.Domain.Samples;
using ServeBench.Domain.Storage;
using ServeBench.Domain.Trials;
using ServeBench.Domain.Wording;
using ServeBench.Measurement.Metrics;
using ServeBench.Measurement.Verdicts;

namespace ServeBench.Measurement.Evaluation;

/// <summary>Reads, checks and measures one trial after another.</summary>
internal sealed class TrialReader(
    RunFolder folder, IReadOnlyList<CalibrationRecord?> calibrations, CeilingBook ceilings, IReadOnlyList<IVerdictRule> rules)
{
    private readonly SampleDigester _digester = new();

    /// <returns>Null when the trial has not been measured.</returns>
    public MeasuredTrial? Read(PlannedTrial planned)
    {
        if (folder.ReadTrial(planned) is not { } record) return null;
        var samples = Samples(planned, record);
        // What one driver can do says nothing of another.
        var own = calibrations.FirstOrDefault(c => c?.Driver == record.Load.Driver);
        var facts = new TrialFacts(record, _digester.Digest(record, samples), own, ceilings.ItemsPerSecond(record))
        {
            CeilingAtItemsInFlight = ceilings.ItemsPerSecondInFlight(record),
        };
        return MeasuredTrial.Of(facts, rules);
    }

    private SampleTable Samples(PlannedTrial planned, TrialRecord record)
    {
        var samples = folder.ReadSamples(planned);
        var file = RunFolder.SamplesFileOf(Path.Combine(folder.Path, planned.File));
        if (samples.Count != record.SampleCount)
            throw NotItsSamples(file, $"it holds {Plural.Of(samples.Count, "sample")}, the record beside it says {record.SampleCount}");
        if (folder.SamplesSha256(planned) != record.SamplesSha256)
            throw NotItsSamples(file, $"its SHA-256 is not the {record.SamplesSha256} of the record beside it");
        return samples;
    }

    private static RunFailedException NotItsSamples(string file, string problem) =>
        new(
            $"{file} is not the sample file that was measured: {problem}",
            "Delete that file and the .json beside it, and run the same command again to measure it again");
}
