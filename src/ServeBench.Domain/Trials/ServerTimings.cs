namespace ServeBench.Domain.Trials;

/// <summary>Sums of a server's own timers over all its requests; a part that it does not time is null, never zero.</summary>
/// <param name="Requests">How many requests.</param>
/// <param name="RequestSeconds">From their arrival to their answers.</param>
/// <param name="InputSeconds">Reading them and making the model's inputs of them.</param>
/// <param name="QueueSeconds">Waiting for their first execution.</param>
/// <param name="InferenceSeconds">From the beginning of each request's first execution to the end of its last.</param>
/// <param name="OutputSeconds">Writing their answers.</param>
/// <param name="Tokens">What was executed, without padding: tokens, where items differ in length.</param>
/// <param name="Padding">Padding executed, in the same unit.</param>
public sealed record ServerTimings(
    double Requests,
    double RequestSeconds,
    double? InputSeconds,
    double? QueueSeconds,
    double? InferenceSeconds,
    double? OutputSeconds,
    double? Tokens,
    double? Padding)
{
    /// <summary>What they advanced by since an earlier reading.</summary>
    public ServerTimings Since(ServerTimings before) => new(
        Requests - before.Requests,
        RequestSeconds - before.RequestSeconds,
        InputSeconds - before.InputSeconds,
        QueueSeconds - before.QueueSeconds,
        InferenceSeconds - before.InferenceSeconds, OutputSeconds - before.OutputSeconds, Tokens - before.Tokens, Padding - before.Padding);
}
