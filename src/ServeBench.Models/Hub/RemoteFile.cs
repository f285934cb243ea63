using System.Net.Http.Headers;

namespace ServeBench.Models.Hub;

/// <summary>What the hub says about a file before it is downloaded.</summary>
/// <param name="Address">Where it is asked for.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Tag">Identifies its content: a SHA-256 for large files, git's object id for small ones. A download goes on only
/// under the same tag.</param>
/// <param name="Sha256">The hash that the hub states; null for small files, of which it states git's.</param>
/// <param name="GitId">Git's object id of a small file: SHA-1 of <c>blob LENGTH\0</c> and the content; null where the hub does
/// not state it.</param>
/// <param name="Commit">The commit that the hub took it from; null when it does not say.</param>
internal sealed record RemoteFile(Uri Address, long Bytes, string Tag, string? Sha256, string? GitId, string? Commit)
{
    /// <summary>Longer than any file of any model: what a hub says beyond this is nonsense, or meant to overflow something.</summary>
    private const long MostBytes = 1L << 44;

    private const string LinkedSize = "X-Linked-Size";
    private const string LinkedTag = "X-Linked-Etag";

    /// <summary>Asks for a file's length and hash.</summary>
    /// <exception cref="HubUnavailableException">when the hub cannot be asked or does not say.</exception>
    public static async Task<RemoteFile> AskAsync(HubTransport transport, Uri address, CancellationToken cancellation) =>
        await transport.SendAsync(
            HttpMethod.Head, address, null, (answers, _) => Task.FromResult(Read(address, answers)), cancellation, SaysAll)
        // Some hubs leave the length out of an answer without a body. That to GET has one; only its head is read.
        ?? await transport.SendAsync(HttpMethod.Get, address, null, (answers, _) => Task.FromResult(Read(address, answers)), cancellation)
        ?? throw new HubUnavailableException(
            $"{address} does not say how long it is", $"{address.Host} does not say how long its files are", "Check HF_ENDPOINT");

    /// <summary>Large files are redirected to a storage host, whose addresses are signed for GET: the hub's own answer must do.</summary>
    private static bool SaysAll(HttpResponseMessage answer) =>
        Value(answer.Headers, LinkedSize) is not null && Value(answer.Headers, LinkedTag) is not null;

    /// <returns>Null when no length is stated.</returns>
    private static RemoteFile? Read(Uri address, IReadOnlyList<HttpResponseMessage> answers)
    {
        var linkedSize = Header(answers, LinkedSize);
        var bytes = linkedSize is null
            ? answers[^1].Content.Headers.ContentLength
            : long.TryParse(linkedSize, out var stated) ? stated : null;
        var tag = (Header(answers, LinkedTag) ?? answers[^1].Headers.ETag?.Tag ?? "").Trim('"');
        if (bytes is not (>= 0 and <= MostBytes)) return null;
        var commit = Header(answers, "X-Repo-Commit");
        // Only a hub that speaks of commits means git's object id by a tag of 40 digits.
        return new RemoteFile(
            address, bytes.Value, tag, IsHex(tag, 64) ? tag : null, commit is not null && IsHex(tag, 40) ? tag : null, commit);
    }

    private static bool IsHex(string text, int length) => text.Length == length && text.All(char.IsAsciiHexDigitLower);

    private static string? Header(IReadOnlyList<HttpResponseMessage> answers, string name) =>
        answers.Select(a => Value(a.Headers, name)).FirstOrDefault(v => v is not null);

    private static string? Value(HttpResponseHeaders headers, string name) =>
        headers.TryGetValues(name, out var values) ? values.First() : null;
}
