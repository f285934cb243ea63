using ServeBench.Domain.Plans;

namespace ServeBench.Load.Patterns;

/// <summary>Arrivals at one rate for the whole window, however they are spaced.</summary>
internal abstract class RatedPattern(OpenLoop shape) : OpenPattern(shape)
{
    protected double Rate => shape.Rate;

    public sealed override bool Fits(TimeSpan window) => Rate > 0;

    public sealed override int Users(TimeSpan deadline, TimeSpan? latencyP95) => Script.UsersOf(Rate, deadline, latencyP95);

    public override void Describe(Dictionary<string, object> values)
    {
        base.Describe(values);
        Script.AddRate(values, Rate);
    }
}
