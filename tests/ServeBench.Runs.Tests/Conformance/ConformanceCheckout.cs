using System.Text.Json;
using System.Text.RegularExpressions;
using ServeBench.Domain.Protocols;
using ServeBench.Domain.Stacks;
using ServeBench.Runs.Tests.Fakes;

namespace ServeBench.Runs.Tests.Conformance;

/// <summary>
/// A stack's folder in a checkout in miniature: everything that it says of its server stands there as it is, and the server is the stand-in.
/// </summary>
internal static partial class ConformanceCheckout
{
    public const string Workload = "conforming";

    /// <summary>Requests in flight, and how many of them a server that refuses takes.</summary>
    private const int InFlight = 6;

    private const int AtOnce = 2;

    /// <summary>The protocol by which a stand-in is spoken to: the first that the stack speaks for a group, but for gRPC.</summary>
    public static Protocol Protocol(Stack stack, string group)
    {
        var kinds = StackFolder.Catalogue.Workloads.Where(w => w.Group == group).Select(w => w.Payload.Kind).ToHashSet();
        return stack.Protocols.Select(StackFolder.Catalogue.Protocol).First(p => kinds.Contains(p.Payload) && p.Wire.Name is "http" or "sse");
    }

    public static void Prepare(TinyRepository repository, Stack stack, string group)
    {
        var protocol = Protocol(stack, group).Name;
        Copy(repository, $"k6/protocols/{protocol}.yaml");
        Copy(repository, "src/stacks/shared-python/model_server");
        Copy(repository, "src/stacks/fastapi-pytorch/app");
        Copy(repository, "src/ServeBench.Models/Tokenizers/bert-uncased-characters.txt");
        Copy(repository, $"src/stacks/{stack.Name}");
        AddModel(repository, group);
        Copy(repository, "k6/data/moby-dick.txt");
        repository.Write($"k6/workloads/{group}/{Workload}.yaml", $$"""
            name: {{Workload}}
            title: A short load
            protocols: [{{protocol}}]
            models: [{{ModelOf(group)}}]
            payload: {{Payload(group, protocol)}}
            objectives: { deadline: 10s, error-rate: 0.01 }
            scenarios:
              only: { title: The only one, loop: closed, concurrency: { quick: [{{InFlight}}] } }
            """);
        var profile = File.ReadAllText(Path.Combine(repository.Root, "k6", "profiles", "quick.yaml"));
        repository.Write("k6/profiles/quick.yaml", profile.Replace("measure: 50ms", "measure: 600ms"));
        repository.Write($"src/stacks/{stack.Name}/stack.yaml", StackFile(stack, group, protocol));
    }

    /// <summary>The stack's own file up to its tracks, and the stand-in as the server.</summary>
    private static string StackFile(Stack stack, string group, string protocol)
    {
        var text = File.ReadAllText(Path.Combine(stack.Folder, "stack.yaml"));
        text = Groups().Replace(Protocols().Replace(text[..text.IndexOf("\ntracks:", StringComparison.Ordinal)], $"protocols: [{protocol}]"), $"groups: [{group}]");
        // Counters that are late would make the test late.
        text = text.Replace("delay: 10s", "delay: 100ms");
        var metrics = Metrics().IsMatch(File.ReadAllText(Path.Combine(stack.Folder, "stack.yaml")));
        string[] arguments =
        [
            StackFolder.StandIns, $"--personality={stack.Name}", "--port=${port}", "--model=${model-folder}", $"--oracle={StackFolder.Oracle}",
            $"--at-once={AtOnce}", .. metrics ? ["--metrics-port=${metrics-port}"] : (string[])[],
        ];
        return $$"""
            {{text}}
            tracks: { default: { summary: a stand-in } }
            hosts:
              process:
                command: python3
                arguments: {{JsonSerializer.Serialize(arguments)}}
                ports: { http: free{{(metrics ? ", metrics: free" : "")}} }
                start-limit: 60s
                stop-limit: 15s
            """;
    }

    public static string ModelOf(string group) => group == "embeddings" ? "tiny" : $"tiny-{group}";

    /// <summary>Of each kind of work a network that computes within a millisecond or two.</summary>
    public static void AddModel(TinyRepository repository, string group)
    {
        (string Name, (string From, string To)[] Changes)? of = group switch
        {
            "image-classification" => ("mobilenet-v3-small", [("classes: 1000", "classes: 12"), ("size: 224", "size: 64"), ("resize: 256", "resize: 72")]),
            "text-generation" => ("gpt2", [("layers: 12", "layers: 1"), ("hidden: 768", "hidden: 32"), ("heads: 12", "heads: 2"), ("intermediate: 3072", "intermediate: 64"), ("positions: 1024", "positions: 128")]),
            _ => null,
        };
        if (of is not var (name, changes)) return;
        var card = File.ReadAllText(Path.Combine(StackFolder.Root, "models", name, "model.yaml"));
        card = card.Replace($"name: {name}\n", $"name: {ModelOf(group)}\n");
        foreach (var (from, to) in changes)
        {
            Assert.Contains(from, card, StringComparison.Ordinal);
            card = card.Replace(from, to);
        }
        repository.Write($"models/{ModelOf(group)}/model.yaml", card);
        if (group == "image-classification") Copy(repository, "k6/data/photographs/usual");
    }

    private static string Payload(string group, string protocol) => group switch
    {
        "image-classification" => $"{{ kind: image, form: {(protocol.StartsWith("open-inference", StringComparison.Ordinal) ? "tensor" : "file")}, photographs: photographs/usual, items-per-request: 1, distinct: 48 }}",
        "text-generation" => "{ kind: prompt, corpus: moby-dick.txt, prompt-tokens: { 8: 1 }, output-tokens: { 8: 1 }, distinct: 960 }",
        _ => "{ kind: text, corpus: moby-dick.txt, lengths: { 8: 2, 16: 1 }, items-per-request: 2, distinct: 1200 }",
    };

    private static void Copy(TinyRepository repository, string path)
    {
        var source = Path.Combine(StackFolder.Root, path);
        var files = File.Exists(source) ? [source] : Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories);
        foreach (var file in files.Where(RepositoryFile.IsSource))
        {
            var target = Path.Combine(repository.Root, Path.GetRelativePath(StackFolder.Root, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target, overwrite: true);
        }
    }

    [GeneratedRegex(@"^groups: .*$", RegexOptions.Multiline)]
    private static partial Regex Groups();

    [GeneratedRegex(@"^protocols: .*$", RegexOptions.Multiline)]
    private static partial Regex Protocols();

    [GeneratedRegex("metrics: (free|[0-9]+)")]
    private static partial Regex Metrics();
}
