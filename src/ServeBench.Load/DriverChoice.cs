using ServeBench.Domain.Protocols;

namespace ServeBench.Load;

/// <summary>Which driver makes the load, and why. A wire format that it cannot speak goes to another that can.</summary>
/// <param name="Driver">The driver of the run.</param>
/// <param name="Why">Why it is that one, as the end of a sentence: <c>it was asked for (--driver)</c>.</param>
/// <param name="Others">The drivers that stand in for it, best first.</param>
public sealed record DriverChoice(ILoadDriver Driver, string Why, params IReadOnlyList<ILoadDriver> Others)
{
    /// <summary>The driver of a wire format; null when none speaks it.</summary>
    public ILoadDriver? For(Transport transport) => Driver.CanDrive(transport) ? Driver : Others.FirstOrDefault(d => d.CanDrive(transport));
}
