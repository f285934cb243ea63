using System.Text.RegularExpressions;
using ServeBench.Domain.Models;
using ServeBench.Domain.Progress;
using ServeBench.Models.Architectures;
using ServeBench.Models.Architectures.Generation;
using ServeBench.Models.Packages;
using ServeBench.Models.Store;
using ServeBench.Processes.Commands;

namespace ServeBench.Stacks.Tests;

/// <summary>
/// Runs the tests of the Python stacks, which are Python themselves: with the Python of this machine, or, where that lacks what
/// a stack needs and its image has been built, in a container of it.
/// </summary>
[Lane("python")]
public sealed partial class PythonTests
{
    private const string Python = "python3";

    /// <summary>Loading PyTorch a few times on a busy machine takes minutes.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    private static readonly string Root = FindRoot();

    private readonly CommandRunner _commands = new();

    [Theory]
    [InlineData("test_wordpiece", null)]
    [InlineData("test_batching_queue", null)]
    [InlineData("test_servers.OnnxRuntimeTests", "fastapi-onnxruntime")]
    [InlineData("test_servers.PyTorchTests", "fastapi-pytorch")]
    [InlineData("test_servers.QueueTests", "fastapi-queue")]
    [InlineData("test_timm_names", "fastapi-pytorch")]
    [InlineData("test_image_servers.OnnxRuntimeTests", "fastapi-onnxruntime")]
    [InlineData("test_image_servers.PyTorchTests", "fastapi-pytorch")]
    [InlineData("test_image_servers.QueueTests", "fastapi-queue")]
    [InlineData("test_byte_level", "fastapi-pytorch")]
    [InlineData("test_generation_loop", "fastapi-pytorch")]
    [InlineData("test_text_servers.Gpt2Tests", "fastapi-pytorch")]
    [InlineData("test_text_servers.OptTests", "fastapi-pytorch")]
    public async Task Python_tests_pass(string tests, string? stack)
    {
        var version = await TryAsync("-c", "import sys; print(*sys.version_info[:2])");
        Assert.SkipUnless(version?.Output.Trim().Split(' ') is [var major, var minor] && (int.Parse(major), int.Parse(minor)).CompareTo((3, 11)) >= 0,
            $"{Python} 3.11 or later is not on PATH");
        var result = await TryAsync("-m", "unittest", "-v", tests);
        Assert.True(result!.ExitCode == 0, result.Error);
        var (ran, skipped) = Count(result.Error);
        if (ran > 0) return;
        var image = stack is null ? null : await ImageAsync(stack);
        if (image is null) Assert.Skip($"{skipped ?? "Python ran no test and did not say why"}; and there is no image of {stack}");
        result = await InContainerAsync(image, tests);
        Assert.True(result.ExitCode == 0 && Count(result.Error).Ran > 0, result.Error);
    }

    /// <summary>What can be said of code whose libraries are not here; nothing of it is imported, and nothing is written.</summary>
    [Fact]
    public async Task The_code_of_every_stack_and_of_every_stand_in_compiles()
    {
        string[] places = [Path.Combine(Root, "src", "stacks"), Path.Combine(Root, "tests", "Shared", "StandIn")];
        string[] files = [.. places.SelectMany(f => Directory.EnumerateFiles(f, "*.py", SearchOption.AllDirectories))];
        Assert.Contains(files, f => f.EndsWith(Path.Combine("torchserve", "app", "handler.py"), StringComparison.Ordinal));
        const string Compile = "import sys\nfor f in sys.argv[1:]:\n    with open(f, encoding='utf-8') as s: compile(s.read(), f, 'exec')";
        var result = await TryAsync(["-c", Compile, .. files]);
        Assert.SkipWhen(result is null, $"{Python} is not on PATH");
        Assert.True(result!.ExitCode == 0, result.Error);
    }

    /// <summary>The newest image of a stack, or null where there is none or no engine.</summary>
    private async Task<string?> ImageAsync(string stack)
    {
        try
        {
            var images = await _commands.TryRunAsync(new CommandSpec("docker", "images", "--quiet", $"--filter=label=servebench.stack={stack}") { Timeout = TimeSpan.FromSeconds(20) });
            return images.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault();
        }
        catch (CommandFailedException)
        {
            return null;
        }
    }

