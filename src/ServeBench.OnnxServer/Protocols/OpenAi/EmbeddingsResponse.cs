using System.Buffers;
using System.Buffers.Text;
using System.Runtime.InteropServices;
using ServeBench.OnnxServer.Batching;

namespace ServeBench.OnnxServer.Protocols.OpenAi;

/// <summary>Writes the answer of POST /v1/embeddings, piece by piece, into memory that the caller provides.</summary>
/// <param name="Request">The finished request.</param>
/// <param name="Asked">What was asked.</param>
internal readonly record struct EmbeddingsResponse(InferenceRequest Request, EmbeddingsRequest Asked)
{
    /// <summary>Characters of the longest single (<c>-1.17549435E-38</c>) with a comma.</summary>
    private const int LongestNumber = 17;

    private const int LongestInteger = 20;

    /// <summary>Bytes that <see cref="WriteHead"/> needs at most.</summary>
    public static int HeadRoom => 64;

    /// <summary>Bytes that <see cref="WriteEmbedding"/> needs at most.</summary>
    public int EmbeddingRoom
    {
        get
        {
            var dimensions = Asked.Model.Manifest.Dimensions;
            return 64 + LongestInteger + (Asked.IsBase64 ? Base64.GetMaxEncodedToUtf8Length(dimensions * sizeof(float)) : dimensions * LongestNumber);
        }
    }

    /// <summary>Bytes that <see cref="WriteTail"/> needs at most.</summary>
    public int TailRoom => 128 + 2 * LongestInteger + Asked.Model.JsonName.Length;

    public static int WriteHead(Span<byte> into) => Copy("{\"object\":\"list\",\"data\":["u8, into);

    public int WriteEmbedding(int index, Span<byte> into)
    {
        var at = index == 0 ? 0 : Copy(","u8, into);
        at += Copy("{\"object\":\"embedding\",\"index\":"u8, into[at..]);
        at += Number(index, into[at..]);
        at += Copy(",\"embedding\":"u8, into[at..]);
        var embedding = Request.Embedding(index);
        at += Asked.IsBase64 ? WriteBase64(embedding, into[at..]) : WriteNumbers(embedding, into[at..]);
        return at + Copy("}"u8, into[at..]);
    }

    public int WriteTail(Span<byte> into)
    {
        var at = Copy("],\"model\":"u8, into);
        at += Copy(Asked.Model.JsonName, into[at..]);
        at += Copy(",\"usage\":{\"prompt_tokens\":"u8, into[at..]);
        at += Number(Request.TokenCount, into[at..]);
        at += Copy(",\"total_tokens\":"u8, into[at..]);
        at += Number(Request.TokenCount, into[at..]);
        return at + Copy("}}"u8, into[at..]);
    }

    /// <summary>The bytes of the numbers, lowest first, as OpenAI's own service sends them.</summary>
    private static int WriteBase64(ReadOnlySpan<float> embedding, Span<byte> into)
    {
        if (!BitConverter.IsLittleEndian) throw new PlatformNotSupportedException("base64 embeddings are little-endian, this machine is not");
        into[0] = (byte)'"';
        var status = Base64.EncodeToUtf8(MemoryMarshal.AsBytes(embedding), into[1..], out _, out var written);
        if (status != OperationStatus.Done) throw new InvalidOperationException($"base64 of an embedding ended with {status}");
        into[written + 1] = (byte)'"';
        return written + 2;
    }

    /// <summary>The shortest numbers that read back as the same singles.</summary>
    private static int WriteNumbers(ReadOnlySpan<float> embedding, Span<byte> into)
    {
        into[0] = (byte)'[';
        var at = 1;
        foreach (var value in embedding)
        {
            if (at > 1) into[at++] = (byte)',';
            if (!value.TryFormat(into[at..], out var written)) throw new InvalidOperationException($"no room for the number {value}");
            at += written;
        }
        into[at++] = (byte)']';
        return at;
    }

    private static int Number(int value, Span<byte> into) => value.TryFormat(into, out var written) ? written : throw new InvalidOperationException($"no room for the number {value}");

    private static int Copy(ReadOnlySpan<byte> text, Span<byte> into)
    {
        text.CopyTo(into);
        return text.Length;
    }
}
