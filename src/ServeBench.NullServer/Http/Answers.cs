using System.Text;

namespace ServeBench.NullServer.Http;

/// <summary>The bytes of every answer, made once.</summary>
internal static class Answers
{
    public static byte[] BadRequest { get; } =
        Make("400 Bad Request", "\"not a request that this server understands\"", "Connection: close\r\n");

    /// <summary>A JSON string of that many bytes, quotes included.</summary>
    public static string Padding(int bytes) => $"\"{new string('x', bytes - 2)}\"";

    /// <param name="body">The whole body.</param>
    /// <param name="fields">Further fields, each with its line end.</param>
    public static byte[] Ok(string body, string fields = "") => Make("200 OK", body, fields);

    private static byte[] Make(string status, string body, string fields) => Encoding.ASCII.GetBytes(
        $"HTTP/1.1 {status}\r\nContent-Type: application/json\r\n{fields}Content-Length: {body.Length}\r\n\r\n{body}");
}
