namespace ServeBench.Measurement.Results;

public sealed record MetricDefinition(string Id, string Title, string Unit, string Better, string Formula, string Source);
