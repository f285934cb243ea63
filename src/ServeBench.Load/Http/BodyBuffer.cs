using System.Buffers;

namespace ServeBench.Load.Http;

/// <summary>Keeps one body whole.</summary>
internal sealed class BodyBuffer : IBodySink
{
    private readonly ArrayBufferWriter<byte> _bytes = new();

    public void Append(ReadOnlySpan<byte> body) => _bytes.Write(body);

    public byte[] ToArray() => _bytes.WrittenSpan.ToArray();

    public void Clear() => _bytes.ResetWrittenCount();
}
