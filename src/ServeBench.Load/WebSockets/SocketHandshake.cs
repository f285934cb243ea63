using System.Security.Cryptography;
using System.Text;
using ServeBench.Domain.Targets;
using Bytes = System.Text.Encoding;

namespace ServeBench.Load.WebSockets;

/// <summary>How a WebSocket opens (RFC 6455, section 4), with a key that is drawn once for this process.</summary>
internal static class SocketHandshake
{
    private const string Known = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    private static readonly string Key = Convert.ToBase64String(RandomNumberGenerator.GetBytes(16));

    // What the RFC names, and no protection of anything.
#pragma warning disable CA5350
    private static readonly byte[] Accept =
        Bytes.ASCII.GetBytes(Convert.ToBase64String(SHA1.HashData(Bytes.ASCII.GetBytes(Key + Known))));
#pragma warning restore CA5350

    /// <summary>The field that says so, with the line end before it.</summary>
    private static readonly byte[] AcceptField = Bytes.ASCII.GetBytes("\r\nsec-websocket-accept:");

    /// <summary>What a client asks first, up to and with the empty line.</summary>
    /// <param name="path">Path and query, as the protocol has them.</param>
    /// <param name="target">The server, with the headers that it wants.</param>
    public static byte[] Request(string path, ServerTarget target)
    {
        var head = new StringBuilder();
        head.Append($"GET {target.WholePath ?? target.BasePath + path} HTTP/1.1\r\nHost: {target.Authority}\r\nUpgrade: websocket\r\n");
        head.Append($"Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {Key}\r\n");
        foreach (var secret in target.Headers) head.Append($"{secret.Name}: {secret.Value}\r\n");
        return Bytes.Latin1.GetBytes(head.Append("\r\n").ToString());
    }

    /// <summary>True where an answer's head agrees to open.</summary>
    public static bool IsSwitch(ReadOnlySpan<byte> head) => head.StartsWith("HTTP/1.1 101"u8);

    /// <summary>True where a server that agrees has understood the question.</summary>
    /// <param name="head">The head of its answer.</param>
    public static bool IsAccepted(ReadOnlySpan<byte> head)
    {
        for (var at = 0; at < head.Length; at++)
        {
            if (head.Length - at < AcceptField.Length) return false;
            if (!Ascii.EqualsIgnoreCase(head.Slice(at, AcceptField.Length), AcceptField)) continue;
            var value = head[(at + AcceptField.Length)..];
            return value[..value.IndexOf((byte)'\r')].Trim((byte)' ').SequenceEqual(Accept);
        }
        return false;
    }
}
