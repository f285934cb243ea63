using System.Net;
using System.Net.Http.Headers;
using ServeBench.Domain.Faults;
using ServeBench.Domain.Wording;

namespace ServeBench.Models.Hub;

/// <summary>
/// Requests to the hub: redirects followed by hand, so that the token stays with the hub; failures that may pass are tried
/// again after growing, random waits; a connection on which nothing arrives is given up.
/// </summary>
internal sealed class HubTransport : IDisposable
{
    private const int MostRedirects = 5;

    private readonly HubSettings _settings;
    private readonly TimeProvider _time;
    private readonly HttpClient _client;

    public HubTransport(HubSettings settings, TimeProvider time)
    {
        _settings = settings;
        _time = time;
        _client = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            ConnectTimeout = settings.ConnectLimit,
            UseCookies = false,
            Proxy = new OutwardProxy(settings.Proxy ?? HttpClient.DefaultProxy),
        })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
        _client.DefaultRequestHeaders.UserAgent.Add(
            new ProductInfoHeaderValue("ServeBench", typeof(HubTransport).Assembly.GetName().Version!.ToString(3)));
    }

    /// <summary>The address of a file at a revision.</summary>
    public Uri Address(string repository, string revision, string path) =>
        new($"{_settings.Endpoint.ToString().TrimEnd('/')}/{repository}/resolve/{revision}/{path}");

    /// <summary>Sends a request and handles its answer, both again where the failure may pass.</summary>
    /// <param name="range">The bytes asked for, both ends included; null for the whole.</param>
    /// <param name="handle">Reads the answer of a successful request. Gets every answer on the way to it, for the hub states a
    /// file's hash before it redirects.</param>
    /// <param name="suffices">True for a redirect that says all that is to be known, so that it need not be followed.</param>
    /// <exception cref="HubUnavailableException">when it failed for good.</exception>
    public async Task<T> SendAsync<T>(
        HttpMethod method,
        Uri address,
        (long First, long Last)? range,
        Func<IReadOnlyList<HttpResponseMessage>, CancellationToken, Task<T>> handle,
        CancellationToken cancellation,
        Func<HttpResponseMessage, bool>? suffices = null)
    {
        for (var attempt = 1; ; attempt++)
        {
            string failure;
            Exception? cause = null;
            TimeSpan? asked = null;
            var answers = new List<HttpResponseMessage>();
            try
            {
                await FollowAsync(method, address, range, answers, suffices ?? (_ => false), cancellation);
                var answer = answers[^1];
                if (answer.IsSuccessStatusCode || IsRedirect(answer)) return await handle(answers, cancellation);
                failure = $"{(int)answer.StatusCode} {answer.ReasonPhrase}".TrimEnd();
                if (!MayPass(answer.StatusCode)) throw Refused(address, answer, failure);
                asked = answer.Headers.RetryAfter is { } after ? after.Delta ?? after.Date - _time.GetUtcNow() : null;
            }
            catch (Exception e) when (e is HttpRequestException or IOException or TimeoutException)
            {
                (failure, cause) = (Innermost(e), e);
            }
            finally
            {
                answers.ForEach(a => a.Dispose());
            }
            var delay = Delay(attempt, asked);
            if (attempt >= MostAttempts(method, cause) || delay > _settings.LongestDelay)
            {
                var wait = delay > _settings.LongestDelay ? $"; it asks to wait {delay.TotalSeconds:0} s" : "";
                throw new HubUnavailableException(
                    $"{address} could not be fetched in {Plural.Of(attempt, "attempt")}: {failure}{wait}",
                    cause is null ? $"{address.Host} answers {failure}" : $"{address.Host} cannot be reached from here",
                    "Try again later, or set HF_ENDPOINT to a mirror that this machine can reach", cause);
            }
            await Task.Delay(delay, _time, cancellation);
        }
    }

    /// <summary>Reads once from an answer, giving up when nothing arrives for the settings' limit.</summary>
    public async ValueTask<int> ReadAsync(Stream stream, Memory<byte> buffer, CancellationToken cancellation) =>
        await BoundedAsync(token => stream.ReadAsync(buffer, token).AsTask(), cancellation);

    public void Dispose() => _client.Dispose();

    /// <summary>
    /// A hub that has not answered at all is probably out of this machine's reach; waiting for long would not bring it nearer.
    /// </summary>
    private int MostAttempts(HttpMethod method, Exception? cause) => method != HttpMethod.Head || cause is null ? _settings.Attempts
        : cause is HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } ? 1
        : Math.Min(2, _settings.Attempts);

    private async Task FollowAsync(
        HttpMethod method,
        Uri address,
        (long First, long Last)? range,
        List<HttpResponseMessage> answers,
        Func<HttpResponseMessage, bool> suffices,
        CancellationToken cancellation)
    {
        while (true)
        {
            using var request = new HttpRequestMessage(method, address);
            // Bytes as stored: a compressed transfer has other lengths and no ranges.
            request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("identity"));
            if (range is { } r) request.Headers.Range = new RangeHeaderValue(r.First, r.Last);
            if (_settings.Token is { } token && IsHub(address))
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            var answer = await BoundedAsync(t => _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, t), cancellation);
            answers.Add(answer);
            if (!IsRedirect(answer) || suffices(answer)) return;
            if (answer.Headers.Location is not { } location) throw Astray(address, "redirects to nowhere");
            if (answers.Count > MostRedirects) throw Astray(address, $"is the end of more than {MostRedirects} redirects");
            var next = new Uri(address, location);
            if (next.Scheme != "https" && !(next.Scheme == "http" && address.Scheme == "http"))
                throw new RunFailedException(
                    $"{Shown(address)} redirects to {next.Scheme}://{next.Host}, which is not encrypted",
                    "Check HF_ENDPOINT and the network's proxy");
            address = next;
        }
    }

    private static bool IsRedirect(HttpResponseMessage answer) => (int)answer.StatusCode is 301 or 302 or 303 or 307 or 308;

    private static HubUnavailableException Astray(Uri address, string how) =>
        new($"{Shown(address)} {how}", $"{address.Host} {how}", "Check HF_ENDPOINT");

    /// <summary>
    /// For messages: addresses of storage hosts carry a signature in their query, which opens the file to whoever has it.
    /// </summary>
    private static string Shown(Uri address) => address.GetLeftPart(UriPartial.Path);

    private async Task<T> BoundedAsync<T>(Func<CancellationToken, Task<T>> work, CancellationToken cancellation)
    {
        using var stalled = new CancellationTokenSource(_settings.StallLimit);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, stalled.Token);
        try
        {
            return await work(either.Token);
        }
        catch (Exception e) when (stalled.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            throw new TimeoutException($"nothing arrived for {_settings.StallLimit.TotalSeconds:0.###} s", e);
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            // How the handler says that its own limit on connecting has passed. Nobody has cancelled anything.
            throw new TimeoutException($"no connection was made in {_settings.ConnectLimit.TotalSeconds:0.###} s", e);
        }
    }

    private bool IsHub(Uri address) =>
        Uri.Compare(
            address, _settings.Endpoint, UriComponents.SchemeAndServer, UriFormat.Unescaped, StringComparison.OrdinalIgnoreCase) == 0;

    private TimeSpan Delay(int attempt, TimeSpan? asked)
    {
        var growing = Math.Min(_settings.LongestDelay.TotalSeconds, _settings.FirstDelay.TotalSeconds * Math.Pow(2, attempt - 1));
        // Without the random part, all clients of a server that failed would come back at the same moment.
        var own = TimeSpan.FromSeconds(growing * (0.5 + (Random.Shared.NextDouble() / 2)));
        return asked > own ? asked.Value : own;
    }

    private static bool MayPass(HttpStatusCode status) => (int)status is 408 or 425 or 429 or 500 or 502 or 503 or 504;

    private HubUnavailableException Refused(Uri address, HttpResponseMessage answer, string failure) => new(
        $"{address} was refused: {failure}",
        $"{address.Host} answers {failure}",
        answer.StatusCode switch
        {
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden when _settings.Token is null =>
                "Set HF_TOKEN to an access token of the hub that may read this repository",
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => "The token in HF_TOKEN may not read this repository",
            HttpStatusCode.NotFound => "Check the repository, the revision and the path in model.yaml",
            _ => "Check HF_ENDPOINT",
        });

    private static string Innermost(Exception e)
    {
        while (e.InnerException is { } inner and not (TaskCanceledException or OperationCanceledException)) e = inner;
        return e.Message.TrimEnd('.');
    }
}
