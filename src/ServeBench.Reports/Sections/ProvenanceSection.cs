using ServeBench.Domain.Wording;
using ServeBench.Measurement.Metrics;
using ServeBench.Measurement.Results;
using ServeBench.Reports.Charts;
using ServeBench.Reports.Content;
using static ServeBench.Reports.Content.Write;

namespace ServeBench.Reports.Sections;

/// <summary>The machine, who had which cores, and everything that decided a number.</summary>
internal sealed class ProvenanceSection : ISection
{
    public IEnumerable<Block> Write(ReportContext report, IReadOnlyList<Chart> charts)
    {
        var manifest = report.Manifest;
        yield return new Heading(2, "The machine, the versions and the order", "provenance", "Machine and versions");
        yield return new Table([new("What", Wide: true), new("Value", Wide: true)], [.. Machine(report)]);
        yield return new Heading(4, "Models", "models");
        yield return new BulletList(
        [
            .. manifest.Models.Select(m => Text(
                Strong(m.Title),
                $": {Words.Weights(m.Weights)} ({m.WeightsReason.TrimEnd('.')}), {m.Parameters:#,0} parameters, "
                    + $"{m.Repository} at revision ",
                Code(m.Revision),
                $", licence {m.Licence}, ONNX file SHA-256 ", Code(m.Sha256), ".")),
        ]);
        yield return new Heading(4, "Stacks", "stacks");
        yield return new BulletList(
        [
            .. manifest.Contenders.Select(c => Text(
                Strong(report.Title(c.Label)),
                " (",
                Code(c.Stack),
                $"): {c.Summary}; {c.Track} track, {c.Precision}, {Runtime(report, c.Label)}cores {Words.Cores(c.Cpus)}, fingerprint ",
                Code(c.Fingerprint),
                ".")),
        ]);
        var images = manifest.Contenders.Where(c => c is { Image: not null, IsTwin: false }).ToArray();
        if (images.Length > 0)
        {
            yield return new Heading(4, "Container images", "images");
            yield return new BulletList([.. images.Select(c => Image(report.Title(c.Label), c.Image!))]);
        }
        if (report.Results.Ceilings.Count > 0)
        {
            yield return new Heading(4, "The raw runtime", "ceiling");
            yield return new Paragraph(
                "The same inputs through the runtime in a loop inside one process, with no server, "
                    + "at the best of the batch sizes that were tried. "
                    + "It takes the inputs as they come and pads each batch to its longest. "
                    + "On mixed lengths a server that groups inputs by length pads less and can come out above it; no other can.");
            if (Runtimes.Note(report) is { } note) yield return new Paragraph(note);
            yield return new Table(
                [
                    new("Workload"),
                    new("Model"),
                    new(Words.Capital(report.Items) + "/s", true),
                    new("Range", true),
                    new("Batch", true),
                    new("Cores"),
                    new("Runtime", Wide: true)],
                [
                    .. report.Results.Ceilings.Select(c => (IReadOnlyList<Prose>)
                    [
                        c.Workload,
                        $"{c.Model}, {c.Weights}, {c.Precision}",
                        Words.Number(c.ItemsPerSecond, MetricUnit.PerSecond),
                        Words.Range(c.ItemsPerSecond, MetricUnit.PerSecond),
                        $"{c.BatchSize}", Words.Cores(c.Cpus), c.Runtime,
                    ]),
                ]);
        }
        yield return new Heading(4, "The order in which stacks were deployed", "blocks");
        yield return new BulletList(
        [
            .. manifest.Blocks.Select((block, i) => (Prose)$"block {i + 1}: {string.Join(", then ", block.Select(report.Title))}"),
            .. report.Results.Reused.Select(
                r => (Prose)($"not in this order: {Plural.Of(r.Trials, "trial")} of {report.Title(r.Contender)}, measured by {r.Run}, "
                    + Words.AgeOf(r, manifest))),
        ]);
    }

    private static string Runtime(ReportContext report, string label) =>
        Runtimes.Of(report.Results.Contenders.Where(c => c.Label == label)) is [_, ..] reported
            ? $"computes with {Words.List(reported)}, "
            : "";

    private static Prose Image(string title, Domain.Trials.ImageRecord image)
    {
        var below = Words.List(image.Bases.Select(b => $"{b.Name} ({b.Digest ?? $"content {b.ContentSha256}"}; {b.Origin})"));
        var origin = image.BuildSeconds is { } seconds ? $"built in {NumberText.Significant(seconds)} s" : "published by its makers";
        var cached = image.CachedSteps is > 0 and var steps ? $" ({Plural.Of(steps, "step")} taken from an earlier build)" : "";
        return Text(
            Strong(title),
            ": ",
            Code(image.Name),
            $", {Plural.Of(image.Layers, "layer")}, {origin}{cached}, ",
            Code(image.Digest),
            $", on {below}.");
    }

