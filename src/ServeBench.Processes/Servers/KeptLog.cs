using System.Text;
using ServeBench.Domain.Faults;
using ServeBench.Domain.Storage;

namespace ServeBench.Processes.Servers;

/// <summary>
/// The log of a server that has ended: kept without the secrets in it (<see cref="Redaction"/>). While the server runs the operating
/// system writes it, so that logging costs the client nothing.
/// </summary>
public static class KeptLog
{
    /// <summary>Bytes of a line that are kept; nobody reads further, and what is cut off cannot be half of a secret.</summary>
    public const int LongestLine = 1 << 24;

    private const byte LineEnd = (byte)'\n';

    /// <summary>
    /// Takes the secrets out of a log, line by line; one without any is left as it is, and so is what is not there. Where it cannot be
    /// written again (a full disk), it is removed: no log is better than one with a secret.
    /// </summary>
    public static void Redact(string file)
    {
        if (!File.Exists(file) || !HasSecrets(file)) return;
        try
        {
            AtomicFile.Write(file, to =>
            {
                using var log = File.OpenRead(file);
                foreach (var (bytes, _) in Lines(log)) to.Write(bytes.Span);
            });
        }
        catch (RunFailedException)
        {
            File.Delete(file);
        }
    }

    private static bool HasSecrets(string file)
    {
        using var log = File.OpenRead(file);
        return Lines(log).Any(line => line.IsChanged);
    }

    /// <summary>Each line with its end, redacted, and whether that changed it.</summary>
    private static IEnumerable<(ReadOnlyMemory<byte> Bytes, bool IsChanged)> Lines(Stream log)
    {
        var (buffer, filled, isCut) = (new byte[1 << 16], 0, false);
        while (true)
        {
            var read = log.Read(buffer, filled, buffer.Length - filled);
            var (searched, begun) = (filled, 0);
            filled += read;
            for (int length; (length = buffer.AsSpan(searched, filled - searched).IndexOf(LineEnd)) >= 0;)
            {
                var end = searched + length + 1;
                yield return isCut ? ("\n"u8.ToArray(), true) : Redacted(buffer.AsMemory(begun, end - begun));
                (isCut, begun, searched) = (false, end, end);
            }
            buffer.AsSpan(begun, filled - begun).CopyTo(buffer);
            filled -= begun;
            if (read == 0) break;
            if (isCut) filled = 0;
            if (filled < buffer.Length) continue;
            if (filled < LongestLine)
            {
                Array.Resize(ref buffer, buffer.Length * 2);
                continue;
            }
            yield return Cut(buffer.AsMemory(0, filled));
            (isCut, filled) = (true, 0);
        }
        if (filled > 0 && !isCut) yield return Redacted(buffer.AsMemory(0, filled));
    }

    private static (ReadOnlyMemory<byte> Bytes, bool IsChanged) Cut(ReadOnlyMemory<byte> line) =>
        ((byte[])[.. Redacted(line).Bytes.Span, .. "... (cut)"u8], true);

    private static (ReadOnlyMemory<byte> Bytes, bool IsChanged) Redacted(ReadOnlyMemory<byte> line)
    {
        var text = Encoding.UTF8.GetString(line.Span);
        var kept = Redaction.Of(text);
        return ReferenceEquals(kept, text) || kept == text ? (line, false) : (Encoding.UTF8.GetBytes(kept), true);
    }
}
