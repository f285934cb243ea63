using ServeBench.Domain.Faults;
using ServeBench.Hosts;
using ServeBench.Runs.Tests.Fakes;

namespace ServeBench.Runs.Tests.Hosts;

/// <summary>A host costs two files (docs/architecture.md): its own, and its registration.</summary>
[Collection("sessions")]
public sealed class ToyHostTests : IDisposable
{
    private readonly ToyHost _host = new();
    private readonly World _world;

    public ToyHostTests()
    {
        _world = new World { MoreHosts = [_host] };
        _world.Repository.Stack("alpha", "", "");
        WriteSection("alpha", "greeting: hello");
        WriteSection("beta", "greeting: hi");
    }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => _world.Dispose();

    [Fact]
    [Lane("slow")]
    public async Task A_host_is_measured_on_with_no_more_than_its_file_and_its_registration()
    {
        await new HostCatalogue([_world.Host, _host]).LookAsync([], Cancelled);
        var outcome = await _world.Start(r => r with { Host = ToyHost.HostName }).LoadAsync(Cancelled);
        Assert.Equal(0, outcome.Summary.Failed);
        Assert.True(outcome.Summary.Measured > 0);
        var deployments = outcome.Folder.ReadDeployments();
        Assert.Equal(["hello", "hi"], deployments.Select(d => d.Command).Distinct().Order());
        Assert.All(deployments, d => Assert.True(d.Parity!.Passed));
        Assert.All(outcome.Folder.ReadManifest().Trials, t => Assert.Equal("not measured: a toy", outcome.Folder.ReadTrial(t)!.Server.Source));
    }

    [Fact]
    [Lane("slow")]
    public async Task Its_settings_are_part_of_fingerprints_and_its_section_is_read_strictly()
    {
        await new HostCatalogue([_host]).LookAsync([], Cancelled);
        await _world.Start(r => r with { Host = ToyHost.HostName }).LoadAsync(Cancelled);
        Assert.Equal(0, (await _world.Start(r => r with { Host = ToyHost.HostName }).LoadAsync(Cancelled)).Summary.Measured);
        WriteSection("beta", "greeting: another");
        Assert.True((await _world.Start(r => r with { Host = ToyHost.HostName }).LoadAsync(Cancelled)).Summary.Measured > 0);

        WriteSection("beta", "greting: hi");
        var faults = Assert.Throws<FaultException>(() => _world.Start(r => r with { Host = ToyHost.HostName })).Faults;
        Assert.Contains(faults, f => f.ToString().Contains("Did you mean greeting?", StringComparison.Ordinal));
    }

    [Fact]
    public void Until_it_has_looked_it_cannot_be_used() =>
        Assert.Contains("nobody has looked", Assert.Throws<FaultException>(() => _world.Start(r => r with { Host = ToyHost.HostName })).Message, StringComparison.Ordinal);

    private void WriteSection(string stack, string section)
    {
        var file = Path.Combine(_world.Repository.Root, "src/stacks", stack, "stack.yaml");
        var text = File.ReadAllText(file);
        var at = text.IndexOf("hosts:", StringComparison.Ordinal);
        _world.Repository.Write($"src/stacks/{stack}/stack.yaml", text[..at] + $"hosts: {{ fake: {{}}, {ToyHost.HostName}: {{ {section} }} }}\n");
    }
}
