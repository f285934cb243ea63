using System.Formats.Tar;
using System.IO.Compression;

namespace ServeBench.Hosts.Images;

/// <summary>How large an image is on its way to a machine: every layer packed with gzip, as registries keep them.</summary>
internal static class CompressedSize
{
    /// <param name="archive">What <c>docker save</c> wrote, in either of its two layouts.</param>
    /// <returns>Bytes of all layers, packed.</returns>
    public static long Of(string archive)
    {
        long bytes = 0;
        using var file = File.OpenRead(archive);
        using var reader = new TarReader(file);
        while (reader.GetNextEntry() is { } entry)
        {
            // Layers are tar archives themselves; everything else is a few kilobytes of JSON, or a link to a layer seen before.
            if (entry.EntryType is not (TarEntryType.RegularFile or TarEntryType.V7RegularFile)
                || entry.DataStream is not { } data
                || !IsLayer(entry.Name, data))
                continue;
            using var count = new CountingStream();
            using (var gzip = new GZipStream(count, CompressionLevel.Optimal, leaveOpen: true)) data.CopyTo(gzip);
            bytes += count.Bytes;
        }
        return bytes;
    }

    private static bool IsLayer(string name, Stream data)
    {
        if (name.EndsWith("/layer.tar", StringComparison.Ordinal)) return true;
        if (!name.StartsWith("blobs/", StringComparison.Ordinal)) return false;
        // A blob is a layer when it is a tar archive: the word ustar is at 257.
        const int Magic = 257;
        if (data.Length < Magic + 5) return false;
        Span<byte> word = stackalloc byte[5];
        data.Position = Magic;
        data.ReadExactly(word);
        data.Position = 0;
        return word.SequenceEqual("ustar"u8);
    }

    private sealed class CountingStream : Stream
    {
        public long Bytes { get; private set; }
        public override bool CanRead => false;
        public override bool CanSeek => false;
        public override bool CanWrite => true;
        public override long Length => Bytes;
        public override long Position { get => Bytes; set => throw new NotSupportedException(); }
        public override void Flush() { }
        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => Bytes += count;
        public override void Write(ReadOnlySpan<byte> buffer) => Bytes += buffer.Length;
    }
}
