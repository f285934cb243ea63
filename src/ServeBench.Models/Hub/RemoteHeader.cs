using ServeBench.Domain.Faults;
using ServeBench.Models.Safetensors;

namespace ServeBench.Models.Hub;

/// <summary>
/// Reads the headers of safetensors files that are still at the hub, so that what cannot be used is refused before it is
/// downloaded.
/// </summary>
internal static class RemoteHeader
{
    /// <summary>Holds the header of most files, so that one request suffices.</summary>
    private const int FirstBytes = 1 << 16;

    /// <returns>The tensors of all files; their places are those in their own files.</returns>
    /// <exception cref="RunFailedException">when one is not a well-formed safetensors file, or a tensor is in two of them.</exception>
    public static async Task<TensorDirectory> ReadAsync(
        HubTransport transport, IReadOnlyList<RemoteFile> files, CancellationToken cancellation)
    {
        var tensors = new Dictionary<string, SafetensorsEntry>(StringComparer.Ordinal);
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var file in files)
        {
            try
            {
                foreach (var tensor in Parse(await BytesAsync(transport, file, cancellation), file.Bytes, texts))
                {
                    if (!tensors.TryAdd(tensor.Name, tensor))
                        throw new InvalidDataException($"the tensor '{tensor.Name}' is in another file, too");
                }
            }
            catch (InvalidDataException e)
            {
                throw new RunFailedException(
                    $"{file.Address} cannot be used as a safetensors file: {e.Message}. Nothing of it was downloaded",
                    "Check the files of model.yaml",
                    e);
            }
        }
        return new TensorDirectory(files[0].Address.ToString(), [.. tensors.Values], texts);
    }

    private static IReadOnlyList<SafetensorsEntry> Parse(byte[] header, long fileBytes, Dictionary<string, string> texts)
    {
        var entries = SafetensorsHeader.Parse(header, fileBytes - sizeof(ulong) - header.Length, out var metadata);
        foreach (var (name, text) in metadata) texts[name] = text;
        return entries;
    }

    private static async Task<byte[]> BytesAsync(HubTransport transport, RemoteFile file, CancellationToken cancellation)
    {
        if (file.Bytes < sizeof(ulong))
            throw new InvalidDataException($"the file has {file.Bytes} bytes, fewer than the 8 that state the header's length");
        var first = await PartAsync(transport, file, 0, (int)Math.Min(file.Bytes, FirstBytes), cancellation);
        var length = ShardedCheckpoint.HeaderLength(first, file.Bytes);
        if (length <= first.Length - sizeof(ulong)) return first[sizeof(ulong)..(sizeof(ulong) + length)];
        return await PartAsync(transport, file, sizeof(ulong), length, cancellation);
    }

    /// <summary>Some bytes of a file, from a server that gives ranges, or from the beginning of the whole.</summary>
    private static Task<byte[]> PartAsync(
        HubTransport transport, RemoteFile file, int offset, int length, CancellationToken cancellation) =>
        transport.SendAsync(HttpMethod.Get, file.Address, (offset, offset + length - 1), async (answers, token) =>
        {
            var skipped = answers[^1].StatusCode == System.Net.HttpStatusCode.PartialContent ? 0 : offset;
            var bytes = new byte[skipped + length];
            await using var body = await answers[^1].Content.ReadAsStreamAsync(token);
            for (var at = 0; at < bytes.Length;)
            {
                var read = await transport.ReadAsync(body, bytes.AsMemory(at), token);
                if (read == 0)
                    throw new HttpIOException(HttpRequestError.ResponseEnded, $"the connection ended after {at} of {bytes.Length} bytes");
                at += read;
            }
            return bytes[skipped..];
        }, cancellation);
}
