using System.Diagnostics;
using System.Text.Json;
using ServeBench.OnnxServer.Tests.Support;

namespace ServeBench.OnnxServer.Tests.Clients;

/// <summary>curl as a client: HTTP/1.1, and HTTP/2 without TLS, on one address.</summary>
public sealed class CurlTests(PreparedMiniLm model, SharedServer shared) : IClassFixture<SharedServer>
{
    private const string Body = """{"model":"all-MiniLM-L6-v2","input":"whale"}""";

    [Theory]
    [InlineData("--http1.1", "1.1")]
    [InlineData("--http2-prior-knowledge", "2")]
    // Offers an upgrade, which servers may pass over.
    [InlineData("--http2", "1.1")]
    public async Task Both_versions_are_spoken(string option, string version)
    {
        var (body, written) = await RunAsync(option, "-H", "content-type: application/json", "-d", Body, Url("/v1/embeddings"));
        Assert.Equal($"200 {version}", written);
        Embeddings.AssertSame(model.Embed("whale"), Embeddings.Of(JsonElement.Parse(body), 0));
    }

    [Theory]
    [InlineData("--http1.1")]
    [InlineData("--http2-prior-knowledge")]
    public async Task A_body_of_unknown_length_is_read(string option)
    {
        // curl sends standard input in chunks, or in frames without a length.
        var (body, written) = await RunAsync(option, "-X", "POST", "-H", "content-type: application/json", "-H", "transfer-encoding: chunked", "-d", Body, Url("/v1/embeddings"));
        Assert.StartsWith("200 ", written);
        Embeddings.AssertSame(model.Embed("whale"), Embeddings.Of(JsonElement.Parse(body), 0));
    }

    private string Url(string path) => new Uri(shared.Server.Client.BaseAddress!, path).ToString();

    /// <returns>What was answered, and what <c>--write-out</c> said: status and version.</returns>
    private static async Task<(string Body, string Written)> RunAsync(params string[] arguments)
    {
        Process process;
        try
        {
            process = Process.Start(new ProcessStartInfo("curl", ["-sS", "--max-time", "60", "-w", "%{stderr}%{http_code} %{http_version}", .. arguments])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                UseShellExecute = false,
            })!;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip("curl is not installed");
            throw;
        }
        using (process)
        {
            var written = process.StandardError.ReadToEndAsync();
            var body = await process.StandardOutput.ReadToEndAsync();
            await process.WaitForExitAsync();
            return (body, await written);
        }
    }
}
