using System.Buffers;
using System.Collections.Concurrent;
using System.Net;
using ServeBench.Domain.Faults;

namespace ServeBench.Models.Hub;

/// <summary>
/// Downloads one file: ranges in parallel, or the whole in one piece from a server that ignores ranges. What arrives is
/// believed only when its length and hash are right; else it is removed.
/// </summary>
internal sealed class FileDownload(HubTransport transport, HubSettings settings)
{
    private const int BufferBytes = 1 << 17;

    /// <param name="remote">The file.</param>
    /// <param name="sha256">What its hash must be; null when nobody has stated it.</param>
    /// <param name="target">Where it is put.</param>
    /// <returns>The hash of what was downloaded.</returns>
    /// <exception cref="HubUnavailableException">when the hub does not give it; what has arrived is kept for the next time.</exception>
    /// <exception cref="RunFailedException">when what was given is wrong; nothing of it is kept.</exception>
    public async Task<string> RunAsync(
        RemoteFile remote, string? sha256, string target, TransferProgress progress, CancellationToken cancellation)
    {
        using var file = PartialFile.Open(target, remote, settings.RangeBytes);
        try
        {
            if (!await TryRangesAsync(remote, file, progress, cancellation)) await WholeAsync(remote, file, progress, cancellation);
            var actual = file.Sha256();
            if (sha256 is not null && actual != sha256)
                throw new WrongContentException($"it has SHA-256 {actual} where {sha256} was expected");
            if (sha256 is null && remote.GitId is { } id && file.GitId() is var found && found != id)
                throw new WrongContentException($"it has git's object id {found} where {id} was expected");
            file.Publish(target);
            return actual;
        }
        catch (WrongContentException e)
        {
            file.Discard();
            throw new RunFailedException(
                $"{remote.Address} is not what it should be: {e.Message}. Nothing of it was kept",
                "Check HF_ENDPOINT and the network's proxy; if the hub's file was replaced, "
                    + "the model card's revision and hashes are out of date",
                e);
        }
    }

    /// <returns>False when the server answers a range with the whole file.</returns>
    private async Task<bool> TryRangesAsync(RemoteFile remote, PartialFile file, TransferProgress progress, CancellationToken cancellation)
    {
        var missing = new ConcurrentQueue<int>(file.Missing);
        progress.AddPresent(Present(remote, file));
        // A file of one range is asked for whole: some servers compress or redirect ranges differently.
        if (file.Ranges == 1 && missing.Count == 1) return false;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var ignored = false;
        var workers = Enumerable.Range(0, Math.Min(settings.Connections, missing.Count)).Select(async _ =>
        {
            while (!ignored && missing.TryDequeue(out var range))
            {
                if (await TryRangeAsync(remote, file, range, progress, stop.Token)) file.Finish(range);
                else ignored = true;
            }
        }).ToList();
        try
        {
            await AllOrFirstFailureAsync(workers, stop);
        }
        finally
        {
            // The file must not be closed under a worker that still writes.
            await Task.WhenAll(
                workers.Select(
                    w => w.ContinueWith(
                        _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default)));
        }
        // What has arrived will arrive again.
        if (ignored) progress.Restart(Present(remote, file));
        return !ignored;
    }

    private static async Task AllOrFirstFailureAsync(List<Task> workers, CancellationTokenSource stop)
    {
        var running = workers.ToList();
        while (running.Count > 0)
        {
            var finished = await Task.WhenAny(running);
            running.Remove(finished);
            if (!finished.IsCompletedSuccessfully) await stop.CancelAsync();
            await finished;
        }
    }

    private Task<bool> TryRangeAsync(
        RemoteFile remote, PartialFile file, int range, TransferProgress progress, CancellationToken cancellation)
    {
        var bounds = file.Bounds(range);
        return transport.SendAsync(HttpMethod.Get, remote.Address, bounds, async (answers, token) =>
        {
            var answer = answers[^1];
            if (answer.StatusCode != HttpStatusCode.PartialContent) return false;
            var given = answer.Content.Headers.ContentRange;
            if (given?.From != bounds.First || given.To != bounds.Last || (given.HasLength && given.Length != remote.Bytes))
                throw new WrongContentException(
                    $"bytes {bounds.First}-{bounds.Last} of {remote.Bytes} were asked for, "
                        + $"{given?.ToString() ?? "an unnamed range"} was given");
            await CopyAsync(answer, file, bounds.First, Length(bounds), progress, token);
            return true;
        }, cancellation);
    }

    private Task<bool> WholeAsync(RemoteFile remote, PartialFile file, TransferProgress progress, CancellationToken cancellation) =>
        transport.SendAsync(HttpMethod.Get, remote.Address, null, async (answers, token) =>
        {
            if (answers[^1].Content.Headers.ContentLength is { } length && length != remote.Bytes)
                throw new WrongContentException($"it has {length} bytes where {remote.Bytes} were announced");
            await CopyAsync(answers[^1], file, 0, remote.Bytes, progress, token);
            return true;
        }, cancellation);

    private async Task CopyAsync(
        HttpResponseMessage answer,
        PartialFile file,
        long offset,
        long expected,
        TransferProgress progress,
        CancellationToken cancellation)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        long copied = 0;
        try
        {
            await using var body = await answer.Content.ReadAsStreamAsync(cancellation);
            while (await transport.ReadAsync(body, buffer, cancellation) is > 0 and var read)
            {
                if (copied + read > expected) throw new WrongContentException($"more than the {expected} bytes asked for arrived");
                await file.WriteAsync(buffer.AsMemory(0, read), offset + copied, cancellation);
                copied += read;
                progress.Add(read);
            }
            // A connection that ends early may do better the next time.
            if (copied < expected)
                throw new HttpIOException(HttpRequestError.ResponseEnded, $"the connection ended after {copied} of {expected} bytes");
        }
        catch
        {
            progress.Add(-copied);
            throw;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static long Length((long First, long Last) bounds) => bounds.Last - bounds.First + 1;

    private static long Present(RemoteFile remote, PartialFile file) =>
        remote.Bytes - file.Missing.Sum(range => Length(file.Bounds(range)));

    /// <summary>What arrived is not what it should be, whatever else may be tried.</summary>
    private sealed class WrongContentException(string message) : Exception(message);
}
