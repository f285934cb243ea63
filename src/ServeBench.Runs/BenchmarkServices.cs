using ServeBench.Domain.Catalogues;
using ServeBench.Domain.Progress;
using ServeBench.Domain.Trials;
using ServeBench.Hosts;
using ServeBench.Hosts.Machine;
using ServeBench.Load;
using ServeBench.Measurement.Results;
using ServeBench.Models.Store;
using ServeBench.Runs.Racing;
using ServeBench.Work;

namespace ServeBench.Runs;

/// <summary>What a benchmark works with, whichever run it is; composed once by the program.</summary>
public sealed record BenchmarkServices
{
    public required Catalogue Catalogue { get; init; }
    public required HostCatalogue Hosts { get; init; }

    /// <summary>The kinds of work; those by which the catalogue was read.</summary>
    public required KnownWork Work { get; init; }
    public required ModelStore Models { get; init; }
    public required DriverChoice Drivers { get; init; }
    public required MachineRecord Machine { get; init; }
    public required CorePlan Cores { get; init; }

    /// <summary>What else the machine does.</summary>
    public IMachineState MachineState { get; init; } = new MachineState();

    /// <summary>The stopping rule of <c>--until=decided</c>; null where there is none.</summary>
    public Func<IReadOnlyList<CaseResult>, RaceView>? Look { get; init; }

    public required IRunObserver Observer { get; init; }
    public required TimeProvider Time { get; init; }

    /// <summary>Absolute path of the folder for what can be made again: <c>artifacts</c>.</summary>
    public required string ArtifactsFolder { get; init; }

    /// <summary>Path of the built null server.</summary>
    public required string NullServerProgram { get; init; }

    /// <summary>Version of this program, for manifests.</summary>
    public required string Version { get; init; }
}
