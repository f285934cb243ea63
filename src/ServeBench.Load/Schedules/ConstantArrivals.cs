namespace ServeBench.Load.Schedules;

/// <summary>Evenly spaced arrivals: the k-th, from 0, at k / rate, each rounded by itself so that no error adds up.</summary>
internal sealed class ConstantArrivals(double rate) : ArrivalSchedule
{
    private readonly double _gap = Gap(rate);
    private long _count;

    public override long Next() => (long)Math.Round(_count++ * _gap);
}
