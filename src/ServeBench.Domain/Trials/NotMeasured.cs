namespace ServeBench.Domain.Trials;

public sealed record NotMeasured(string What, string Why);
