namespace ServeBench.Domain.Trials;

public sealed record ProfileRecord(
    string Name,
    string Summary,
    bool Quotable,
    int Trials,
    bool Twin,
    double WarmUpWindowSeconds,
    double WarmUpLimitSeconds,
    double MeasureSeconds);
