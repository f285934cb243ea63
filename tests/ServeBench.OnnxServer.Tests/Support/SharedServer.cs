namespace ServeBench.OnnxServer.Tests.Support;

/// <summary>One server for all tests of a class, with limits low enough to be reached.</summary>
public sealed class SharedServer(PreparedMiniLm model) : IAsyncLifetime
{
    internal RunningServer Server { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Server = await RunningServer.StartAsync(model.Folder, "--max-items=40", "--max-body=100000");

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}
