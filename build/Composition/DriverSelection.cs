using ServeBench.Build.Options;
using ServeBench.Domain.Faults;
using ServeBench.Domain.Progress;
using ServeBench.Load;
using ServeBench.Load.K6;
using ServeBench.Load.K6.Finding;
using ServeBench.Load.K6.Running;
using ServeBench.Load.Native;

namespace ServeBench.Build.Composition;

/// <summary>Which driver makes the load. The one place that knows which drivers there are.</summary>
/// <param name="locator">Finds k6.</param>
/// <param name="templates">Folder of the k6 templates.</param>
/// <param name="work">Where k6's cases go.</param>
public sealed class DriverSelection(K6Locator locator, string templates, string work)
{
    public const string Auto = "auto";
    public const string K6 = "k6";
    public const string Native = "native";

    /// <summary>Both: the first measures, and the second measures the headlines once more.</summary>
    public const string NativeThenK6 = $"{Native},{K6}";

    public const string K6ThenNative = $"{K6},{Native}";

    /// <summary>What <c>--driver</c> can be; the default first.</summary>
    public static IReadOnlyList<string> Names { get; } = [Native, K6, Auto, NativeThenK6, K6ThenNative];

    /// <summary>What the options say about k6.</summary>
    public static K6Wish Wish(BuildOptions options) => new(options.K6, options.K6Image, options.Offline);

    /// <exception cref="FaultException">when k6 was asked for and cannot be obtained.</exception>
    public async Task<DriverChoice> ChooseAsync(BuildOptions options, IRunObserver observer, CancellationToken ct)
    {
        switch (options.Driver)
        {
            case Native:
                return OurOwn("it is the most precise (--driver chooses another)");
            case K6:
                return OfK6(await locator.FindAsync(Wish(options), observer, ct), options, "it was asked for (--driver)");
            case NativeThenK6:
            case K6ThenNative:
                var k6 = OfK6(await locator.FindAsync(Wish(options), observer, ct), options, "it was named first (--driver)");
                return options.Driver == NativeThenK6
                    ? OurOwn(k6.Why) with { Second = k6.Driver }
                    : k6 with { Second = new NativeDriver() };
            default:
                return await AutoAsync(options, ct);
        }
    }

    /// <summary>Every driver that is at hand.</summary>
    public async Task<IReadOnlyList<ILoadDriver>> AllAsync(BuildOptions options, CancellationToken ct)
    {
        var program = await locator.AtHandAsync(Wish(options), ct);
        return program is null ? [new NativeDriver()] : [new NativeDriver(), OfK6(program, options, "").Driver];
    }

    /// <summary>k6 where there is one, since that is what teams know and review; our own otherwise. Nothing is fetched unasked.</summary>
    private async Task<DriverChoice> AutoAsync(BuildOptions options, CancellationToken ct)
    {
        try
        {
            return await locator.AtHandAsync(Wish(options), ct) is { } program
                ? OfK6(program, options, $"it is on this machine ({program.Path ?? program.Image})")
                : OurOwn("there is no k6 on PATH or in the cache of tools (--driver=k6 fetches one)");
        }
        catch (FaultException e) when (options is { K6: null, K6Image: null })
        {
            return OurOwn($"the k6 on this machine cannot be used: {e.Faults[0].Problem}");
        }
    }

    private static DriverChoice OurOwn(string why) => new(new NativeDriver(), why);

    private DriverChoice OfK6(K6Program program, BuildOptions options, string why) =>
        new(new K6Driver(program, templates, work, TimeProvider.System) { Online = options.K6Online }, why, new NativeDriver());
}
