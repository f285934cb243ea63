using System.Net.Http.Json;
using System.Text.Json;

namespace ServeBench.Load.K6.Running;

/// <summary>
/// Asks a running k6 through its REST API how many requests it has made; two small requests, which cost k6 next to nothing.
/// </summary>
internal sealed class K6Progress(int port, string requests, string failures) : IDisposable
{
    private readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false })
    {
        BaseAddress = new Uri($"http://127.0.0.1:{port}"),
        Timeout = TimeSpan.FromSeconds(2)
    };

    /// <returns>Requests and failed requests since k6 began; null while k6 does not report it.</returns>
    public async Task<(long Requests, long Failures)?> AskAsync(CancellationToken ct)
    {
        if (await SampleAsync(requests, "count", ct) is not { } count) return null;
        return ((long)count, (long)Math.Round(count * (await SampleAsync(failures, "rate", ct) ?? 0)));
    }

    public void Dispose() => _client.Dispose();

    private async Task<double?> SampleAsync(string metric, string what, CancellationToken ct)
    {
        try
        {
            using var answer = await _client.GetAsync($"/v1/metrics/{metric}", ct);
            if (!answer.IsSuccessStatusCode) return null;
            var json = await answer.Content.ReadFromJsonAsync<JsonElement>(ct);
            return json.GetProperty("data").GetProperty("attributes").GetProperty("sample").TryGetProperty(what, out var value)
                ? value.GetDouble()
                : null;
        }
        catch (Exception e) when (e is HttpRequestException or JsonException or KeyNotFoundException or IOException
            || e is OperationCanceledException && !ct.IsCancellationRequested)
        {
            return null; // it has not started yet, or has ended: the next report comes from its raw output
        }
    }
}
