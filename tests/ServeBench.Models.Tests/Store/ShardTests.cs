using System.Text.Json;
using ServeBench.Domain.Faults;
using ServeBench.Domain.Models;
using ServeBench.Models.Safetensors;
using ServeBench.Models.Tests.Support;

namespace ServeBench.Models.Tests.Store;

/// <summary>Weights that are published in several files.</summary>
public sealed class ShardTests
{
    private const string First = "model-00001-of-00002.safetensors";
    private const string Second = "model-00002-of-00002.safetensors";

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [Lane("slow")]
    public async Task They_are_put_together(bool listsIndex, bool listsShards)
    {
        await using var whole = new TinyHub();
        var expected = await whole.PrepareAsync();
        await using var hub = Sharded();
        hub.Listed = ["config.json", "vocab.txt", .. listsIndex ? new[] { ShardedCheckpoint.IndexFile } : [], .. listsShards ? new[] { First, Second } : []];
        var artifact = await hub.PrepareAsync();
        Assert.Equal(expected.References.Select(r => r.Embedding), artifact.References.Select(r => r.Embedding));
        var tensors = SafetensorsEditor.Read(await File.ReadAllBytesAsync(Path.Combine(artifact.Folder, artifact.SafetensorsFile), TestContext.Current.CancellationToken)).Tensors;
        Assert.Equal(SafetensorsEditor.Read(whole.Files[TinyHub.Weights]).Tensors.Select(t => (t.Name, TinyHub.Sum(t.Data))).Order(), tensors.Select(t => (t.Name, TinyHub.Sum(t.Data))).Order());
        // Once downloaded, and once put together, they stay.
        var asked = hub.Requests.Count;
        Assert.Equal(artifact.Folder, (await hub.PrepareAsync(WeightsSource.Auto, offline: true)).Folder);
        Assert.Equal(asked, hub.Requests.Count);
    }

    [Fact]
    [Lane("slow")]
    public async Task The_size_of_all_is_known_before_the_first_is_fetched()
    {
        await using var hub = Sharded();
        await hub.PrepareAsync();
        var requests = hub.Requests.Select(r => (r.Method, File: r.Path.Split('/')[^1])).ToArray();
        var lastHead = Array.FindLastIndex(requests, r => r.Method == "HEAD");
        Assert.Equal(("HEAD", Second), requests[lastHead]);
        // What comes before are headers, to be refused by if need be.
        var before = hub.Requests.Take(lastHead).Where(r => r.Method == "GET" && r.Path.EndsWith("safetensors", StringComparison.Ordinal)).ToArray();
        Assert.Empty(before);
    }

    [Theory]
    [InlineData("../model.safetensors", "is no file like model-00001-of-00002.safetensors")]
    [InlineData("/etc/passwd", "is no file like")]
    [InlineData("weights.bin", "is no file like")]
    [InlineData("", "is no file like")]
    [Lane("slow")]
    public async Task An_index_that_names_other_files_is_refused(string file, string reason)
    {
        await using var hub = Sharded();
        hub.Files[ShardedCheckpoint.IndexFile] = JsonSerializer.SerializeToUtf8Bytes(new { weight_map = new Dictionary<string, string> { ["a"] = file } });
        Assert.Contains(reason, (await Assert.ThrowsAsync<RunFailedException>(() => hub.PrepareAsync())).Message, StringComparison.Ordinal);
        Assert.Equal(0, hub.BytesAsked(First));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("{\"weight_map\":{}}")]
    [InlineData("{\"weight_map\":{\"a\":null}}")]
    [InlineData("{\"weight_map\":{\"a\":1}}")]
    [InlineData("{")]
    [Lane("slow")]
    public async Task An_index_that_is_none_is_refused(string json)
    {
        await using var hub = Sharded();
        hub.Files[ShardedCheckpoint.IndexFile] = System.Text.Encoding.UTF8.GetBytes(json);
        Assert.Contains("cannot be used as the index of a checkpoint", (await Assert.ThrowsAsync<RunFailedException>(() => hub.PrepareAsync())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_index_of_other_shards_is_refused()
    {
        await using var hub = Sharded();
        var index = JsonSerializer.Deserialize<Dictionary<string, Dictionary<string, string>>>(hub.Files[ShardedCheckpoint.IndexFile])!;
        index["weight_map"]["embeddings.word_embeddings.weight"] = Second;
        hub.Files[ShardedCheckpoint.IndexFile] = JsonSerializer.SerializeToUtf8Bytes(index);
        Assert.Contains($"says that 'embeddings.word_embeddings.weight' is in {Second}; it is in {First}", (await Assert.ThrowsAsync<RunFailedException>(() => hub.PrepareAsync())).Message, StringComparison.Ordinal);
    }

    [Fact]
    [Lane("slow")]
    public async Task A_tensor_in_two_shards_is_refused_before_they_are_fetched()
    {
        await using var hub = Sharded();
        hub.Files[Second] = hub.Files[First];
        Assert.Contains("is in another file, too", (await Assert.ThrowsAsync<RunFailedException>(() => hub.PrepareAsync())).Message, StringComparison.Ordinal);
        Assert.InRange(hub.BytesAsked(First) + hub.BytesAsked(Second), 1, 2 << 16);
    }

    private static TinyHub Sharded()
    {
        var hub = new TinyHub();
        var plain = SafetensorsEditor.Read(hub.Files[TinyHub.Weights]);
        bool IsFirst(string name) => name.StartsWith("embeddings", StringComparison.Ordinal);
        hub.Files.Remove(TinyHub.Weights);
        hub.Files[ShardedCheckpoint.IndexFile] = JsonSerializer.SerializeToUtf8Bytes(new { weight_map = plain.Tensors.ToDictionary(t => t.Name, t => IsFirst(t.Name) ? First : Second) });
        hub.Files[First] = plain.Where(IsFirst).ToBytes();
        hub.Files[Second] = plain.Where(n => !IsFirst(n)).ToBytes();
        hub.Listed = ["config.json", "vocab.txt", ShardedCheckpoint.IndexFile];
        return hub;
    }
}
