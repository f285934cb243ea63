using ServeBench.Domain.Trials;
using ServeBench.Measurement.Metrics;
using ServeBench.Reports.Charts;
using ServeBench.Reports.Content;
using static ServeBench.Reports.Content.Write;

namespace ServeBench.Reports.Sections;

/// <summary>What ran already when it was measured: where it is, and what is not known of it.</summary>
internal sealed class EndpointSection : ISection
{
    public IEnumerable<Block> Write(ReportContext report, IReadOnlyList<Chart> charts)
    {
        ContenderRecord[] endpoints = [.. report.Manifest.Contenders.Where(c => c is { Endpoint: not null, IsTwin: false })];
        if (endpoints.Length == 0) yield break;
        yield return new Heading(2, "Endpoints: what was not deployed by us?", "endpoints", "Endpoints");
        yield return new Paragraph(
            "These servers ran before the run and run after it. What they are made of, on which machine and how busy it was, is not known; "
                + "their cold start, image, memory, CPU time and cores are not measured, every trial met the same server, "
                + "and the way there is part of every latency. They were measured anew, whatever was stored.");
        yield return new BulletList([.. endpoints.Select(e => Line(report.Title(e.Label), e.Endpoint!))]);
    }

    private static Prose Line(string title, EndpointRecord endpoint)
    {
        var bound = endpoint.MostPerSecond is { } most
            ? $"sent at most {NumberText.Significant(most)} requests/s"
            : "sent as much as it answered";
        var secrets = endpoint.Secrets.Count > 0 ? $"credentials: {Words.List(endpoint.Secrets)}" : "no credentials";
        var counters = endpoint.Counters is { } at ? $"counters at {at}" : "no counters were named";
        var rest = $" at {endpoint.Url}, taken for {endpoint.Stack}; {secrets}; {bound}; {counters}; ";
        return endpoint.ParityAbsence is { } absence
            ? Text(Strong(title), rest, Bad("parity not checked"), absence["parity not checked".Length..] + ".")
            : Text(Strong(title), rest + "its answers were compared with the model's.");
    }
}
