using ServeBench.Measurement.Metrics;
using ServeBench.Measurement.Results;
using ServeBench.Reports.Content;

namespace ServeBench.Reports.Comparing;

/// <summary>Something that is not the same in two runs, and does not keep them from being compared.</summary>
/// <param name="What">For people.</param>
public sealed record Difference(string What, string Baseline, string Candidate);

/// <summary>What changed between two runs, out of their manifests: versions, digests, options, fingerprints, the machine's state.</summary>
internal static class Differences
{
    private const string None = "none";

    public static IReadOnlyList<Difference> Of(ComparedRun baseline, ComparedRun candidate)
    {
        var before = Facts(baseline).ToDictionary(f => f.What, f => f.Value);
        var after = Facts(candidate).ToDictionary(f => f.What, f => f.Value);
        return
        [
            .. from what in after.Keys.Concat(before.Keys.Except(after.Keys))
               let was = before.GetValueOrDefault(what, None)
               let now = after.GetValueOrDefault(what, None)
               where was != now
               select new Difference(what, was, now),
            .. Ceilings(baseline.Results, candidate.Results),
        ];
    }

    private static IEnumerable<(string What, string Value)> Facts(ComparedRun run)
    {
        yield return ("trials", $"{run.Results.Run.Trials}");
        if (run.Manifest is not { } manifest) yield break;
        yield return ("options", Options(manifest.Command));
        yield return ("seed", $"{manifest.Seeds.Base}");
        if (manifest.ProgramsSha256 is { } programs) yield return ("ServeBench's own programs", Short(programs));
        foreach (var (name, version) in manifest.Versions.OrderBy(
            v => v.Key, StringComparer.Ordinal)) yield return ($"version of {name}", version);
        foreach (var contender in manifest.Contenders.Where(c => !c.IsTwin))
        {
            yield return ($"{contender.Label}: fingerprint", Short(contender.Fingerprint));
            yield return ($"{contender.Label}: cores", Words.Cores(contender.Cpus));
            if (contender.Image is not { } image) continue;
            yield return ($"{contender.Label}: image content", Short(image.ContentSha256));
            foreach (var of in image.Bases) yield return ($"{contender.Label}: base image {of.Name}", Short(of.Digest ?? of.ContentSha256));
        }
        foreach (var runtime in run.Results.Contenders.Where(c => !c.IsTwin))
        {
            string[] reported = [.. runtime.Deployments.Select(d => d.Runtime).OfType<string>().Distinct()];
            if (reported.Length > 0) yield return ($"{runtime.Label} with {runtime.Model}: runtime", Words.List(reported));
        }
        foreach (var model in manifest.Models) yield return ($"{model.Name}: revision", model.Revision);
        yield return ("operating system", manifest.Machine.OperatingSystem);
        yield return ("kernel", manifest.Machine.Kernel);
        yield return ("virtualisation", manifest.Machine.Virtualisation ?? "none seen");
        if (manifest.CpuState is not { } cpu) yield break;
        yield return ("frequency governors", cpu.Governors.Count == 0 ? "not known" : Words.List(cpu.Governors));
        yield return ("turbo", cpu.Turbo switch { null => "not known", true => "on", _ => "off" });
        yield return ("cores shared by client and servers", cpu.SharedCores.Count == 0 ? None : Words.List(cpu.SharedCores));
    }

    /// <summary>The raw runtime has no server: where it is faster or slower than before, the machine is, or the runtime.</summary>
    private static IEnumerable<Difference> Ceilings(RunResults baseline, RunResults candidate) =>
        from now in candidate.Ceilings
        let was = baseline.Ceilings.FirstOrDefault(c => (c.Workload, c.Model, c.Precision) == (now.Workload, now.Model, now.Precision))
        where was?.ItemsPerSecond.Median is not null && now.ItemsPerSecond.Median is not null
        let ratio = now.ItemsPerSecond.Median!.Value / was.ItemsPerSecond.Median!.Value
        where Math.Abs(ratio - 1) > 0.02
        select new Difference($"raw runtime on {now.Workload} with {now.Model} (no server: {NumberText.Ratio(ratio)} times as fast)",
            $"{Words.Number(was.ItemsPerSecond, MetricUnit.PerSecond)}/s", $"{Words.Number(now.ItemsPerSecond, MetricUnit.PerSecond)}/s");

    /// <summary>Without the program and its target, which say nothing.</summary>
    private static string Options(string command) =>
        string.Join(
            ' ',
            command
                .Split(' ', StringSplitOptions.RemoveEmptyEntries)
                .Where(a => a.StartsWith("--", StringComparison.Ordinal) && !a.StartsWith("--target", StringComparison.Ordinal)));

    private static string Short(string digest) =>
        digest.Replace("sha256:", "", StringComparison.Ordinal) is { Length: > 12 } hash ? hash[..12] : digest;
}
