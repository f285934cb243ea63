namespace ServeBench.Domain.Stacks;

/// <summary>
/// The server's own timers of its requests: names of Prometheus histograms or summaries of seconds, of which the sums are read. The
/// parts of one request follow each other and do not overlap; each is null when the server does not time it.
/// </summary>
/// <param name="Request">From a request's arrival to its answer; its count is the number of requests.</param>
/// <param name="Input">Reading a request and making the model's inputs of it.</param>
/// <param name="Queue">From then to the beginning of its first execution.</param>
/// <param name="Inference">From there to the end of its last execution, of every request once: a timer of executions that
/// requests share is not one of these.</param>
/// <param name="Output">Writing the answer.</param>
/// <param name="Tokens">Counter of what was executed, without padding: tokens, where items differ in length.</param>
/// <param name="Padding">Counter of the padding executed, in the same unit.</param>
public sealed record TimingSource(
    string Request, string? Input, string? Queue, string? Inference, string? Output, string? Tokens, string? Padding)
{
    internal static TimingSource Read(Yaml.YamlMapping section)
    {
        var source = new TimingSource(
            section.Text("request"),
            section.OptionalText("input"),
            section.OptionalText("queue"),
            section.OptionalText("inference"),
            section.OptionalText("output"), section.OptionalText("tokens"), section.OptionalText("padding"));
        if (source.Tokens is null != source.Padding is null)
            section.Fault(
                source.Tokens is null ? "padding" : "tokens",
                "tokens and padding are only of use together",
                "Name both counters, or neither");
        section.Done();
        return source;
    }
}
