using ServeBench.Domain.Faults;
using ServeBench.Domain.Progress;
using ServeBench.Hosts.Delivery;
using ServeBench.Hosts.Engines;
using ServeBench.Processes.Commands;

namespace ServeBench.Hosts.Tests.Docker;

/// <summary>How a model comes to another machine's engine: once, whole, and told from any other by its content.</summary>
public sealed class ModelVolumesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("servebench-test-").FullName;
    private readonly FakeRunner _runner;
    private readonly ModelVolumes _volumes;

    /// <summary>The volumes, each with what sha256sum prints of it.</summary>
    private readonly Dictionary<string, string> _there = [];

    /// <summary>Whether what is copied arrives.</summary>
    private bool _arrives = true;

    public ModelVolumesTests()
    {
        _runner = new FakeRunner(Answer);
        _volumes = new ModelVolumes(new DockerCli(_runner));
        File.WriteAllText(Path.Combine(_folder, "m.onnx"), "weights");
        Directory.CreateDirectory(Path.Combine(_folder, "sub"));
        File.WriteAllText(Path.Combine(_folder, "sub", "v.txt"), "words");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private string Right => string.Concat(ModelVolumes.HashesOf(_folder).Select(f => $"{f.Value}  /model/{f.Key}\n"));

    private IEnumerable<string> Asked => _runner.Commands.Select(c => c.Arguments[0] == "volume" ? $"volume {c.Arguments[1]}" : c.Arguments[0]);

    [Fact]
    public async Task A_model_is_brought_once_and_verified_and_older_ones_are_removed()
    {
        _there["servebench-model-older"] = "";
        var name = await EnsureAsync(_volumes);
        Assert.Equal(name, await EnsureAsync(_volumes));
        Assert.Equal(["volume inspect", "volume create", "create", "cp", "rm", "run", "volume ls", "volume rm"], Asked);
        Assert.Equal([name], _there.Keys);
        Assert.Equal($"{_folder}/.", _runner.Commands.Single(c => c.Arguments[0] == "cp").Arguments[1]);

        // Another start of the program verifies it again, and copies nothing.
        _runner.Commands.Clear();
        Assert.Equal(name, await EnsureAsync(new ModelVolumes(new DockerCli(_runner))));
        Assert.Equal(["volume inspect", "run"], Asked);
        var verify = string.Join(' ', _runner.Commands[1].Arguments);
        Assert.Contains("--network=none --read-only --cap-drop=ALL", verify, StringComparison.Ordinal);
        Assert.EndsWith($"--user=65534:65534 --entrypoint=sha256sum --mount=type=volume,source={name},target=/model,readonly base /model/m.onnx /model/sub/v.txt", verify, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_content_is_another_volume()
    {
        var name = await EnsureAsync(_volumes);
        File.WriteAllText(Path.Combine(_folder, "m.onnx"), "other weights");
        Assert.NotEqual(name, await EnsureAsync(new ModelVolumes(new DockerCli(_runner))));
    }

    [Fact]
    public async Task A_volume_filled_in_part_is_filled_anew()
    {
        var name = ModelVolumes.NameOf(ModelVolumes.HashesOf(_folder));
        _there[name] = Right.Split('\n')[0] + "\n";
        Assert.Equal(name, await EnsureAsync(_volumes));
        Assert.Equal(["volume inspect", "run", "volume rm", "volume create", "create", "cp", "rm", "run", "volume ls"], Asked);
    }

    [Fact]
    public async Task A_model_that_does_not_arrive_whole_is_told_and_nothing_stays()
    {
        _arrives = false;
        var failure = await Assert.ThrowsAsync<RunFailedException>(() => EnsureAsync(_volumes));
        Assert.Contains("m did not arrive whole on the Docker Engine's machine: m.onnx is missing, or cannot be read", failure.Message, StringComparison.Ordinal);
        Assert.Empty(_there);
    }

    private Task<string> EnsureAsync(ModelVolumes volumes) => volumes.EnsureAsync(NullStack.Model with { Folder = _folder }, "base", SilentObserver.Instance, Cancelled);

    private CommandResult Answer(CommandSpec command)
    {
        var arguments = command.Arguments;
        switch (arguments)
        {
            case ["volume", "inspect", ..]: return _there.ContainsKey(arguments[^1]) ? Said("{}") : new CommandResult(1, "[]", $"Error: No such volume: {arguments[^1]}", TimeSpan.Zero);
            case ["volume", "create", ..]:
                _there[arguments[^1]] = "";
                return Said(arguments[^1]);
            case ["volume", "rm", ..]:
                _there.Remove(arguments[^1]);
                return Said("");
            case ["volume", "ls", ..]: return Said(string.Join('\n', _there.Keys));
            case ["cp", ..]:
                if (_arrives) _there[ModelVolumes.NameOf(ModelVolumes.HashesOf(_folder))] = Right;
                return Said("");
            case ["create" or "rm", ..]: return Said("");
            case ["run", ..]:
                var hashes = _there[arguments.Single(a => a.StartsWith("--mount=", StringComparison.Ordinal)).Split("source=")[1].Split(',')[0]];
                return new CommandResult(hashes == Right ? 0 : 1, hashes, hashes == Right ? "" : "sha256sum: /model/x: No such file or directory", TimeSpan.Zero);
            default: throw new InvalidOperationException($"nobody expects docker {string.Join(' ', arguments)}");
        }
    }

    private static CommandResult Said(string output) => new(0, output, "", TimeSpan.Zero);
}
