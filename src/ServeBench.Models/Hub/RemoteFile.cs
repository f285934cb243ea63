using System.Net.Http.Headers;

namespace ServeBench.Models.Hub;

/// <summary>What the hub says about a file before it is downloaded.</summary>
/// <param name="Address">Where it is asked for.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Tag">Identifies its content: a SHA-256 for large files, git's object id for small ones. A download goes on only under the same tag.</param>
/// <param name="Sha256">The hash that the hub states; null for small files, of which it states git's.</param>
/// <param name="Commit">The commit that the hub took it from; null when it does not say.</param>
internal sealed record RemoteFile(Uri Address, long Bytes, string Tag, string? Sha256, string? Commit)
{
    /// <summary>Asks for a file's length and hash.</summary>
    /// <exception cref="HubUnavailableException">when the hub cannot be asked or does not say.</exception>
    public static Task<RemoteFile> AskAsync(HubTransport transport, Uri address, CancellationToken cancellation) =>
        transport.SendAsync(HttpMethod.Head, address, null, (answers, _) => Task.FromResult(Read(address, answers)), cancellation);

    private static RemoteFile Read(Uri address, IReadOnlyList<HttpResponseMessage> answers)
    {
        // Large files are redirected to a storage host; the hub's own answer, which comes first, states what it stores.
        var linkedSize = Header(answers, "X-Linked-Size");
        var bytes = linkedSize is not null && long.TryParse(linkedSize, out var stated) ? stated : answers[^1].Content.Headers.ContentLength;
        var tag = (Header(answers, "X-Linked-Etag") ?? answers[^1].Headers.ETag?.Tag ?? "").Trim('"');
        if (bytes is not >= 0) throw new HubUnavailableException($"{address} does not say how long it is", "Check HF_ENDPOINT");
        return new RemoteFile(address, bytes.Value, tag, tag.Length == 64 && tag.All(char.IsAsciiHexDigitLower) ? tag : null, Header(answers, "X-Repo-Commit"));
    }

    private static string? Header(IReadOnlyList<HttpResponseMessage> answers, string name) =>
        answers.Select(a => Value(a.Headers, name)).FirstOrDefault(v => v is not null);

    private static string? Value(HttpResponseHeaders headers, string name) => headers.TryGetValues(name, out var values) ? values.First() : null;
}
