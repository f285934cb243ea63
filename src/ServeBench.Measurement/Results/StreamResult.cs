namespace ServeBench.Measurement.Results;

/// <summary>How the tokens of streamed answers came, in the trial nearest to the median.</summary>
/// <param name="Ttft">Quantiles of the time to the first token, those that the samples support.</param>
/// <param name="Itl">Quantiles of the pooled gaps between pieces.</param>
/// <param name="Example">The tokens of one answer, whose duration is the median one.</param>
public sealed record StreamResult(
    IReadOnlyList<QuantilePoint> Ttft, IReadOnlyList<QuantilePoint> Itl, IReadOnlyList<TokenStep> Example);

/// <param name="Share">0.95 for p95.</param>
/// <param name="Seconds">The quantile.</param>
public sealed record QuantilePoint(double Share, double Seconds);

/// <param name="Seconds">After the request was due.</param>
/// <param name="Tokens">Tokens that had come by then.</param>
public sealed record TokenStep(double Seconds, int Tokens);
