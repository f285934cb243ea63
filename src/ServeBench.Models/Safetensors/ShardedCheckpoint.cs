using System.Buffers.Binary;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using ServeBench.Domain.Faults;

namespace ServeBench.Models.Safetensors;

/// <summary>
/// A checkpoint whose tensors lie in several safetensors files, as large models are published:
/// <c>model-00001-of-00002.safetensors</c> and so on, with <c>model.safetensors.index.json</c> that says which tensor is where.
/// </summary>
public static partial class ShardedCheckpoint
{
    public const string WholeFile = "model.safetensors";
    public const string IndexFile = "model.safetensors.index.json";

    /// <summary>True for a file that holds tensors.</summary>
    public static bool HoldsTensors(string file) => file == WholeFile || Shard().IsMatch(file);

    /// <summary>Says what cannot be used about a list of files, before any of them is fetched.</summary>
    /// <exception cref="RunFailedException">naming what is there and what is missing.</exception>
    public static void Check(string model, IReadOnlyCollection<string> files)
    {
        if (files.Contains(WholeFile) || files.Contains(IndexFile)) return;
        var shards = files.Select(f => Shard().Match(f)).Where(m => m.Success).ToArray();
        if (shards.Length == 0)
        {
            throw new RunFailedException(
                $"The card of {model} lists no weights that can be read: {string.Join(", ", files)}",
                $"Add {WholeFile}, or {IndexFile}, to source.files of model.yaml; other formats are not supported");
        }
        var missing = shards
            .SelectMany(
                s => Enumerable
                    .Range(1, int.Parse(s.Groups["count"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture))
                    .Select(i => $"model-{i:00000}-of-{s.Groups["count"].Value}.safetensors"))
            .Distinct()
            .Except(files)
            .Take(4)
            .ToArray();
        if (missing.Length > 0)
            throw new RunFailedException(
                $"The card of {model} lists some shards of its weights, and not {string.Join(", ", missing)}",
                $"Add them, or {IndexFile} alone, which names all of them");
    }

    /// <summary>The shards that an index names.</summary>
    /// <exception cref="RunFailedException">when it cannot be read, or names files outside its folder.</exception>
    public static IReadOnlyList<string> ShardsOf(string indexPath) =>
        [.. Index(indexPath).Values.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    /// <summary>Writes all tensors into one file, shard after shard; no more than a part of one tensor is in memory.</summary>
    /// <param name="folder">Where the shards lie, with their index where there is one.</param>
    /// <param name="shards">Their names.</param>
    /// <exception cref="RunFailedException">when a tensor is in two shards, or not in the one that the index names.</exception>
    public static void Merge(string folder, IReadOnlyList<string> shards, Stream output)
    {
        var files = new List<SafetensorsFile>();
        try
        {
            foreach (var shard in shards) files.Add(SafetensorsFile.Open(Path.Combine(folder, shard)));
            var all = files.SelectMany(f => f.Tensors.Select(t => (File: f, Tensor: t))).ToArray();
            CheckPlaces(folder, all);
            if (Array.Find(all, t => t.Tensor.Type == TensorType.Other) is { Tensor: { } unknown, File: { } holder })
                throw new RunFailedException(
                    $"{holder.Path} holds {unknown.Name}, which is {unknown}, a type that is not known",
                    "Use a checkpoint of F32, F16 or BF16");
            SafetensorsWriter.Write(output, [.. all.Select(t => (t.Tensor.Name, t.Tensor.Type, t.Tensor.Shape))],
                (tensor, offset, part) => all[tensor].File.CopyBytes(all[tensor].Tensor, offset, part));
        }
        finally
        {
            files.ForEach(f => f.Dispose());
        }
    }

    /// <summary>How long a file's header is, from its first bytes.</summary>
    /// <param name="beginning">Eight bytes at least.</param>
    /// <param name="fileBytes">The file's length.</param>
    /// <exception cref="InvalidDataException">when it claims more than there is, or than any header has.</exception>
    public static int HeaderLength(ReadOnlySpan<byte> beginning, long fileBytes)
    {
        var claimed = BinaryPrimitives.ReadUInt64LittleEndian(beginning);
        if (claimed > SafetensorsHeader.MaximumBytes)
            throw new InvalidDataException($"the header claims {claimed} bytes; the limit is {SafetensorsHeader.MaximumBytes}");
        return (long)claimed <= fileBytes - sizeof(ulong)
            ? (int)claimed
            : throw new InvalidDataException(
                $"the header claims {claimed} bytes; the file has {fileBytes - sizeof(ulong)} after its length");
    }

    private static void CheckPlaces(string folder, IReadOnlyList<(SafetensorsFile File, SafetensorsEntry Tensor)> all)
    {
        var places = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (file, tensor) in all)
        {
            if (!places.TryAdd(tensor.Name, Path.GetFileName(file.Path)))
                throw new RunFailedException(
                    $"{folder} holds the tensor '{tensor.Name}' twice, in {places[tensor.Name]} and {Path.GetFileName(file.Path)}",
                    "Use a checkpoint that holds each tensor once");
        }
        var index = Path.Combine(folder, IndexFile);
        if (!File.Exists(index)) return;
        foreach (var (name, shard) in Index(index))
        {
            if (places.GetValueOrDefault(name) != shard)
                throw new RunFailedException(
                    $"{index} says that '{name}' is in {shard}; it is "
                        + $"{(places.TryGetValue(name, out var place) ? $"in {place}" : "in no shard")}",
                    "The index belongs to other shards; delete the folder and download it again");
        }
    }

    private static Dictionary<string, string> Index(string path)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            var places = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var entry in document.RootElement.GetProperty("weight_map").EnumerateObject())
            {
                var shard = entry.Value.GetString() ?? throw new InvalidDataException($"weight_map names no file for '{entry.Name}'");
                if (!Shard().IsMatch(shard))
                    throw new InvalidDataException($"weight_map names '{shard}', which is no file like model-00001-of-00002.safetensors");
                places[entry.Name] = shard;
            }
            return places.Count > 0 ? places : throw new InvalidDataException("weight_map is empty");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or InvalidDataException
            or IOException or UnauthorizedAccessException)
        {
            throw new RunFailedException(
                $"{path} cannot be used as the index of a checkpoint: {e.Message}", "Check the files of model.yaml", e);
        }
    }

    [GeneratedRegex(@"^model-[0-9]{5}-of-(?<count>[0-9]{5})\.safetensors\z", RegexOptions.ExplicitCapture
        | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Shard();
}
