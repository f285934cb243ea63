using System.Buffers.Binary;

namespace ServeBench.Load.Http2;

/// <summary>Why a stream or a connection is ended (RFC 9113, section 7), for people.</summary>
internal static class ErrorCode
{
    private static readonly string[] Names =
    [
        "NO_ERROR", "PROTOCOL_ERROR", "INTERNAL_ERROR", "FLOW_CONTROL_ERROR", "SETTINGS_TIMEOUT", "STREAM_CLOSED", "FRAME_SIZE_ERROR",
        "REFUSED_STREAM", "CANCEL", "COMPRESSION_ERROR", "CONNECT_ERROR", "ENHANCE_YOUR_CALM", "INADEQUATE_SECURITY", "HTTP_1_1_REQUIRED",
    ];

    /// <summary>A code as people read it: <c>11 (ENHANCE_YOUR_CALM)</c>.</summary>
    private static string Words(int code) => code >= 0 && code < Names.Length ? $"{code} ({Names[code]})" : $"{(uint)code}";

    /// <summary>What a RST_STREAM frame says.</summary>
    public static string OfReset(int code) => $"the server reset the stream (RST_STREAM, code {Words(code)})";

    /// <summary>What a GOAWAY frame says.</summary>
    /// <param name="payload">The frame's payload from the code on.</param>
    public static string Goodbye(ReadOnlySpan<byte> payload)
    {
        var said = string.Concat(System.Text.Encoding.UTF8.GetString(payload[4..]).Where(c => !char.IsControl(c)));
        var code = Words(BinaryPrimitives.ReadInt32BigEndian(payload));
        return $"the server ends the connection (GOAWAY, code {code}){(said.Length > 0 ? $": {said}" : "")}";
    }
}
