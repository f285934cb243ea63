using ServeBench.Domain.Trials;

namespace ServeBench.Domain.Plans;

/// <param name="Concurrency">Requests in flight at any time.</param>
public sealed record ClosedLoop(int Concurrency) : LoadShape
{
    public override string Id => $"c{Concurrency}";

    public override string Title => $"{Concurrency} in flight";

    public override Loop Loop => Loop.Closed;

    public override double Size => Concurrency;

    public override LoadRecord In(LoadRecord record) => base.In(record) with { Concurrency = Concurrency };
}
