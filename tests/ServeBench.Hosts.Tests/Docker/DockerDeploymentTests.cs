using System.Net;
using ServeBench.Domain.Trials;
using ServeBench.Hosts.Delivery;
using ServeBench.Hosts.Docker;
using ServeBench.Hosts.Engines;
using ServeBench.Hosts.Images;
using ServeBench.Hosts.Telemetry;
using ServeBench.Processes.Commands;
using ServeBench.Processes.Servers;

namespace ServeBench.Hosts.Tests.Docker;

/// <summary>The end of a deployment at which something fails.</summary>
public sealed class DockerDeploymentTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("servebench-test-").FullName;
    private readonly Meter _meter = new();
    private readonly FakeRunner _runner;
    private readonly List<string> _heard = [];

    /// <summary>The subcommand that fails as no command should.</summary>
    private string _fails = "";

    private bool _watchEnded;

    /// <summary>Where its server answered; nobody listens on port 1.</summary>
    private IPEndPoint _endpoint = new(IPAddress.Loopback, 1);

    public DockerDeploymentTests() => _runner = new FakeRunner(AnswerAsync);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("stop")]
    [InlineData("logs")]
    [InlineData("rm")]
    public async Task Whatever_fails_the_rest_is_released(string fails)
    {
        _fails = fails;
        var deployment = Deployment(Path.Combine(_folder, "server.log"));
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await deployment.DisposeAsync());
        Assert.Contains(_runner.Commands, c => c.Arguments[0] == "rm");
        Assert.True(_meter.IsDisposed);
        Assert.True(_watchEnded);
    }

    [Fact]
    public async Task A_log_without_a_place_to_be_is_told_and_all_is_released()
    {
        var notAFolder = Path.Combine(_folder, "file");
        await File.WriteAllTextAsync(notAFolder, "", TestContext.Current.CancellationToken);
        await Deployment(Path.Combine(notAFolder, "server.log")).DisposeAsync();
        Assert.StartsWith("The log of servebench.x is lost: ", Assert.Single(_heard), StringComparison.Ordinal);
        Assert.Equal(["wait", "stop", "logs", "rm"], _runner.Commands.Select(c => c.Arguments[0]));
        Assert.True(_meter.IsDisposed);
        Assert.True(_watchEnded);
    }

    [Fact]
    [Lane("slow")]
    public async Task A_port_that_still_answers_when_the_container_is_removed_ends_the_run()
    {
        using var left = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        left.Start();
        _endpoint = (IPEndPoint)left.LocalEndpoint;
        var deployment = Deployment(Path.Combine(_folder, "server.log"));
        var failure = await Assert.ThrowsAsync<Domain.Faults.RunFailedException>(async () => await deployment.DisposeAsync());
        Assert.Contains($"servebench.x is removed, and {_endpoint} still accepts connections", failure.Message, StringComparison.Ordinal);
        Assert.True(_meter.IsDisposed);
        Assert.True(_watchEnded);
    }

    private async Task<CommandResult> AnswerAsync(CommandSpec command, CancellationToken cancelled)
    {
        if (command.Arguments[0] == _fails) throw new InvalidOperationException($"docker {_fails} fails");
        if (command.Arguments[0] != "wait") return new CommandResult(0, "", "", TimeSpan.Zero);
        try
        {
            await Task.Delay(Timeout.Infinite, cancelled);
        }
        finally
        {
            _watchEnded = true;
        }
        return new CommandResult(0, "0", "", TimeSpan.Zero);
    }

    private DockerDeployment Deployment(string logFile) => new(
        new DockerCli(_runner),
        new ContainerSpec
        {
            Name = "servebench.x",
            Image = "servebench/x:1",
            Settings = new DockerHostSettings
            {
                Image = new ImageSettings { Dockerfile = "Dockerfile", Context = [], Publish = new Dictionary<string, string>(), Shared = new Dictionary<string, string>() }, Arguments = [], Environment = new Dictionary<string, string>(),
                Ports = new Dictionary<string, int> { [Endpoints.Http] = 8000 }, ReadOnly = true, TemporaryFolders = [], MemoryBytes = null, Gpus = null, StartLimit = TimeSpan.FromSeconds(1), StopLimit = TimeSpan.FromSeconds(1),
            },
            Labels = new Dictionary<string, string>(),
            Mounts = [ModelMount.OfFolder("/models/m")],
            Cpus = [],
            Environment = new Dictionary<string, string>(),
            Arguments = [],
        },
        new Container("0123", IsRunning: true, 0, DateTimeOffset.UnixEpoch, 0, OomKilled: false, "", null, new Dictionary<int, int> { [8000] = 32768 }),
        new DockerDeployment.Launch(0, DateTimeOffset.UnixEpoch, Endpoints.Of(_endpoint), logFile, IsNative: false, LastWill.Of(new CommandSpec("true")), _ => { }, _heard.Add),
        _meter);

    private sealed class Meter : IUsageMeter, IDisposable
    {
        public bool IsDisposed { get; private set; }

        public void Start() { }

        public ServerUse Stop() => new() { Cpus = [], Source = "" };

        public void Dispose() => IsDisposed = true;
    }
}
