namespace ServeBench.Load;

/// <summary>Payloads that follow each other in a payload set, and where among them to begin.</summary>
/// <param name="First">Place of the first in the set.</param>
/// <param name="Count">How many; more requests than that go round again.</param>
/// <param name="At">How many of them are passed over at first, because an earlier case has sent them.</param>
public readonly record struct PayloadStretch(int First, int Count, int At = 0);

/// <summary>
/// Which payloads a case draws, so that none is sent twice to one deployment (method.md, rule 8): the window's own stretch, and
/// that of all which is not measured: warm-up, run-in, and what keeps the load up after the window.
/// </summary>
public sealed record PayloadSlices(PayloadStretch WarmUp, PayloadStretch Window);
