using ServeBench.Domain.Faults;
using ServeBench.Domain.Models;

namespace ServeBench.Models.Store;

/// <summary>Which weights a request gets, and why.</summary>
internal static class WeightsChoice
{
    public static (string Weights, string Reason) Decide(ModelRequest request) => request.Weights switch
    {
        WeightsSource.Seeded => (WeightsSource.Seeded, "seeded weights were asked for"),
        WeightsSource.Auto => (WeightsSource.Seeded, "this version cannot download pretrained weights, so seeded ones stand in"),
        WeightsSource.Pretrained => throw new RunFailedException("This version cannot download pretrained weights", "Use --weights=seeded"),
        _ => throw new FaultException(new Fault("--weights", null, null, $"'{request.Weights}' is not known", NearestName.Remedy(request.Weights, WeightsSource.All))),
    };
}
