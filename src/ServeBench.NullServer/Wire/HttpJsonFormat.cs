using System.Text;

namespace ServeBench.NullServer.Wire;

/// <summary>One whole JSON body.</summary>
internal sealed class HttpJsonFormat : HttpFormat
{
    public override string Name => "http";

    protected override byte[] Answer(string json, string fields, NullServerOptions options) =>
        Encoding.UTF8.GetBytes(
            $"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n{fields}Content-Length: "
                + $"{Encoding.UTF8.GetByteCount(json)}\r\n\r\n{json}");
}