    /// <summary>The sources of this checkout, not those in the image, under the image's Python; as confined as a deployed stack.</summary>
    private async Task<CommandResult> InContainerAsync(string image, string tests) => await _commands.TryRunAsync(new CommandSpec(
        "docker", "run", "--rm", "--network=none", "--read-only", "--tmpfs=/tmp", "--user=65534:65534", "--entrypoint=python3",
        $"--mount=type=bind,source={Root},target=/repository,readonly", "--workdir=/repository/tests/Stacks.Tests/Python",
        $"--env=SERVEBENCH_MODEL=/repository/{Path.GetRelativePath(Root, (await Model.Value).Folder)}",
        $"--env=SERVEBENCH_IMAGE_MODEL=/repository/{Path.GetRelativePath(Root, (await ImageModel.Value).Folder)}",
        $"--env=SERVEBENCH_TEXT_MODELS={await TextModelsAsync(folder => $"/repository/{Path.GetRelativePath(Root, folder)}")}",
        image, "-m", "unittest", "-v", tests) { Timeout = Limit });

    private async Task<CommandResult?> TryAsync(params string[] arguments)
    {
        try
        {
            return await _commands.TryRunAsync(new CommandSpec(Python, arguments)
            {
                WorkingDirectory = Path.Combine(Root, "tests", "Stacks.Tests", "Python"),
                Environment = new Dictionary<string, string>
                {
                    ["SERVEBENCH_MODEL"] = (await Model.Value).Folder,
                    ["SERVEBENCH_IMAGE_MODEL"] = (await ImageModel.Value).Folder,
                    ["SERVEBENCH_TEXT_MODELS"] = await TextModelsAsync(folder => folder),
                },
                Timeout = Limit,
            });
        }
        catch (CommandFailedException) when (arguments[0] == "-c")
        {
            return null;
        }
    }

    /// <summary>How many tests ran, skipped ones not among them, and the reason of the first that did not.</summary>
    private static (int Ran, string? Skipped) Count(string output)
    {
        var ran = int.Parse(Ran().Match(output).Groups["count"].Value);
        var reasons = Skipped().Matches(output).Select(m => m.Groups["reason"].Value).ToArray();
        // A class that is skipped whole counts as skipped but not as run.
        return (reasons.Length >= ran ? 0 : ran, reasons.FirstOrDefault());
    }

    private static readonly Lazy<Task<ModelArtifact>> Model = new(() => PrepareAsync("all-MiniLM-L6-v2"));

    private static readonly Lazy<Task<ModelArtifact>> ImageModel = new(() => PrepareAsync("mobilenet-v3-small"));

    private static readonly Lazy<Task<(string Architecture, ModelArtifact Model)[]>> TextModels = new(async () =>
    [
        ("gpt2", await PrepareAsync("gpt2", Tiny)),
        ("opt", await PrepareAsync("opt-125m", Tiny)),
    ]);

    private static async Task<string> TextModelsAsync(Func<string, string> place) =>
        string.Join(Path.PathSeparator, (await TextModels.Value).Select(m => $"{m.Architecture}={place(m.Model.Folder)}"));

    /// <summary>Two layers, with room for texts that last some seconds.</summary>
    private static ModelCard Tiny(ModelCard card) => card with
    {
        Name = $"small-{card.Name}",
        Export = (GeneratorSettings)card.Export with { Layers = 2, Hidden = 32, Heads = 2, Intermediate = 64, Positions = 2048 },
    };

    private static async Task<ModelArtifact> PrepareAsync(string name, Func<ModelCard, ModelCard>? change = null)
    {
        var folder = Path.Combine(Root, "models", name);
        var card = CatalogueFile.Read(Path.Combine(folder, "model.yaml"), f => ModelCardReader.Read(f, folder, KnownArchitectures.All));
        var store = new ModelStore(Path.Combine(Root, "artifacts", "test-models"), new PackageFolder(PackageFolder.Default));
        return await store.PrepareAsync(change is null ? card : change(card), new ModelRequest { Weights = WeightsSource.Seeded }, SilentObserver.Instance, CancellationToken.None);
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "ServeBench.slnx"))) folder = folder.Parent;
        return folder.FullName;
    }

    [GeneratedRegex(@"^Ran (?<count>\d+) tests? in ", RegexOptions.Multiline)]
    private static partial Regex Ran();

    [GeneratedRegex(@"skipped ['""](?<reason>.+)['""]$", RegexOptions.Multiline)]
    private static partial Regex Skipped();
}
