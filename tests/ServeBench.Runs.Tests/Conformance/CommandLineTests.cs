using System.Text;
using ServeBench.Domain.Models;
using ServeBench.Domain.Stacks;
using ServeBench.Domain.Yaml;
using ServeBench.Hosts;
using ServeBench.Hosts.Delivery;
using ServeBench.Hosts.Docker;
using ServeBench.Hosts.Engines;
using ServeBench.Hosts.Process;

namespace ServeBench.Runs.Tests.Conformance;

/// <summary>What every stack is started with, on each of its hosts and in each of its tracks, as approved text.</summary>
public sealed class CommandLineTests
{
    private const string Repository = "/repositories/m";

    private static ModelArtifact Model { get; } = new()
    {
        Model = "m", Weights = "seeded", WeightsReason = "a test", Sha256 = "00", Folder = "/models/m", OnnxFile = "model.onnx",
        SafetensorsFile = "model.safetensors", GgufFile = "model.gguf", Parameters = 1,
    };

    public static TheoryData<string> All => [.. StackFolder.Deployed.Select(s => s.Name)];

    [Theory]
    [MemberData(nameof(All))]
    public void It_is_what_was_approved(string name)
    {
        var stack = StackFolder.Catalogue.Stacks.Single(s => s.Name == name);
        var text = new StringBuilder();
        foreach (var file in stack.ModelRepository) text.AppendLine($"{file.Path}: {Source(file)}");
        foreach (var (host, section) in stack.Hosts.OrderBy(h => h.Key, StringComparer.Ordinal))
        {
            foreach (var track in stack.Tracks)
            {
                text.AppendLine($"\n[{host}, {track.Name}{(track.Group is { } group ? $", {group}" : "")}]");
                if (section is ProcessHostSettings process) Process(text, stack, track, process);
                else Docker(text, stack, track, (DockerHostSettings)section);
            }
        }
        Check(name, text.ToString());
    }

    private static string Source(RepositoryFile file) =>
        file.ModelFile is { } model ? $"{model} of the model"
        : file.Made is { } made ? $"{made}, derived of the model"
        : file.Template ?? $"a copy of {file.Copy}";

    private static void Process(StringBuilder text, Stack stack, Track track, ProcessHostSettings settings)
    {
        var values = new Dictionary<string, string>
        {
            [Placeholders.Bin] = "/bin", [Placeholders.StackFolder] = $"/stacks/{stack.Name}", [Placeholders.DeploymentFolder] = "/deployment",
            [Placeholders.Port] = "25000", [Placeholders.GrpcPort] = "25001", [Placeholders.MetricsPort] = "25002", [Placeholders.Cores] = "2",
            [Placeholders.Model] = Model.Model, [Placeholders.ModelFolder] = Model.Folder,
            [Placeholders.ModelRepository] = stack.ModelRepository.Count > 0 ? Repository : Model.Folder,
            [Placeholders.ModelFile] = $"{Model.Folder}/{Model.File(stack.ModelFormat)}",
        };
        text.AppendLine(Placeholder.Fill(settings.Command, values));
        foreach (var argument in settings.Arguments.Concat(track.Arguments)) text.AppendLine($"  {Placeholder.Fill(argument, values)}");
        foreach (var (variable, value) in stack.Lifecycle.Silence.Overlaid(settings.Environment).Overlaid(track.Environment).OrderBy(e => e.Key, StringComparer.Ordinal))
            text.AppendLine($"  {variable}={Placeholder.Fill(value, values)}");
    }

    private static void Docker(StringBuilder text, Stack stack, Track track, DockerHostSettings settings)
    {
        var repository = stack.ModelRepository.Count > 0 ? Repository : null;
        var request = new DeploymentRequest
        {
            Id = "run", Stack = stack, Track = track, Model = Model, Repository = repository, LogFile = "log", Cpus = [0, 1],
        };
        var engine = new DockerEngine("27", "x86_64", "overlay2", "2", IsNative: true, IsRootless: false, HasGpus: false);
        var image = settings.Image.Published ?? $"servebench/{stack.Name}:0123";
        var spec = ContainerSpec.Of(request, engine, image, settings, ModelMount.OfFolders(Model, repository)) with
        {
            Labels = new Dictionary<string, string>(),
        };
        text.AppendLine("docker");
        foreach (var argument in spec.RunArguments()) text.AppendLine($"  {argument}");
    }

    private static void Check(string name, string text)
    {
        var folder = Path.Combine(StackFolder.Root, "tests", "ServeBench.Runs.Tests", "Conformance", "Approved");
        var (approved, received) = (Path.Combine(folder, $"{name}.approved.txt"), Path.Combine(folder, $"{name}.received.txt"));
        if (File.Exists(approved) && File.ReadAllText(approved) == text)
        {
            File.Delete(received);
            return;
        }
        Directory.CreateDirectory(folder);
        File.WriteAllText(received, text);
        Assert.Fail($"{name} is started otherwise than was approved: compare {received} with {approved}, and replace it if the change is meant");
    }
}
