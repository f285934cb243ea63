using ServeBench.Domain.Faults;
using ServeBench.Load;
using ServeBench.Runs.Tests.Fakes;

namespace ServeBench.Runs.Tests;

/// <summary>Which driver gets a case, in whole sessions as in <see cref="SessionTests"/>.</summary>
[Collection("sessions")]
public sealed class DriverAssignmentTests : IDisposable
{
    private const int AllCases = 18;

    private readonly World _world = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => _world.Dispose();

    /// <summary>As when k6 lacks the extension for a wire format (docs/k6.md): the report's provenance and each trial say who measured.</summary>
    [Fact]
    [Lane("slow")]
    public async Task What_the_runs_driver_does_not_speak_goes_to_another_and_the_run_says_so()
    {
        var (mute, able) = (new FakeDriver { Name = "mute", Speaks = _ => false }, new FakeDriver { Name = "able" });
        _world.Drivers = new DriverChoice(mute, "a test asked for it", able);
        var session = _world.Start();
        Assert.Equal("openai-embeddings", Assert.Single(session.Protocols).Name);
        var folder = (await session.LoadAsync(Cancelled)).Folder;
        Assert.Equal((0, AllCases), (mute.Jobs, able.Jobs));
        var manifest = folder.ReadManifest();
        Assert.Contains("a test asked for it; openai-embeddings by able, since mute does not speak http here", string.Join("; ", manifest.Versions.Select(v => $"{v.Key}: {v.Value}")), StringComparison.Ordinal);
        Assert.All(manifest.Trials, t => Assert.Equal("able", folder.ReadTrial(t)!.Load.Driver));
    }

    [Fact]
    public void What_no_driver_speaks_is_left_out_with_the_remedy()
    {
        _world.Drivers = new DriverChoice(new FakeDriver { Speaks = _ => false }, "a test asked for it");
        var failure = Assert.Throws<FaultException>(() => _world.Start(r => r with { Stacks = ["alpha"] }));
        Assert.Contains("alpha cannot run here: no load driver here speaks openai-embeddings (http). Try the other driver with --driver, or a k6 that has the extension for it", failure.Message, StringComparison.Ordinal);
    }
}
