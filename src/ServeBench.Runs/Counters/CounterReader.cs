using System.Diagnostics;
using System.Net.Security;
using ServeBench.Domain.Stacks;
using ServeBench.Domain.Targets;

namespace ServeBench.Runs.Counters;

/// <summary>Reads a server's own counters: in the Prometheus text format, or JSON where a stack announces paths into it.</summary>
internal sealed class CounterReader(ServerTarget target, CounterSource source) : IDisposable
{
    private readonly HttpClient _client = Client(target);

    /// <returns>What the server reports now, or null when it does not (it is overloaded, or has ended).</returns>
    public CounterReading? Read() => Fetch() is { } body ? new CounterReading(body, Stopwatch.GetElapsedTime(0).TotalSeconds) : null;

    /// <returns>Seconds that loading the model took, or null when the server does not report it.</returns>
    public double? ReadModelLoad()
    {
        if (source.ModelLoad is not { } metric) return null;
        return Fetch() is { } text ? Sum(text, metric) : null;
    }

    /// <returns>The library that computes and its version, or null when the server does not report it.</returns>
    public string? ReadRuntime()
    {
        if (source.Runtime is not { } metric || Fetch() is not { } text) return null;
        return Label(text, metric, "name") is { } name && Label(text, metric, "version") is { } version ? $"{name} {version}" : null;
    }

    public void Dispose() => _client.Dispose();

    private string? Fetch()
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, target.WholePath is { Length: > 1 } path ? path : source.Path);
            using var response = _client.Send(request);
            using var reader = new StreamReader(response.Content.ReadAsStream());
            var text = reader.ReadToEnd();
            return response.IsSuccessStatusCode ? text : null;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException or IOException)
        {
            return null;
        }
    }

    /// <summary>Goes to that server and nowhere else: no proxy, no redirection, and the same certificate as the load.</summary>
    private static HttpClient Client(ServerTarget target)
    {
        var handler = new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false };
        if (target.Tls is { } trust)
            handler.SslOptions = new SslClientAuthenticationOptions
            {
                TargetHost = trust.ServerName,
                CertificateChainPolicy = trust.Policy(),
            };
        var client = new HttpClient(handler)
        {
            BaseAddress = new Uri($"{target.Scheme}://{target.Authority}"),
            Timeout = TimeSpan.FromSeconds(5),
        };
        foreach (var header in target.Headers) client.DefaultRequestHeaders.TryAddWithoutValidation(header.Name, header.Value);
        return client;
    }

    /// <summary>A label of a metric's first series; null when there is none.</summary>
    internal static string? Label(string text, string metric, string label) =>
        PrometheusSeries.Of(text, metric).FirstOrDefault()?.Labels.GetValueOrDefault(label);

    /// <summary>Sum over every series of a metric; null when there is none.</summary>
    internal static double? Sum(string text, string metric) => new PrometheusSum(metric, new Dictionary<string, string>()).In(text);
}
