using System.Net;
using System.Net.Http.Headers;

namespace ServeBench.OnnxServer.Tests.Support;

/// <summary>Asks for more than a server takes.</summary>
internal static class Overload
{
    /// <summary>Sends the same request many times at once, again and again, until one is refused for overload.</summary>
    /// <returns>The refusal.</returns>
    public static async Task<HttpResponseMessage> UntilRefusedAsync(RunningServer server, string path, string body)
    {
        const int Rounds = 50;
        for (var round = 0; round < Rounds; round++)
        {
            var responses = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => PostAsync(server, path, body)));
            var refused = Array.Find(responses, r => r.StatusCode == HttpStatusCode.TooManyRequests);
            foreach (var other in responses.Where(r => r != refused))
            {
                Assert.True(other.StatusCode is HttpStatusCode.OK or HttpStatusCode.TooManyRequests, $"{other.StatusCode}");
                other.Dispose();
            }
            if (refused is not null) return refused;
        }
        throw new InvalidOperationException($"{Rounds} rounds of 16 requests at once were all taken");
    }

    private static async Task<HttpResponseMessage> PostAsync(RunningServer server, string path, string body)
    {
        using var content = new StringContent(body, MediaTypeHeaderValue.Parse("application/json"));
        return await server.Client.PostAsync(path, content);
    }
}
