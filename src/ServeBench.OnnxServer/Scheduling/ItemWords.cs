namespace ServeBench.OnnxServer.Scheduling;

/// <summary>What a pipeline calls the things that are scheduled, for the log.</summary>
/// <param name="Item">What is executed: <c>text</c>.</param>
/// <param name="Unit">What its cost counts: <c>tokens</c>.</param>
/// <param name="Result">What comes of it.</param>
internal sealed record ItemWords(string Item, string Unit, string Result);
