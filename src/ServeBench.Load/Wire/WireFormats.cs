using ServeBench.Domain;
using ServeBench.Domain.Protocols;

namespace ServeBench.Load.Wire;

/// <summary>Every wire format that a protocol file can name, found by reflection: each has its reader beside it.</summary>
public static class WireFormats
{
    public static IReadOnlyList<IWireFormatReader> All { get; } =
        Plugins.In<IWireFormatReader>(typeof(WireFormats).Assembly, r => r.Name);
}
