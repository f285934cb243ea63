using System.Diagnostics;
using ServeBench.Runs.Tests.Fakes;

namespace ServeBench.Runs.Tests.Loading;

[Collection("sessions")]
[Lane("slow")]
public sealed class RecoveryTests : IDisposable
{
    private readonly World _world = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => _world.Dispose();

    /// <summary>The second case of a deployment is not measured behind what the first has left, and its record says how long that took.</summary>
    [Fact]
    public async Task A_case_begins_when_the_server_has_worked_off_the_load_before_it()
    {
        var busy = TimeSpan.FromSeconds(1.5);
        var begun = new Dictionary<int, long>();
        var session = _world.Start(r => r with { Stacks = ["alpha"] });
        _world.Driver.Before = (number, job) =>
        {
            begun[number] = Stopwatch.GetTimestamp();
            if (number == 1) EmbeddingServer.BusyUntil[job.Target.Address] = begun[1] + (long)(busy.TotalSeconds * Stopwatch.Frequency);
        };
        var outcome = await session.LoadAsync(Cancelled);

        Assert.Equal(0, outcome.Summary.Failed);
        Assert.True(Stopwatch.GetElapsedTime(begun[1], begun[2]) >= busy, "the second load began while the server was busy with the first");
        var records = outcome.Folder.ReadManifest().Trials.Select(t => outcome.Folder.ReadTrial(t)!).GroupBy(r => r.DeploymentId).ToArray();
        Assert.All(records, deployment => Assert.Single(deployment, r => r.Recovery is null));
        Assert.All(records.SelectMany(d => d), r => Assert.True(r.Recovery is null or { Recovered: true }));
        // It was asked again only after pauses; all others were answered at once.
        Assert.Single(records.SelectMany(d => d), r => r.Recovery is { Seconds: > 0.5 });
    }
}
