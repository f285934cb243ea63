using ServeBench.Domain.Protocols;
using ServeBench.Load.Wire;

namespace ServeBench.Load;

/// <summary>Which driver makes the load, and why. A wire format that it cannot speak goes to another that can.</summary>
/// <param name="Driver">The driver of the run.</param>
/// <param name="Why">Why it is that one, as the end of a sentence: <c>it was asked for (--driver)</c>.</param>
/// <param name="Others">The drivers that replace it, best first.</param>
public sealed record DriverChoice(ILoadDriver Driver, string Why, params IReadOnlyList<ILoadDriver> Others)
{
    /// <summary>Measures the headlines a second time, where it speaks their wire format; null for none.</summary>
    public ILoadDriver? Second { get; init; }

    /// <summary>The driver of a protocol; null when none speaks its wire format.</summary>
    public ILoadDriver? For(Protocol protocol) =>
        WireFormat.Of(protocol) is var wire && Driver.CanDrive(wire) ? Driver : Others.FirstOrDefault(d => d.CanDrive(wire));

    /// <summary>Why it is that driver, and which protocols went to another because it cannot speak them.</summary>
    /// <param name="protocols">Those of the run; repeated ones count once. Some driver speaks each of them.</param>
    public string Reason(IEnumerable<Protocol> protocols) => Why + string.Concat(
        from protocol in protocols.DistinctBy(p => p.Name)
        where !Driver.CanDrive(WireFormat.Of(protocol))
        select $"; {protocol.Name} by {For(protocol)!.Name}, since {Driver.Name} does not speak {protocol.Wire.Name} here");
}