    private static IEnumerable<IReadOnlyList<Prose>> Machine(ReportContext report)
    {
        var (manifest, machine) = (report.Manifest, report.Manifest.Machine);
        if (manifest.ServerMachine is { } server)
        {
            yield return [
                "Servers' machine",
                $"another one: {Plural.Of(server.LogicalCores, "logical core")}, {server.Architecture}, "
                    + $"{Words.Bytes(server.MemoryBytes)} of memory, {server.OperatingSystem}, kernel {server.Kernel}"];
            yield return ["Between client and server", server.Between];
        }
        yield return ["CPU", $"{machine.Cpu}, {Plural.Of(machine.LogicalCores, "logical core")}, {machine.Architecture}"];
        yield return ["Memory", Words.Bytes(machine.MemoryBytes)];
        yield return ["Accelerators", machine.Accelerators.Count == 0 ? "none" : Words.List(machine.Accelerators)];
        yield return ["Operating system", $"{machine.OperatingSystem}, kernel {machine.Kernel}"];
        yield return ["Virtualisation", machine.Virtualisation ?? "none seen"];
        yield return ["Server's cores", Words.List(manifest.Contenders.Select(c => Words.Cores(c.Cpus)).Distinct())];
        if (report.Results.Calibration is { } calibration)
        {
            yield return ["Client's cores", Words.Cores(calibration.ClientCpus)];
            yield return ["Driver", Driver(calibration)];
            if (calibration.Truth is { } truth) yield return ["Driver's truth", Truth(truth)];
            if (calibration.WakeUp is { } wake) yield return [
                "Waking up",
                $"a thread that slept, of any program, ran {NumberText.WithUnit(MetricUnit.Milliseconds, wake.P50Seconds)} late "
                    + $"in the median and {NumberText.WithUnit(MetricUnit.Milliseconds, wake.P95Seconds)} at p95"];
        }
        else
        {
            yield return ["Driver", "not calibrated"];
        }
        yield return [
            "Profile",
            $"{manifest.Profile.Name}: {manifest.Profile.Summary}; "
                + $"here {Plural.Of(manifest.Profile.Trials, "trial")} of windows of "
                + $"{NumberText.Significant(manifest.Profile.MeasureSeconds)} s after a warm-up of at most "
                + $"{NumberText.Significant(manifest.Profile.WarmUpLimitSeconds)} s"];
        yield return [
            "Seeds",
            $"base {manifest.Seeds.Base}, payloads {manifest.Seeds.Payload}, arrivals {manifest.Seeds.Arrivals}, "
                + $"blocks {manifest.Seeds.Blocks}"];
        yield return ["Versions", string.Join("; ", manifest.Versions.OrderBy(v => v.Key, StringComparer.Ordinal).Select(Version))];
        yield return [
            "Measured",
            $"{Words.Utc(manifest.StartedUtc)}{(report.Results.Run.FinishedUtc is { } end ? $" to {Words.Utc(end)}" : ", not finished")}"];
        foreach (var start in report.Results.Starts ?? [])
            yield return [$"State of the machine, {Words.Utc(start.Conditions.ReadUtc)}", State(start)];
        yield return ["Plan", Text(Code(manifest.PlanFingerprint))];
    }

    /// <summary>Some values begin with the name themselves.</summary>
    private static string Version(KeyValuePair<string, string> version) =>
        version.Value.StartsWith(version.Key, StringComparison.Ordinal) ? version.Value : $"{version.Key} {version.Value}";

    private static string State(MeasuringStart start)
    {
        var rates = start.Conditions.DriverRates;
        var busy = start.Conditions.BackgroundBusy is { } share
            ? $"{NumberText.Percent(share, 2)} busy with something else"
            : "its load not known";
        return $"{busy}; the driver reached {NumberText.Significant(rates.Average())} requests/s against a null server; "
            + $"{Plural.Of(start.Trials, "trial")} of a case measured then";
    }

    private static string Truth(Domain.Trials.TruthCheck truth)
    {
        var points = truth.Points.Select(p =>
            $"p{p.Percentile:0.###} {NumberText.WithUnit(MetricUnit.Milliseconds, p.ReportedSeconds)} reported for "
                + $"{NumberText.WithUnit(MetricUnit.Milliseconds, p.PlantedSeconds)}");
        return $"against a null server that plants latencies ({truth.Planted}, {truth.Requests:#,0} requests): "
            + Words.List(points)
            + (truth.Holds
                ? ""
                : $"; an error of more than {Domain.Trials.TruthCheck.Tolerated}, and latencies are as uncertain: "
                    + "something else was busy, or this machine is no more precise");
    }

    private static string Driver(Domain.Trials.CalibrationRecord calibration)
    {
        var text = $"{calibration.Driver}; {NumberText.Significant(calibration.MaximumRequestsPerSecond)} requests/s against a null server";
        if (calibration.Lateness is { } late)
        {
            text += $"; starts {NumberText.WithUnit(MetricUnit.Milliseconds, late.P50Seconds)} late at the median and " +
                $"{NumberText.WithUnit(MetricUnit.Milliseconds, late.P99Seconds)} at p99, " +
                $"at {NumberText.Significant(late.RatePerSecond)} requests/s";
        }
        return text;
    }
}
